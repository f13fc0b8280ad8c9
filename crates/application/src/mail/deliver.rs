//! Getting mails out: claims, sends, and writes down what became of it.

use std::time::Duration;

use chrono::TimeDelta;
use pressroom_domain::{
    Actor, AuditEntry, EmailAddress, MailId, NodeName, QueuedMail, Subject, SubjectKind, Verb,
};
use pressroom_ports::{Change, MailError, OutboxError, SEND_SECONDS};

use crate::outages::Pauses;
use crate::{App, Error};

/// What became of the mail that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// None was due.
    Nothing,
    /// It was sent.
    Sent(MailId),
    /// It could not be sent, and is tried again.
    Postponed(MailId),
    /// It will not be sent.
    GivenUp(MailId),
    /// Somebody else has it now.
    Lost(MailId),
}

/// Sends the mail that is due for longest, if there is one. Safe on several nodes at a time: each mail
/// is sent by one of them, and twice only where a node ended between sending and writing that down.
///
/// # Errors
/// [`Error::Unavailable`] where the store is away. Once a mail was claimed, what became of it is
/// written down as soon as the store is back.
pub async fn deliver_next(app: &App, node: &NodeName) -> Result<Delivery, Error> {
    let sending = TimeDelta::seconds(SEND_SECONDS.into());
    let (begin, lease) = (app.clock.now(), sending * 2);
    let claimed = app.stores.outbox.claim_due(begin, lease, node).await?;
    let Some(queued) = claimed else { return Ok(Delivery::Nothing) };
    let (id, now) = (queued.id, app.clock.now());
    if now + sending > begin + lease {
        // This process stood still meanwhile: while it sends, somebody else may send it too.
        return Ok(Delivery::Lost(id));
    }
    let done = if queued.is_useful(now) {
        match send(app, &queued).await {
            Ok(()) => {
                let sent = || app.stores.outbox.sent(id, queued.fence);
                written(app, sent).await.map(|()| Delivery::Sent(id))
            }
            Err(error) => failed(app, &queued, &error).await,
        }
    } else {
        give_up(app, &queued, "what it is about was over before it could be sent").await
    };
    match done {
        Ok(done) => Ok(done),
        Err(OutboxError::Lost) => Ok(Delivery::Lost(id)),
        Err(OutboxError::Store(error)) => Err(error.into()),
    }
}

/// Sends, within the lease whatever the mailer does.
async fn send(app: &App, queued: &QueuedMail) -> Result<(), MailError> {
    let most = Duration::from_secs(SEND_SECONDS.into());
    tokio::time::timeout(most, app.mailer.send(queued))
        .await
        .unwrap_or_else(|elapsed| Err(MailError::later("sending took too long", elapsed)))
}

async fn failed(
    app: &App,
    queued: &QueuedMail,
    error: &MailError,
) -> Result<Delivery, OutboxError> {
    let again = match error {
        MailError::Refused(_) => None,
        MailError::Later { .. } => queued.next_attempt(app.clock.now()),
    };
    let Some(next) = again else { return give_up(app, queued, &error.to_string()).await };
    let QueuedMail { id, fence, attempts, .. } = queued;
    tracing::warn!(mail = %id, attempts, next_attempt = %next, "{error}");
    let reason = error.to_string();
    written(app, || app.stores.outbox.postpone(*id, *fence, next, &reason)).await?;
    Ok(Delivery::Postponed(*id))
}

/// Says so in the trail, so that somebody finds out why a mail never came.
async fn give_up(app: &App, queued: &QueuedMail, reason: &str) -> Result<Delivery, OutboxError> {
    let QueuedMail { id, mail, fence, attempts, .. } = queued;
    let to: Vec<&str> = mail.to.iter().map(EmailAddress::as_str).collect();
    let (to, subject) = (to.join(", "), &mail.subject);
    tracing::warn!(mail = %id, attempts, to, subject, "a mail was given up: {reason}");
    let audit = AuditEntry {
        at: app.clock.now(),
        actor: Actor::server(),
        from: None,
        verb: Verb::GiveUp,
        subject: Subject { kind: SubjectKind::Mail, id: Some(id.to_string()) },
        detail: format!("\"{subject}\" to {to}: {reason}"),
    };
    let change = Change::new((*id, *fence), audit);
    written(app, || app.stores.outbox.give_up(change.clone())).await?;
    Ok(Delivery::GivenUp(*id))
}

