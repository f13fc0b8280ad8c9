//! Jobs.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use pressroom_domain::{
    BillingStatementBinding, CalculatedDate, DataModelId, Days, DocumentId, EmailAddress,
    EmailDeliveryFormat, Job, JobDetails, JobId, JobMode, JobParameter, JobResult, JobUpdate, Name,
    NewJob, OptimisticLock, ParameterValue, Recurrence, Schedule, Scope, SharedFolder, TimeZone,
    UserId,
};
use pressroom_ports::{Change, JobRepository, Kind, Slice, StoreError};
use serde_json::{Map, Value, json};

use super::lock::write_under_lock;
use super::sequence::Sequence;
use super::{job_results, permissions};
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::{data_models, documents, jobs};
use pressroom_diesel_store::{Failure, OnViolation};
use pressroom_diesel_store::{Reader, micros};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = jobs)]
struct Row {
    id: i64,
    #[diesel(embed)]
    details: DetailsRow,
    last_result_id: Option<i64>,
    optimistic_lock: i64,
}

/// What an update writes; an absent value is written too.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = jobs, treat_none_as_null = true)]
struct DetailsRow {
    owner_id: i64,
    name: String,
    mode: String,
    document_id: i64,
    billing_data_model_id: Option<i64>,
    billing_data_member: Option<String>,
    billing_address_field: Option<String>,
    billing_recipient_field: Option<String>,
    parameters: String,
    enabled: bool,
    start_at: i64,
    time_zone: String,
    recurrence_rule: String,
    retention_days: i64,
    email_delivery_format: String,
    send_individual_emails: bool,
    send_blank_document: bool,
    subscribed_emails: String,
    shared_folders: String,
    internal_subscriber_ids: String,
    next_run_at: Option<i64>,
}

impl DetailsRow {
    fn new(owner: UserId, details: &JobDetails, next_run: Option<DateTime<Utc>>) -> Self {
        let binding = details.mode.binding();
        let text = |field: fn(&BillingStatementBinding) -> &Name| {
            binding.map(|binding| field(binding).to_string())
        };
        let recipient = binding.and_then(|binding| binding.email_recipient_field.as_ref());
        let schedule = &details.schedule;
        let list = |values: Vec<Value>| Value::Array(values).to_string();
        Self {
            owner_id: owner.0,
            name: details.name.to_string(),
            mode: details.mode.name().to_owned(),
            document_id: details.document_id.0,
            billing_data_model_id: binding.map(|binding| binding.data_model_id.0),
            billing_data_member: text(|binding| &binding.data_member),
            billing_address_field: text(|binding| &binding.email_address_field),
            billing_recipient_field: recipient.map(ToString::to_string),
            parameters: list(details.parameters.iter().map(write_parameter).collect()),
            enabled: details.enabled,
            start_at: micros(schedule.start()),
            time_zone: schedule.zone().name().to_owned(),
            recurrence_rule: schedule.recurrence().map(ToString::to_string).unwrap_or_default(),
            retention_days: details.retention.get().into(),
            email_delivery_format: details.email_delivery_format.name().to_owned(),
            send_individual_emails: details.send_individual_emails,
            send_blank_document: details.send_blank_document,
            subscribed_emails: list(
                details.subscribed_emails.iter().map(|email| email.as_str().into()).collect(),
            ),
            shared_folders: list(
                details.shared_folders.iter().map(|folder| folder.as_str().into()).collect(),
            ),
            internal_subscriber_ids: list(
                details.internal_subscribers.iter().map(|user| user.0.into()).collect(),
            ),
            next_run_at: next_run.map(micros),
        }
    }

