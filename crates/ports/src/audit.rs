//! The audit trail.

use async_trait::async_trait;
use pressroom_domain::{AuditEntry, SubjectKind};

use crate::{Slice, StoreError};

/// A line of the trail as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number; later lines have greater ones.
    pub id: i64,
    /// What it says.
    pub entry: AuditEntry,
}

/// Keeps the audit trail. Lines that belong to a write come with it, as a
/// [`Change`](crate::Change); this port takes those that belong to none, and shows all.
///
/// # Contract
/// - A line MUST NOT be changed, and later lines MUST have greater numbers. As every write comes with
///   a line, an unchanged [`newest_about`](Self::newest_about) means unchanged entities.
/// - Times are kept to the microsecond.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Adds a line.
    async fn append(&self, entry: AuditEntry) -> Result<(), StoreError>;

    /// A part of the trail, oldest first.
    async fn list(&self, slice: Slice<i64>) -> Result<Vec<AuditRecord>, StoreError>;

    /// The number of the newest line about something of these kinds; 0 where there is none. Called with
    /// most requests: it SHOULD be one look at an index.
    async fn newest_about(&self, kinds: &[SubjectKind]) -> Result<i64, StoreError>;
}
