//! The tables and views of a database.

use std::collections::HashMap;

use pressroom_data::SourceError;
use pressroom_ports::{ColumnInfo, TableInfo, TableKind};
use rsfbclient::SqlType;

use super::connect::Session;
use super::types::Declared;
use crate::subject::Subject;

const TABLES: &str = "
    select trim(rdb$relation_name), iif(rdb$view_blr is null, 0, 1) from rdb$relations
    where coalesce(rdb$system_flag, 0) = 0 order by rdb$relation_name";
const COLUMNS: &str = "
    select trim(c.rdb$relation_name), trim(c.rdb$field_name), f.rdb$field_type,
        coalesce(f.rdb$field_sub_type, 0), coalesce(f.rdb$field_scale, 0),
        coalesce(f.rdb$character_set_id, 0)
    from rdb$relation_fields c
    join rdb$fields f on f.rdb$field_name = c.rdb$field_source
    where coalesce(c.rdb$system_flag, 0) = 0
    order by c.rdb$relation_name, c.rdb$field_position, c.rdb$field_name";

/// Tables and views by name.
pub(super) fn read(
    session: &mut Session,
    subject: &Subject,
) -> Result<Vec<TableInfo>, SourceError> {
    let tables = session.ask(subject, TABLES, Vec::new())?;
    let columns = session.ask(subject, COLUMNS, Vec::new())?;
    let mut tables: Vec<TableInfo> = tables
        .iter()
        .map(|line| TableInfo {
            name: text(line, 0),
            kind: if number(line, 1) == 1 { TableKind::View } else { TableKind::Table },
            columns: Vec::new(),
        })
        .collect();
    let places: HashMap<String, usize> =
        tables.iter().enumerate().map(|(place, table)| (table.name.clone(), place)).collect();
    for line in &columns {
        if let Some(place) = places.get(&text(line, 0)) {
            let data_type = declared(line, 2).data_type();
            tables[*place].columns.push(ColumnInfo { name: text(line, 1), data_type });
        }
    }
    Ok(tables)
}

/// The type whose four numbers begin at a place.
pub(super) fn declared(line: &[SqlType], place: usize) -> Declared {
    Declared {
        kind: number(line, place),
        sub_type: number(line, place + 1),
        scale: number(line, place + 2),
        character_set: number(line, place + 3),
    }
}

/// A text at a place; empty where there is none.
pub(super) fn text(line: &[SqlType], place: usize) -> String {
    match line.get(place) {
        Some(SqlType::Text(text)) => text.trim_end().to_owned(),
        _ => String::new(),
    }
}

/// A whole number at a place; 0 where there is none.
pub(super) fn number(line: &[SqlType], place: usize) -> i64 {
    match line.get(place) {
        Some(SqlType::Integer(number)) => *number,
        _ => 0,
    }
}