/// Writes down what became of a mail, again and again while the store is away: who left it at one try
/// would send the mail a second time.
async fn written<F>(app: &App, mut write: impl FnMut() -> F) -> Result<(), OutboxError>
where
    F: Future<Output = Result<(), OutboxError>>,
{
    let mut pauses = Pauses::default();
    loop {
        match write().await {
            Err(OutboxError::Store(error)) if error.may_pass() => {
                if let Some(trouble) = Error::from(error).trouble() {
                    app.outages.note(&trouble);
                }
                pauses.wait().await;
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use async_trait::async_trait;
    use pressroom_contracts::build;
    use pressroom_contracts::fakes::MemoryStore;
    use pressroom_ports::Mailer;

    use super::*;
    use crate::test_site::Site;

    async fn site_with_mail() -> Site {
        let site = Site::new().await;
        let category = build::new_category("Shelf").sending(build::mail("Hello"));
        site.app.stores.categories.create(category).await.unwrap();
        site
    }

    async fn deliver(site: &Site) -> Delivery {
        deliver_next(&site.app, &NodeName::new("node")).await.unwrap()
    }

    fn later() -> MailError {
        MailError::later("the server is away", "the test said so")
    }

    #[tokio::test]
    async fn a_mail_is_sent_once() {
        let site = site_with_mail().await;
        assert!(matches!(deliver(&site).await, Delivery::Sent(_)));
        assert_eq!(deliver(&site).await, Delivery::Nothing);
        let sent = site.mailer.sent();
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].mail, build::mail("Hello"));
        assert_eq!(site.app.stores.outbox.counts().await.unwrap().waiting, 0);
    }

    /// A way to a mail server that takes a mail, and then the store is away.
    struct CutOff {
        store: Arc<MemoryStore>,
        mailer: Arc<dyn Mailer>,
    }

    #[async_trait]
    impl Mailer for CutOff {
        async fn send(&self, mail: &QueuedMail) -> Result<(), MailError> {
            self.mailer.send(mail).await?;
            self.store.set_away(true);
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_mail_goes_out_once_though_the_store_is_away_just_then() {
        let mut site = site_with_mail().await;
        let (store, mailer) = (site.store.clone(), site.app.mailer.clone());
        site.app.mailer = Arc::new(CutOff { store, mailer });
        let app = site.app.clone();
        let node = NodeName::new("node");
        let delivering = tokio::spawn(async move { deliver_next(&app, &node).await });
        while site.app.outages.met() == 0 {
            tokio::task::yield_now().await;
        }
        site.store.set_away(false);
        assert!(matches!(delivering.await.unwrap().unwrap(), Delivery::Sent(_)));
        site.clock.advance(TimeDelta::days(1));
        assert_eq!(deliver(&site).await, Delivery::Nothing);
        assert_eq!(site.mailer.sent().len(), 1);
    }

    #[tokio::test]
    async fn what_fails_is_tried_again_with_growing_pauses() {
        let site = site_with_mail().await;
        for pause in [1, 5, 15] {
            site.mailer.fail_next(later());
            assert!(matches!(deliver(&site).await, Delivery::Postponed(_)));
            site.clock.advance(TimeDelta::minutes(pause) - TimeDelta::microseconds(1));
            assert_eq!(deliver(&site).await, Delivery::Nothing);
            site.clock.advance(TimeDelta::microseconds(1));
        }
        assert!(matches!(deliver(&site).await, Delivery::Sent(_)));
    }

    #[tokio::test]
    async fn what_fails_for_days_is_given_up_and_the_trail_says_so() {
        let site = site_with_mail().await;
        let begin = site.app.clock.now();
        loop {
            site.mailer.fail_next(later());
            match deliver(&site).await {
                Delivery::Postponed(_) | Delivery::Nothing => {
                    site.clock.advance(TimeDelta::minutes(30));
                }
                Delivery::GivenUp(_) => break,
                other => panic!("{other:?}"),
            }
        }
        let took = site.app.clock.now() - begin;
        assert!((3..=4).contains(&took.num_days()), "{took}");
        let line = site.trail().await.pop().unwrap();
        assert_eq!((line.verb, line.subject.kind), (Verb::GiveUp, SubjectKind::Mail));
        assert_eq!(
            line.detail,
            "\"Hello\" to ann@example.com: the mail cannot be sent now: the server is away"
        );
        assert!(site.mailer.sent().is_empty());
    }

    /// A clock that goes on by a minute and a half with each look, as that of a process that is frozen.
    #[derive(Debug, Default)]
    struct Frozen(AtomicI64);

    impl pressroom_ports::Clock for Frozen {
        fn now(&self) -> chrono::DateTime<chrono::Utc> {
            let looks = self.0.fetch_add(1, Ordering::SeqCst);
            build::at(0) + TimeDelta::seconds(90 * (looks + 1))
        }
    }

    #[tokio::test]
    async fn who_stood_still_sends_nothing_that_another_may_send() {
        let mut site = site_with_mail().await;
        let frozen = Arc::new(Frozen(AtomicI64::new(0)));
        let clock = std::mem::replace(&mut site.app.clock, frozen);
        assert!(matches!(deliver(&site).await, Delivery::Lost(_)));
        assert!(site.mailer.sent().is_empty());
        site.app.clock = clock;
        assert_eq!(deliver(&site).await, Delivery::Nothing, "the claim holds");
        site.clock.advance(TimeDelta::minutes(5));
        assert!(matches!(deliver(&site).await, Delivery::Sent(_)));
    }

    #[tokio::test]
    async fn what_is_refused_or_no_longer_of_use_is_given_up_at_once() {
        let site = site_with_mail().await;
        site.mailer.fail_next(MailError::Refused("no such mailbox".into()));
        assert!(matches!(deliver(&site).await, Delivery::GivenUp(_)));
        let line = site.trail().await.pop().unwrap();
        assert!(line.detail.ends_with("the mail was refused: no such mailbox"), "{}", line.detail);

        let site = site_with_mail().await;
        site.clock.advance(TimeDelta::days(365));
        assert!(matches!(deliver(&site).await, Delivery::GivenUp(_)));
        assert!(site.mailer.sent().is_empty());
    }
}
