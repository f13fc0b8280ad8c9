//! What a `SignInRepository` promises.

use chrono::{DateTime, Utc};
use pressroom_domain::{
    NewUser, PasswordHash, SignIn, SignInId, SubjectKind, TokenHash, TokenOrigin, User, Verb,
};
use pressroom_ports::{Change, Kind, RefreshedSignIn, StoreError, Stores, UserUpdate};

use super::{assert_error, last_line, race, trail};
use crate::build;

/// Makes tests of the sign-ins of a store.
#[macro_export]
macro_rules! sign_in_repository_contract {
    ($make:expr) => {
        $crate::suite! { sign_in_repository, $make,
            keeps_a_sign_in_and_its_token
            keeps_none_of_a_user_who_was_changed_meanwhile
            a_user_has_a_bounded_number
            refreshing_replaces_the_refresh_token
            of_many_who_refresh_one_wins
            ending_one_ends_its_tokens
            those_of_who_is_no_longer_active_end
            those_of_who_sets_a_password_end
            deletes_what_expired
            writes_come_with_their_line
        }
    };
}

const ID: SignInId = SignInId::from_bytes([1; 16]);

async fn begin(stores: &Stores, byte: u8, user: &User, expires_at: DateTime<Utc>) {
    stores.sign_ins.begin(build::sign_in(byte, user, expires_at)).await.unwrap();
}

fn hash(byte: u8) -> TokenHash {
    TokenHash::from_bytes([byte; 32])
}

/// Somebody shows the refresh token of a hash; the new access token and refresh token have hashes
/// that repeat `byte`.
fn refresh(user: &User, shown: TokenHash, byte: u8) -> Change<RefreshedSignIn> {
    let access =
        build::access_token(byte, user.id, TokenOrigin::SignIn(ID), build::at(2_000_000_000));
    let refreshed = RefreshedSignIn {
        id: ID,
        shown,
        refresh: hash(byte),
        expires_at: build::at(9_000_000_000),
        access,
    };
    build::change(refreshed, Verb::Refresh, SubjectKind::User, user.id)
}

fn end(user: &User) -> Change<SignInId> {
    build::change(ID, Verb::SignOut, SubjectKind::User, user.id)
}

async fn works(stores: &Stores, byte: u8) -> bool {
    stores.tokens.find(&hash(byte)).await.unwrap().is_some()
}

/// What was kept is found with its user, and the access token works.
pub async fn keeps_a_sign_in_and_its_token(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let change = build::sign_in(1, &ann, build::at(5_000_001));
    let (sign_in, access) = (change.entity.sign_in.clone(), change.entity.access.clone());
    stores.sign_ins.begin(change).await.unwrap();
    assert_eq!(stores.sign_ins.find(ID).await.unwrap(), Some((sign_in, ann.clone())));
    assert_eq!(stores.tokens.find(&hash(1)).await.unwrap().unwrap().token, access);
    assert_eq!(stores.sign_ins.find(SignInId::from_bytes([9; 16])).await.unwrap(), None);
}

