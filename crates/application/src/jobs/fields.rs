//! The fields of a job as callers write them, and what is checked about them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use pressroom_domain::{
    Access, Argument, BillingStatementBinding, CalculatedDate, DataModelId, Days, Document,
    DocumentId, DocumentType, EmailAddress, EmailDeliveryFormat, JobDetails, JobMode, JobParameter,
    Name, ParameterValue, Recurrence, Schedule, SharedFolder, TimeZone, UserId,
};
use pressroom_ports::StoreError;
use serde_json::Value;

use super::dates;
use crate::error::Check;
use crate::exports::check_arguments;
use crate::{App, Caller, Error, Problem, authorise, layouts};

/// What a job makes, as callers name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One document.
    Document,
    /// One document for each row of a data member.
    BillingStatement,
}

/// Where the value of a parameter comes from, as callers name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is the value.
    Static,
    /// It is the name of a date that is calculated.
    Calculated,
    /// It is the name of a column.
    Bound,
}

/// A parameter as callers write it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterField {
    /// Its name.
    pub name: String,
    /// Where its value comes from.
    pub source: Source,
    /// The value, or the name of it.
    pub value: Value,
}

/// Where the rows of billing statements come from, as callers write it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BillingField {
    /// The data model.
    pub data_model_id: Option<i64>,
    /// A table, view, query or procedure of it.
    pub data_member: Option<String>,
    /// The column of addresses.
    pub email_address_field: Option<String>,
    /// The column of names.
    pub email_recipient_field: Option<String>,
}

/// The fields of a job. What is absent stays as it is, or is what a new job is without it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobFields {
    /// What it is called. A new job needs it.
    pub name: Option<String>,
    /// What it makes; a document unless said.
    pub mode: Option<Mode>,
    /// The document. A new job needs it.
    pub document_id: Option<i64>,
    /// Values of the document's parameters.
    pub parameters: Option<Vec<ParameterField>>,
    /// Where the rows of billing statements come from. Taken no notice of in other modes.
    pub billing_statement_binding: Option<BillingField>,
    /// Whether it runs when it comes due; it does unless said.
    pub enabled: Option<bool>,
    /// When it starts, in its time zone unless the text says otherwise; now unless said.
    pub start_date: Option<String>,
    /// The name of its time zone; UTC unless said.
    pub time_zone: Option<String>,
    /// Its recurrence rule; empty is once.
    pub recurrence_rule: Option<String>,
    /// How many days its documents are kept; 0, and unless said, for ever.
    pub retention_period: Option<i64>,
    /// How mails bring the document; as a link unless said.
    pub email_delivery_format: Option<EmailDeliveryFormat>,
    /// Whether each recipient gets a mail of their own; not unless said.
    pub send_individual_emails: Option<bool>,
    /// Whether a document without data is sent too; not unless said.
    pub send_blank_document: Option<bool>,
    /// Who gets mails, by address.
    pub subscribed_emails: Option<Vec<String>>,
    /// Where files are written.
    pub shared_folders: Option<Vec<String>>,
    /// Which users get mails.
    pub internal_subscriber_ids: Option<Vec<i64>>,
}

/// The most members of each list.
const MOST: usize = 500;

