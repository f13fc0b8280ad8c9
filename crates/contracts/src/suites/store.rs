//! What an `AuditLog` and a `BlobReferences` promise.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use pressroom_domain::{
    Actor, AuditEntry, BlobHash, DocumentSave, ExportFault, ExportResult, NodeName, Seconds,
    SubjectKind, UserId, Verb,
};
use pressroom_ports::{AuditPart, AuditQuery, AuditedUser, Slice, Stores};

use crate::build::{self, at};

/// Makes tests of the audit trail of a store, and of what it knows about bytes.
#[macro_export]
macro_rules! store_contract {
    ($make:expr) => {
        $crate::suite! { store, $make,
            appends_lines_in_order
            lists_lines_slice_by_slice
            finds_lines_by_who_did_what_when
            gives_lines_part_by_part_in_either_order
            forgets_old_lines_but_the_newest_of_each_kind
            knows_the_newest_line_about_a_kind
            remembers_moments
            names_the_layouts_of_all_revisions
            names_the_layouts_of_waiting_exports_and_the_files_of_finished_ones
        }
    };
}

fn hash(byte: u8) -> BlobHash {
    BlobHash::from_bytes([byte; 32])
}

/// Lines come back in order, to the character and microsecond.
pub async fn appends_lines_in_order(stores: &Stores) {
    let stranger = AuditEntry {
        at: at(999_999),
        actor: Actor { user_id: None, name: "Größe 漢字 '\"".into() },
        from: Some("2001:db8::1".parse().unwrap()),
        detail: "twice\n🧾".into(),
        ..build::line(Verb::SignInRefused, SubjectKind::User, None)
    };
    let server = AuditEntry { actor: Actor::server(), from: None, ..stranger.clone() };
    stores.audit.append(stranger.clone()).await.unwrap();
    stores.audit.append(server.clone()).await.unwrap();
    let lines = stores.audit.list(Slice::first(10)).await.unwrap();
    let entries: Vec<_> = lines.iter().map(|line| &line.entry).collect();
    assert_eq!(entries, [&stranger, &server]);
    assert!(lines[0].id < lines[1].id);
}

/// The trail can be read in slices that neither overlap nor leave anything out.
pub async fn lists_lines_slice_by_slice(stores: &Stores) {
    for _ in 0..5 {
        let line = build::line(Verb::SignOut, SubjectKind::User, Some("1".into()));
        stores.audit.append(line).await.unwrap();
    }
    let all = stores.audit.list(Slice::first(100)).await.unwrap();
    assert_eq!(all.len(), 5);
    let list = async |slice| stores.audit.list(slice).await.unwrap();
    assert_eq!(list(Slice::first(2)).await, all[..2]);
    assert_eq!(list(Slice::after(all[1].id, 2)).await, all[2..4]);
    assert_eq!(list(Slice::after(all[4].id, 2)).await, []);
}

/// Each condition narrows; together they narrow further.
pub async fn finds_lines_by_who_did_what_when(stores: &Stores) {
    let lines = [
        (1, Some(1), "ann", SubjectKind::Document, "7"),
        (2, Some(2), "bob", SubjectKind::Document, "8"),
        (3, Some(1), "ann", SubjectKind::Category, "7"),
        (4, Some(1), "anna", SubjectKind::Document, "7"),
        (5, None, "stranger", SubjectKind::User, "9"),
    ];
    for (time, user_id, name, kind, id) in lines {
        let actor = Actor { user_id: user_id.map(UserId), name: name.into() };
        let line = build::line(Verb::Update, kind, Some(id.into()));
        stores.audit.append(AuditEntry { at: at(time), actor, ..line }).await.unwrap();
    }
    let check = async |query: AuditQuery, expect: &[i64]| {
        let all = AuditPart { newest_first: false, beyond: None, skip: 0, limit: 100 };
        let found = stores.audit.find(&query, all).await.unwrap();
        let times: Vec<_> = found.iter().map(|line| line.entry.at).collect();
        let expect: Vec<_> = expect.iter().map(|time| at(*time)).collect();
        assert_eq!(times, expect, "{query:?}");
        assert_eq!(stores.audit.count(&query).await.unwrap(), expect.len() as u64);
    };
    let any = AuditQuery::default;
    let who = |id: Option<i64>, name: Option<&str>| AuditQuery {
        who: Some(AuditedUser { id: id.map(UserId), name: name.map(str::to_owned) }),
        ..any()
    };
    let about = |kind| AuditQuery { subject_kind: Some(kind), ..any() };
    check(any(), &[1, 2, 3, 4, 5]).await;
    check(AuditQuery { from: Some(at(2)), to: Some(at(4)), ..any() }, &[2, 3]).await;
    check(who(Some(1), None), &[1, 3, 4]).await;
    check(who(None, Some("ann")), &[1, 3]).await;
    check(who(Some(2), Some("stranger")), &[2, 5]).await;
    check(who(None, None), &[]).await;
    check(about(SubjectKind::Document), &[1, 2, 4]).await;
    check(AuditQuery { subject_id: Some("7".into()), ..any() }, &[1, 3, 4]).await;
    let of_seven = AuditQuery { subject_id: Some("7".into()), ..about(SubjectKind::Document) };
    check(of_seven.clone(), &[1, 4]).await;
    check(AuditQuery { from: Some(at(2)), ..of_seven }, &[4]).await;
    check(AuditQuery { subject_id: Some("' or 1=1 --".into()), ..any() }, &[]).await;
}

