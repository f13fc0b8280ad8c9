//! What an `OutboxRepository` promises.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use pressroom_domain::{MailId, NodeName, QueuedMail, SubjectKind, Verb};
use pressroom_ports::{OutboxCounts, OutboxError, Stores};

use super::{assert_error, last_line, race};
use crate::build::{self, at};

/// Makes tests of the outbox of a store.
#[macro_export]
macro_rules! outbox_repository_contract {
    ($make:expr) => {
        $crate::suite! { outbox_repository, $make,
            a_mail_waits_once_its_write_is_done
            mails_come_back_to_the_character
            a_write_that_fails_sends_nothing
            all_mails_of_a_write_wait_in_order
            claims_the_one_that_is_due_for_longest
            a_claim_holds_until_its_lease_ends
            two_claimers_never_get_the_same_mail
            an_overtaken_sender_changes_nothing
            a_word_and_a_claim_do_not_both_win
            a_clock_that_jumps_gives_no_mail_to_two
            a_sent_mail_is_gone
            a_postponed_mail_is_due_later
            a_mail_that_is_given_up_leaves_a_line
            counts_what_waits
        }
    };
}

const LEASE: i64 = 10_000_000;

async fn queue(stores: &Stores, subject: &str) {
    let mail = build::mail(subject);
    let category = build::new_category(subject).sending(mail);
    stores.categories.create(category).await.unwrap();
}

async fn claim(stores: &Stores, now: i64) -> Option<QueuedMail> {
    let lease = TimeDelta::microseconds(LEASE);
    stores.outbox.claim_due(at(now), lease, &NodeName::new("node 1")).await.unwrap()
}

/// What is written with a change is there to be claimed, from the time of its line on.
pub async fn a_mail_waits_once_its_write_is_done(stores: &Stores) {
    assert_eq!(claim(stores, 5).await, None);
    queue(stores, "Hello").await;
    assert_eq!(claim(stores, 0).await, None, "its line is of a later time");
    let claimed = claim(stores, 5).await.unwrap();
    assert_eq!(claimed.mail, build::mail("Hello"));
    assert_eq!((claimed.queued_at, claimed.fence, claimed.attempts), (at(1), 1, 1));
}

/// Whatever characters it holds, and with and without an end.
pub async fn mails_come_back_to_the_character(stores: &Stores) {
    let mut mail = build::mail("Größe 漢字 🧾 \"'\\");
    mail.to.push(pressroom_domain::EmailAddress::new("Ö@exämple.test").unwrap());
    mail.text = "one\r\ntwo\n.\n\u{0}#Link#".into();
    mail.html = "<p>&lt;Größe&gt;</p>".repeat(10_000);
    mail.useful_until = None;
    let category = build::new_category("Shelf").sending(mail.clone());
    stores.categories.create(category).await.unwrap();
    assert_eq!(claim(stores, 5).await.unwrap().mail, mail);
}

/// A refused write leaves no mail behind.
pub async fn a_write_that_fails_sends_nothing(stores: &Stores) {
    build::user(stores, "ann").await;
    let again = build::new_user("ANN").sending(build::mail("Hello"));
    assert!(stores.users.create(again).await.is_err());
    assert_eq!(claim(stores, 5).await, None);
}

/// A write may send to several people.
pub async fn all_mails_of_a_write_wait_in_order(stores: &Stores) {
    let mut category = build::new_category("Shelf");
    for number in 0..20 {
        category = category.sending(build::mail(&format!("mail {number}")));
    }
    stores.categories.create(category).await.unwrap();
    for number in 0..20 {
        assert_eq!(claim(stores, 5).await.unwrap().mail.subject, format!("mail {number}"));
    }
    assert_eq!(claim(stores, 5).await, None);
}

/// First come, first served.
pub async fn claims_the_one_that_is_due_for_longest(stores: &Stores) {
    for subject in ["one", "two", "three"] {
        queue(stores, subject).await;
    }
    let mut subjects = Vec::new();
    while let Some(claimed) = claim(stores, 5).await {
        subjects.push(claimed.mail.subject);
    }
    assert_eq!(subjects, ["one", "two", "three"]);
}

/// A sender that says nothing loses the mail to the next one, which knows of the attempt.
pub async fn a_claim_holds_until_its_lease_ends(stores: &Stores) {
    queue(stores, "Hello").await;
    let first = claim(stores, 5).await.unwrap();
    assert_eq!(claim(stores, 4 + LEASE).await, None);
    let second = claim(stores, 5 + LEASE).await.unwrap();
    assert_eq!((second.id, second.attempts), (first.id, 2));
    assert!(second.fence > first.fence);
}

/// Of many that claim at a time each gets mails of its own.
pub async fn two_claimers_never_get_the_same_mail(stores: &Stores) {
    for number in 0..20 {
        queue(stores, &format!("mail {number}")).await;
    }
    let claimers = (0..8).map(|_| {
        let outbox = stores.outbox.clone();
        async move {
            let (lease, node) = (TimeDelta::hours(1), NodeName::new("node"));
            let mut got = Vec::new();
            while let Some(claimed) = outbox.claim_due(at(5), lease, &node).await.unwrap() {
                got.push(claimed.id);
            }
            got
        }
    });
    let got: Vec<MailId> = race(claimers).await.into_iter().flatten().collect();
    assert_eq!(got.len(), 20);
    assert_eq!(got.iter().collect::<BTreeSet<_>>().len(), 20);
}