impl JobFields {
    /// What the fields come to, on top of what was there. The caller must be able to read the document
    /// and the data model: the job runs with their rights.
    ///
    /// `check` holds what is wrong already; all of it is told together.
    pub(super) async fn details(
        self,
        app: &App,
        caller: &Caller,
        before: Option<&JobDetails>,
        mut check: Check,
    ) -> Result<JobDetails, Error> {
        let name = match (self.name, before) {
            (Some(text), _) => Name::new(&text).map_err(|error| error.to_string()),
            (None, Some(before)) => Ok(before.name.clone()),
            (None, None) => Err("must be given".to_owned()),
        };
        let name = check.field("name", name);
        let document_id = self.document_id.map(DocumentId);
        let document_id = document_id.or(before.map(|before| before.document_id));
        let document_id = check.field("documentId", document_id.ok_or("must be given"));
        let schedule = schedule(
            self.start_date.as_deref(),
            self.time_zone.as_deref(),
            self.recurrence_rule.as_deref(),
            before.map(|before| &before.schedule),
            app.clock.now(),
            &mut check,
        );
        let mode = mode(
            self.mode,
            self.billing_statement_binding,
            before.map(|before| &before.mode),
            &mut check,
        );
        let retention = match (self.retention_period, before) {
            (Some(days), _) => Days::new("it", days),
            (None, before) => Ok(before.map(|before| before.retention).unwrap_or_default()),
        };
        let retention = check.field("retentionPeriod", retention);
        let parameters = match self.parameters {
            Some(fields) => parameters(fields, mode.as_ref(), &mut check),
            None => before.map(|before| before.parameters.clone()).unwrap_or_default(),
        };
        let subscribed_emails = match self.subscribed_emails {
            Some(texts) => list("subscribedEmails", &texts, &mut check, EmailAddress::new),
            None => before.map(|before| before.subscribed_emails.clone()).unwrap_or_default(),
        };
        let shared_folders = match self.shared_folders {
            Some(texts) => list("sharedFolders", &texts, &mut check, |text| folder(app, text)),
            None => before.map(|before| before.shared_folders.clone()).unwrap_or_default(),
        };
        let internal_subscribers = match self.internal_subscriber_ids {
            Some(ids) => subscribers(app, &ids, &mut check).await?,
            None => before.map(|before| before.internal_subscribers.clone()).unwrap_or_default(),
        };
        if let Some(document_id) = document_id {
            let document = app.stores.documents.get(document_id).await?;
            authorise::document(caller, &document, Access::READ)?;
            for problem in check_parameters(app, caller, &document, &parameters).await? {
                check.add(problem);
            }
        }
        if let Some(binding) = mode.as_ref().and_then(JobMode::binding) {
            let model = app.stores.data_models.get(binding.data_model_id).await?;
            authorise::data_model(caller, &model, Access::READ)?;
        }
        let (Some(name), Some(document_id), Some(schedule), Some(mode), Some(retention)) =
            (name, document_id, schedule, mode, retention)
        else {
            return Err(check.into_error());
        };
        check.end()?;
        let or_before = |given: Option<bool>, field: fn(&JobDetails) -> bool, new: bool| {
            given.unwrap_or_else(|| before.map_or(new, field))
        };
        Ok(JobDetails {
            name,
            mode,
            document_id,
            parameters,
            enabled: or_before(self.enabled, |before| before.enabled, true),
            schedule,
            retention,
            email_delivery_format: self
                .email_delivery_format
                .or(before.map(|before| before.email_delivery_format))
                .unwrap_or_default(),
            send_individual_emails: or_before(
                self.send_individual_emails,
                |before| before.send_individual_emails,
                false,
            ),
            send_blank_document: or_before(
                self.send_blank_document,
                |before| before.send_blank_document,
                false,
            ),
            subscribed_emails,
            shared_folders,
            internal_subscribers,
        })
    }
}

/// When a job comes due, on top of what was there.
pub(super) fn schedule(
    start_date: Option<&str>,
    time_zone: Option<&str>,
    recurrence_rule: Option<&str>,
    before: Option<&Schedule>,
    now: DateTime<Utc>,
    check: &mut Check,
) -> Option<Schedule> {
    let given = |text: &&str| !text.trim().is_empty();
    let zone = match time_zone.filter(given) {
        Some(name) => check.field("timeZone", TimeZone::find(name))?,
        None => before.map_or(TimeZone::UTC, Schedule::zone),
    };
    let start = match start_date.filter(given) {
        Some(text) => check.field("startDate", dates::moment(text, zone)),
        None => Some(before.map_or(now, Schedule::start)),
    };
    let recurrence = match recurrence_rule {
        Some(text) if text.trim().is_empty() => Some(None),
        Some(text) => check.field("recurrenceRule", Recurrence::parse(text)).map(Some),
        None => Some(before.and_then(Schedule::recurrence).cloned()),
    };
    let schedule = Schedule::new(start?, zone, recurrence?);
    check.field("recurrenceRule", schedule.check())?;
    Some(schedule)
}

