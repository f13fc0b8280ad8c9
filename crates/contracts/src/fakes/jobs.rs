//! Jobs and their results in memory.

use async_trait::async_trait;
use pressroom_domain::{
    DocumentId, Job, JobDetails, JobId, JobResult, JobResultId, JobRun, JobRunId, JobUpdate,
    NewJob, NewJobResult, NewJobRun, OptimisticLock, Scope,
};
use pressroom_ports::{Change, JobRepository, JobResultRepository, Kind, Slice, Span, StoreError};

use super::memory::{MemoryStore, Tables, next_lock, slice, text};

impl Tables {
    /// Refuses where jobs need something.
    pub(super) fn used_by_jobs(
        &self,
        kind: Kind,
        id: impl std::fmt::Display,
        uses: impl Fn(&Job) -> bool,
    ) -> Result<(), StoreError> {
        let by = match self.jobs.values().filter(|job| uses(job)).count() {
            0 => return Ok(()),
            1 => "1 job uses it".to_owned(),
            count => format!("{count} jobs use it"),
        };
        Err(StoreError::in_use(kind, id, by))
    }

    fn has_what_it_names(&self, details: &JobDetails) -> Result<(), StoreError> {
        let document = details.document_id;
        if !self.documents.contains_key(&document) {
            return Err(StoreError::not_found(Kind::Document, document));
        }
        match details.mode.binding().map(|binding| binding.data_model_id) {
            Some(model) if !self.data_models.contains_key(&model) => {
                Err(StoreError::not_found(Kind::DataModel, model))
            }
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl JobRepository for MemoryStore {
    async fn create(&self, change: Change<NewJob>) -> Result<Job, StoreError> {
        let mut tables = self.tables_to_write()?;
        let NewJob { owner, details, next_run } = change.entity;
        tables.has_what_it_names(&details)?;
        let id = JobId(tables.next_id());
        let lock = OptimisticLock::NEW;
        let job = Job { id, owner, details, next_run, last_result: None, lock };
        tables.jobs.insert(id, job.clone());
        tables.record(change.audit, change.outbox, id);
        Ok(job)
    }

    async fn get(&self, id: JobId) -> Result<Job, StoreError> {
        let job = self.tables()?.jobs.get(&id).cloned();
        job.ok_or_else(|| StoreError::not_found(Kind::Job, id))
    }

    async fn list(&self, part: Slice<JobId>) -> Result<Vec<Job>, StoreError> {
        Ok(slice(&self.tables()?.jobs, part))
    }

    async fn update(&self, change: Change<JobUpdate>) -> Result<Job, StoreError> {
        let mut tables = self.tables_to_write()?;
        let JobUpdate { id, expected, owner, details, next_run } = change.entity;
        tables.has_what_it_names(&details)?;
        let job = tables.jobs.get_mut(&id).ok_or_else(|| StoreError::not_found(Kind::Job, id))?;
        job.lock = next_lock(Kind::Job, id, job.lock, expected)?;
        job.owner = owner;
        job.details = details;
        job.next_run = next_run;
        let job = job.clone();
        tables.record(change.audit, change.outbox, id);
        Ok(job)
    }

    async fn delete(&self, change: Change<JobId>) -> Result<(), StoreError> {
        let mut tables = self.tables_to_write()?;
        let id = change.entity;
        if tables.jobs.remove(&id).is_none() {
            return Err(StoreError::not_found(Kind::Job, id));
        }
        tables.job_runs.retain(|_, run| run.job_id != id);
        tables.job_results.retain(|_, result| result.job_id != id);
        tables.forget(|permission| permission.scope == Scope::ScheduledJob(id));
        tables.record(change.audit, change.outbox, id);
        Ok(())
    }
}

#[async_trait]
impl JobResultRepository for MemoryStore {
    async fn begin_run(&self, change: Change<NewJobRun>) -> Result<JobRun, StoreError> {
        let mut tables = self.tables_to_write()?;
        let NewJobRun { job_id, started_at } = change.entity;
        if !tables.jobs.contains_key(&job_id) {
            return Err(StoreError::not_found(Kind::Job, job_id));
        }
        let id = JobRunId(tables.next_id());
        let run = JobRun { id, job_id, started_at };
        tables.job_runs.insert(id, run.clone());
        tables.record(change.audit, change.outbox, id);
        Ok(run)
    }

    async fn record(&self, change: Change<NewJobResult>) -> Result<JobResult, StoreError> {
        let mut tables = self.tables_to_write()?;
        let new = change.entity;
        let run = tables.job_runs.get(&new.run_id).cloned();
        let run = run.ok_or_else(|| StoreError::not_found(Kind::JobRun, new.run_id))?;
        let id = JobResultId(tables.next_id());
        let result = JobResult {
            id,
            run_id: new.run_id,
            job_id: run.job_id,
            document_id: new.document_id,
            name: text(&new.name),
            created_at: new.created_at,
            status: new.status,
            message: text(&new.message),
            recipients: new.recipients,
            parameters: new.parameters,
        };
        tables.job_results.insert(id, result.clone());
        if let Some(job) = tables.jobs.get_mut(&run.job_id) {
            job.last_result = Some(result.clone());
        }
        tables.record(change.audit, change.outbox, id);
        Ok(result)
    }

    async fn get(&self, id: JobResultId) -> Result<JobResult, StoreError> {
        let result = self.tables()?.job_results.get(&id).cloned();
        result.ok_or_else(|| StoreError::not_found(Kind::JobResult, id))
    }

    async fn of_job(
        &self,
        job: JobId,
        span: Span,
        part: Slice<JobResultId>,
    ) -> Result<Vec<JobResult>, StoreError> {
        let mut results = self.tables()?.job_results.clone();
        results.retain(|_, result| result.job_id == job && span.contains(result.created_at));
        Ok(slice(&results, part))
    }

    async fn of_document(
        &self,
        document: DocumentId,
        part: Slice<JobResultId>,
    ) -> Result<Vec<JobResult>, StoreError> {
        let mut results = self.tables()?.job_results.clone();
        results.retain(|_, result| result.document_id == document);
        Ok(slice(&results, part))
    }
}