    fn read(self, reader: Reader<'_, i64>) -> Result<JobDetails, StoreError> {
        let mode = match (&*self.mode, self.billing_data_model_id) {
            ("Document", None) => JobMode::Document,
            ("BillingStatement", Some(model)) => {
                let name = |text: Option<String>| reader.name(&text.unwrap_or_default());
                JobMode::BillingStatement(BillingStatementBinding {
                    data_model_id: DataModelId(model),
                    data_member: name(self.billing_data_member)?,
                    email_address_field: name(self.billing_address_field)?,
                    email_recipient_field: self
                        .billing_recipient_field
                        .map(|text| reader.name(&text))
                        .transpose()?,
                })
            }
            (other, _) => return Err(reader.unreadable(format_args!("\"{other}\" is no mode"))),
        };
        let rule = Some(self.recurrence_rule.as_str()).filter(|text| !text.is_empty());
        let schedule = Schedule::new(
            reader.time(self.start_at)?,
            reader.read(TimeZone::find(&self.time_zone))?,
            rule.map(|text| reader.read(Recurrence::parse(text))).transpose()?,
        );
        let parameters: Vec<Map<String, Value>> =
            reader.read(serde_json::from_str(&self.parameters))?;
        let emails: Vec<String> = reader.read(serde_json::from_str(&self.subscribed_emails))?;
        let folders: Vec<String> = reader.read(serde_json::from_str(&self.shared_folders))?;
        let users: Vec<i64> = reader.read(serde_json::from_str(&self.internal_subscriber_ids))?;
        Ok(JobDetails {
            name: reader.name(&self.name)?,
            mode,
            document_id: DocumentId(self.document_id),
            parameters: parameters
                .into_iter()
                .map(|parameter| read_parameter(parameter, reader))
                .collect::<Result<_, _>>()?,
            enabled: self.enabled,
            schedule,
            retention: reader.read(Days::new("a length of time", self.retention_days))?,
            email_delivery_format: reader
                .word(&self.email_delivery_format, EmailDeliveryFormat::find)?,
            send_individual_emails: self.send_individual_emails,
            send_blank_document: self.send_blank_document,
            subscribed_emails: emails
                .iter()
                .map(|text| reader.read(EmailAddress::new(text)))
                .collect::<Result<_, _>>()?,
            shared_folders: folders
                .iter()
                .map(|text| reader.read(SharedFolder::new(text)))
                .collect::<Result<_, _>>()?,
            internal_subscribers: users.into_iter().map(UserId).collect(),
        })
    }
}

impl Row {
    fn read(self, last_result: Option<JobResult>) -> Result<Job, StoreError> {
        let reader = Reader { kind: Kind::Job, id: &self.id };
        Ok(Job {
            id: JobId(self.id),
            owner: UserId(self.details.owner_id),
            next_run: self.details.next_run_at.map(|at| reader.time(at)).transpose()?,
            details: self.details.read(reader)?,
            last_result,
            lock: OptimisticLock(self.optimistic_lock),
        })
    }
}

fn write_parameter(parameter: &JobParameter) -> Value {
    json!({
        "name": parameter.name.as_str(),
        "source": parameter.value.source(),
        "value": parameter.value.value(),
    })
}

fn read_parameter(
    mut parameter: Map<String, Value>,
    reader: Reader<'_, i64>,
) -> Result<JobParameter, StoreError> {
    let text = |name: &str| parameter.get(name).and_then(Value::as_str).unwrap_or_default();
    let name = reader.name(text("name"))?;
    let value = match text("source") {
        "Static" => ParameterValue::Static(parameter.remove("value").unwrap_or_default()),
        "Calculated" => {
            ParameterValue::Calculated(reader.word(text("value"), CalculatedDate::find)?)
        }
        "Bound" => ParameterValue::Bound(reader.name(text("value"))?),
        other => return Err(reader.unreadable(format_args!("\"{other}\" is no source"))),
    };
    Ok(JobParameter { name, value })
}

fn find(conn: &mut Connection, id: JobId) -> Result<Job, Failure> {
    let row: Option<Row> =
        jobs::table.find(id.0).select(Row::as_select()).first(conn).optional()?;
    let row = row.ok_or_else(|| StoreError::not_found(Kind::Job, id))?;
    let last = match row.last_result_id {
        Some(last) => job_results::of_ids(conn, &[last])?.pop(),
        None => None,
    };
    Ok(row.read(last)?)
}

