//! What a statement would give.

use pressroom_data::SourceError;
use pressroom_ports::{ColumnInfo, DescribeError, Statement};
use tokio_postgres::{Client, Error};

use super::error;
use super::prepare::{self, Prepared};
use crate::subject::Subject;

/// The columns of a statement, which is prepared and not run.
pub(super) async fn describe(
    client: &Client,
    statement: &Statement,
    subject: &Subject,
) -> Result<Vec<ColumnInfo>, DescribeError> {
    let prepared = prepare::prepare(client, &statement.sql, &statement.binds).await;
    let prepared = prepared.map_err(|error| wrong(&error, subject))?;
    if prepared.ways.is_empty() {
        return Err(DescribeError::NotReading);
    }
    // What gives rows and does not stand in parentheses does more than read, such as a `delete` that
    // tells what it deleted.
    let around = format!("select from (\n{}\n) as q", prepare::inner(&statement.sql));
    match client.prepare_typed(&around, prepared.plain.params()).await {
        Ok(_) => Ok(columns(&prepared)),
        Err(error) if error.as_db_error().is_some() => Err(DescribeError::NotReading),
        Err(error) => Err(wrong(&error, subject)),
    }
}

/// The columns of a prepared statement.
pub(super) fn columns(prepared: &Prepared) -> Vec<ColumnInfo> {
    let columns = prepared.plain.columns().iter().zip(&prepared.ways);
    let columns = columns.map(|(column, way)| ColumnInfo {
        name: column.name().to_owned(),
        data_type: way.form().data_type(),
    });
    columns.collect()
}

fn wrong(error: &Error, subject: &Subject) -> DescribeError {
    if error.as_db_error().is_some_and(error::is_several) {
        return DescribeError::Several;
    }
    match error::said(subject, error) {
        SourceError::Query { message, .. } => DescribeError::Wrong(message),
        SourceError::Away { source_name, message } => {
            DescribeError::Away(SourceError::Away { source_name, message }.to_string())
        }
        other => DescribeError::Wrong(other.to_string()),
    }
}
