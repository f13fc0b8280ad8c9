//! Jobs and what their runs came to.

use chrono::{DateTime, Utc};
use pressroom_application::jobs::{BillingField, JobFields, Mode, ParameterField, Preview, Source};
use pressroom_domain as domain;
use pressroom_domain::EmailDeliveryFormat;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::documents::time;
use crate::body::Dto;
use crate::lenient::Fields;

/// A job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
        "id": 4, "optimisticLock": 1, "ownerId": 3, "name": "Invoices of the month", "mode": "Document", "documentId": 7,
        "parameters": [{"name": "Country", "source": "Static", "value": "DE"}],
        "billingStatementBinding": null,
        "enabled": true, "startDate": "2026-12-01T06:00:00Z", "timeZone": "Europe/Berlin",
        "recurrenceRule": "FREQ=MONTHLY", "retentionPeriod": 90, "emailDeliveryFormat": "Pdf",
        "sendIndividualEmails": true, "sendBlankDocument": false,
        "subscribedEmails": ["ann@example.com"], "sharedFolders": ["invoices"],
        "internalSubscriberIds": [3],
        "nextRunTime": "2026-12-01T06:00:00Z", "lastResult": null,
}))]
pub(crate) struct Job {
    id: i64,
    optimistic_lock: i64,
    owner_id: i64,
    name: String,
    mode: &'static str,
    document_id: i64,
    parameters: Vec<Parameter>,
    billing_statement_binding: Option<Binding>,
    enabled: bool,
    start_date: String,
    time_zone: &'static str,
    recurrence_rule: String,
    retention_period: u32,
    email_delivery_format: &'static str,
    send_individual_emails: bool,
    send_blank_document: bool,
    subscribed_emails: Vec<String>,
    shared_folders: Vec<String>,
    internal_subscriber_ids: Vec<i64>,
    next_run_time: Option<String>,
    last_result: Option<JobResult>,
}

/// A parameter of a job's document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobParameter)]
struct Parameter {
    name: String,
    source: &'static str,
    value: Value,
}

/// Where the rows of billing statements come from.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BillingStatementBinding)]
struct Binding {
    data_model_id: i64,
    data_member: String,
    email_address_field: String,
    email_recipient_field: Option<String>,
}

impl Job {
    /// A job as it is seen at a moment.
    pub(crate) fn seen_at(job: &domain::Job, now: DateTime<Utc>) -> Self {
        let details = &job.details;
        let parameter = |parameter: &domain::JobParameter| Parameter {
            name: parameter.name.to_string(),
            source: parameter.value.source(),
            value: parameter.value.value(),
        };
        let binding = |binding: &domain::BillingStatementBinding| Binding {
            data_model_id: binding.data_model_id.0,
            data_member: binding.data_member.to_string(),
            email_address_field: binding.email_address_field.to_string(),
            email_recipient_field: binding.email_recipient_field.as_ref().map(ToString::to_string),
        };
        let rule = details.schedule.recurrence();
        Self {
            id: job.id.0,
            optimistic_lock: job.lock.0,
            owner_id: job.owner.0,
            name: details.name.to_string(),
            mode: details.mode.name(),
            document_id: details.document_id.0,
            parameters: details.parameters.iter().map(parameter).collect(),
            billing_statement_binding: details.mode.binding().map(binding),
            enabled: details.enabled,
            start_date: time(details.schedule.start()),
            time_zone: details.schedule.zone().name(),
            recurrence_rule: rule.map(ToString::to_string).unwrap_or_default(),
            retention_period: details.retention.get(),
            email_delivery_format: details.email_delivery_format.name(),
            send_individual_emails: details.send_individual_emails,
            send_blank_document: details.send_blank_document,
            subscribed_emails: details
                .subscribed_emails
                .iter()
                .map(|email| email.as_str().to_owned())
                .collect(),
            shared_folders: details.shared_folders.iter().map(ToString::to_string).collect(),
            internal_subscriber_ids: details.internal_subscribers.iter().map(|id| id.0).collect(),
            next_run_time: job.next_run_seen_at(now).map(time),
            last_result: job.last_result.as_ref().map(JobResult::from),
        }
    }
}