/// Parts neither overlap nor leave anything out, whichever way they go.
pub async fn gives_lines_part_by_part_in_either_order(stores: &Stores) {
    for _ in 0..5 {
        let line = build::line(Verb::SignOut, SubjectKind::User, Some("1".into()));
        stores.audit.append(line).await.unwrap();
    }
    let ids: Vec<i64> =
        stores.audit.list(Slice::first(10)).await.unwrap().iter().map(|line| line.id).collect();
    let find = async |newest_first, beyond, skip, limit| -> Vec<i64> {
        let part = AuditPart { newest_first, beyond, skip, limit };
        let found = stores.audit.find(&AuditQuery::default(), part).await.unwrap();
        found.iter().map(|line| line.id).collect()
    };
    assert_eq!(find(true, None, 0, 2).await, [ids[4], ids[3]]);
    assert_eq!(find(true, Some(ids[3]), 0, 2).await, [ids[2], ids[1]]);
    assert_eq!(find(true, Some(ids[1]), 0, 2).await, [ids[0]]);
    assert_eq!(find(true, None, 4, 2).await, [ids[0]]);
    assert_eq!(find(false, Some(ids[1]), 1, 9).await, ids[3..]);
    assert!(find(false, None, u64::MAX, 9).await.is_empty());
    assert!(find(false, None, 0, 0).await.is_empty());
}

/// What is old goes, but for what tells the version of a kind; numbers go on.
pub async fn forgets_old_lines_but_the_newest_of_each_kind(stores: &Stores) {
    let append = async |time, kind| {
        let line = AuditEntry { at: at(time), ..build::line(Verb::Update, kind, None) };
        stores.audit.append(line).await.unwrap();
    };
    append(1, SubjectKind::Category).await;
    append(2, SubjectKind::Document).await;
    append(3, SubjectKind::Document).await;
    append(4, SubjectKind::Document).await;
    append(9, SubjectKind::User).await;
    let kinds = [SubjectKind::Category, SubjectKind::Document, SubjectKind::User];
    let newest = async || {
        let mut all = Vec::new();
        for kind in kinds {
            all.push(stores.audit.newest_about(&[kind]).await.unwrap());
        }
        all
    };
    let before = newest().await;
    let forget = async |time, limit| stores.audit.forget_before(at(time), limit).await.unwrap();
    assert_eq!(forget(2, 10).await, 0, "the category's is its newest");
    assert_eq!(forget(9, 1).await, 1);
    assert_eq!(forget(9, 10).await, 1);
    assert_eq!(forget(9, 10).await, 0);
    let left = stores.audit.list(Slice::first(10)).await.unwrap();
    let left: Vec<_> = left.iter().map(|line| line.entry.at).collect();
    assert_eq!(left, [at(1), at(4), at(9)]);
    assert_eq!(newest().await, before);
    append(10, SubjectKind::User).await;
    assert!(newest().await[2] > before[2]);
}

/// A write about a kind is seen by that kind's number, and by no other's.
pub async fn knows_the_newest_line_about_a_kind(stores: &Stores) {
    let newest = async |kinds: &[SubjectKind]| stores.audit.newest_about(kinds).await.unwrap();
    assert_eq!(newest(&[SubjectKind::Document]).await, 0);
    build::document(stores, "Invoice").await;
    let (document, category) =
        (newest(&[SubjectKind::Document]).await, newest(&[SubjectKind::Category]).await);
    assert!(document > category && category > 0);
    build::category(stores, "Shelf").await;
    assert_eq!(newest(&[SubjectKind::Document]).await, document);
    let either = newest(&[SubjectKind::Category, SubjectKind::Document]).await;
    assert_eq!(either, newest(&[SubjectKind::Category]).await);
    assert!(either > document);
    assert_eq!(newest(&[]).await, 0);
}