/// What an older claim says no longer counts, whatever it says.
pub async fn an_overtaken_sender_changes_nothing(stores: &Stores) {
    queue(stores, "Hello").await;
    let old = claim(stores, 5).await.unwrap();
    let new = claim(stores, 5 + LEASE).await.unwrap();
    let outbox = &stores.outbox;
    let give_up = || build::change((old.id, old.fence), Verb::GiveUp, SubjectKind::Mail, old.id);
    assert_error!(outbox.sent(old.id, old.fence).await, OutboxError::Lost);
    assert_error!(outbox.postpone(old.id, old.fence, at(6), "no").await, OutboxError::Lost);
    assert_error!(outbox.give_up(give_up()).await, OutboxError::Lost);
    assert_ne!(last_line(stores).await.entry.verb, Verb::GiveUp);
    assert_eq!(claim(stores, 6 + LEASE).await, None, "the newer claim holds");
    outbox.sent(new.id, new.fence).await.unwrap();
    assert_error!(outbox.sent(new.id, new.fence).await, OutboxError::Lost);
}

/// At the very end of a claim, either the mail is sent or somebody else has it.
pub async fn a_word_and_a_claim_do_not_both_win(stores: &Stores) {
    for round in 0..6 {
        queue(stores, &format!("mail {round}")).await;
        let held = claim(stores, 5).await.unwrap();
        let (sending, claiming) = (stores.outbox.clone(), stores.clone());
        let sent = tokio::spawn(async move { sending.sent(held.id, held.fence).await });
        let claimed = tokio::spawn(async move { claim(&claiming, 5 + LEASE).await });
        match (sent.await.unwrap(), claimed.await.unwrap()) {
            (Ok(()), None) => {}
            (Err(OutboxError::Lost), Some(claimed)) => {
                assert_eq!((claimed.id, claimed.fence), (held.id, held.fence + 1));
                stores.outbox.sent(claimed.id, claimed.fence).await.unwrap();
            }
            both => panic!("{both:?}"),
        }
        assert_eq!(stores.outbox.counts().await.unwrap(), OutboxCounts::default());
    }
}

/// A clock that is behind gives a claimed mail to nobody; one that is ahead takes it over for good.
pub async fn a_clock_that_jumps_gives_no_mail_to_two(stores: &Stores) {
    const DAY: i64 = 86_400_000_000;
    queue(stores, "Hello").await;
    let first = claim(stores, 5).await.unwrap();
    assert_eq!(claim(stores, 5 - DAY).await, None);
    let ahead = claim(stores, 5 + DAY).await.unwrap();
    assert_eq!((ahead.id, ahead.fence > first.fence), (first.id, true));
    assert_eq!(claim(stores, 5 + LEASE).await, None);
    assert_error!(stores.outbox.sent(first.id, first.fence).await, OutboxError::Lost);
    stores.outbox.sent(ahead.id, ahead.fence).await.unwrap();
}

/// Nothing is left of it.
pub async fn a_sent_mail_is_gone(stores: &Stores) {
    queue(stores, "Hello").await;
    let claimed = claim(stores, 5).await.unwrap();
    stores.outbox.sent(claimed.id, claimed.fence).await.unwrap();
    assert_eq!(claim(stores, 5 + 100 * LEASE).await, None);
    assert_eq!(stores.outbox.counts().await.unwrap(), OutboxCounts::default());
}

/// It is due at the time that was said, and lets others go first until then.
pub async fn a_postponed_mail_is_due_later(stores: &Stores) {
    queue(stores, "one").await;
    queue(stores, "two").await;
    let one = claim(stores, 5).await.unwrap();
    stores.outbox.postpone(one.id, one.fence, at(100), "the server is away").await.unwrap();
    let two = claim(stores, 50).await.unwrap();
    assert_eq!(two.mail.subject, "two");
    stores.outbox.sent(two.id, two.fence).await.unwrap();
    assert_eq!(claim(stores, 99).await, None);
    let again = claim(stores, 100).await.unwrap();
    assert_eq!((again.id, again.attempts, again.mail), (one.id, 2, one.mail));
}

/// It goes, and the trail tells.
pub async fn a_mail_that_is_given_up_leaves_a_line(stores: &Stores) {
    queue(stores, "Hello").await;
    let QueuedMail { id, fence, .. } = claim(stores, 5).await.unwrap();
    let change = build::change((id, fence), Verb::GiveUp, SubjectKind::Mail, id);
    stores.outbox.give_up(change).await.unwrap();
    assert_eq!(claim(stores, 5 + LEASE).await, None);
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.kind), (Verb::GiveUp, SubjectKind::Mail));
    assert_eq!(line.subject.id, Some(id.to_string()));
}

/// All that wait, and those of them that failed so far.
pub async fn counts_what_waits(stores: &Stores) {
    assert_eq!(stores.outbox.counts().await.unwrap(), OutboxCounts::default());
    queue(stores, "one").await;
    queue(stores, "two").await;
    let one = claim(stores, 5).await.unwrap();
    let counts = async |waiting, failing| {
        let expect = OutboxCounts { waiting, failing, oldest_queued_at: Some(at(1)) };
        assert_eq!(stores.outbox.counts().await.unwrap(), expect);
    };
    counts(2, 0).await;
    stores.outbox.postpone(one.id, one.fence, at(100), "no").await.unwrap();
    counts(2, 1).await;
    let two = claim(stores, 5).await.unwrap();
    stores.outbox.sent(two.id, two.fence).await.unwrap();
    counts(1, 1).await;
}
