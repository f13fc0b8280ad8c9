//! The tables and views of a database.

use mysql_async::prelude::Queryable;
use pressroom_data::SourceError;
use pressroom_ports::{ColumnInfo, TableInfo, TableKind};

use super::connect::Session;
use super::{error, types};
use crate::subject::Subject;

const TABLES: &str = "
    select table_name, table_type from information_schema.tables
    where table_schema = database() order by table_name";
const COLUMNS: &str = "
    select table_name, column_name, column_type from information_schema.columns
    where table_schema = database() order by table_name, ordinal_position";

/// Tables and views by name.
pub(crate) async fn read(
    session: &mut Session,
    subject: &Subject,
) -> Result<Vec<TableInfo>, SourceError> {
    let failed = |error: mysql_async::Error| error::said(subject, &error);
    let connection = &mut session.connection;
    let database: Option<Option<String>> =
        connection.query_first("select database()").await.map_err(failed)?;
    if database.flatten().is_none() {
        return Err(subject.no_database());
    }
    let tables: Vec<(String, String)> = connection.query(TABLES).await.map_err(failed)?;
    let columns: Vec<(String, String, String)> = connection.query(COLUMNS).await.map_err(failed)?;
    let mut tables: Vec<TableInfo> = tables
        .into_iter()
        .map(|(name, kind)| TableInfo {
            name,
            kind: if kind.contains("VIEW") { TableKind::View } else { TableKind::Table },
            columns: Vec::new(),
        })
        .collect();
    let places: std::collections::HashMap<String, usize> =
        tables.iter().enumerate().map(|(place, table)| (table.name.clone(), place)).collect();
    for (table, name, declaration) in columns {
        if let Some(place) = places.get(&table) {
            let data_type = types::declared(&declaration);
            tables[*place].columns.push(ColumnInfo { name, data_type });
        }
    }
    Ok(tables)
}
