//! The store itself: tables in memory behind one lock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{
    AccessToken, AccountLink, ApiKey, ApiKeyId, AuditEntry, BlobHash, Category, CategoryId,
    CustomQuery, DataModel, DataModelId, Document, DocumentId, Export, ExportId, ExportState,
    ExternalSubject, Group, GroupId, Holder, Job, JobId, JobResult, JobResultId, JobRun, JobRunId,
    LinkPurpose, Mail, MailId, Node, NodeName, OptimisticLock, Permission, PhotoRecord, Revision,
    RevisionId, SignIn, SignInId, SubjectKind, TokenHash, User, UserId,
};
use pressroom_ports::{
    AuditLog, AuditPart, AuditQuery, AuditRecord, AuditedUser, BlobReferences, Kind, Queue, Slice,
    StoreError, WorkSignals,
};

use super::post::Waiting;

/// A store in memory. One lock around all tables makes every call a transaction.
#[derive(Debug, Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) categories: BTreeMap<CategoryId, Category>,
    pub(super) documents: BTreeMap<DocumentId, Document>,
    pub(super) revisions: BTreeMap<RevisionId, Revision>,
    pub(super) data_models: BTreeMap<DataModelId, DataModel>,
    /// By data model and the key of the name.
    pub(super) custom_queries: BTreeMap<(DataModelId, String), CustomQuery>,
    /// The names of data models that the newest layout of each document may mean.
    pub(super) uses: BTreeMap<DocumentId, BTreeSet<String>>,
    pub(super) moments: BTreeMap<String, DateTime<Utc>>,
    pub(super) users: BTreeMap<UserId, User>,
    pub(super) photos: BTreeMap<UserId, PhotoRecord>,
    pub(super) groups: BTreeMap<GroupId, Group>,
    pub(super) permissions: BTreeMap<Holder, Vec<Permission>>,
    pub(super) tokens: BTreeMap<TokenHash, AccessToken>,
    pub(super) sign_ins: BTreeMap<SignInId, SignIn>,
    pub(super) api_keys: BTreeMap<ApiKeyId, ApiKey>,
    pub(super) external_users: BTreeMap<ExternalSubject, UserId>,
    pub(super) exports: BTreeMap<ExportId, Export>,
    pub(super) jobs: BTreeMap<JobId, Job>,
    pub(super) job_runs: BTreeMap<JobRunId, JobRun>,
    pub(super) job_results: BTreeMap<JobResultId, JobResult>,
    pub(super) nodes: BTreeMap<NodeName, Node>,
    audit: Vec<AuditRecord>,
    pub(super) outbox: BTreeMap<MailId, Waiting>,
    pub(super) links: BTreeMap<(UserId, LinkPurpose), AccountLink>,
    last_id: i64,
    away: bool,
    full: bool,
}

impl MemoryStore {
    /// Makes every further call fail as if the store could not be reached, or ends that.
    pub fn set_away(&self, away: bool) {
        self.lock().away = away;
    }

    /// Makes every further write fail as on a full disk, or ends that.
    pub fn set_full(&self, full: bool) {
        self.lock().full = full;
    }

    /// The tables, for a call that writes.
    pub(super) fn tables_to_write(&self) -> Result<MutexGuard<'_, Tables>, StoreError> {
        let tables = self.tables()?;
        if tables.full { Err(StoreError::full("the test said so")) } else { Ok(tables) }
    }

    pub(super) fn tables(&self) -> Result<MutexGuard<'_, Tables>, StoreError> {
        let tables = self.lock();
        if tables.away { Err(StoreError::unavailable("the test said so")) } else { Ok(tables) }
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tables {
    /// A number that no entity has had.
    pub(super) fn next_id(&mut self) -> i64 {
        self.last_id += 1;
        self.last_id
    }

    /// Writes a line of the trail about the entity of an id, and what goes out with it.
    pub(super) fn record(
        &mut self,
        mut entry: AuditEntry,
        outbox: Vec<Mail>,
        id: impl std::fmt::Display + Copy,
    ) {
        entry = kept(entry);
        for mail in outbox {
            let id = MailId(self.next_id());
            let (queued_at, due_at) = (entry.at, entry.at);
            let waiting = Waiting { mail, queued_at, due_at, fence: 0, attempts: 0, failed: false };
            self.outbox.insert(id, waiting);
        }
        entry.subject.id.get_or_insert_with(|| id.to_string());
        let id = self.audit.last().map_or(1, |line| line.id + 1);
        self.audit.push(AuditRecord { id, entry });
    }

    /// Drops permissions on something that is gone.
    pub(super) fn forget(&mut self, gone: impl Fn(&Permission) -> bool) {
        for held in self.permissions.values_mut() {
            held.retain(|permission| !gone(permission));
        }
    }
}

/// A text as every store keeps it.
pub(super) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn kept(entry: AuditEntry) -> AuditEntry {
    let AuditEntry { mut actor, mut subject, detail, .. } = entry;
    actor.name = text(&actor.name);
    subject.id = subject.id.map(|id| text(&id));
    AuditEntry { actor, subject, detail: text(&detail), ..entry }
}

