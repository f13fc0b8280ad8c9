//! What an `ApiKeyRepository` promises.

use pressroom_domain::{ApiKeyId, ClientId, SubjectKind, TokenHash, UserId, Verb};
use pressroom_ports::{Change, Kind, StoreError, Stores};

use super::{assert_error, last_line};
use crate::build;

/// Makes tests of the API keys of a store.
#[macro_export]
macro_rules! api_key_repository_contract {
    ($make:expr) => {
        $crate::suite! { api_key_repository, $make,
            creates_keys_and_gives_them_back
            needs_a_user
            remembers_the_last_use_and_keeps_the_token
            a_deleted_key_is_gone_with_its_tokens
            nobody_deletes_the_keys_of_others
            writes_come_with_their_line
        }
    };
}

fn delete(user: UserId, id: ApiKeyId) -> Change<(UserId, ApiKeyId)> {
    build::change((user, id), Verb::DeleteKey, SubjectKind::User, user)
}

async fn works(stores: &Stores, byte: u8) -> bool {
    stores.tokens.find(&TokenHash::from_bytes([byte; 32])).await.unwrap().is_some()
}

/// What was made is found by its client id, and among those of its owner.
pub async fn creates_keys_and_gives_them_back(stores: &Stores) {
    let (ann, bob) = (build::user(stores, "ann").await, build::user(stores, "bob").await);
    let mut new = build::new_api_key(1, ann.id);
    new.entity.expires_at = Some(build::at(123_456));
    let key = stores.api_keys.create(new.clone()).await.unwrap();
    let new = new.entity;
    assert_eq!((key.user_id, key.client_id, key.secret), (ann.id, new.client_id, new.secret));
    assert_eq!((&key.name, key.created_at), (&new.name, new.created_at));
    assert_eq!((key.last_used_at, key.expires_at), (None, new.expires_at));
    let other = stores.api_keys.create(build::new_api_key(2, ann.id)).await.unwrap();
    assert_ne!(key.id, other.id);
    let found = stores.api_keys.find(key.client_id).await.unwrap();
    assert_eq!(found, Some((key.clone(), ann.clone())));
    assert_eq!(stores.api_keys.find(ClientId::from_bytes([9; 16])).await.unwrap(), None);
    assert_eq!(stores.api_keys.list(ann.id).await.unwrap(), [key, other]);
    assert_eq!(stores.api_keys.list(bob.id).await.unwrap(), []);
}

/// A key is somebody's.
pub async fn needs_a_user(stores: &Stores) {
    assert_error!(
        stores.api_keys.create(build::new_api_key(1, UserId(987_654))).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
}

/// A use is seen, and its access token works.
pub async fn remembers_the_last_use_and_keeps_the_token(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let key = stores.api_keys.create(build::new_api_key(1, ann.id)).await.unwrap();
    let change = build::used_api_key(5, key.id, ann.id);
    let access = change.entity.access.clone();
    stores.api_keys.used(change).await.unwrap();
    let session = stores.tokens.find(&access.hash).await.unwrap().unwrap();
    assert_eq!((session.token, session.identity.user), (access, ann.clone()));
    let (key, _) = stores.api_keys.find(key.client_id).await.unwrap().unwrap();
    assert_eq!(key.last_used_at, Some(build::at(9)));
}

/// A key ends with all that came from it, and with nothing else.
pub async fn a_deleted_key_is_gone_with_its_tokens(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let one = stores.api_keys.create(build::new_api_key(1, ann.id)).await.unwrap();
    let two = stores.api_keys.create(build::new_api_key(2, ann.id)).await.unwrap();
    stores.api_keys.used(build::used_api_key(5, one.id, ann.id)).await.unwrap();
    stores.api_keys.used(build::used_api_key(6, two.id, ann.id)).await.unwrap();
    stores.api_keys.delete(delete(ann.id, one.id)).await.unwrap();
    assert_eq!(stores.api_keys.find(one.client_id).await.unwrap(), None);
    assert!(!works(stores, 5).await && works(stores, 6).await);
    assert_error!(
        stores.api_keys.used(build::used_api_key(7, one.id, ann.id)).await,
        StoreError::NotFound { kind: Kind::ApiKey, .. }
    );
    assert!(!works(stores, 7).await);
    assert_error!(
        stores.api_keys.delete(delete(ann.id, one.id)).await,
        StoreError::NotFound { kind: Kind::ApiKey, .. }
    );
    let three = stores.api_keys.create(build::new_api_key(3, ann.id)).await.unwrap();
    assert!(three.id != one.id && three.id != two.id, "no id is given twice");
}

/// Somebody else's key is not there.
pub async fn nobody_deletes_the_keys_of_others(stores: &Stores) {
    let (ann, bob) = (build::user(stores, "ann").await, build::user(stores, "bob").await);
    let key = stores.api_keys.create(build::new_api_key(1, ann.id)).await.unwrap();
    assert_error!(
        stores.api_keys.delete(delete(bob.id, key.id)).await,
        StoreError::NotFound { kind: Kind::ApiKey, .. }
    );
    assert_eq!(stores.api_keys.list(ann.id).await.unwrap(), [key]);
}

/// Making, using and deleting are in the trail, about the user: whoever remembers what a user's
/// tokens are, hears of it.
pub async fn writes_come_with_their_line(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let key = stores.api_keys.create(build::new_api_key(1, ann.id)).await.unwrap();
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.id), (Verb::CreateKey, Some(ann.id.to_string())));
    stores.api_keys.used(build::used_api_key(5, key.id, ann.id)).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::SignIn);
    stores.api_keys.delete(delete(ann.id, key.id)).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::DeleteKey);
}