/// What a job names has to be there. The writer is alone, so that nothing goes in between; the broken
/// reference that the database would see does not say which of the two is missing.
fn require(conn: &mut Connection, details: &JobDetails) -> Result<(), Failure> {
    let document = documents::table.find(details.document_id.0).count().get_result::<i64>(conn)?;
    if document == 0 {
        return Err(StoreError::not_found(Kind::Document, details.document_id).into());
    }
    if let Some(binding) = details.mode.binding() {
        let id = binding.data_model_id;
        if data_models::table.find(id.0).count().get_result::<i64>(conn)? == 0 {
            return Err(StoreError::not_found(Kind::DataModel, id).into());
        }
    }
    Ok(())
}

/// How many jobs use a document, in words; none where none does.
pub(crate) fn using_document(
    conn: &mut Connection,
    id: DocumentId,
) -> Result<Option<String>, Failure> {
    let count = jobs::table.filter(jobs::document_id.eq(id.0)).count().get_result(conn)?;
    Ok(in_words(count))
}

fn in_words(count: i64) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 job uses it".to_owned()),
        count => Some(format!("{count} jobs use it")),
    }
}

#[async_trait]
impl JobRepository for Store {
    async fn create(&self, change: Change<NewJob>) -> Result<Job, StoreError> {
        self.change(change, move |conn, new, along| {
            require(conn, &new.details)?;
            let id = JobId(Sequence::JOBS.next(conn)?);
            let row = Row {
                id: id.0,
                details: DetailsRow::new(new.owner, &new.details, new.next_run),
                last_result_id: None,
                optimistic_lock: OptimisticLock::NEW.0,
            };
            let missing = || StoreError::not_found(Kind::Document, new.details.document_id);
            diesel::insert_into(jobs::table)
                .values(row)
                .execute(conn)
                .on_broken_reference(missing)?;
            along.record_made(conn, id.0)?;
            find(conn, id)
        })
        .await
    }

    async fn get(&self, id: JobId) -> Result<Job, StoreError> {
        self.look_up(move |conn| find(conn, id)).await
    }

    async fn list(&self, slice: Slice<JobId>) -> Result<Vec<Job>, StoreError> {
        let (rows, last): (Vec<Row>, _) = self
            .read(move |conn| {
                let rows: Vec<Row> = jobs::table
                    .filter(jobs::id.gt(slice.after.map_or(i64::MIN, |id| id.0)))
                    .order(jobs::id)
                    .limit(slice.limit.into())
                    .select(Row::as_select())
                    .load(conn)?;
                let last: Vec<i64> = rows.iter().filter_map(|row| row.last_result_id).collect();
                let last = job_results::of_ids(conn, &last)?;
                Ok((rows, last))
            })
            .await?;
        let mut last: BTreeMap<i64, JobResult> =
            last.into_iter().map(|result| (result.id.0, result)).collect();
        rows.into_iter()
            .map(|row| {
                let last = row.last_result_id.and_then(|id| last.remove(&id));
                row.read(last)
            })
            .collect()
    }

    async fn update(&self, change: Change<JobUpdate>) -> Result<Job, StoreError> {
        self.change(change, move |conn, update, along| {
            let id = update.id;
            require(conn, &update.details)?;
            let row = jobs::table.find(id.0);
            write_under_lock(
                conn,
                (Kind::Job, id.0),
                update.expected,
                |conn| row.select(jobs::optimistic_lock).first(conn).optional(),
                |conn, seen| {
                    let details = DetailsRow::new(update.owner, &update.details, update.next_run);
                    diesel::update(row.filter(jobs::optimistic_lock.eq(seen)))
                        .set((details, jobs::optimistic_lock.eq(seen + 1)))
                        .execute(conn)
                        .on_broken_reference(|| {
                            StoreError::not_found(Kind::Document, update.details.document_id)
                        })
                },
            )?;
            along.record(conn)?;
            find(conn, id)
        })
        .await
    }

    async fn delete(&self, change: Change<JobId>) -> Result<(), StoreError> {
        self.change(change, move |conn, id, along| {
            if diesel::delete(jobs::table.find(id.0)).execute(conn)? == 0 {
                return Err(StoreError::not_found(Kind::Job, id).into());
            }
            permissions::forget(conn, &[Scope::ScheduledJob(id)])?;
            along.record(conn)
        })
        .await
    }
}
