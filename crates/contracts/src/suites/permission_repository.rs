//! What a `PermissionRepository` promises.

use std::collections::BTreeSet;

use pressroom_domain::{
    Access, CategoryId, GroupId, Holder, OptimisticLock, Permission, PermissionEdit, Scope,
    SubjectKind, UserId, Verb,
};
use pressroom_ports::{Change, Edit, Held, Kind, StoreError, Stores};

use super::{assert_error, last_line, race, trail};
use crate::build;

/// Makes tests of the permissions of a store.
#[macro_export]
macro_rules! permission_repository_contract {
    ($make:expr) => {
        $crate::suite! { permission_repository, $make,
            grants_permissions_ordered_and_joined
            grants_under_the_lock_of_the_holder
            of_many_grants_one_wins
            grants_nothing_to_who_is_not_there
            edits_permissions_whatever_is_there
            fifty_edits_without_a_lock_lose_nothing
            writes_come_with_their_line
        }
    };
}

fn edit(holder: Holder, expected: Option<i64>, edit: PermissionEdit) -> Change<Edit> {
    let entity = Edit { holder, expected: expected.map(OptimisticLock), edit };
    let (kind, id) = match holder {
        Holder::User(id) => (SubjectKind::User, id.0),
        Holder::Group(id) => (SubjectKind::Group, id.0),
    };
    build::change(entity, Verb::Grant, kind, id)
}

/// Permissions come by scope, one a scope, without those that allow nothing.
pub async fn grants_permissions_ordered_and_joined(stores: &Stores) {
    let category = build::category(stores, "Shelf").await.id;
    let holders = [
        Holder::User(build::user(stores, "ann").await.id),
        Holder::Group(build::group(stores, "Team").await.id),
    ];
    for holder in holders {
        assert_eq!(stores.permissions.granted_to(holder).await.unwrap(), []);
        let given = [
            Permission::new(Access::READ, Scope::AllDataModels),
            Permission::new(Access::READ, Scope::DocumentsIn(category)),
            Permission::new(Access::DELETE, Scope::DocumentsIn(category)),
            Permission::new(Access::NONE, Scope::AllDocuments),
            Permission::new(Access::ALL, Scope::Category(category)),
        ];
        let expect = [
            Permission::new(Access::ALL, Scope::Category(category)),
            Permission::new(Access::READ | Access::DELETE, Scope::DocumentsIn(category)),
            Permission::new(Access::READ, Scope::AllDataModels),
        ];
        let granted =
            stores.permissions.grant(build::grant(holder, Some(0), &given)).await.unwrap();
        assert_eq!(granted, expect);
        assert_eq!(stores.permissions.granted_to(holder).await.unwrap(), expect);
        let fewer =
            stores.permissions.grant(build::grant(holder, Some(1), &expect[..1])).await.unwrap();
        assert_eq!(fewer, expect[..1]);
        assert_eq!(stores.permissions.granted_to(holder).await.unwrap(), expect[..1]);
    }
}

/// A grant is a write of the user or group.
pub async fn grants_under_the_lock_of_the_holder(stores: &Stores) {
    let ann = build::user(stores, "ann").await.id;
    let team = build::group(stores, "Team").await.id;
    let read = [Permission::new(Access::READ, Scope::AllDocuments)];
    for holder in [Holder::User(ann), Holder::Group(team)] {
        stores.permissions.grant(build::grant(holder, Some(0), &read)).await.unwrap();
        assert_error!(
            stores.permissions.grant(build::grant(holder, Some(0), &[])).await,
            StoreError::Conflict { current: OptimisticLock(1), .. }
        );
        assert_eq!(stores.permissions.granted_to(holder).await.unwrap(), read);
    }
    assert_eq!(stores.users.get(ann).await.unwrap().lock, OptimisticLock(1));
    assert_eq!(stores.groups.get(team).await.unwrap().lock, OptimisticLock(1));
}

/// No grant is lost: of writers who saw the same state, one wins.
pub async fn of_many_grants_one_wins(stores: &Stores) {
    let holder = Holder::User(build::user(stores, "ann").await.id);
    let results = race((1..9).map(|writer| {
        let permissions = stores.permissions.clone();
        let given = [Permission::new(Access::READ, Scope::DocumentsIn(CategoryId(writer)))];
        async move { permissions.grant(build::grant(holder, Some(0), &given)).await }
    }))
    .await;
    let winners: Vec<_> = results.iter().filter_map(|result| result.as_ref().ok()).collect();
    assert_eq!(winners.len(), 1, "{results:?}");
    assert_eq!(stores.permissions.granted_to(holder).await.unwrap(), *winners[0]);
}

