//! The tables and views of a database.

use pressroom_data::{DataType, SourceError};
use pressroom_ports::{ColumnInfo, TableInfo, TableKind};
use rusqlite::{Connection, Statement};

use super::open::Session;
use super::{error, types};
use crate::subject::Subject;

/// Tables and views by name. A view that no longer works has no columns.
pub(crate) fn read(session: &Session, subject: &Subject) -> Result<Vec<TableInfo>, SourceError> {
    let connection = &session.connection;
    let names = names(connection).map_err(|error| error::said(subject, &error))?;
    Ok(names
        .into_iter()
        .map(|(name, kind)| TableInfo {
            columns: columns(connection, &name).unwrap_or_default(),
            name,
            kind,
        })
        .collect())
}

fn names(connection: &Connection) -> rusqlite::Result<Vec<(String, TableKind)>> {
    let mut statement = connection.prepare(
        "select name, type from sqlite_schema
         where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\'
         order by name collate PRESSROOM",
    )?;
    let names = statement.query_map([], |row| {
        let kind: String = row.get(1)?;
        let kind = if kind == "view" { TableKind::View } else { TableKind::Table };
        Ok((row.get(0)?, kind))
    })?;
    names.collect()
}

/// The columns as a query sees them, so that a view's columns have the types of its tables.
fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<ColumnInfo>> {
    let statement = connection.prepare(&format!("select * from {}", quoted(table)))?;
    Ok(columns_of(&statement))
}

/// The columns that a statement gives.
pub(crate) fn columns_of(statement: &Statement<'_>) -> Vec<ColumnInfo> {
    statement
        .columns()
        .iter()
        .map(|column| ColumnInfo {
            name: column.name().to_owned(),
            data_type: column.decl_type().map_or(DataType::Unknown, types::declared),
        })
        .collect()
}

/// A name as SQL writes it.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