fn mode(
    mode: Option<Mode>,
    binding: Option<BillingField>,
    before: Option<&JobMode>,
    check: &mut Check,
) -> Option<JobMode> {
    let billing = match (mode, before) {
        (Some(mode), _) => mode == Mode::BillingStatement,
        (None, before) => before.and_then(JobMode::binding).is_some(),
    };
    if !billing {
        return Some(JobMode::Document);
    }
    let before = before.and_then(JobMode::binding);
    let Some(fields) = binding else {
        let kept = before.cloned().map(JobMode::BillingStatement);
        let message = "must be given in this mode";
        return check.field("billingStatementBinding", kept.ok_or(message));
    };
    let field = |name: &str| format!("billingStatementBinding.{name}");
    let missing = || "must be given".to_owned();
    let needed = |text: Option<String>| {
        let text = text.ok_or_else(missing)?;
        Name::new(&text).map_err(|error| error.to_string())
    };
    let model = fields.data_model_id.map(DataModelId).ok_or_else(missing);
    let model = check.field(&field("dataModelId"), model);
    let member = check.field(&field("dataMember"), needed(fields.data_member));
    let address = check.field(&field("emailAddressField"), needed(fields.email_address_field));
    let recipient = fields.email_recipient_field.filter(|text| !text.trim().is_empty());
    let recipient = recipient.map(|text| Name::new(&text)).transpose();
    let recipient = check.field(&field("emailRecipientField"), recipient);
    Some(JobMode::BillingStatement(BillingStatementBinding {
        data_model_id: model?,
        data_member: member?,
        email_address_field: address?,
        email_recipient_field: recipient?,
    }))
}

fn parameters(
    fields: Vec<ParameterField>,
    mode: Option<&JobMode>,
    check: &mut Check,
) -> Vec<JobParameter> {
    if fields.len() > MOST {
        check.add(too_many("parameters", fields.len()));
        return Vec::new();
    }
    // Where the mode itself is wrong, that is told, and nothing that follows from it.
    let bills = mode.is_none_or(|mode| mode.binding().is_some());
    let mut names = BTreeSet::new();
    let mut read = Vec::with_capacity(fields.len());
    for (index, ParameterField { name, source, value }) in fields.into_iter().enumerate() {
        let field = |name: &str| format!("parameters[{index}].{name}");
        let name = check.field(&field("name"), Name::new(&name));
        if let Some(name) = &name
            && !names.insert(name.key())
        {
            check.add(Problem::new(field("name"), format!("\"{name}\" stands twice")));
        }
        let text = value.as_str().unwrap_or_default();
        let value = match source {
            Source::Static => Some(ParameterValue::Static(value)),
            Source::Calculated => {
                let message = "must be the name of a calculated date, such as StartOfPreviousMonth: Start or End, Of, Previous, Current or Next, Task, Day, Week, Month, Quarter or Year";
                let date = CalculatedDate::find(text).ok_or(message);
                check.field(&field("value"), date).map(ParameterValue::Calculated)
            }
            Source::Bound if !bills => {
                let message = "can be bound only where mode is billingStatement";
                check.add(Problem::new(field("source"), message));
                None
            }
            Source::Bound => {
                let column = Name::new(text).map_err(|_| "must be the name of a column");
                check.field(&field("value"), column).map(ParameterValue::Bound)
            }
        };
        if let (Some(name), Some(value)) = (name, value) {
            read.push(JobParameter { name, value });
        }
    }
    read
}

