//! What an `AccountLinkRepository` promises.

use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{
    AccountLink, LinkPurpose, NewUser, NodeName, PasswordHash, SubjectKind, TokenHash, User,
    UserId, Verb,
};
use pressroom_ports::{Change, IssueLink, Kind, RedeemLink, StoreError, Stores, UserUpdate};

use super::{assert_error, last_line, race, trail};
use crate::build::{self, at};

/// Makes tests of the account links of a store.
#[macro_export]
macro_rules! account_link_repository_contract {
    ($make:expr) => {
        $crate::suite! { account_link_repository, $make,
            a_user_is_made_with_link_and_mail_or_not_at_all
            finds_a_link_and_whose_it_is
            a_new_link_replaces_the_older_of_its_purpose
            a_link_is_not_issued_too_soon_after_another
            a_link_needs_a_user
            a_link_activates_once
            a_link_resets_and_signs_out
            redeeming_ends_all_other_ways_in
            a_link_works_for_its_purpose_and_time_only
            accounts_that_a_link_does_not_open
            of_many_that_redeem_one_wins
            other_changes_end_links
            deletes_links_that_expired
        }
    };
}

use LinkPurpose::{Activate, Reset};

fn hash(byte: u8) -> TokenHash {
    TokenHash::from_bytes([byte; 32])
}

fn link(byte: u8, purpose: LinkPurpose) -> AccountLink {
    AccountLink::new(hash(byte), purpose, at(i64::from(byte)))
}

fn pending(name: &str) -> Change<NewUser> {
    let mut new = build::new_user(name);
    new.entity.pending = true;
    new
}

fn issue(user: UserId, link: AccountLink) -> Change<IssueLink> {
    let issue = IssueLink { user_id: user, link, unless_issued_after: None };
    build::change(issue, Verb::Invite, SubjectKind::User, user)
}

async fn invited(stores: &Stores, name: &str, byte: u8) -> User {
    let Change { entity, audit, .. } = pending(name);
    let change = Change::new((entity, link(byte, Activate)), audit);
    stores.account_links.create_user(change).await.unwrap()
}

fn redemption(byte: u8, purpose: LinkPurpose, now: DateTime<Utc>) -> Change<RedeemLink> {
    let password = PasswordHash::new(format!("password of {byte}"));
    let redeem = RedeemLink { hash: hash(byte), purpose, password, at: now };
    build::change(redeem, Verb::SetPassword, SubjectKind::User, 1)
}

async fn redeem(stores: &Stores, byte: u8, purpose: LinkPurpose) -> Option<User> {
    stores.account_links.redeem(redemption(byte, purpose, at(100))).await.unwrap()
}

async fn exists(stores: &Stores, byte: u8) -> bool {
    stores.account_links.find(&hash(byte)).await.unwrap().is_some()
}

/// User, link, line and mail are one write.
pub async fn a_user_is_made_with_link_and_mail_or_not_at_all(stores: &Stores) {
    let make = |byte: u8| {
        let Change { entity, audit, .. } = pending("ann");
        let change = Change::new((entity, link(byte, Activate)), audit);
        stores.account_links.create_user(change.sending(build::mail("Welcome")))
    };
    let ann = make(1).await.unwrap();
    assert_eq!(stores.users.get(ann.id).await.unwrap(), ann);
    assert_eq!(last_line(stores).await.entry.subject.id, Some(ann.id.to_string()));
    let lines = trail(stores).await.len();
    assert_error!(make(2).await, StoreError::Duplicate { kind: Kind::User, .. });
    assert!(exists(stores, 1).await && !exists(stores, 2).await);
    assert_eq!(trail(stores).await.len(), lines);
    let claim = async || {
        let (lease, node) = (TimeDelta::hours(1), NodeName::new("node"));
        stores.outbox.claim_due(at(5), lease, &node).await.unwrap()
    };
    assert_eq!(claim().await.unwrap().mail, build::mail("Welcome"));
    assert_eq!(claim().await, None);
}

/// By its hash, with the user as of now, expired or not.
pub async fn finds_a_link_and_whose_it_is(stores: &Stores) {
    let ann = invited(stores, "ann", 1).await;
    let found = stores.account_links.find(&hash(1)).await.unwrap();
    assert_eq!(found, Some((link(1, Activate), ann)));
    assert_eq!(stores.account_links.find(&hash(2)).await.unwrap(), None);
}

