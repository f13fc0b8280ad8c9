//! What an `AuditLog` and a `BlobReferences` promise.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use pressroom_domain::{
    Actor, AuditEntry, BlobHash, DocumentSave, ExportFault, ExportResult, NodeName, Seconds,
    SubjectKind, Verb,
};
use pressroom_ports::{Slice, Stores};

use crate::build::{self, at};

/// Makes tests of the audit trail of a store, and of what it knows about bytes.
#[macro_export]
macro_rules! store_contract {
    ($make:expr) => {
        $crate::suite! { store, $make,
            appends_lines_in_order
            lists_lines_slice_by_slice
            knows_the_newest_line_about_a_kind
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
    let cancel = build::change(id(4), Verb::Cancel, SubjectKind::Export, id(4));
    stores.exports.cancel(cancel, at(12)).await.unwrap();
    stores.exports.delete_finished(at(20)).await.unwrap();
    assert_eq!(named().await, BTreeSet::from([hash(3)]));
}