/// What of the parameters the document does not have, or does not take.
async fn check_parameters(
    app: &App,
    caller: &Caller,
    document: &Document,
    parameters: &[JobParameter],
) -> Result<Vec<Problem>, Error> {
    if parameters.is_empty() {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    let revision = app.stores.documents.revision(document.id, document.revision_id).await?;
    match document.document_type {
        DocumentType::Report => {
            let definition = layouts::load(app, revision.layout).await?;
            let now = app.clock.now().naive_utc();
            for (index, JobParameter { name, value }) in parameters.iter().enumerate() {
                let value = match value {
                    ParameterValue::Static(value) => value.clone(),
                    // Any date will do to see that the parameter takes one.
                    ParameterValue::Calculated(_) => "2026-01-01T00:00:00".into(),
                    ParameterValue::Bound(_) => Value::Null,
                };
                let argument = Argument { name: name.to_string(), value };
                let checked = check_arguments(
                    &definition,
                    &[argument],
                    now,
                    app.settings.culture,
                    caller.reader(),
                );
                if let Err(Error::Invalid(found)) = checked {
                    problems.extend(found.into_iter().map(|problem| {
                        let message = format!("{name}: {}", problem.message);
                        Problem::new(format!("parameters[{index}]"), message)
                    }));
                }
            }
        }
        DocumentType::Dashboard => {
            let bytes = app.blobs.get(&revision.layout, app.settings.layout_bytes).await?;
            let known = layouts::outline(bytes).await?.0.parameters;
            for (index, JobParameter { name, .. }) in parameters.iter().enumerate() {
                if !known.iter().any(|known| known.eq_ignore_ascii_case(name.as_str())) {
                    let message = match known.as_slice() {
                        [] => format!("{name}: the dashboard has no parameters; leave it out"),
                        known => format!(
                            "{name}: the dashboard has no such parameter; it has {}",
                            known.join(", ")
                        ),
                    };
                    problems.push(Problem::new(format!("parameters[{index}]"), message));
                }
            }
        }
    }
    Ok(problems)
}

/// The members of a list, each once.
fn list<T: PartialEq, E: ToString>(
    field: &str,
    texts: &[String],
    check: &mut Check,
    read: impl Fn(&str) -> Result<T, E>,
) -> Vec<T> {
    if texts.len() > MOST {
        check.add(too_many(field, texts.len()));
        return Vec::new();
    }
    let mut members = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        match read(text) {
            Ok(member) if members.contains(&member) => {}
            Ok(member) => members.push(member),
            Err(error) => {
                check.add(Problem::new(format!("{field}[{index}]"), error.to_string()));
            }
        }
    }
    members
}

fn folder(app: &App, text: &str) -> Result<SharedFolder, String> {
    let folder = SharedFolder::new(text).map_err(|error| error.to_string())?;
    let roots = &app.settings.folder_roots;
    if roots.iter().any(|root| folder.is_below(root)) {
        return Ok(folder);
    }
    Err(if roots.is_empty() {
        "no folder may be written to on this site; an administrator allows some with delivery.folder_roots".to_owned()
    } else {
        let roots: Vec<String> = roots.iter().map(|root| root.display().to_string()).collect();
        format!("must be below {}", roots.join(" or "))
    })
}

/// The users of these ids, each once. They have to be there.
async fn subscribers(app: &App, ids: &[i64], check: &mut Check) -> Result<Vec<UserId>, Error> {
    const FIELD: &str = "internalSubscriberIds";
    if ids.len() > MOST {
        check.add(too_many(FIELD, ids.len()));
        return Ok(Vec::new());
    }
    let mut users = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().map(|id| UserId(*id)).enumerate() {
        if users.contains(&id) {
            continue;
        }
        match app.stores.users.get(id).await {
            Ok(_) => users.push(id),
            Err(StoreError::NotFound { .. }) => {
                let message = format!("user {id} does not exist");
                check.add(Problem::new(format!("{FIELD}[{index}]"), message));
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(users)
}

fn too_many(field: &str, count: usize) -> Problem {
    Problem::new(field, format!("has {count} members; at most {MOST} fit"))
}

#[cfg(test)]
mod tests;