/// The older one is gone; that of the other purpose is not.
pub async fn a_new_link_replaces_the_older_of_its_purpose(stores: &Stores) {
    let ann = invited(stores, "ann", 1).await;
    assert!(stores.account_links.issue(issue(ann.id, link(2, Reset))).await.unwrap());
    assert!(exists(stores, 1).await && exists(stores, 2).await);
    assert!(stores.account_links.issue(issue(ann.id, link(3, Activate))).await.unwrap());
    assert!(!exists(stores, 1).await && exists(stores, 2).await && exists(stores, 3).await);
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.id), (Verb::Invite, Some(ann.id.to_string())));
}

/// Nothing but the line is written then.
pub async fn a_link_is_not_issued_too_soon_after_another(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let issue = async |byte: u8, after: i64| {
        let mut change = issue(ann.id, link(byte, Reset)).sending(build::mail("Reset"));
        change.entity.unless_issued_after = Some(at(after));
        stores.account_links.issue(change).await.unwrap()
    };
    assert!(issue(10, 5).await, "there is none yet");
    let lines = trail(stores).await.len();
    assert!(!issue(11, 9).await);
    assert!(exists(stores, 10).await && !exists(stores, 11).await);
    assert_eq!(trail(stores).await.len(), lines + 1);
    assert_eq!(stores.outbox.counts().await.unwrap().waiting, 1);
    assert!(issue(12, 10).await);
    assert!(!exists(stores, 10).await && exists(stores, 12).await);
    assert_eq!(stores.outbox.counts().await.unwrap().waiting, 2);
    let racers = (20..30_u8).map(|byte| {
        let links = stores.account_links.clone();
        let mut change = self::issue(ann.id, link(byte, Reset));
        change.entity.unless_issued_after = Some(at(15));
        async move { links.issue(change).await.unwrap() }
    });
    assert_eq!(race(racers).await.into_iter().filter(|issued| *issued).count(), 1);
}

/// Who is not there gets none.
pub async fn a_link_needs_a_user(stores: &Stores) {
    let nobody = issue(UserId(404), link(1, Reset));
    assert_error!(
        stores.account_links.issue(nobody).await,
        StoreError::NotFound { kind: Kind::User, .. }
    );
    assert!(!exists(stores, 1).await);
}

/// The account is active with its password, and the link is used up.
pub async fn a_link_activates_once(stores: &Stores) {
    let ann = invited(stores, "ann", 1).await;
    let active = redeem(stores, 1, Activate).await.unwrap();
    assert!(active.active && !active.pending);
    assert_eq!(active.password, Some(PasswordHash::new("password of 1")));
    assert_eq!((active.id, active.lock), (ann.id, ann.lock.next()));
    assert_eq!(stores.users.get(ann.id).await.unwrap(), active);
    assert_eq!(last_line(stores).await.entry.verb, Verb::SetPassword);
    let lines = trail(stores).await.len();
    assert_eq!(redeem(stores, 1, Activate).await, None);
    assert!(!exists(stores, 1).await);
    assert_eq!(trail(stores).await.len(), lines);
}

/// Whoever was signed in is no longer.
pub async fn a_link_resets_and_signs_out(stores: &Stores) {
    let (ann, bob) = (build::user(stores, "ann").await, build::user(stores, "bob").await);
    for (byte, user) in [(1, ann.id), (2, bob.id)] {
        stores.tokens.create(build::token(byte, user, at(1_000))).await.unwrap();
    }
    stores.account_links.issue(issue(ann.id, link(3, Reset))).await.unwrap();
    assert_eq!(redeem(stores, 3, Reset).await.unwrap().id, ann.id);
    assert!(stores.tokens.find(&hash(1)).await.unwrap().is_none());
    assert!(stores.tokens.find(&hash(2)).await.unwrap().is_some());
}

