//! Mails that wait to be sent.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{MailId, NodeName, QueuedMail};

use crate::{Change, StoreError};

/// Why what became of a claimed mail was not written.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The claim no longer holds: somebody else has the mail now, or has sent it.
    #[error("another server took the mail over")]
    Lost,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many mails wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutboxCounts {
    /// All that are not sent yet.
    pub waiting: u64,
    /// Those of them that could not be sent so far.
    pub failing: u64,
    /// When the oldest of them was written.
    pub oldest_queued_at: Option<DateTime<Utc>>,
}

/// Keeps mails until they are sent. They get there with the writes that they belong to, by the outbox
/// of a [`Change`].
///
/// # Contract
/// - A call MUST be one transaction.
/// - What a mail says MUST be sealed in the store: it may hold a link that signs somebody in. It MUST
///   NOT reach a log or an error.
/// - A mail MUST NOT be claimed by two workers at a time: of two that try, one gets it. Every claim of
///   it MUST have a higher fencing number than all before. A call with another number than the newest
///   MUST change nothing and return [`OutboxError::Lost`]; of such a call and a claim at a time, exactly
///   one MUST succeed.
/// - A mail is sent at least once: one whose claim ended without a word is claimed again.
/// - One that cannot be read MUST NOT hold up those that follow it.
#[async_trait]
pub trait OutboxRepository: Send + Sync {
    /// Claims the one that is due for longest, until `now + lease_for`. None where nothing is due.
    async fn claim_due(
        &self,
        now: DateTime<Utc>,
        lease_for: TimeDelta,
        node: &NodeName,
    ) -> Result<Option<QueuedMail>, StoreError>;

    /// It was sent: it is deleted.
    async fn sent(&self, id: MailId, fence: i64) -> Result<(), OutboxError>;

    /// It could not be sent, for this reason; it is due again at `next_attempt`.
    async fn postpone(
        &self,
        id: MailId,
        fence: i64,
        next_attempt: DateTime<Utc>,
        reason: &str,
    ) -> Result<(), OutboxError>;

    /// It will not be sent: it is deleted, and the trail says so. The change is about a mail and the
    /// fencing number of its claim.
    async fn give_up(&self, change: Change<(MailId, i64)>) -> Result<(), OutboxError>;

    /// How many wait.
    async fn counts(&self) -> Result<OutboxCounts, StoreError>;
}
