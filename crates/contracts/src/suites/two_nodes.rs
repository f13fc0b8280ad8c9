//! What a store promises to several servers that share it.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use pressroom_domain::{
    Access, BlobHash, BuiltInGroup, CategoryUpdate, ExportId, ExportProgress, ExportResult,
    ExportState, Holder, NewUser, NodeName, OptimisticLock, Permission, Scope, StateError,
    SubjectKind, TokenHash, Verb,
};
use pressroom_ports::{
    AuditRecord, ClaimError, OutboxError, Slice, StoreError, Stores, UserUpdate,
};

use super::{assert_error, race, trail};
use crate::build::{self, at};

/// Makes tests of a store that two servers share.
#[macro_export]
macro_rules! two_nodes_contract {
    ($make:expr) => {
        $crate::suite! { two_nodes, $make,
            what_one_writes_the_other_sees
            a_token_ends_on_both
            of_writers_on_two_nodes_one_wins
            a_name_is_given_once_on_two_nodes
            no_id_is_given_twice_by_two_nodes
            the_last_administrator_stays_on_both
            claimers_on_two_nodes_never_get_the_same
            the_late_write_of_another_node_is_refused
            lines_become_visible_in_order_on_every_node
            many_who_note_a_moment_on_two_nodes_agree
        }
    };
}

/// Two stores over one new, empty database, as two servers have them: each opened for itself.
pub struct Fixture {
    /// One server's.
    pub one: Stores,
    /// The other's.
    pub other: Stores,
    /// Whatever must outlive them, such as the database.
    pub guard: Box<dyn Any + Send + Sync>,
}

impl Fixture {
    /// The store of the one, the other, the one, …
    fn turn(&self, number: usize) -> Stores {
        if number.is_multiple_of(2) { self.one.clone() } else { self.other.clone() }
    }
}

const LEASE: TimeDelta = TimeDelta::seconds(10);

/// When a call has returned, its write is seen wherever somebody looks, and the version with it.
pub async fn what_one_writes_the_other_sees(made: &Fixture) {
    let mut version = 0;
    for round in 0..10 {
        let (here, there) = (made.turn(round), made.turn(round + 1));
        let category = build::category(&here, &format!("Shelf {round}")).await;
        assert_eq!(there.categories.get(category.id).await.unwrap(), category);
        let seen = there.audit.newest_about(&[SubjectKind::Category]).await.unwrap();
        assert!(seen > version, "{seen} after {version}");
        assert_eq!(here.audit.newest_about(&[SubjectKind::Category]).await.unwrap(), seen);
        version = seen;
    }
    assert_eq!(made.other.categories.list(Slice::first(99)).await.unwrap().len(), 10);
}

/// Nobody stays signed in on one server who signed out on the other, or may do what was taken away.
pub async fn a_token_ends_on_both(made: &Fixture) {
    let (one, other) = (&made.one, &made.other);
    let ann = build::user(one, "ann").await.id;
    let hash = TokenHash::from_bytes([1; 32]);
    one.tokens.create(build::token(1, ann, at(9))).await.unwrap();
    let read = [Permission::new(Access::READ, Scope::AllDocuments)];
    one.permissions.grant(build::grant(Holder::User(ann), None, &read)).await.unwrap();
    assert_eq!(other.tokens.find(&hash).await.unwrap().unwrap().identity.permissions, read);
    other.permissions.grant(build::grant(Holder::User(ann), None, &[])).await.unwrap();
    assert_eq!(one.tokens.find(&hash).await.unwrap().unwrap().identity.permissions, []);
    let out = build::change(hash, Verb::SignOut, SubjectKind::User, ann);
    other.tokens.delete(out).await.unwrap();
    assert_eq!(one.tokens.find(&hash).await.unwrap(), None);
}

