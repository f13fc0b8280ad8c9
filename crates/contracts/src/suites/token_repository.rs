//! What a `TokenRepository` promises.

use pressroom_domain::{
    Access, AccessToken, BuiltInGroup, Holder, Permission, Scope, SubjectKind, TokenHash, UserId,
    Verb,
};
use pressroom_ports::{Change, Grant, Kind, ProlongedToken, StoreError, Stores};

use super::{assert_error, last_line};
use crate::build;

/// Makes tests of the access tokens of a store.
#[macro_export]
macro_rules! token_repository_contract {
    ($make:expr) => {
        $crate::suite! { token_repository, $make,
            finds_a_token_and_whose_it_is
            finds_it_expired_or_not
            gathers_rights_of_user_and_groups
            rights_are_those_of_now
            needs_a_user
            a_deleted_token_is_gone
            deletes_what_expired
            a_token_works_for_longer
            writes_come_with_their_line
        }
    };
}

const HASH: TokenHash = TokenHash::from_bytes([1; 32]);

fn delete(hash: TokenHash, user: UserId) -> Change<TokenHash> {
    build::change(hash, Verb::SignOut, SubjectKind::User, user)
}

/// What was kept is found by its hash, with the user as of now.
pub async fn finds_a_token_and_whose_it_is(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let change = build::token(1, ann.id, build::at(1_199_000_001));
    let token = change.entity.clone();
    stores.tokens.create(change).await.unwrap();
    let session = stores.tokens.find(&HASH).await.unwrap().unwrap();
    assert_eq!(session.token, token);
    assert_eq!(session.identity.user, ann);
    assert_eq!(session.identity.groups, []);
    assert_eq!(session.identity.permissions, []);
    assert_eq!(stores.tokens.find(&TokenHash::from_bytes([2; 32])).await.unwrap(), None);
}

/// Whether a token still works is not the store's to say.
pub async fn finds_it_expired_or_not(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    stores.tokens.create(build::token(1, ann.id, build::at(-1_000_000_000_000))).await.unwrap();
    assert!(stores.tokens.find(&HASH).await.unwrap().is_some());
}

/// Permissions of the user and of all their groups come together.
pub async fn gathers_rights_of_user_and_groups(stores: &Stores) {
    let mut new = build::new_group("System Administrators");
    new.entity.built_in = Some(BuiltInGroup::SystemAdministrators);
    let administrators = stores.groups.create(new).await.unwrap();
    let team = stores.groups.create(build::new_group("Team")).await.unwrap();
    let category = build::category(stores, "Shelf").await.id;
    let mut new = build::new_user("ann");
    new.entity.groups = vec![team.id];
    let ann = stores.users.create(new).await.unwrap();
    let grant = async |holder, access, scope| {
        let permissions = vec![Permission::new(access, scope)];
        let grant = Grant { holder, expected: None, permissions };
        let change = build::change(grant, Verb::Grant, SubjectKind::User, 0);
        stores.permissions.grant(change).await.unwrap();
    };
    grant(Holder::User(ann.id), Access::READ, Scope::DocumentsIn(category)).await;
    grant(Holder::Group(team.id), Access::MODIFY, Scope::AllDocuments).await;
    grant(Holder::Group(administrators.id), Access::DELETE, Scope::AllDocuments).await;
    stores.tokens.create(build::token(1, ann.id, build::at(1))).await.unwrap();
    let identity = stores.tokens.find(&HASH).await.unwrap().unwrap().identity;
    let groups: Vec<_> = identity.groups.iter().map(|group| group.id).collect();
    assert_eq!(groups, [team.id]);
    let rights = identity.rights();
    assert!(!rights.is_administrator());
    assert_eq!(rights.on_documents_in(category), Access::READ | Access::MODIFY);
    assert_eq!(stores.tokens.identity(ann.id).await.unwrap().rights(), rights);
    let mut new = build::new_user("root");
    new.entity.groups = vec![administrators.id];
    let root = stores.users.create(new).await.unwrap();
    assert!(stores.tokens.identity(root.id).await.unwrap().rights().is_administrator());
}