/// A password that was right a moment ago may be another one now.
pub async fn keeps_none_of_a_user_who_was_changed_meanwhile(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let seen = build::sign_in(1, &ann, build::at(5));
    let password = (ann.id, PasswordHash::new("$argon2id$v=19$x$y"));
    let change = build::change(password, Verb::SetPassword, SubjectKind::User, ann.id);
    stores.users.set_password(change).await.unwrap();
    assert_error!(stores.sign_ins.begin(seen).await, StoreError::Conflict { kind: Kind::User, .. });
    assert!(!works(stores, 1).await);
    let nobody = User { id: pressroom_domain::UserId(987_654), ..ann };
    assert_error!(
        stores.sign_ins.begin(build::sign_in(1, &nobody, build::at(5))).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
}

/// Those that expire first make room; other users' stay.
pub async fn a_user_has_a_bounded_number(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let bob = build::user(stores, "bob").await;
    begin(stores, 150, &bob, build::at(1)).await;
    let most = u8::try_from(SignIn::MOST_OF_A_USER).unwrap();
    // The first one is the freshest: it was refreshed.
    begin(stores, 0, &ann, build::at(1_000)).await;
    for byte in 1..=most {
        begin(stores, byte, &ann, build::at(byte.into())).await;
    }
    let there = async |byte| {
        stores.sign_ins.find(SignInId::from_bytes([byte; 16])).await.unwrap().is_some()
    };
    assert_eq!([there(0).await, there(1).await, there(2).await], [true, false, true]);
    assert!(there(most).await && there(150).await);
}

/// The new one works, the old one does not.
pub async fn refreshing_replaces_the_refresh_token(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    begin(stores, 1, &ann, build::at(5)).await;
    stores.sign_ins.refresh(refresh(&ann, hash(101), 2)).await.unwrap();
    let (sign_in, _) = stores.sign_ins.find(ID).await.unwrap().unwrap();
    assert_eq!((sign_in.refresh, sign_in.expires_at), (hash(2), build::at(9_000_000_000)));
    assert_eq!(sign_in.started_at, build::at(0));
    assert!(works(stores, 1).await && works(stores, 2).await);
    assert_error!(
        stores.sign_ins.refresh(refresh(&ann, hash(101), 3)).await,
        StoreError::NotFound { kind: Kind::SignIn, .. }
    );
    assert!(!works(stores, 3).await);
    stores.sign_ins.refresh(refresh(&ann, hash(2), 3)).await.unwrap();
}

/// A refresh token is taken once, however many show it at a time.
pub async fn of_many_who_refresh_one_wins(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    begin(stores, 1, &ann, build::at(5)).await;
    let results = race((10..18).map(|byte| {
        let (sign_ins, ann) = (stores.sign_ins.clone(), ann.clone());
        async move { sign_ins.refresh(refresh(&ann, hash(101), byte)).await }
    }))
    .await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
}

/// All tokens that came from a sign-in end with it; others stay. Ending it again says nothing.
pub async fn ending_one_ends_its_tokens(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    begin(stores, 1, &ann, build::at(5)).await;
    begin(stores, 2, &ann, build::at(5)).await;
    stores.sign_ins.refresh(refresh(&ann, hash(101), 3)).await.unwrap();
    stores.sign_ins.end(end(&ann)).await.unwrap();
    assert_eq!(stores.sign_ins.find(ID).await.unwrap(), None);
    assert_eq!(
        [works(stores, 1).await, works(stores, 2).await, works(stores, 3).await],
        [false, true, false]
    );
    let lines = trail(stores).await.len();
    stores.sign_ins.end(end(&ann)).await.unwrap();
    assert_eq!(trail(stores).await.len(), lines);
}

/// Nothing of somebody who may not sign in is let in.
pub async fn those_of_who_is_no_longer_active_end(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    begin(stores, 1, &ann, build::at(5)).await;
    let key = stores.api_keys.create(build::new_api_key(2, ann.id)).await.unwrap();
    stores.api_keys.used(build::used_api_key(3, key.id, ann.id)).await.unwrap();
    let idle = NewUser { active: false, ..build::new_user("ann").entity };
    let update = UserUpdate { id: ann.id, expected: None, user: idle };
    let change = build::change(update, Verb::Update, SubjectKind::User, ann.id);
    stores.users.update(change).await.unwrap();
    nothing_is_left(stores, &ann).await;
}

/// What was given for the old password ends with it, keys included.
pub async fn those_of_who_sets_a_password_end(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    begin(stores, 1, &ann, build::at(5)).await;
    let key = stores.api_keys.create(build::new_api_key(2, ann.id)).await.unwrap();
    stores.api_keys.used(build::used_api_key(3, key.id, ann.id)).await.unwrap();
    let password = (ann.id, PasswordHash::new("$argon2id$v=19$x$y"));
    let change = build::change(password, Verb::SetPassword, SubjectKind::User, ann.id);
    stores.users.set_password(change).await.unwrap();
    nothing_is_left(stores, &ann).await;
}

async fn nothing_is_left(stores: &Stores, user: &User) {
    assert_eq!(stores.sign_ins.find(ID).await.unwrap(), None);
    assert_eq!(stores.api_keys.list(user.id).await.unwrap(), []);
    assert!(!works(stores, 1).await && !works(stores, 3).await);
}

/// What expired goes, what can still be refreshed stays.
pub async fn deletes_what_expired(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    for (byte, expires_at) in [(1, 0), (2, 10), (3, 11)] {
        begin(stores, byte, &ann, build::at(expires_at)).await;
    }
    assert_eq!(stores.sign_ins.delete_expired(build::at(10)).await.unwrap(), 2);
    assert_eq!(stores.sign_ins.delete_expired(build::at(10)).await.unwrap(), 0);
    assert!(stores.sign_ins.find(SignInId::from_bytes([3; 16])).await.unwrap().is_some());
}

/// Beginning, refreshing and ending are in the trail.
pub async fn writes_come_with_their_line(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    begin(stores, 1, &ann, build::at(5)).await;
    assert_eq!(last_line(stores).await.entry.verb, Verb::SignIn);
    stores.sign_ins.refresh(refresh(&ann, hash(101), 2)).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::Refresh);
    stores.sign_ins.end(end(&ann)).await.unwrap();
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.id), (Verb::SignOut, Some(ann.id.to_string())));
}
