//! The tables and views of a database.

use std::collections::HashMap;

use pressroom_data::SourceError;
use pressroom_ports::{ColumnInfo, TableInfo, TableKind};
use tiberius::Row;

use super::connect::Session;
use super::{error, types};
use crate::subject::Subject;

/// The schema whose names stand without it.
pub(crate) const OWN: &str = "dbo";
const TABLES: &str = "
    SELECT table_schema, table_name, table_type FROM information_schema.tables";
const COLUMNS: &str = "
    SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns
    ORDER BY table_schema, table_name, ordinal_position";

/// Tables and views by name.
pub(crate) async fn read(
    session: &mut Session,
    subject: &Subject,
) -> Result<Vec<TableInfo>, SourceError> {
    let mut tables: Vec<TableInfo> = rows(session, TABLES, subject)
        .await?
        .iter()
        .map(|row| TableInfo {
            name: name(text(row, 0), text(row, 1)),
            kind: match text(row, 2).contains("VIEW") {
                true => TableKind::View,
                false => TableKind::Table,
            },
            columns: Vec::new(),
        })
        .collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    let places: HashMap<String, usize> =
        tables.iter().enumerate().map(|(place, table)| (table.name.clone(), place)).collect();
    for row in &rows(session, COLUMNS, subject).await? {
        if let Some(place) = places.get(&name(text(row, 0), text(row, 1))) {
            let data_type = types::declared(text(row, 3));
            let name = text(row, 2).to_owned();
            tables[*place].columns.push(ColumnInfo { name, data_type });
        }
    }
    Ok(tables)
}

/// A name with its schema, where it needs one.
pub(crate) fn name(schema: &str, name: &str) -> String {
    if schema == OWN { name.to_owned() } else { format!("{schema}.{name}") }
}

/// The rows of a text of our own.
pub(crate) async fn rows(
    session: &mut Session,
    sql: &str,
    subject: &Subject,
) -> Result<Vec<Row>, SourceError> {
    let failed = |error: tiberius::error::Error| error::said(subject, &error);
    let answer = session.client.simple_query(sql).await.map_err(failed)?;
    answer.into_first_result().await.map_err(failed)
}

/// A text of a row; an empty one for a null.
pub(crate) fn text(row: &Row, place: usize) -> &str {
    row.try_get(place).ok().flatten().unwrap_or_default()
}
