//! Where jobs and their results are kept.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{
    DocumentId, Job, JobId, JobResult, JobResultId, JobRun, JobUpdate, NewJob, NewJobResult,
    NewJobRun,
};

use crate::{Change, Slice, StoreError};

/// Keeps jobs.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - An id MUST NOT be given twice, not even after a deletion.
/// - Of two writers that saw the same lock, exactly one MUST win; the other gets
///   [`StoreError::Conflict`] with the lock as it is now.
/// - A document or data model that a job names MUST be there, and MUST NOT be deleted as long as it is
///   named: the deletion fails with [`StoreError::InUse`].
/// - A job's last result is the newest that was recorded, as
///   [`JobResultRepository::record`] tells it.
/// - Times are kept to the microsecond, texts to the character.
#[async_trait]
pub trait JobRepository: Send + Sync {
    /// Makes one, with lock 0. [`StoreError::NotFound`] for its document and its data model.
    async fn create(&self, change: Change<NewJob>) -> Result<Job, StoreError>;

    /// One by id, or [`StoreError::NotFound`].
    async fn get(&self, id: JobId) -> Result<Job, StoreError>;

    /// A part of all of them, smallest id first.
    async fn list(&self, slice: Slice<JobId>) -> Result<Vec<Job>, StoreError>;

    /// Changes one; its lock grows by 1. [`StoreError::NotFound`] (also for its document and its data
    /// model), [`StoreError::Conflict`].
    async fn update(&self, change: Change<JobUpdate>) -> Result<Job, StoreError>;

    /// Deletes one, its runs and results, and every permission on it. [`StoreError::NotFound`].
    async fn delete(&self, change: Change<JobId>) -> Result<(), StoreError>;
}

/// When something was made: from a moment on, and before another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// At this moment or later; none is from the beginning.
    pub from: Option<DateTime<Utc>>,
    /// Earlier than this moment; none is until now.
    pub before: Option<DateTime<Utc>>,
}

impl Span {
    /// Whether a moment is in it.
    #[must_use]
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.from.is_none_or(|from| at >= from) && self.before.is_none_or(|before| at < before)
    }
}

/// Keeps runs of jobs and what they came to.
///
/// # Contract
/// As of [`JobRepository`]. Later results MUST have greater ids.
#[async_trait]
pub trait JobResultRepository: Send + Sync {
    /// Begins a run. [`StoreError::NotFound`] for its job.
    async fn begin_run(&self, change: Change<NewJobRun>) -> Result<JobRun, StoreError>;

    /// Records a result, which is its job's last from now on. [`StoreError::NotFound`] for its run.
    async fn record(&self, change: Change<NewJobResult>) -> Result<JobResult, StoreError>;

    /// One by id, or [`StoreError::NotFound`].
    async fn get(&self, id: JobResultId) -> Result<JobResult, StoreError>;

    /// A part of the results of a job that were made in a span, smallest id first. None where there is
    /// no such job.
    async fn of_job(
        &self,
        job: JobId,
        span: Span,
        slice: Slice<JobResultId>,
    ) -> Result<Vec<JobResult>, StoreError>;

    /// A part of the results of all jobs that were made from a document, smallest id first.
    async fn of_document(
        &self,
        document: DocumentId,
        slice: Slice<JobResultId>,
    ) -> Result<Vec<JobResult>, StoreError>;
}
