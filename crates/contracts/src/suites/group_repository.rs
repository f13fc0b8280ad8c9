//! What a `GroupRepository` promises.

use pressroom_domain::{
    Access, BuiltInGroup, GroupId, GroupUpdate, Holder, OptimisticLock, Permission, Scope,
    SubjectKind, Verb,
};
use pressroom_ports::{Change, Kind, Slice, StoreError, Stores};

use super::assert_error;
use crate::build;

/// Makes tests of the groups of a store.
#[macro_export]
macro_rules! group_repository_contract {
    ($make:expr) => {
        $crate::suite! { group_repository, $make,
            creates_groups_and_gives_them_back
            no_two_groups_are_called_the_same
            renames_groups_under_their_lock
            deletes_groups_and_members_are_no_longer_in_them
        }
    };
}

fn delete(id: GroupId) -> Change<GroupId> {
    build::change(id, Verb::Delete, SubjectKind::Group, id)
}

/// What was made is found as it was made, in a list too.
pub async fn creates_groups_and_gives_them_back(stores: &Stores) {
    let plain = build::group(stores, "Größe 漢字").await;
    let mut new = build::new_group("System Administrators");
    new.entity.built_in = Some(BuiltInGroup::SystemAdministrators);
    let administrators = stores.groups.create(new).await.unwrap();
    assert_eq!((plain.lock, plain.built_in), (OptimisticLock(0), None));
    assert_eq!(administrators.built_in, Some(BuiltInGroup::SystemAdministrators));
    assert_eq!(stores.groups.get(plain.id).await.unwrap(), plain);
    let all = stores.groups.list(Slice::first(10)).await.unwrap();
    assert_eq!(all, [plain.clone(), administrators]);
    assert_eq!(stores.groups.list(Slice::after(plain.id, 10)).await.unwrap().len(), 1);
}

/// Neither by name in any letter case, nor by built-in kind.
pub async fn no_two_groups_are_called_the_same(stores: &Stores) {
    build::group(stores, "Köche").await;
    assert_error!(
        stores.groups.create(build::new_group("KÖCHE")).await,
        StoreError::Duplicate { kind: Kind::Group, .. }
    );
    let built_in = |text| {
        let mut new = build::new_group(text);
        new.entity.built_in = Some(BuiltInGroup::DocumentViewers);
        new
    };
    stores.groups.create(built_in("Document Viewers")).await.unwrap();
    assert_error!(
        stores.groups.create(built_in("Viewers")).await,
        StoreError::Duplicate { kind: Kind::Group, .. }
    );
}

/// A write is seen and grows the lock; a stale one, or one of a taken name, changes nothing.
pub async fn renames_groups_under_their_lock(stores: &Stores) {
    let (team, other) = (build::group(stores, "Team").await, build::group(stores, "Köche").await);
    let rename = async |expected: Option<i64>, text: &str| {
        let name = build::name(text);
        let entity = GroupUpdate { id: team.id, expected: expected.map(OptimisticLock), name };
        let change = build::change(entity, Verb::Update, SubjectKind::Group, team.id);
        stores.groups.update(change).await
    };
    let renamed = rename(Some(0), "TEAM 2").await.unwrap();
    assert_eq!((renamed.name.as_str(), renamed.lock), ("TEAM 2", OptimisticLock(1)));
    assert_eq!(stores.groups.get(team.id).await.unwrap(), renamed);
    assert_error!(
        rename(Some(0), "Lost").await,
        StoreError::Conflict { kind: Kind::Group, current: OptimisticLock(1), .. }
    );
    assert_error!(rename(Some(1), "KÖCHE").await, StoreError::Duplicate { kind: Kind::Group, .. });
    assert_eq!(stores.groups.get(team.id).await.unwrap(), renamed);
    assert_eq!(rename(None, "Team 2").await.unwrap().lock, OptimisticLock(2), "the case counts");
    stores.groups.delete(delete(other.id)).await.unwrap();
    assert!(rename(Some(2), "köche").await.is_ok(), "a name is free again");
    stores.groups.delete(delete(team.id)).await.unwrap();
    assert_error!(rename(None, "Lost").await, StoreError::NotFound { kind: Kind::Group, .. });
}

/// Its permissions go with it, and its members' locks tell that they were changed.
pub async fn deletes_groups_and_members_are_no_longer_in_them(stores: &Stores) {
    let (team, other) =
        (build::group(stores, "Team").await.id, build::group(stores, "Other").await.id);
    let mut new = build::new_user("ann");
    new.entity.groups = vec![team, other];
    let ann = stores.users.create(new).await.unwrap();
    let bob = build::user(stores, "bob").await;
    let read = [Permission::new(Access::READ, Scope::AllDocuments)];
    for id in [team, other] {
        stores.permissions.grant(build::grant(Holder::Group(id), None, &read)).await.unwrap();
    }
    stores.groups.delete(delete(team)).await.unwrap();
    assert_error!(stores.groups.get(team).await, StoreError::NotFound { kind: Kind::Group, .. });
    let left = stores.users.get(ann.id).await.unwrap();
    assert_eq!((left.groups, left.lock), (vec![other], OptimisticLock(1)));
    assert_eq!(stores.users.get(bob.id).await.unwrap(), bob);
    assert_eq!(stores.tokens.identity(ann.id).await.unwrap().permissions, read, "of the other");
    assert_error!(
        stores.groups.delete(delete(team)).await,
        StoreError::NotFound { kind: Kind::Group, .. }
    );
}
