//! What runs of jobs came to.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::{DocumentId, JobId, JobResultId, JobRunId};

/// Where a run, or one of its documents, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobStatus {
    /// It was made and sent.
    Success,
    /// It was not, and will not be.
    Fail,
    /// A source or a mail server was away; it is tried again.
    Snoozed,
    /// It is being made.
    InProgress,
}

impl JobStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Success, Self::Fail, Self::Snoozed, Self::InProgress];

    /// The name that the API gives it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Fail => "Fail",
            Self::Snoozed => "Snoozed",
            Self::InProgress => "InProgress",
        }
    }

    /// The one of a name in any letter case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name().eq_ignore_ascii_case(name))
    }
}

/// One run of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRun {
    /// Which.
    pub id: JobRunId,
    /// Of which job.
    pub job_id: JobId,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

/// A run that begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJobRun {
    /// Of which job.
    pub job_id: JobId,
    /// When it begins.
    pub started_at: DateTime<Utc>,
}

/// A document that a run made, or did not: one run has many of them where it makes billing statements.
#[derive(Clone, Debug, PartialEq)]
pub struct JobResult {
    /// Which.
    pub id: JobResultId,
    /// Of which run.
    pub run_id: JobRunId,
    /// Of which job.
    pub job_id: JobId,
    /// What was made from.
    pub document_id: DocumentId,
    /// What the made document is called.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Where it stands.
    pub status: JobStatus,
    /// What went wrong, in words; empty where nothing did.
    pub message: String,
    /// Whom it was sent to, and the folders that it was written to.
    pub recipients: Vec<String>,
    /// The values of the document's parameters.
    pub parameters: Map<String, Value>,
}

/// A result to be recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJobResult {
    /// Of which run.
    pub run_id: JobRunId,
    /// What was made from.
    pub document_id: DocumentId,
    /// What the made document is called.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Where it stands.
    pub status: JobStatus,
    /// What went wrong, in words; empty where nothing did.
    pub message: String,
    /// Whom it was sent to, and the folders that it was written to.
    pub recipients: Vec<String>,
    /// The values of the document's parameters.
    pub parameters: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_found_by_name() {
        for status in JobStatus::ALL {
            assert_eq!(JobStatus::find(status.name()), Some(status));
        }
        assert_eq!(JobStatus::find("Done"), None);
    }
}