/// A holder must exist.
pub async fn grants_nothing_to_who_is_not_there(stores: &Stores) {
    let user = Holder::User(UserId(987_654));
    let team = Holder::Group(GroupId(987_654));
    for (holder, kind) in [(user, Kind::User), (team, Kind::Group)] {
        assert_error!(
            stores.permissions.grant(build::grant(holder, None, &[])).await,
            StoreError::NotFound { kind: missing, .. } if missing == kind
        );
        assert_error!(
            stores.permissions.granted_to(holder).await,
            StoreError::NotFound { kind: missing, .. } if missing == kind
        );
    }
}

/// What is added joins what is there; what is taken away goes bit by bit.
pub async fn edits_permissions_whatever_is_there(stores: &Stores) {
    let ann = build::user(stores, "ann").await.id;
    let team = build::group(stores, "Team").await.id;
    let on_all = |access| Permission::new(access, Scope::AllDocuments);
    let read_models = Permission::new(Access::READ, Scope::AllDataModels);
    for holder in [Holder::User(ann), Holder::Group(team)] {
        let change = async |expected: Option<i64>, what: PermissionEdit| {
            stores.permissions.edit(edit(holder, expected, what)).await
        };
        let first = [on_all(Access::READ), read_models];
        let held = change(Some(0), PermissionEdit::Add(first.to_vec())).await.unwrap();
        assert_eq!(held, Held { permissions: first.to_vec(), lock: OptimisticLock(1) });
        let more = PermissionEdit::Add(vec![on_all(Access::DELETE)]);
        let held = change(Some(1), more.clone()).await.unwrap();
        let joined = [on_all(Access::READ | Access::DELETE), read_models];
        assert_eq!(held, Held { permissions: joined.to_vec(), lock: OptimisticLock(2) });
        assert_error!(
            change(Some(1), more).await,
            StoreError::Conflict { current: OptimisticLock(2), .. }
        );
        let fewer = PermissionEdit::Remove(vec![on_all(Access::READ), read_models]);
        let held = change(None, fewer).await.unwrap();
        let left = vec![on_all(Access::DELETE)];
        assert_eq!(held, Held { permissions: left.clone(), lock: OptimisticLock(3) });
        assert_eq!(stores.permissions.granted_to(holder).await.unwrap(), left);
    }
    let nobody = Holder::User(UserId(987_654));
    assert_error!(
        stores.permissions.edit(edit(nobody, None, PermissionEdit::Add(Vec::new()))).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
}

/// An edit is made on what is there when it is made: none needs a lock to be kept.
pub async fn fifty_edits_without_a_lock_lose_nothing(stores: &Stores) {
    let holder = Holder::User(build::user(stores, "ann").await.id);
    let results = race((1..=50).map(|writer| {
        let permissions = stores.permissions.clone();
        let own = Permission::new(Access::READ, Scope::DocumentsIn(CategoryId(writer)));
        let change = edit(holder, None, PermissionEdit::Add(vec![own]));
        async move { permissions.edit(change).await.unwrap().lock.0 }
    }))
    .await;
    let locks: BTreeSet<i64> = results.into_iter().collect();
    assert_eq!(locks, (1..=50).collect(), "each write had a lock of its own");
    assert_eq!(stores.permissions.granted_to(holder).await.unwrap().len(), 50);
}

/// Each write is in the trail; a failed one is not.
pub async fn writes_come_with_their_line(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let line = last_line(stores).await.entry;
    assert_eq!(line.subject.kind, SubjectKind::User);
    assert_eq!(line.subject.id, Some(ann.id.to_string()));
    let holder = Holder::User(ann.id);
    stores.permissions.grant(build::grant(holder, Some(0), &[])).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::Grant);
    let lines = trail(stores).await.len();
    assert!(stores.permissions.grant(build::grant(holder, Some(0), &[])).await.is_err());
    assert!(stores.users.create(build::new_user("ANN")).await.is_err());
    assert_eq!(trail(stores).await.len(), lines);
    let team = build::group(stores, "Team").await;
    let line = last_line(stores).await.entry;
    assert_eq!(line.subject.id, Some(team.id.to_string()));
}
