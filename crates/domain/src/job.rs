//! Jobs: documents that are made and sent when they come due.

use std::fmt;
use std::path::{Component, Path};

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::text::one_line;
use crate::{
    CalculatedDate, DataModelId, Days, DocumentId, EmailAddress, InvalidText, JobId, JobResult,
    Name, OptimisticLock, Schedule, UserId,
};

/// What a job makes when it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobMode {
    /// One document.
    Document,
    /// One document for each row of a data member, each sent to the row's address.
    BillingStatement(BillingStatementBinding),
}

impl JobMode {
    /// The name that the API gives it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::BillingStatement(_) => "BillingStatement",
        }
    }

    /// Where the rows of billing statements come from.
    #[must_use]
    pub const fn binding(&self) -> Option<&BillingStatementBinding> {
        match self {
            Self::Document => None,
            Self::BillingStatement(binding) => Some(binding),
        }
    }
}

/// Where the rows of billing statements come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillingStatementBinding {
    /// The data model.
    pub data_model_id: DataModelId,
    /// A table, view, query or procedure of it.
    pub data_member: Name,
    /// The column of the address that a document is sent to.
    pub email_address_field: Name,
    /// The column of the name that it is addressed to; may be absent.
    pub email_recipient_field: Option<Name>,
}

/// What a parameter of the document is when the job runs.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterValue {
    /// Always the same.
    Static(Value),
    /// A date that is calculated then.
    Calculated(CalculatedDate),
    /// A column of the row that the document is made for.
    Bound(Name),
}

impl ParameterValue {
    /// The name that the API gives its source.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        match self {
            Self::Static(_) => "Static",
            Self::Calculated(_) => "Calculated",
            Self::Bound(_) => "Bound",
        }
    }

    /// The value as the API writes it: of a calculated one its name, of a bound one the column's name.
    #[must_use]
    pub fn value(&self) -> Value {
        match self {
            Self::Static(value) => value.clone(),
            Self::Calculated(date) => date.to_string().into(),
            Self::Bound(column) => column.as_str().into(),
        }
    }
}

/// A parameter of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct JobParameter {
    /// Its name.
    pub name: Name,
    /// What it is.
    pub value: ParameterValue,
}

/// How mails of a job bring the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EmailDeliveryFormat {
    /// As a link to it.
    #[default]
    Url,
    /// As an attached PDF.
    Pdf,
    /// As an attached workbook.
    Excel,
    /// As the mail itself.
    Html,
}

impl EmailDeliveryFormat {
    /// All of them, in the order in which the API numbers them.
    pub const ALL: [Self; 4] = [Self::Url, Self::Pdf, Self::Excel, Self::Html];

    /// The name that the API gives it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Url => "Url",
            Self::Pdf => "Pdf",
            Self::Excel => "Excel",
            Self::Html => "Html",
        }
    }

    /// The one of a name in any letter case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }
}

/// A folder that documents are written to: an absolute path of at most 1,000 characters, without `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SharedFolder(String);

impl SharedFolder {
    /// The most characters.
    pub const LONGEST: usize = 1_000;

    /// A folder of this path.
    ///
    /// # Errors
    /// [`InvalidText`] when it is empty, too long, relative, or leads upwards.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        let what = "a shared folder";
        let text = one_line(what, text, Self::LONGEST)?;
        let path = Path::new(&text);
        let upwards = path.components().any(|part| part == Component::ParentDir);
        if path.is_absolute() && !upwards {
            Ok(Self(text))
        } else {
            Err(InvalidText::Shape { what, example: "/srv/reports/daily, without .." })
        }
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a folder or a folder below it, by their names. Links on the disk are for those who
    /// write to look at.
    #[must_use]
    pub fn is_below(&self, root: &Path) -> bool {
        Path::new(&self.0).starts_with(root)
    }
}

impl fmt::Display for SharedFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What people say about a job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobDetails {
    /// What it is called. Several may be called the same.
    pub name: Name,
    /// What it makes.
    pub mode: JobMode,
    /// The document.
    pub document_id: DocumentId,
    /// Values of the document's parameters; the others take their defaults.
    pub parameters: Vec<JobParameter>,
    /// Whether it runs when it comes due.
    pub enabled: bool,
    /// When it comes due.
    pub schedule: Schedule,
    /// How long its documents are kept; 0 is for ever.
    pub retention: Days,
    /// How mails bring the document.
    pub email_delivery_format: EmailDeliveryFormat,
    /// Whether each recipient gets a mail of their own.
    pub send_individual_emails: bool,
    /// Whether a document without data is sent too.
    pub send_blank_document: bool,
    /// Who gets mails, by address.
    pub subscribed_emails: Vec<EmailAddress>,
    /// Where files are written.
    pub shared_folders: Vec<SharedFolder>,
    /// Which users get mails.
    pub internal_subscribers: Vec<UserId>,
}

