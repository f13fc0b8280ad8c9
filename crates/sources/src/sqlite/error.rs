//! What SQLite says, in the words of the port.

use std::fmt::Display;
use std::time::Duration;

use pressroom_data::SourceError;
use pressroom_domain::DataModel;
use rusqlite::{Error, ErrorCode};

/// What messages are about: a query of a data model.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    model: String,
    query: String,
}

impl Subject {
    pub(crate) fn new(model: &DataModel, query: &str) -> Self {
        Self { model: model.name.to_string(), query: query.to_owned() }
    }

    pub(crate) fn away(&self, message: impl Display) -> SourceError {
        SourceError::Away { source_name: self.model.clone(), message: message.to_string() }
    }

    pub(crate) fn query(&self, message: impl Display) -> SourceError {
        SourceError::Query { member: self.query.clone(), message: message.to_string() }
    }

    pub(crate) fn too_slow(&self, timeout: Duration) -> SourceError {
        SourceError::Limit(format!(
            "the query \"{}\" gave no rows for {} s; make it faster, or raise the command timeout of data model \"{}\"",
            self.query,
            timeout.as_secs_f64(),
            self.model
        ))
    }

    pub(crate) fn too_many_rows(&self, rows: u64) -> SourceError {
        SourceError::Limit(format!(
            "the query \"{}\" gives more than {rows} rows; let it choose fewer",
            self.query
        ))
    }

    pub(crate) fn too_long(&self, bytes: usize) -> SourceError {
        SourceError::Limit(format!(
            "the query \"{}\" gives a value of more than {bytes} bytes; leave it out or cut it",
            self.query
        ))
    }

    /// The error of a prepared or running statement.
    pub(crate) fn error(&self, error: &Error) -> SourceError {
        match error {
            Error::MultipleStatement => self.query("it holds more than one statement; keep one"),
            Error::SqliteFailure(failure, message) => {
                self.failure(failure.code, message.as_deref())
            }
            Error::SqlInputError { error, msg, .. } => self.failure(error.code, Some(msg)),
            other => self.query(other),
        }
    }

    fn failure(&self, code: ErrorCode, message: Option<&str>) -> SourceError {
        match code {
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => self
                .away("its file cannot be opened; see that the server may read it and its folder"),
            ErrorCode::NotADatabase => self.away("its file is not an SQLite database"),
            ErrorCode::DatabaseCorrupt => {
                self.away("its file is damaged; restore it from a backup")
            }
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                self.away("another program keeps it locked; try again in a moment")
            }
            ErrorCode::SystemIoFailure => self.away("its file cannot be read"),
            ErrorCode::DiskFull => {
                SourceError::Spill("the disk for temporary files is full".into())
            }
            ErrorCode::OutOfMemory => SourceError::Limit(format!(
                "the query \"{}\" needs more memory than there is; let it choose less",
                self.query
            )),
            ErrorCode::OperationInterrupted => SourceError::Cancelled,
            ErrorCode::TooBig => SourceError::Limit(format!(
                "the query \"{}\" or a row of it is too long; leave long values out",
                self.query
            )),
            ErrorCode::AuthorizationForStatementDenied | ErrorCode::ReadOnly => {
                self.query("it does more than read tables and views; only a select is run")
            }
            _ => self.query(message.unwrap_or("the database refused it")),
        }
    }
}
