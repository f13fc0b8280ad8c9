//! What SQLite says, in the words of the port.

use pressroom_data::SourceError;
use rusqlite::{Error, ErrorCode};

use crate::subject::Subject;

/// The error of a prepared or running statement.
pub(crate) fn said(subject: &Subject, error: &Error) -> SourceError {
    match error {
        Error::MultipleStatement => subject.several_statements(),
        Error::SqliteFailure(failed, message) => failure(subject, failed.code, message.as_deref()),
        Error::SqlInputError { error, msg, .. } => failure(subject, error.code, Some(msg)),
        other => subject.query(other),
    }
}

fn failure(subject: &Subject, code: ErrorCode, message: Option<&str>) -> SourceError {
    match code {
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied => subject
            .away("its file cannot be opened; see that the server may read it and its folder"),
        ErrorCode::NotADatabase => subject.away("its file is not an SQLite database"),
        ErrorCode::DatabaseCorrupt => subject.away("its file is damaged; restore it from a backup"),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            subject.away("another program keeps it locked; try again in a moment")
        }
        ErrorCode::SystemIoFailure => subject.away("its file cannot be read"),
        ErrorCode::DiskFull => SourceError::Spill("the disk for temporary files is full".into()),
        ErrorCode::OutOfMemory => subject.too_much_memory(),
        ErrorCode::OperationInterrupted => SourceError::Cancelled,
        ErrorCode::TooBig => subject.row_too_long(),
        ErrorCode::AuthorizationForStatementDenied | ErrorCode::ReadOnly => {
            subject.not_only_reading()
        }
        _ => subject.query(message.unwrap_or("the database refused it")),
    }
}
