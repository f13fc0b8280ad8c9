//! What a statement would give.

use mysql_async::prelude::Queryable;
use pressroom_data::SourceError;
use pressroom_ports::{ColumnInfo, DescribeError, Statement};

use super::connect::Session;
use super::{error, types};
use crate::subject::Subject;

/// The columns of a statement, which is prepared and not run.
pub(crate) async fn describe(
    session: &mut Session,
    statement: &Statement,
    subject: &Subject,
) -> Result<Result<Vec<ColumnInfo>, DescribeError>, SourceError> {
    let prepared = match session.connection.prep(&*statement.sql).await {
        Ok(prepared) => prepared,
        Err(error) if error.is_fatal() => return Err(error::said(subject, &error)),
        Err(error) => return Ok(Err(error::describing(subject, &error))),
    };
    let columns: Vec<ColumnInfo> = prepared
        .columns()
        .iter()
        .map(|column| ColumnInfo {
            name: column.name_str().into_owned(),
            data_type: types::of_column(column),
        })
        .collect();
    let _ = session.connection.close(prepared).await;
    Ok(if columns.is_empty() { Err(DescribeError::NotReading) } else { Ok(columns) })
}
