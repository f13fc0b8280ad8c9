//! What a statement would give.

use pressroom_data::SourceError;
use pressroom_ports::{ColumnInfo, DescribeError, Statement};
use tiberius::error::Error;

use super::binds::Binds;
use super::connect::{self, Session};
use super::{error, types};
use crate::subject::Subject;

/// The server's own way, which is not told all that a statement may hold.
const DESCRIBE: &str = "EXEC sp_describe_first_result_set @P1, @P2";
/// What this begins, gives columns instead of rows.
const COLUMNS_ONLY: &str = "SET FMTONLY ON; ";
const BEGIN: &str = "BEGIN TRANSACTION";
const END: &str = "SET FMTONLY OFF; IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION";

/// The columns of a statement, which is not run.
pub(crate) async fn describe(
    session: &mut Session,
    statement: &Statement,
    subject: &Subject,
) -> Result<Result<Vec<ColumnInfo>, DescribeError>, SourceError> {
    let binds = match Binds::new(&statement.binds, subject) {
        Ok(binds) => binds,
        Err(SourceError::Query { message, .. }) => return Ok(Err(DescribeError::Wrong(message))),
        Err(error) => return Err(error),
    };
    Ok(match columns(session, &statement.sql, binds, subject).await? {
        Ok(columns) if columns.is_empty() => Err(DescribeError::NotReading),
        Ok(columns) => Ok(columns),
        Err(error) => Err(error::describing(subject, &error)),
    })
}

/// The columns of a statement; what the server has against it; or that the server is lost.
pub(crate) async fn columns(
    session: &mut Session,
    sql: &str,
    binds: Binds,
    subject: &Subject,
) -> Result<Result<Vec<ColumnInfo>, Error>, SourceError> {
    let lost = |error: Error| error::said(subject, &error);
    match told(session, sql, &binds).await {
        Ok(columns) if !columns.is_empty() => return Ok(Ok(columns)),
        // It tells nothing, or has something against it that the other way may not have.
        Ok(_) | Err(Error::Server(_)) => {}
        Err(error) => return Err(lost(error)),
    }
    let client = &mut session.client;
    connect::run(client, BEGIN).await.map_err(lost)?;
    let seen = seen(session, sql, binds).await;
    match seen {
        Ok(_) | Err(Error::Server(_)) => {}
        Err(error) => return Err(lost(error)),
    }
    connect::run(&mut session.client, END).await.map_err(lost)?;
    Ok(seen)
}

async fn told(session: &mut Session, sql: &str, binds: &Binds) -> Result<Vec<ColumnInfo>, Error> {
    let mut query = tiberius::Query::new(DESCRIBE);
    query.bind(sql.to_owned());
    query.bind(binds.declared());
    let rows = query.query(&mut session.client).await?.into_first_result().await?;
    let mut columns = Vec::with_capacity(rows.len());
    for row in &rows {
        let name: Option<&str> = row.try_get("name")?;
        let kind: Option<&str> = row.try_get("system_type_name")?;
        columns.push((name.unwrap_or_default(), types::declared(kind.unwrap_or_default())));
    }
    Ok(types::named(columns))
}

async fn seen(session: &mut Session, sql: &str, binds: Binds) -> Result<Vec<ColumnInfo>, Error> {
    let query = binds.query(&format!("{COLUMNS_ONLY}{sql}"));
    let mut answer = query.query(&mut session.client).await?;
    let columns = answer.columns().await?.map(types::columns).unwrap_or_default();
    // There may be an error behind the columns.
    answer.into_results().await?;
    Ok(columns)
}