/// What a run of a job came to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "id": 31, "runId": 9, "jobId": 4, "documentId": 7, "name": "Invoice",
    "createdOn": "2026-11-24T06:00:03Z", "status": "Success", "message": "",
    "recipients": ["ann@example.com"], "executionParameters": {"Country": "DE"},
}))]
pub(crate) struct JobResult {
    id: i64,
    run_id: i64,
    job_id: i64,
    document_id: i64,
    name: String,
    created_on: String,
    status: &'static str,
    message: String,
    recipients: Vec<String>,
    #[schema(value_type = Object)]
    execution_parameters: Map<String, Value>,
}

impl From<&domain::JobResult> for JobResult {
    fn from(result: &domain::JobResult) -> Self {
        Self {
            id: result.id.0,
            run_id: result.run_id.0,
            job_id: result.job_id.0,
            document_id: result.document_id.0,
            name: result.name.clone(),
            created_on: time(result.created_at),
            status: result.status.name(),
            message: result.message.clone(),
            recipients: result.recipients.clone(),
            execution_parameters: result.parameters.clone(),
        }
    }
}

/// When a job would run.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "timeZone": "Europe/Berlin", "runs": ["2026-12-01T06:00:00Z", "2027-01-01T06:00:00Z"],
}))]
pub(crate) struct JobPreview {
    time_zone: &'static str,
    runs: Vec<String>,
}

impl From<Preview> for JobPreview {
    fn from(preview: Preview) -> Self {
        let runs = preview.runs.into_iter().map(time).collect();
        Self { time_zone: preview.zone.name(), runs }
    }
}

const MODES: [(&str, Mode); 2] =
    [("document", Mode::Document), ("billingStatement", Mode::BillingStatement)];

const SOURCES: [(&str, Source); 3] =
    [("static", Source::Static), ("calculated", Source::Calculated), ("bound", Source::Bound)];

const FORMATS: [(&str, EmailDeliveryFormat); 4] = [
    ("url", EmailDeliveryFormat::Url),
    ("pdf", EmailDeliveryFormat::Pdf),
    ("excel", EmailDeliveryFormat::Excel),
    ("html", EmailDeliveryFormat::Html),
];

const RULE: &str = "When it runs again, as RFC 5545 has it; empty: it runs once.";

const MEANING: &[(&str, &str)] = &[
    ("mode", "One document, or one for each row of a data member."),
    ("parameters.source", "Where the value comes from."),
    ("billingStatementBinding", "For billing statements: whose rows, and whom to mail."),
    ("startDate", "When it runs first."),
    ("timeZone", "The zone by whose clock it runs."),
    ("recurrenceRule", RULE),
    ("retentionPeriod", "How many days results are kept; 0: for ever."),
    ("emailDeliveryFormat", "What is mailed: a link, an attachment, or the page itself."),
    ("sendIndividualEmails", "Whether each reader gets a mail of their own."),
    ("sendBlankDocument", "Whether it is sent where there is no data."),
    ("sharedFolders", "Folders where the file goes, below those that the site allows."),
    ("internalSubscriberIds", "Users who get it."),
];

fn read(fields: &mut Fields) -> JobFields {
    let given = fields.has("parameters");
    let parameters = fields.objects("parameters", |fields| {
        let name = fields.required("name", Fields::text);
        let source = fields.choice("source", &SOURCES).unwrap_or(Source::Static);
        let value = fields.any("value").unwrap_or_default();
        Some(ParameterField { name: name?, source, value })
    });
    JobFields {
        name: fields.text("name"),
        mode: fields.choice("mode", &MODES),
        document_id: fields.integer("documentId"),
        parameters: given.then_some(parameters),
        billing_statement_binding: fields.object("billingStatementBinding", |fields| {
            Some(BillingField {
                data_model_id: fields.integer("dataModelId"),
                data_member: fields.text("dataMember"),
                email_address_field: fields.text("emailAddressField"),
                email_recipient_field: fields.text("emailRecipientField"),
            })
        }),
        enabled: fields.boolean("enabled"),
        start_date: fields.text("startDate"),
        time_zone: fields.text("timeZone"),
        recurrence_rule: fields.clearable_text("recurrenceRule"),
        retention_period: fields.integer("retentionPeriod"),
        email_delivery_format: fields.choice("emailDeliveryFormat", &FORMATS),
        send_individual_emails: fields.boolean("sendIndividualEmails"),
        send_blank_document: fields.boolean("sendBlankDocument"),
        subscribed_emails: fields.texts("subscribedEmails"),
        shared_folders: fields.texts("sharedFolders"),
        internal_subscriber_ids: fields.integers("internalSubscriberIds"),
    }
}