/// The lock after a write by someone who saw `expected`, or who does not care.
pub(super) fn next_lock(
    kind: Kind,
    id: impl std::fmt::Display,
    current: OptimisticLock,
    expected: Option<OptimisticLock>,
) -> Result<OptimisticLock, StoreError> {
    current
        .check(expected.unwrap_or(current))
        .map_err(|conflict| StoreError::conflict(kind, id, conflict))
}

/// The part of a table that is asked for.
pub(super) fn slice<Id: Ord + Copy, T: Clone>(table: &BTreeMap<Id, T>, slice: Slice<Id>) -> Vec<T> {
    table
        .iter()
        .filter(|(id, _)| slice.after.is_none_or(|after| **id > after))
        .take(slice.limit as usize)
        .map(|(_, entity)| entity.clone())
        .collect()
}

fn fits(query: &AuditQuery, line: &AuditRecord) -> bool {
    let AuditQuery { from, to, who, subject_kind, subject_id } = query;
    let entry = &line.entry;
    let is_theirs = |who: &AuditedUser| {
        who.id.is_some() && who.id == entry.actor.user_id
            || who.name.as_ref().is_some_and(|name| text(name) == entry.actor.name)
    };
    let subject_id = subject_id.as_ref().map(|id| text(id));
    from.is_none_or(|from| entry.at >= from)
        && to.is_none_or(|to| entry.at < to)
        && who.as_ref().is_none_or(is_theirs)
        && subject_kind.is_none_or(|kind| entry.subject.kind == kind)
        && (subject_id.is_none() || subject_id == entry.subject.id)
}

#[async_trait]
impl AuditLog for MemoryStore {
    async fn append(&self, entry: AuditEntry) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let id = tables.audit.last().map_or(1, |line| line.id + 1);
        tables.audit.push(AuditRecord { id, entry: kept(entry) });
        Ok(())
    }

    async fn list(&self, slice: Slice<i64>) -> Result<Vec<AuditRecord>, StoreError> {
        let tables = self.tables()?;
        let after = |record: &&AuditRecord| slice.after.is_none_or(|after| record.id > after);
        Ok(tables.audit.iter().filter(after).take(slice.limit as usize).cloned().collect())
    }

    async fn find(
        &self,
        query: &AuditQuery,
        part: AuditPart,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        let tables = self.tables()?;
        let mut lines: Vec<&AuditRecord> =
            tables.audit.iter().filter(|line| fits(query, line)).collect();
        if part.newest_first {
            lines.reverse();
        }
        let is_beyond = |line: &&AuditRecord| match part.beyond {
            Some(id) if part.newest_first => line.id < id,
            Some(id) => line.id > id,
            None => true,
        };
        let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
        let lines = lines.into_iter().filter(is_beyond).skip(skip);
        Ok(lines.take(part.limit as usize).cloned().collect())
    }

    async fn count(&self, query: &AuditQuery) -> Result<u64, StoreError> {
        Ok(self.tables()?.audit.iter().filter(|line| fits(query, line)).count() as u64)
    }

    async fn forget_before(&self, time: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let mut tables = self.tables_to_write()?;
        let mut newest = BTreeMap::new();
        for line in &tables.audit {
            newest.insert(line.entry.subject.kind, line.id);
        }
        let is_old = |line: &&AuditRecord| {
            line.entry.at < time && newest.get(&line.entry.subject.kind) != Some(&line.id)
        };
        let gone: BTreeSet<i64> =
            tables.audit.iter().filter(is_old).map(|line| line.id).take(limit as usize).collect();
        tables.audit.retain(|line| !gone.contains(&line.id));
        Ok(gone.len() as u64)
    }

    async fn newest_about(&self, kinds: &[SubjectKind]) -> Result<i64, StoreError> {
        let tables = self.tables()?;
        let about = |record: &&AuditRecord| kinds.contains(&record.entry.subject.kind);
        Ok(tables.audit.iter().rfind(about).map_or(0, |record| record.id))
    }
}

#[async_trait]
impl BlobReferences for MemoryStore {
    async fn named(&self, hashes: &[BlobHash]) -> Result<BTreeSet<BlobHash>, StoreError> {
        let named = self.named_hashes()?;
        Ok(hashes.iter().copied().filter(|hash| named.contains(hash)).collect())
    }

    async fn list(&self, after: Option<BlobHash>, limit: u32) -> Result<Vec<BlobHash>, StoreError> {
        let named = self.named_hashes()?.into_iter();
        let following = named.filter(|hash| after.is_none_or(|after| *hash > after));
        Ok(following.take(limit as usize).collect())
    }
}

impl MemoryStore {
    fn named_hashes(&self) -> Result<BTreeSet<BlobHash>, StoreError> {
        let tables = self.tables()?;
        let layouts = tables.revisions.values().map(|revision| revision.layout);
        let exports = tables.exports.values().filter_map(|export| match &export.state {
            ExportState::Queued | ExportState::Running(_) => Some(export.request.layout),
            ExportState::Complete(result) => Some(result.blob),
            ExportState::Fault(_) | ExportState::Cancelled => None,
        });
        let photos = tables.photos.values().map(|photo| photo.blob);
        Ok(layouts.chain(exports).chain(photos).collect())
    }
}

#[async_trait]
impl WorkSignals for MemoryStore {
    async fn queued(&self, _queue: Queue) {
        std::future::pending::<()>().await;
    }
}
