//! The audit trail.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{AuditEntry, SubjectKind, UserId};

use crate::{Slice, StoreError};

/// A line of the trail as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number; later lines have greater ones.
    pub id: i64,
    /// What it says.
    pub entry: AuditEntry,
}

/// Which lines of the trail are wanted; the default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Those of this time on.
    pub from: Option<DateTime<Utc>>,
    /// Those before this time.
    pub to: Option<DateTime<Utc>>,
    /// Those of somebody.
    pub who: Option<AuditedUser>,
    /// Those about this kind of thing.
    pub subject_kind: Option<SubjectKind>,
    /// Those about the thing of this id.
    pub subject_id: Option<String>,
}

/// Whose lines are wanted: those of the account, or those that carry the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditedUser {
    /// The account, whatever it was called then.
    pub id: Option<UserId>,
    /// The name as the line has it, to the letter: case, accents and blanks around count.
    pub name: Option<String>,
}

/// A part of the lines that fit a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditPart {
    /// Whether the lines go from the newest to the oldest.
    pub newest_first: bool,
    /// Only those that come after the line of this number, in that order.
    pub beyond: Option<i64>,
    /// How many of them to leave out at the start.
    pub skip: u64,
    /// The most to give.
    pub limit: u32,
}

/// Keeps the audit trail. Lines that belong to a write come with it, as a
/// [`Change`](crate::Change); this port takes those that belong to none, and shows all.
///
/// # Contract
/// - A line MUST NOT be changed, and later lines MUST have greater numbers, which are the order of the
///   trail.
/// - Lines MUST become visible in the order of their numbers, on every node: who has seen a line never
///   sees a new one with a lower number afterwards. So whoever follows the trail from the last line
///   that they know misses none.
/// - A line MUST become visible together with the write that it comes with. As every write comes with
///   one, an unchanged [`newest_about`](Self::newest_about) means unchanged entities: what was read
///   between two equal answers is of that version, whatever is remembered by it.
/// - Times are kept to the microsecond.
/// - The trail may hold millions of lines: [`find`](Self::find) and [`count`](Self::count) SHOULD use an
///   index for who, and for what about.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Adds a line.
    async fn append(&self, entry: AuditEntry) -> Result<(), StoreError>;

    /// A part of the trail, oldest first.
    async fn list(&self, slice: Slice<i64>) -> Result<Vec<AuditRecord>, StoreError>;

    /// A part of the lines that fit.
    async fn find(
        &self,
        query: &AuditQuery,
        part: AuditPart,
    ) -> Result<Vec<AuditRecord>, StoreError>;

    /// How many lines fit.
    async fn count(&self, query: &AuditQuery) -> Result<u64, StoreError>;

    /// Drops lines of before a time, the oldest first, at most so many with one call; how many it were.
    /// The newest line about each kind MUST stay, whatever its age: it is the version of that kind.
    async fn forget_before(&self, time: DateTime<Utc>, limit: u32) -> Result<u64, StoreError>;

    /// The number of the newest line about something of these kinds; 0 where there is none. Called with
    /// most requests: it SHOULD be one look at an index.
    async fn newest_about(&self, kinds: &[SubjectKind]) -> Result<i64, StoreError>;
}
