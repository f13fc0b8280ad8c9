//! Mails that the server sends, and how often it tries.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{EmailAddress, MailId};

/// A mail that the server sends. What it says may hold a link that signs somebody in: it never
/// prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Who gets it; all of them see each other.
    pub to: Vec<EmailAddress>,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
    /// What it says, as HTML.
    pub html: String,
    /// From when on it is of no use, such as the end of the link that it holds.
    pub useful_until: Option<DateTime<Utc>>,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("to", &self.to)
            .field("subject", &self.subject)
            .field("useful_until", &self.useful_until)
            .finish_non_exhaustive()
    }
}

/// A mail that somebody has claimed to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuedMail {
    /// Which.
    pub id: MailId,
    /// The mail.
    pub mail: Mail,
    /// When it was written.
    pub queued_at: DateTime<Utc>,
    /// The fencing number of the claim.
    pub fence: i64,
    /// How often somebody has tried to send it, this time counted.
    pub attempts: u32,
}

/// How long to wait after each attempt that failed; the last one again and again.
const PAUSES: [TimeDelta; 6] = [
    TimeDelta::minutes(1),
    TimeDelta::minutes(5),
    TimeDelta::minutes(15),
    TimeDelta::hours(1),
    TimeDelta::hours(3),
    TimeDelta::hours(6),
];

/// How long a mail is tried for: over a weekend on which nobody looks at a mail server.
const TRIED_FOR: TimeDelta = TimeDelta::days(4);

impl QueuedMail {
    /// Whether it is still of use.
    #[must_use]
    pub fn is_useful(&self, now: DateTime<Utc>) -> bool {
        self.mail.useful_until.is_none_or(|until| now < until)
    }

    /// When to try again after this attempt failed at `now`; none where it is to be given up.
    #[must_use]
    pub fn next_attempt(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let failed = usize::try_from(self.attempts).unwrap_or(usize::MAX).saturating_sub(1);
        let next = now + PAUSES[failed.min(PAUSES.len() - 1)];
        let given_up_at = self.queued_at + TRIED_FOR;
        (next <= given_up_at && self.mail.useful_until.is_none_or(|until| next < until))
            .then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(useful_until: Option<DateTime<Utc>>) -> QueuedMail {
        let to = EmailAddress::new("ann@example.com").into_iter().collect();
        let (subject, text, html) = (String::new(), "secret".into(), "secret".into());
        let mail = Mail { to, subject, text, html, useful_until };
        let queued_at = DateTime::UNIX_EPOCH;
        QueuedMail { id: MailId(1), mail, queued_at, fence: 1, attempts: 0 }
    }

    /// When it is tried, in minutes.
    fn attempts(mut mail: QueuedMail) -> Vec<i64> {
        let mut now = mail.queued_at;
        let mut tried = Vec::new();
        loop {
            tried.push((now - mail.queued_at).num_minutes());
            mail.attempts += 1;
            match mail.next_attempt(now) {
                Some(next) => now = next,
                None => return tried,
            }
        }
    }

    #[test]
    fn pauses_grow_and_end_after_four_days() {
        let tried = attempts(mail(None));
        assert_eq!(tried[..7], [0, 1, 6, 21, 81, 261, 621]);
        assert_eq!(tried.len(), 21);
        assert!(tried.last().is_some_and(|last| *last <= 4 * 24 * 60), "{tried:?}");
    }

    #[test]
    fn a_link_that_has_expired_is_not_sent() {
        let hour = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
        assert_eq!(attempts(mail(Some(hour))), [0, 1, 6, 21]);
        assert!(mail(Some(hour)).is_useful(DateTime::UNIX_EPOCH));
        assert!(!mail(Some(hour)).is_useful(hour));
    }

    #[test]
    fn what_a_mail_says_never_prints() {
        assert!(!format!("{:?}", mail(None)).contains("secret"));
    }
}
