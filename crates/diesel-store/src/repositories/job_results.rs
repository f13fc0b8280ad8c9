//! Runs of jobs and what they came to.

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::{
    DocumentId, JobId, JobResult, JobResultId, JobRun, JobRunId, JobStatus, NewJobResult, NewJobRun,
};
use pressroom_ports::{Change, JobResultRepository, Kind, Slice, Span, StoreError};
use serde_json::Value;

use super::sequence::Sequence;
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::{job_results, job_runs, jobs};
use pressroom_diesel_store::{Failure, OnViolation};
use pressroom_diesel_store::{Reader, kept_text, micros};

/// Ids asked for in one statement: engines bound the values of one.
const CHUNK: usize = 500;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = job_results)]
struct Row {
    id: i64,
    run_id: i64,
    job_id: i64,
    document_id: i64,
    name: String,
    created_at: i64,
    status: String,
    message: String,
    recipients: String,
    parameters: String,
}

impl TryFrom<Row> for JobResult {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reader = Reader { kind: Kind::JobResult, id: &row.id };
        Ok(Self {
            id: JobResultId(row.id),
            run_id: JobRunId(row.run_id),
            job_id: JobId(row.job_id),
            document_id: DocumentId(row.document_id),
            created_at: reader.time(row.created_at)?,
            status: reader.word(&row.status, JobStatus::find)?,
            recipients: reader.read(serde_json::from_str(&row.recipients))?,
            parameters: reader.read(serde_json::from_str(&row.parameters))?,
            name: row.name,
            message: row.message,
        })
    }
}

/// The results of these ids, as far as they are there.
pub(crate) fn of_ids(conn: &mut Connection, ids: &[i64]) -> Result<Vec<JobResult>, Failure> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let rows: Vec<Row> = job_results::table
            .filter(job_results::id.eq_any(ids))
            .select(Row::as_select())
            .load(conn)?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

fn entities(rows: Vec<Row>) -> Result<Vec<JobResult>, StoreError> {
    rows.into_iter().map(JobResult::try_from).collect()
}

#[async_trait]
impl JobResultRepository for Store {
    async fn begin_run(&self, change: Change<NewJobRun>) -> Result<JobRun, StoreError> {
        self.change(change, move |conn, NewJobRun { job_id, started_at }, along| {
            let id = JobRunId(Sequence::JOB_RUNS.next(conn)?);
            diesel::insert_into(job_runs::table)
                .values((
                    job_runs::id.eq(id.0),
                    job_runs::job_id.eq(job_id.0),
                    job_runs::started_at.eq(micros(started_at)),
                ))
                .execute(conn)
                .on_broken_reference(|| StoreError::not_found(Kind::Job, job_id))?;
            along.record(conn)?;
            Ok(JobRun { id, job_id, started_at })
        })
        .await
    }

    async fn record(&self, change: Change<NewJobResult>) -> Result<JobResult, StoreError> {
        self.change(change, move |conn, new, along| {
            let run = job_runs::table.find(new.run_id.0);
            let job: Option<i64> = run.select(job_runs::job_id).first(conn).optional()?;
            let job = job.ok_or_else(|| StoreError::not_found(Kind::JobRun, new.run_id))?;
            let id = Sequence::JOB_RESULTS.next(conn)?;
            let recipients = new.recipients.into_iter().map(Value::from).collect();
            let row = Row {
                id,
                run_id: new.run_id.0,
                job_id: job,
                document_id: new.document_id.0,
                name: kept_text(&new.name),
                created_at: micros(new.created_at),
                status: new.status.name().to_owned(),
                message: kept_text(&new.message),
                recipients: Value::Array(recipients).to_string(),
                parameters: Value::Object(new.parameters).to_string(),
            };
            diesel::insert_into(job_results::table).values(row).execute(conn)?;
            diesel::update(jobs::table.find(job)).set(jobs::last_result_id.eq(id)).execute(conn)?;
            along.record_made(conn, id)?;
            let made = of_ids(conn, &[id])?.pop();
            made.ok_or_else(|| StoreError::not_found(Kind::JobResult, id).into())
        })
        .await
    }

    async fn get(&self, id: JobResultId) -> Result<JobResult, StoreError> {
        let found = self.look_up(move |conn| of_ids(conn, &[id.0])).await?.pop();
        found.ok_or_else(|| StoreError::not_found(Kind::JobResult, id))
    }

    async fn of_job(
        &self,
        job: JobId,
        span: Span,
        slice: Slice<JobResultId>,
    ) -> Result<Vec<JobResult>, StoreError> {
        let rows = self
            .read(move |conn| {
                // Past the first and the last time that a store can hold lies nothing.
                let from = span.from.map_or(i64::MIN, micros);
                let before = span.before.map_or(i64::MAX, micros);
                Ok(job_results::table
                    .filter(job_results::job_id.eq(job.0))
                    .filter(job_results::id.gt(slice.after.map_or(i64::MIN, |id| id.0)))
                    .filter(job_results::created_at.ge(from))
                    .filter(job_results::created_at.lt(before))
                    .order(job_results::id)
                    .limit(slice.limit.into())
                    .select(Row::as_select())
                    .load(conn)?)
            })
            .await?;
        entities(rows)
    }

    async fn of_document(
        &self,
        document: DocumentId,
        slice: Slice<JobResultId>,
    ) -> Result<Vec<JobResult>, StoreError> {
        let rows = self
            .read(move |conn| {
                Ok(job_results::table
                    .filter(job_results::document_id.eq(document.0))
                    .filter(job_results::id.gt(slice.after.map_or(i64::MIN, |id| id.0)))
                    .order(job_results::id)
                    .limit(slice.limit.into())
                    .select(Row::as_select())
                    .load(conn)?)
            })
            .await?;
        entities(rows)
    }
}