/// No write is lost: of writers who saw the same state, one wins.
pub async fn of_writers_on_two_nodes_one_wins(made: &Fixture) {
    let id = build::category(&made.one, "Shelf").await.id;
    let results = race((0..8).map(|writer| {
        let stores = made.turn(writer);
        let name = build::name(&format!("Writer {writer}"));
        let update = CategoryUpdate { id, expected: Some(OptimisticLock(0)), name };
        let update = build::change(update, Verb::Update, SubjectKind::Category, id);
        async move { stores.categories.update(update).await }
    }))
    .await;
    let winners: Vec<_> = results.iter().flatten().collect();
    assert_eq!(winners.len(), 1, "{results:?}");
    assert_eq!(made.other.categories.get(id).await.unwrap(), *winners[0]);
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(matches!(error, StoreError::Conflict { .. }), "{error:?}");
    }
}

/// A user name is given once, whichever server is asked.
pub async fn a_name_is_given_once_on_two_nodes(made: &Fixture) {
    let results = race((0..8).map(|writer| {
        let stores = made.turn(writer);
        async move { stores.users.create(build::new_user("ann")).await }
    }))
    .await;
    assert_eq!(results.iter().flatten().count(), 1, "{results:?}");
    for error in results.iter().filter_map(|result| result.as_ref().err()) {
        assert!(matches!(error, StoreError::Duplicate { .. }), "{error:?}");
    }
}

/// Two servers that make things at a time do not name them the same.
pub async fn no_id_is_given_twice_by_two_nodes(made: &Fixture) {
    let ids = race((0..16).map(|writer| {
        let stores = made.turn(writer);
        async move { build::document(&stores, &format!("Document {writer}")).await }
    }))
    .await;
    let documents: BTreeSet<_> = ids.iter().map(|document| document.id).collect();
    let revisions: BTreeSet<_> = ids.iter().map(|document| document.revision_id).collect();
    assert_eq!((documents.len(), revisions.len()), (16, 16));
}

/// A rule over several rows holds though the rows are written from two servers.
pub async fn the_last_administrator_stays_on_both(made: &Fixture) {
    let mut new = build::new_group("System Administrators");
    new.entity.built_in = Some(BuiltInGroup::SystemAdministrators);
    let group = made.one.groups.create(new).await.unwrap().id;
    let mut administrators = Vec::new();
    for name in ["ann", "bob"] {
        let mut new = build::new_user(name);
        new.entity.groups = vec![group];
        administrators.push(made.one.users.create(new).await.unwrap());
    }
    let switch = |number: usize, active: bool| {
        let user = &administrators[number];
        let name = user.user_name.to_string();
        let user = NewUser { active, groups: vec![group], ..build::new_user(&name).entity };
        let id = administrators[number].id;
        let update = UserUpdate { id, expected: None, user };
        let update = build::change(update, Verb::Update, SubjectKind::User, id);
        let stores = made.turn(number);
        async move { stores.users.update(update).await }
    };
    for _ in 0..6 {
        let results = race([switch(0, false), switch(1, false)]).await;
        assert_eq!(results.iter().flatten().count(), 1, "{results:?}");
        for number in [0, 1] {
            switch(number, true).await.unwrap();
        }
    }
}

/// Exports and mails go to one server each.
pub async fn claimers_on_two_nodes_never_get_the_same(made: &Fixture) {
    let owner = build::user(&made.one, "ann").await.id;
    for number in 1..=20 {
        let stores = made.turn(number.into());
        stores.exports.enqueue(build::new_export(number, owner, at(0))).await.unwrap();
        let mail = build::new_category("Shelf").sending(build::mail("Hello"));
        stores.categories.create(mail).await.unwrap();
    }
    let claimed = race((0..8).map(|claimer| {
        let (stores, node) = (made.turn(claimer), NodeName::new(format!("node {claimer}")));
        async move {
            let (mut exports, mut mails) = (Vec::new(), Vec::new());
            while let Some(export) = stores.exports.claim_due(at(5), LEASE, &node).await.unwrap() {
                exports.push(export.id);
            }
            while let Some(mail) = stores.outbox.claim_due(at(5), LEASE, &node).await.unwrap() {
                mails.push(mail.id);
            }
            (exports, mails)
        }
    }))
    .await;
    let exports: Vec<ExportId> = claimed.iter().flat_map(|(exports, _)| exports.clone()).collect();
    let mails: Vec<_> = claimed.iter().flat_map(|(_, mails)| mails.clone()).collect();
    assert_eq!((exports.len(), mails.len()), (20, 20));
    assert_eq!(exports.iter().collect::<BTreeSet<_>>().len(), 20);
    assert_eq!(mails.iter().collect::<BTreeSet<_>>().len(), 20);
}