/// The first moment of a name counts until it is forgotten.
pub async fn remembers_moments(stores: &Stores) {
    let moments = &stores.moments;
    assert_eq!(moments.noted("a").await.unwrap(), None);
    assert_eq!(moments.note("a", at(999_999)).await.unwrap(), at(999_999));
    assert_eq!(moments.note("a", at(2_000_000)).await.unwrap(), at(999_999));
    assert_eq!(moments.noted("a").await.unwrap(), Some(at(999_999)));
    assert_eq!(moments.noted("b").await.unwrap(), None);
    moments.forget("a").await.unwrap();
    moments.forget("a").await.unwrap();
    assert_eq!(moments.note("a", at(3)).await.unwrap(), at(3));
}

/// Older revisions keep their layouts; deleted documents do not.
pub async fn names_the_layouts_of_all_revisions(stores: &Stores) {
    let document = build::document(stores, "Invoice").await;
    let save = DocumentSave {
        id: document.id,
        expected: None,
        auto_refresh_interval: Seconds::ZERO,
        revision: build::new_revision(2),
    };
    let save = build::change(save, Verb::Save, SubjectKind::Document, document.id);
    stores.documents.save(save).await.unwrap();
    let hashes = [hash(1), hash(2), hash(3)];
    let named = async || stores.blob_references.named(&hashes).await.unwrap();
    assert_eq!(named().await, BTreeSet::from([hash(1), hash(2)]));
    // The same layout in another document counts once.
    build::document(stores, "Copy").await;
    let list = async |after| stores.blob_references.list(after, 1).await.unwrap();
    assert_eq!(list(None).await, [hash(1)]);
    assert_eq!(list(Some(hash(1))).await, [hash(2)]);
    assert_eq!(list(Some(hash(2))).await, []);
    let copy = stores.documents.list(Slice::first(2)).await.unwrap().pop().unwrap();
    let delete = build::change(copy.id, Verb::Delete, SubjectKind::Document, copy.id);
    stores.documents.delete(delete).await.unwrap();
    assert_eq!(stores.blob_references.named(&[]).await.unwrap(), BTreeSet::new());
    let delete = build::change(document.id, Verb::Delete, SubjectKind::Document, document.id);
    stores.documents.delete(delete).await.unwrap();
    assert_eq!(named().await, BTreeSet::new());
}

/// An export needs its layout until its end, and then its file until it is deleted.
pub async fn names_the_layouts_of_waiting_exports_and_the_files_of_finished_ones(stores: &Stores) {
    let owner = build::user(stores, "ann").await.id;
    for number in 1..=4 {
        let new = build::new_export(number, owner, at(i64::from(number)));
        stores.exports.enqueue(new).await.unwrap();
    }
    let lease = TimeDelta::seconds(10);
    for _ in 1..=3 {
        stores.exports.claim_due(at(10), lease, &NodeName::new("a")).await.unwrap();
    }
    let id = |number: u8| build::new_export(number, owner, at(0)).entity.id;
    let result = ExportResult { blob: hash(9), size_bytes: 1, pages: 1 };
    stores.exports.complete(id(1), 1, result, Vec::new(), at(11)).await.unwrap();
    let fault = ExportFault { message: "no".into() };
    stores.exports.fail(id(2), 1, fault, Vec::new(), at(11)).await.unwrap();
    let hashes: Vec<BlobHash> = (0..=10).map(hash).collect();
    let named = async || stores.blob_references.named(&hashes).await.unwrap();
    assert_eq!(named().await, BTreeSet::from([hash(3), hash(4), hash(9)]));
    let listed = stores.blob_references.list(None, 10).await.unwrap();
    assert_eq!(listed, [hash(3), hash(4), hash(9)]);
    assert_eq!(stores.blob_references.list(Some(hash(3)), 1).await.unwrap(), [hash(4)]);
    let cancel = build::change(id(4), Verb::Cancel, SubjectKind::Export, id(4));
    stores.exports.cancel(cancel, at(12)).await.unwrap();
    stores.exports.delete_finished(at(20)).await.unwrap();
    assert_eq!(named().await, BTreeSet::from([hash(3)]));
}
