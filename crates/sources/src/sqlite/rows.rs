//! A query's rows, read on a thread that may block.

use std::sync::Arc;

use pressroom_data::{DataType, Field, Row, Schema, SourceError, Value};
use pressroom_ports::Statement;
use rusqlite::types::ValueRef;

use super::binds::bind;
use super::open::Session;
use super::values::Column;
use super::{order, times, types};
use crate::stream::Sink;

/// Runs a statement to its end, or until its reader goes.
pub(crate) fn run(
    session: &Session,
    statement: &Statement,
    sink: &mut Sink,
) -> Result<(), SourceError> {
    let subject = &sink.subject.clone();
    let failed = |error: rusqlite::Error| session.error(subject, &error);
    let connection = &session.connection;
    session.stop_when(sink.stop().clone());
    // Twice the longest value: several may stand in one row.
    session.bound_rows(sink.limits.value_bytes.saturating_mul(2)).map_err(failed)?;
    session.expect(&statement.sql, subject)?;
    let plain = connection.prepare_cached(&statement.sql).map_err(failed)?;
    if plain.column_count() == 0 || !plain.readonly() {
        return Err(subject.not_reading());
    }
    let declared: Vec<DataType> = plain
        .columns()
        .iter()
        .map(|column| column.decl_type().map_or(DataType::Unknown, types::declared))
        .collect();
    let expected = statement.expected.as_deref();
    let schema = Arc::new(Schema::new(
        plain
            .column_names()
            .into_iter()
            .zip(&declared)
            .map(|(name, declared)| Field::new(name, read_as(name, *declared, expected)))
            .collect(),
    ));
    let sorted =
        order::ordered(&statement.sql, &statement.order, &declared, &schema).and_then(|sql| {
            // Its own `with` clause: what is read through views is refused then, and the reader
            // sorts.
            session.expect(&sql, subject).ok()?;
            connection.prepare_cached(&sql).ok()
        });
    if sorted.is_none() {
        session.expect(&statement.sql, subject)?;
    }
    let ordered = sorted.is_some();
    let mut prepared = sorted.unwrap_or(plain);
    let style = if statement.binds.iter().any(|value| matches!(value, Value::DateTime(_))) {
        times::style_of(session, &statement.sql).map_err(failed)?
    } else {
        times::Style::default()
    };
    bind(&mut prepared, &statement.binds, style, subject)?;
    sink.columns_blocking(schema.clone(), ordered)?;
    read(session, prepared.raw_query(), &schema, sink)
}

fn read(
    session: &Session,
    mut rows: rusqlite::Rows<'_>,
    schema: &Schema,
    sink: &mut Sink,
) -> Result<(), SourceError> {
    let mut columns: Vec<Column> =
        schema.fields.iter().map(|field| Column::new(field.data_type)).collect();
    let mut is_first = true;
    while let Some(row) = rows.next().map_err(|error| session.error(&sink.subject, &error))? {
        if is_first && row.as_ref().column_count() != columns.len() {
            return Err(sink.subject.away("its tables were changed just now; try again"));
        }
        is_first = false;
        let (mut bytes, mut longest) = (0, 0);
        // Over a range of known length: the values go straight to where they stay.
        let values: Row = (0..columns.len())
            .map(|index| {
                let stored = row.get_ref(index).unwrap_or(ValueRef::Null);
                let length = match stored {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
                    _ => 0,
                };
                bytes += length;
                longest = longest.max(length);
                columns[index].read(stored)
            })
            .collect();
        if let Some(batch) = sink.push(values, bytes, longest)? {
            sink.rows_blocking(batch)?;
        }
    }
    Ok(())
}

/// The type that a column's values are read as: what the layout expects, else what is declared.
fn read_as(name: &str, declared: DataType, expected: Option<&Schema>) -> DataType {
    let expected = expected
        .and_then(|schema| schema.index_of(name).map(|index| schema.fields[index].data_type));
    expected.filter(|data_type| *data_type != DataType::Unknown).unwrap_or(declared)
}