/// Sign-ins, keys and other links are of the time before the password.
pub async fn redeeming_ends_all_other_ways_in(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    let sign_in = build::sign_in(1, &ann, at(1_000));
    let id = sign_in.entity.sign_in.id;
    stores.sign_ins.begin(sign_in).await.unwrap();
    stores.api_keys.create(build::new_api_key(2, ann.id)).await.unwrap();
    stores.account_links.issue(issue(ann.id, link(3, Activate))).await.unwrap();
    stores.account_links.issue(issue(ann.id, link(4, Reset))).await.unwrap();
    assert!(redeem(stores, 4, Reset).await.is_some());
    assert_eq!(stores.sign_ins.find(id).await.unwrap(), None);
    assert_eq!(stores.api_keys.list(ann.id).await.unwrap(), []);
    assert!(!exists(stores, 3).await && !exists(stores, 4).await);
}

/// Nothing changes where it does not.
pub async fn a_link_works_for_its_purpose_and_time_only(stores: &Stores) {
    let ann = build::user(stores, "ann").await;
    stores.account_links.issue(issue(ann.id, link(1, Reset))).await.unwrap();
    let lines = trail(stores).await.len();
    assert_eq!(redeem(stores, 1, Activate).await, None);
    assert_eq!(redeem(stores, 2, Reset).await, None);
    let late = redemption(1, Reset, link(1, Reset).expires_at);
    assert_eq!(stores.account_links.redeem(late).await.unwrap(), None);
    assert_eq!(stores.users.get(ann.id).await.unwrap(), ann);
    assert_eq!(trail(stores).await.len(), lines);
    assert!(redeem(stores, 1, Reset).await.is_some(), "it is not used up");
}

/// Activation is for those who wait for it, reset for those who have a password.
pub async fn accounts_that_a_link_does_not_open(stores: &Stores) {
    let cases = [
        (1, Activate, true, false),
        (2, Reset, true, true),
        (3, Reset, false, false),
        (4, Reset, false, true),
    ];
    for (byte, purpose, active, pending) in cases {
        let mut new = build::new_user(&format!("user {byte}"));
        (new.entity.active, new.entity.pending) = (active, pending);
        let user = stores.users.create(new).await.unwrap();
        stores.account_links.issue(issue(user.id, link(byte, purpose))).await.unwrap();
        assert_eq!(redeem(stores, byte, purpose).await, None, "{byte}");
        assert_eq!(stores.users.get(user.id).await.unwrap(), user);
    }
}

/// Two who follow one link at a time do not both set their password.
pub async fn of_many_that_redeem_one_wins(stores: &Stores) {
    invited(stores, "ann", 1).await;
    let racers = (0..10).map(|_| {
        let links = stores.account_links.clone();
        async move { links.redeem(redemption(1, Activate, at(100))).await.unwrap() }
    });
    assert_eq!(race(racers).await.into_iter().flatten().count(), 1);
}

/// Another way to a password, another address, the end of the account.
pub async fn other_changes_end_links(stores: &Stores) {
    let ann = invited(stores, "ann", 1).await;
    let password = (ann.id, PasswordHash::new("x"));
    let change = build::change(password, Verb::SetPassword, SubjectKind::User, ann.id);
    stores.users.set_password(change).await.unwrap();
    assert!(!exists(stores, 1).await);

    let bob = invited(stores, "bob", 2).await;
    let update = async |email: Option<&str>| {
        let mut user = pending("bob").entity;
        user.email = email.map(build::email);
        let update = UserUpdate { id: bob.id, expected: None, user };
        let change = build::change(update, Verb::Update, SubjectKind::User, bob.id);
        stores.users.update(change).await.unwrap();
    };
    update(None).await;
    assert!(exists(stores, 2).await, "the address is the same");
    update(Some("other@example.com")).await;
    assert!(!exists(stores, 2).await);
}

/// Those whose time is over, and no others.
pub async fn deletes_links_that_expired(stores: &Stores) {
    let (ann, bob) = (build::user(stores, "ann").await, build::user(stores, "bob").await);
    stores.account_links.issue(issue(ann.id, link(1, Reset))).await.unwrap();
    stores.account_links.issue(issue(bob.id, link(2, Reset))).await.unwrap();
    let end = link(1, Reset).expires_at;
    assert_eq!(stores.account_links.delete_expired(end).await.unwrap(), 1);
    assert!(!exists(stores, 1).await && exists(stores, 2).await);
}
