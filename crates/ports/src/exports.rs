//! Where exports are kept and claimed.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{
    Export, ExportFault, ExportId, ExportProgress, ExportResult, NewExport, NodeName, StateError,
    Warning,
};

use crate::{Change, StoreError};

/// A lease on an export, as the store holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldLease {
    /// The export.
    pub id: ExportId,
    /// The fencing number of the claim.
    pub fence: i64,
    /// When the lease ends.
    pub lease_until: DateTime<Utc>,
}

/// Why a claimed export was not written.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// The claim no longer holds: the worker stops, and what it made is of no use.
    #[error(transparent)]
    Lost(#[from] StateError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps exports, and lets workers on any node claim them.
///
/// States and the ways between them are those of [`Export`]; an adapter applies the functions of that
/// type inside of a transaction, or says the same in SQL.
///
/// # Contract
/// - A call MUST be one transaction, and what it wrote MUST be seen by every later call.
/// - When [`enqueue`](Self::enqueue) or [`cancel`](Self::cancel) returns, its write MUST have reached
///   the disk: that is what somebody asked for. The other writes are steps of work that is done again
///   if they are lost: they MUST survive the end of the process, and MAY be undone by a power cut, the
///   newest first and never in part. Where workers can outlive the machine of the store, a claim MUST
///   have reached the disk too, or its fencing number could be given twice.
/// - Where there is no room, a write MUST return [`StoreError::Full`] and change nothing.
/// - An export MUST NOT be claimed by two workers at a time: of two that try, one gets it.
/// - Every claim MUST have a higher fencing number than all before it. A call with another number
///   than the newest MUST change nothing and return [`ClaimError::Lost`].
/// - Times come from the callers, whose clocks may differ and jump. Whether a lease has ended is for the
///   claimer's clock to say, and what was queued is due whatever the clock says; it is the fencing number
///   that keeps the late from writing. Of a claim and another call under the older number at a time,
///   exactly one MUST succeed.
/// - [`claim_due`](Self::claim_due) SHOULD look at no more rows than it claims or ends, however many
///   wait; [`heartbeat`](Self::heartbeat) SHOULD NOT read the request.
#[async_trait]
pub trait ExportRepository: Send + Sync {
    /// Queues one. [`StoreError::Duplicate`] where the id is taken.
    async fn enqueue(&self, change: Change<NewExport>) -> Result<(), StoreError>;

    /// One by id, or [`StoreError::NotFound`].
    async fn get(&self, id: ExportId) -> Result<Export, StoreError>;

    /// Claims the one that is due for longest, by the time it was queued, until `now + lease_for`.
    /// Those that were claimed too often without an end become faults on the way. None where nothing
    /// is due.
    async fn claim_due(
        &self,
        now: DateTime<Utc>,
        lease_for: TimeDelta,
        node: &NodeName,
    ) -> Result<Option<Export>, StoreError>;

    /// Sets the end of the lease, which may be earlier than before, and tells how far the work is. [`ClaimError::Lost`] with
    /// [`StateError::Cancelled`] is how a worker learns that its work is not wanted.
    async fn heartbeat(
        &self,
        id: ExportId,
        fence: i64,
        lease_until: DateTime<Utc>,
        progress: ExportProgress,
    ) -> Result<(), ClaimError>;

    /// The file is there.
    async fn complete(
        &self,
        id: ExportId,
        fence: i64,
        result: ExportResult,
        warnings: Vec<Warning>,
        at: DateTime<Utc>,
    ) -> Result<(), ClaimError>;

    /// There will be no file.
    async fn fail(
        &self,
        id: ExportId,
        fence: i64,
        fault: ExportFault,
        warnings: Vec<Warning>,
        at: DateTime<Utc>,
    ) -> Result<(), ClaimError>;

    /// Gives a claim back, uncounted.
    async fn release(&self, id: ExportId, fence: i64) -> Result<(), ClaimError>;

    /// The leases that end after a time.
    async fn leases_beyond(&self, time: DateTime<Utc>) -> Result<Vec<HeldLease>, StoreError>;

    /// Ends a lease at a time, so that the work is due then. Says whether it was still as it was seen: one
    /// that was extended or given to another since stays.
    async fn end_lease(&self, lease: &HeldLease, at: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Its owner no longer wants it; see [`Export::cancel`]. [`StoreError::NotFound`].
    async fn cancel(&self, change: Change<ExportId>, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Deletes those that came to their end before a time, and says how many. Their bytes go with the
    /// next sweep.
    async fn delete_finished(&self, before: DateTime<Utc>) -> Result<u64, StoreError>;
}
