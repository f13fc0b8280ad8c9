//! What a statement would give.

use pressroom_data::SourceError;
use pressroom_ports::{ColumnInfo, DescribeError};
use rusqlite::Error;

use super::error::Subject;
use super::hiding::Refusal;
use super::open::Session;
use super::schema;

/// The columns of a statement, which is prepared and not run.
pub(crate) fn describe(
    session: &Session,
    sql: &str,
    subject: &Subject,
) -> Result<Vec<ColumnInfo>, DescribeError> {
    session.expect(sql, subject).map_err(wrong)?;
    let statement = session.connection.prepare(sql).map_err(|error| match error {
        Error::MultipleStatement => DescribeError::Several,
        _ if session.refusal() == Some(Refusal::Acts) => DescribeError::NotReading,
        error => wrong(session.error(subject, &error)),
    })?;
    if statement.column_count() == 0 || !statement.readonly() {
        return Err(DescribeError::NotReading);
    }
    Ok(schema::columns_of(&statement))
}

fn wrong(error: SourceError) -> DescribeError {
    match error {
        SourceError::Query { message, .. } => DescribeError::Wrong(message),
        SourceError::Away { .. } => DescribeError::Away(error.to_string()),
        other => DescribeError::Wrong(other.to_string()),
    }
}
