//! Mails and links in memory, and a mailer that keeps what it is given.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{
    AccountLink, LinkPurpose, Mail, MailId, NewUser, NodeName, OptimisticLock, QueuedMail,
    TokenHash, User,
};
use pressroom_ports::{
    AccountLinkRepository, Change, IssueLink, MailError, Mailer, OutboxCounts, OutboxError,
    OutboxRepository, RedeemLink, StoreError,
};

use super::memory::{MemoryStore, Tables};

/// A mail that waits.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) mail: Mail,
    pub(super) queued_at: DateTime<Utc>,
    pub(super) due_at: DateTime<Utc>,
    pub(super) fence: i64,
    pub(super) attempts: u32,
    pub(super) failed: bool,
}

impl MemoryStore {
    /// The mails that wait, oldest first.
    #[must_use]
    pub fn waiting_mails(&self) -> Vec<Mail> {
        let tables = self.tables();
        tables.map_or_else(
            |_| Vec::new(),
            |tables| tables.outbox.values().map(|waiting| waiting.mail.clone()).collect(),
        )
    }
}

impl Tables {
    /// The mail of a claim that still holds.
    fn claimed(&mut self, id: MailId, fence: i64) -> Result<&mut Waiting, OutboxError> {
        let held = self.outbox.get_mut(&id).filter(|waiting| waiting.fence == fence);
        held.ok_or(OutboxError::Lost)
    }
}

#[async_trait]
impl OutboxRepository for MemoryStore {
    async fn claim_due(
        &self,
        now: DateTime<Utc>,
        lease_for: TimeDelta,
        _node: &NodeName,
    ) -> Result<Option<QueuedMail>, StoreError> {
        let mut tables = self.tables_to_write()?;
        let due = tables
            .outbox
            .iter_mut()
            .filter(|(_, waiting)| waiting.due_at <= now)
            .min_by_key(|(id, waiting)| (waiting.due_at, **id));
        Ok(due.map(|(id, waiting)| {
            waiting.due_at = now + lease_for;
            waiting.fence += 1;
            waiting.attempts += 1;
            let Waiting { mail, queued_at, fence, attempts, .. } = waiting.clone();
            QueuedMail { id: *id, mail, queued_at, fence, attempts }
        }))
    }

    async fn sent(&self, id: MailId, fence: i64) -> Result<(), OutboxError> {
        let mut tables = self.tables_to_write()?;
        tables.claimed(id, fence)?;
        tables.outbox.remove(&id);
        Ok(())
    }

    async fn postpone(
        &self,
        id: MailId,
        fence: i64,
        next_attempt: DateTime<Utc>,
        _reason: &str,
    ) -> Result<(), OutboxError> {
        let mut tables = self.tables_to_write()?;
        let waiting = tables.claimed(id, fence)?;
        waiting.due_at = next_attempt;
        waiting.failed = true;
        Ok(())
    }

    async fn give_up(&self, change: Change<(MailId, i64)>) -> Result<(), OutboxError> {
        let mut tables = self.tables_to_write()?;
        let (id, fence) = change.entity;
        tables.claimed(id, fence)?;
        tables.outbox.remove(&id);
        tables.record(change.audit, change.outbox, id);
        Ok(())
    }

    async fn counts(&self) -> Result<OutboxCounts, StoreError> {
        let tables = self.tables()?;
        let waiting = tables.outbox.values();
        Ok(OutboxCounts {
            waiting: waiting.len() as u64,
            failing: waiting.clone().filter(|waiting| waiting.failed).count() as u64,
            oldest_queued_at: waiting.map(|waiting| waiting.queued_at).min(),
        })
    }
}

#[async_trait]
impl AccountLinkRepository for MemoryStore {
    async fn create_user(
        &self,
        change: Change<(NewUser, AccountLink)>,
    ) -> Result<User, StoreError> {
        let mut tables = self.tables_to_write()?;
        let (new, link) = change.entity;
        let user = tables.make_user(new, OptimisticLock::NEW)?;
        tables.links.insert((user.id, link.purpose), link);
        tables.record(change.audit, change.outbox, user.id);
        Ok(user)
    }

    async fn issue(&self, change: Change<IssueLink>) -> Result<bool, StoreError> {
        let mut tables = self.tables_to_write()?;
        let IssueLink { user_id, link, unless_issued_after } = change.entity;
        tables.user(user_id)?;
        let newest = tables.links.get(&(user_id, link.purpose)).map(|link| link.issued_at);
        let too_soon =
            newest.zip(unless_issued_after).is_some_and(|(newest, after)| newest > after);
        if too_soon {
            tables.record(change.audit, Vec::new(), user_id);
        } else {
            tables.links.insert((user_id, link.purpose), link);
            tables.record(change.audit, change.outbox, user_id);
        }
        Ok(!too_soon)
    }

    async fn find(&self, hash: &TokenHash) -> Result<Option<(AccountLink, User)>, StoreError> {
        let tables = self.tables()?;
        let found = tables.links.iter().find(|(_, link)| link.hash == *hash);
        Ok(found.and_then(|((user, _), link)| {
            tables.users.get(user).map(|user| (link.clone(), user.clone()))
        }))
    }

    async fn redeem(&self, change: Change<RedeemLink>) -> Result<Option<User>, StoreError> {
        let mut tables = self.tables_to_write()?;
        let RedeemLink { hash, purpose, password, at } = change.entity;
        let found = tables.links.iter().find(|(_, link)| link.hash == hash);
        let Some((&(id, _), link)) = found else { return Ok(None) };
        let works = link.works(purpose, at);
        let user = tables.user(id)?;
        let open = match purpose {
            LinkPurpose::Activate => user.pending,
            LinkPurpose::Reset => user.active && !user.pending,
        };
        if !open || !works {
            return Ok(None);
        }
        let user = tables.set_password(id, password)?;
        tables.record(change.audit, change.outbox, id);
        Ok(Some(user))
    }

    async fn delete_expired(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tables = self.tables_to_write()?;
        let before = tables.links.len();
        tables.links.retain(|_, link| now < link.expires_at);
        Ok((before - tables.links.len()) as u64)
    }
}

/// A mailer that keeps what it is given, and fails where a test says so.
#[derive(Debug, Default)]
pub struct FakeMailer {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    sent: Vec<QueuedMail>,
    answers: VecDeque<MailError>,
}

impl FakeMailer {
    /// What was sent, oldest first.
    #[must_use]
    pub fn sent(&self) -> Vec<QueuedMail> {
        self.lock().sent.clone()
    }

    /// Makes the next mail without such an answer fail.
    pub fn fail_next(&self, error: MailError) {
        self.lock().answers.push_back(error);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for FakeMailer {
    async fn send(&self, mail: &QueuedMail) -> Result<(), MailError> {
        let mut state = self.lock();
        if let Some(error) = state.answers.pop_front() {
            return Err(error);
        }
        // Twice the same is once.
        state.sent.retain(|sent| sent.id != mail.id);
        state.sent.push(mail.clone());
        Ok(())
    }
}
