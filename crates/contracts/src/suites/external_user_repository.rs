//! What an `ExternalUserRepository` promises.

use pressroom_domain::{AccountType, ExternalSubject, NewExternalUser, SubjectKind, Verb};
use pressroom_ports::{Change, Kind, StoreError, Stores};

use super::{assert_error, last_line, race};
use crate::build;

/// Makes tests of the external users of a store.
#[macro_export]
macro_rules! external_user_repository_contract {
    ($make:expr) => {
        $crate::suite! { external_user_repository, $make,
            finds_who_a_subject_is
            subjects_are_compared_letter_by_letter
            takes_over_no_account_of_that_name
            links_a_user_who_has_no_subject
            of_many_who_come_at_once_one_is_made
            writes_come_with_their_line
        }
    };
}

fn subject(issuer: &str, subject: &str) -> ExternalSubject {
    ExternalSubject::new(issuer, subject).unwrap()
}

fn new(subject: ExternalSubject, user_name: &str) -> Change<NewExternalUser> {
    let mut user = build::new_user(user_name).entity;
    user.account_type = AccountType::External;
    Change::new(NewExternalUser { subject, user }, build::created(SubjectKind::User))
}

const ISSUER: &str = "https://id.example.com/größe";

/// Whoever came once is known the next time.
pub async fn finds_who_a_subject_is(stores: &Stores) {
    let ann = subject(ISSUER, "42");
    assert_eq!(stores.external_users.find(&ann).await.unwrap(), None);
    let made = stores.external_users.create(new(ann.clone(), "ann")).await.unwrap();
    assert_eq!((made.user_name.as_str(), made.account_type), ("ann", AccountType::External));
    assert_eq!(stores.external_users.find(&ann).await.unwrap(), Some(made.clone()));
    assert_eq!(stores.users.get(made.id).await.unwrap(), made);
}

/// Two subjects are two people, however much they look alike.
pub async fn subjects_are_compared_letter_by_letter(stores: &Stores) {
    let ann = stores.external_users.create(new(subject(ISSUER, "a"), "ann")).await.unwrap();
    for (number, (issuer, text)) in
        [(ISSUER, "A"), (ISSUER, "a "), ("https://id.example.org", "a"), (ISSUER, "%")]
            .into_iter()
            .enumerate()
    {
        let other = subject(issuer, text);
        assert_eq!(stores.external_users.find(&other).await.unwrap(), None, "{issuer} {text}");
        let name = format!("user{number}");
        let made = stores.external_users.create(new(other, &name)).await.unwrap();
        assert_ne!(made.id, ann.id);
    }
}

/// A name that somebody has is theirs; nothing is written then.
pub async fn takes_over_no_account_of_that_name(stores: &Stores) {
    let local = build::user(stores, "Ann").await;
    let stranger = subject(ISSUER, "42");
    assert_error!(
        stores.external_users.create(new(stranger.clone(), "ann")).await,
        StoreError::Duplicate { kind: Kind::User, .. }
    );
    assert_eq!(stores.external_users.find(&stranger).await.unwrap(), None);
    assert_eq!(stores.users.get(local.id).await.unwrap(), local);
    stores.external_users.create(new(stranger.clone(), "ann 2")).await.unwrap();
    assert_error!(
        stores.external_users.create(new(stranger, "ann 3")).await,
        StoreError::Duplicate { kind: Kind::User, .. }
    );
    assert_eq!(stores.users.find_by_name("ann 3").await.unwrap(), None);
}

/// An account that was made before its owner came becomes theirs, and nobody else's.
pub async fn links_a_user_who_has_no_subject(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let bob = build::user(stores, "bob").await;
    let link = async |text: &str, user| {
        let link = (subject(ISSUER, text), user);
        let change = build::change(link, Verb::Update, SubjectKind::User, user);
        stores.external_users.link(change).await
    };
    link("42", ann.id).await.unwrap();
    assert_eq!(
        stores.external_users.find(&subject(ISSUER, "42")).await.unwrap(),
        Some(ann.clone())
    );
    assert_eq!(last_line(stores).await.entry.verb, Verb::Update);
    assert_error!(link("43", ann.id).await, StoreError::Duplicate { kind: Kind::User, .. });
    assert_error!(link("42", bob.id).await, StoreError::Duplicate { kind: Kind::User, .. });
    assert_error!(
        link("44", pressroom_domain::UserId(987_654)).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
    assert_eq!(stores.external_users.find(&subject(ISSUER, "43")).await.unwrap(), None);
}

/// A subject becomes one user, however many of its browsers come at a time.
pub async fn of_many_who_come_at_once_one_is_made(stores: &Stores) {
    let results = race((0..8).map(|writer| {
        let users = stores.external_users.clone();
        async move { users.create(new(subject(ISSUER, "42"), &format!("ann{writer}"))).await }
    }))
    .await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
}

/// Who was made is in the trail.
pub async fn writes_come_with_their_line(stores: &Stores) {
    let made = stores.external_users.create(new(subject(ISSUER, "42"), "ann")).await.unwrap();
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.id), (Verb::Create, Some(made.id.to_string())));
}