/// A server that was frozen past its lease and wakes up changes nothing.
pub async fn the_late_write_of_another_node_is_refused(made: &Fixture) {
    let (one, other) = (&made.one, &made.other);
    let owner = build::user(one, "ann").await.id;
    let export = build::new_export(1, owner, at(0));
    let id = export.entity.id;
    one.exports.enqueue(export).await.unwrap();
    let mail = build::new_category("Shelf").sending(build::mail("Hello"));
    one.categories.create(mail).await.unwrap();
    let (frozen, awake) = (NodeName::new("frozen"), NodeName::new("awake"));
    let old = one.exports.claim_due(at(5), LEASE, &frozen).await.unwrap().unwrap();
    let old_mail = one.outbox.claim_due(at(5), LEASE, &frozen).await.unwrap().unwrap();
    let later = at(5) + LEASE;
    let new = other.exports.claim_due(later, LEASE, &awake).await.unwrap().unwrap();
    let new_mail = other.outbox.claim_due(later, LEASE, &awake).await.unwrap().unwrap();
    assert!(new.fence > old.fence && new_mail.fence > old_mail.fence);
    let result =
        |byte| ExportResult { blob: BlobHash::from_bytes([byte; 32]), size_bytes: 1, pages: 1 };
    let heartbeat = one.exports.heartbeat(id, old.fence, later, ExportProgress::default()).await;
    assert_error!(heartbeat, ClaimError::Lost(StateError::Superseded));
    let complete = one.exports.complete(id, old.fence, result(1), Vec::new(), later).await;
    assert_error!(complete, ClaimError::Lost(StateError::Superseded));
    assert_error!(one.outbox.sent(old_mail.id, old_mail.fence).await, OutboxError::Lost);
    other.exports.complete(id, new.fence, result(2), Vec::new(), later).await.unwrap();
    other.outbox.sent(new_mail.id, new_mail.fence).await.unwrap();
    assert_eq!(one.exports.get(id).await.unwrap().state, ExportState::Complete(result(2)));
}

/// Whoever follows the trail on one server misses no line that another one writes.
pub async fn lines_become_visible_in_order_on_every_node(made: &Fixture) {
    const WRITERS: usize = 6;
    let writing = Arc::new(AtomicUsize::new(WRITERS));
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (stores, writing) = (made.turn(writer), writing.clone());
            tokio::spawn(async move {
                for round in 0..8 {
                    let line = build::line(Verb::SignOut, SubjectKind::User, None);
                    stores.audit.append(line).await.unwrap();
                    build::document(&stores, &format!("Document {writer} {round}")).await;
                }
                writing.fetch_sub(1, Ordering::Release);
            })
        })
        .collect();
    let readers: Vec<_> = (0..4)
        .map(|reader| {
            let (stores, writing) = (made.turn(reader), writing.clone());
            tokio::spawn(async move {
                let mut seen: Vec<AuditRecord> = Vec::new();
                loop {
                    let is_last = writing.load(Ordering::Acquire) == 0;
                    let after = seen.last().map(|line| line.id);
                    let new = stores.audit.list(Slice { after, limit: 50 }).await.unwrap();
                    if new.is_empty() && is_last {
                        return seen;
                    }
                    seen.extend(new);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let all = trail(&made.one).await;
    assert_eq!(all.len(), WRITERS * 8 * 3);
    for reader in readers {
        assert!(reader.await.unwrap() == all, "a reader who follows the trail misses nothing");
    }
}

/// Two servers that see something for the first time at a time agree on when that was.
pub async fn many_who_note_a_moment_on_two_nodes_agree(made: &Fixture) {
    for round in 0..6 {
        let noted = race((0..8).map(|number| {
            let stores = made.turn(number);
            let now = at(i64::try_from(number).unwrap());
            async move { stores.moments.note(&format!("round {round}"), now).await.unwrap() }
        }))
        .await;
        assert!(noted.iter().all(|moment| *moment == noted[0]), "{noted:?}");
    }
}