/// What was granted, taken away or renamed since the token was given counts at once.
pub async fn rights_are_those_of_now(stores: &Stores) {
    let team = stores.groups.create(build::new_group("Team")).await.unwrap();
    let mut new = build::new_user("ann");
    new.entity.groups = vec![team.id];
    let ann = stores.users.create(new).await.unwrap();
    stores.tokens.create(build::token(1, ann.id, build::at(1))).await.unwrap();
    let identity = async || stores.tokens.find(&HASH).await.unwrap().unwrap().identity;
    assert_eq!((identity().await.permissions.len(), identity().await.groups.len()), (0, 1));
    let read = [Permission::new(Access::READ, Scope::AllDocuments)];
    stores.permissions.grant(build::grant(Holder::Group(team.id), None, &read)).await.unwrap();
    assert_eq!(identity().await.permissions, read);
    stores.permissions.grant(build::grant(Holder::Group(team.id), None, &[])).await.unwrap();
    assert_eq!(identity().await.permissions, []);
    let delete = build::change(team.id, Verb::Delete, SubjectKind::Group, team.id);
    stores.groups.delete(delete).await.unwrap();
    let now = identity().await;
    assert_eq!((now.groups, now.user), (Vec::new(), stores.users.get(ann.id).await.unwrap()));
}

/// A token is somebody's.
pub async fn needs_a_user(stores: &Stores) {
    let nobody = UserId(987_654);
    assert_error!(
        stores.tokens.create(build::token(1, nobody, build::at(1))).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
    assert_error!(
        stores.tokens.identity(nobody).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
    assert_eq!(stores.tokens.find(&HASH).await.unwrap(), None);
}

/// Deleting ends a token; deleting it again is no error.
pub async fn a_deleted_token_is_gone(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    stores.tokens.create(build::token(1, ann.id, build::at(1))).await.unwrap();
    stores.tokens.create(build::token(2, ann.id, build::at(1))).await.unwrap();
    for _ in 0..2 {
        stores.tokens.delete(delete(HASH, ann.id)).await.unwrap();
        assert_eq!(stores.tokens.find(&HASH).await.unwrap(), None);
    }
    assert!(stores.tokens.find(&TokenHash::from_bytes([2; 32])).await.unwrap().is_some());
}

/// What expired goes, what still works stays.
pub async fn deletes_what_expired(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    for (byte, expires_at) in [(1, 0), (2, 10), (3, 11)] {
        stores.tokens.create(build::token(byte, ann.id, build::at(expires_at))).await.unwrap();
    }
    assert_eq!(stores.tokens.delete_expired(build::at(10)).await.unwrap(), 2);
    assert_eq!(stores.tokens.delete_expired(build::at(10)).await.unwrap(), 0);
    assert!(stores.tokens.find(&TokenHash::from_bytes([3; 32])).await.unwrap().is_some());
}

/// Prolonging changes when a token ends and nothing else; one that is gone stays gone.
pub async fn a_token_works_for_longer(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    stores.tokens.create(build::token(1, ann.id, build::at(1))).await.unwrap();
    let before = stores.tokens.find(&HASH).await.unwrap().unwrap().token;
    let prolong = async |hash, expires_at| {
        let prolonged = ProlongedToken { hash, expires_at };
        let change = build::change(prolonged, Verb::Prolong, SubjectKind::User, ann.id);
        stores.tokens.prolong(change).await.unwrap();
    };
    prolong(HASH, build::at(9)).await;
    let after = stores.tokens.find(&HASH).await.unwrap().unwrap().token;
    assert_eq!(after, AccessToken { expires_at: build::at(9), ..before });
    let line = last_line(stores).await;
    assert_eq!(line.entry.verb, Verb::Prolong);
    let other = TokenHash::from_bytes([2; 32]);
    prolong(other, build::at(9)).await;
    assert_eq!(stores.tokens.find(&other).await.unwrap(), None);
    assert_eq!(last_line(stores).await, line);
}

/// Signing in and out is in the trail.
pub async fn writes_come_with_their_line(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    stores.tokens.create(build::token(1, ann.id, build::at(1))).await.unwrap();
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.id), (Verb::SignIn, Some(ann.id.to_string())));
    stores.tokens.delete(delete(HASH, ann.id)).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::SignOut);
}