/// A job to be made.
#[derive(Debug)]
pub(crate) struct CreateJob(pub(crate) JobFields);

impl Dto for CreateJob {
    const EXAMPLE: &'static str = r#"{
        "name": "Invoices of the month", "mode": "document", "documentId": 7,
        "parameters": [{"name": "Country", "source": "static", "value": "DE"}],
        "billingStatementBinding": {
            "dataModelId": 3, "dataMember": "Customers", "emailAddressField": "Email",
            "emailRecipientField": "Contact"
        },
        "enabled": true, "startDate": "2026-12-01T06:00:00Z", "timeZone": "Europe/Berlin",
        "recurrenceRule": "FREQ=MONTHLY", "retentionPeriod": 90, "emailDeliveryFormat": "pdf",
        "sendIndividualEmails": true, "sendBlankDocument": false,
        "subscribedEmails": ["ann@example.com"], "sharedFolders": ["invoices"],
        "internalSubscriberIds": [3]
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] = MEANING;

    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self(read(fields)))
    }
}

/// A change of a job. What is absent stays as it is.
#[derive(Debug)]
pub(crate) struct UpdateJob {
    pub(crate) id: Option<i64>,
    pub(crate) lock: Option<i64>,
    pub(crate) fields: JobFields,
}

impl Dto for UpdateJob {
    const EXAMPLE: &'static str = r#"{
        "id": 4, "optimisticLock": 1, "name": "Invoices of the month", "mode": "document", "documentId": 7,
        "parameters": [{"name": "Country", "source": "static", "value": "DE"}],
        "billingStatementBinding": {
            "dataModelId": 3, "dataMember": "Customers", "emailAddressField": "Email",
            "emailRecipientField": "Contact"
        },
        "enabled": true, "startDate": "2026-12-01T06:00:00Z", "timeZone": "Europe/Berlin",
        "recurrenceRule": "FREQ=MONTHLY", "retentionPeriod": 90, "emailDeliveryFormat": "pdf",
        "sendIndividualEmails": true, "sendBlankDocument": false,
        "subscribedEmails": ["ann@example.com"], "sharedFolders": ["invoices"],
        "internalSubscriberIds": [3]
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] = MEANING;

    fn read(fields: &mut Fields) -> Option<Self> {
        let id = fields.integer("id");
        let lock = fields.integer("optimisticLock");
        Some(Self { id, lock, fields: read(fields) })
    }
}

/// What is to be looked at of a job's next runs.
#[derive(Debug)]
pub(crate) struct PreviewJob {
    pub(crate) count: Option<i64>,
    pub(crate) start_date: Option<String>,
    pub(crate) time_zone: Option<String>,
    pub(crate) recurrence_rule: Option<String>,
}

impl Dto for PreviewJob {
    const MAY_BE_ABSENT: bool = true;

    const EXAMPLE: &'static str = r#"{
        "count": 5, "startDate": "2026-12-01T06:00:00Z", "timeZone": "Europe/Berlin",
        "recurrenceRule": "FREQ=MONTHLY"
    }"#;

    const MEANING: &'static [(&'static str, &'static str)] =
        &[("count", "How many runs."), ("recurrenceRule", RULE)];

    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self {
            count: fields.integer("count"),
            start_date: fields.text("startDate"),
            time_zone: fields.text("timeZone"),
            recurrence_rule: fields.clearable_text("recurrenceRule"),
        })
    }
}