impl JobDetails {
    /// When it runs next, from a moment on; none where it is off or over.
    #[must_use]
    pub fn next_run(&self, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.enabled { self.schedule.next_from(from) } else { None }
    }
}

/// A document that is made and sent when it comes due.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Which.
    pub id: JobId,
    /// With whose rights it runs: those of who saved it last.
    pub owner: UserId,
    /// What people say about it.
    pub details: JobDetails,
    /// When it runs next, as far as was known when it was written.
    pub next_run: Option<DateTime<Utc>>,
    /// What its newest run came to.
    pub last_result: Option<JobResult>,
    /// Its lock.
    pub lock: OptimisticLock,
}

impl Job {
    /// When it runs next, as seen from a moment: where that has passed and nobody ran it, it is the
    /// first time from the moment on.
    #[must_use]
    pub fn next_run_seen_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.next_run {
            Some(passed) if passed < now => self.details.next_run(now),
            next => next,
        }
    }
}

/// A job to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// Who makes it.
    pub owner: UserId,
    /// What they say about it.
    pub details: JobDetails,
    /// When it runs first.
    pub next_run: Option<DateTime<Utc>>,
}

/// A change of a job.
#[derive(Clone, Debug, PartialEq)]
pub struct JobUpdate {
    /// Which.
    pub id: JobId,
    /// The lock that the writer saw; none writes whatever was there.
    pub expected: Option<OptimisticLock>,
    /// Who changes it, and owns it from now on.
    pub owner: UserId,
    /// What they say about it.
    pub details: JobDetails,
    /// When it runs next.
    pub next_run: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Recurrence, TimeZone};

    #[test]
    fn folders_are_absolute_and_never_lead_upwards() {
        let root = Path::new("/srv/reports");
        for (text, below) in [
            ("/srv/reports", true),
            ("/srv/reports/", true),
            (" /srv/reports/daily ", true),
            ("/srv/./reports/daily", true),
            ("/srv/reports2", false),
            ("/srv", false),
            ("/etc", false),
        ] {
            let folder = SharedFolder::new(text).unwrap();
            assert_eq!(folder.is_below(root), below, "{text}");
        }
        for wrong in ["", "reports", "../reports", "/srv/reports/../../etc", "/a\nb", "/a\0b"] {
            assert!(SharedFolder::new(wrong).is_err(), "{wrong:?}");
        }
        assert!(SharedFolder::new(&format!("/{}", "x".repeat(1_000))).is_err());
    }

    #[test]
    fn a_run_that_passed_is_followed_by_the_next() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let start = at("2026-03-01T07:00:00Z");
        let rule = Recurrence::parse("FREQ=DAILY").unwrap();
        let details = JobDetails {
            name: Name::new("Daily").unwrap(),
            mode: JobMode::Document,
            document_id: DocumentId(1),
            parameters: Vec::new(),
            enabled: true,
            schedule: Schedule::new(start, TimeZone::UTC, Some(rule)),
            retention: Days::ZERO,
            email_delivery_format: EmailDeliveryFormat::Pdf,
            send_individual_emails: false,
            send_blank_document: false,
            subscribed_emails: Vec::new(),
            shared_folders: Vec::new(),
            internal_subscribers: Vec::new(),
        };
        let job = Job {
            id: JobId(1),
            owner: UserId(1),
            next_run: details.next_run(start),
            details,
            last_result: None,
            lock: OptimisticLock::NEW,
        };
        assert_eq!(job.next_run, Some(start));
        assert_eq!(job.next_run_seen_at(start), Some(start), "it may be about to run");
        let later = at("2026-03-05T08:00:00Z");
        assert_eq!(job.next_run_seen_at(later), Some(at("2026-03-06T07:00:00Z")));
        let off = JobDetails { enabled: false, ..job.details.clone() };
        assert_eq!(off.next_run(start), None);
    }

    #[test]
    fn formats_are_found_in_any_case() {
        assert_eq!(EmailDeliveryFormat::find("EXCEL"), Some(EmailDeliveryFormat::Excel));
        assert_eq!(EmailDeliveryFormat::find("fax"), None);
    }
}
