//! What a statement would give.

use pressroom_data::SourceError;
use pressroom_ports::{ColumnInfo, DescribeError};
use rusqlite::Error;

use super::hiding::Refusal;
use super::open::Session;
use super::schema;
use crate::subject::Subject;

/// The columns of a statement, which is prepared and not run.
pub(crate) fn describe(
    session: &Session,
    sql: &str,
    subject: &Subject,
) -> Result<Vec<ColumnInfo>, DescribeError> {
    session.expect(sql, subject).map_err(forbidden)?;
    let statement = session.connection.prepare(sql).map_err(|error| match error {
        Error::MultipleStatement => DescribeError::Several,
        _ if session.refusal() == Some(Refusal::Acts) => DescribeError::NotReading,
        error if session.refusal().is_some() => forbidden(session.error(subject, &error)),
        error => wrong(session.error(subject, &error)),
    })?;
    if statement.column_count() == 0 || !statement.readonly() {
        return Err(DescribeError::NotReading);
    }
    Ok(schema::columns_of(&statement))
}

fn forbidden(error: SourceError) -> DescribeError {
    match error {
        SourceError::Query { message, .. } => DescribeError::Forbidden(message),
        other => DescribeError::Forbidden(other.to_string()),
    }
}

fn wrong(error: SourceError) -> DescribeError {
    match error {
        SourceError::Query { message, .. } => DescribeError::Wrong(message),
        SourceError::Away { .. } => DescribeError::Away(error.to_string()),
        other => DescribeError::Wrong(other.to_string()),
    }
}
