//! Queries on tables that are in memory: how rows of several data models are joined.
//!
//! The rows go into an in-memory database of SQLite's, which nobody else sees and which ends with the
//! query. It reads what was put there, and nothing else.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pressroom_data::{DataType, Row, SourceError, Value, coerce};
use pressroom_ports::{Input, QueryLimits, RowBatches, Statement};
use rusqlite::Connection;
use rusqlite::types::Value as Stored;

use crate::sqlite::{Hiding, Session, quoted, run, said};
use crate::stream::start_blocking;
use crate::subject::Subject;

/// Rows between two looks at whether anybody still waits.
const LOOKS: usize = 1_024;
/// The digits of a decimal number that a double always keeps.
const DIGITS: u32 = 15;

/// Starts a query on tables.
pub(crate) async fn start(
    inputs: Vec<Input>,
    statement: &Statement,
    limits: &QueryLimits,
) -> Result<Box<dyn RowBatches>, SourceError> {
    let statement = statement.clone();
    start_blocking(Subject::in_memory(&statement.name), *limits, move |sink| {
        let subject = sink.subject.clone();
        let connection = load(inputs, &subject, &sink.stop().clone())?;
        let session = Session::guarded(connection, Arc::<Hiding>::default());
        let session = session.map_err(|error| said(&subject, &error))?;
        run(&session, &statement, sink)
    })
    .await
}

/// A database that holds the tables.
fn load(
    inputs: Vec<Input>,
    subject: &Subject,
    stop: &AtomicBool,
) -> Result<Connection, SourceError> {
    let failed = |error: rusqlite::Error| said(subject, &error);
    let mut connection = Connection::open_in_memory().map_err(failed)?;
    let transaction = connection.transaction().map_err(failed)?;
    for input in inputs {
        let types: Vec<DataType> = (0..input.schema.fields.len())
            .map(|at| data_type(input.schema.fields[at].data_type, at, &input.rows))
            .collect();
        let names = unique(input.schema.fields.iter().map(|field| &*field.name));
        if names.is_empty() {
            return Err(subject.query(format_args!("\"{}\" has no columns", input.name)));
        }
        let columns: Vec<String> = names
            .iter()
            .zip(&types)
            .map(|(name, data_type)| format!("{} {}", quoted(name), declaration(*data_type)))
            .collect();
        let table = quoted(&input.name);
        let create = format!("create table {table} ({})", columns.join(", "));
        transaction.execute_batch(&create).map_err(failed)?;
        let places = vec!["?"; columns.len()].join(", ");
        let insert = format!("insert into {table} values ({places})");
        let mut insert = transaction.prepare(&insert).map_err(failed)?;
        for (at, row) in input.rows.into_iter().enumerate() {
            if at % LOOKS == 0 && stop.load(Ordering::Relaxed) {
                return Err(SourceError::Cancelled);
            }
            for (place, value) in row.iter().enumerate().take(types.len()) {
                insert.raw_bind_parameter(place + 1, stored(value)).map_err(failed)?;
            }
            insert.raw_execute().map_err(failed)?;
        }
    }
    transaction.commit().map_err(failed)?;
    Ok(connection)
}

/// The type of a column: where its source does not tell, that of all its values.
fn data_type(told: DataType, at: usize, rows: &[Row]) -> DataType {
    if told != DataType::Unknown {
        return told;
    }
    let mut types = rows.iter().filter_map(|row| type_of(row.get(at)?));
    let first = types.next();
    first.filter(|first| types.all(|other| other == *first)).unwrap_or(DataType::Unknown)
}

fn type_of(value: &Value) -> Option<DataType> {
    Some(match value {
        Value::Null | Value::List(_) => return None,
        Value::Bool(_) => DataType::Bool,
        Value::Int(_) => DataType::Int,
        Value::Double(_) => DataType::Double,
        Value::Decimal(_) => DataType::Decimal,
        Value::Text(_) => DataType::Text,
        Value::DateTime(_) => DataType::DateTime,
        Value::Guid(_) => DataType::Guid,
        Value::Bytes(_) => DataType::Bytes,
        Value::Span(_) => DataType::Span,
    })
}

/// A declaration that the reading side understands.
const fn declaration(data_type: DataType) -> &'static str {
    match data_type {
        DataType::Bool => "boolean",
        DataType::Int => "integer",
        // Only a name that ends so keeps long decimals, which are texts, from becoming doubles.
        DataType::Decimal => "decimal_blob",
        DataType::Double => "double",
        DataType::Text => "text",
        DataType::DateTime => "datetime",
        DataType::Guid => "guid",
        DataType::Span => "time",
        DataType::Bytes => "blob",
        _ => "",
    }
}

fn stored(value: &Value) -> Stored {
    let as_text = |value: &Value| match coerce(value, DataType::Text) {
        Ok(Value::Text(text)) => Stored::Text(text.to_string()),
        _ => Stored::Null,
    };
    match value {
        Value::Null | Value::List(_) => Stored::Null,
        Value::Bool(truth) => Stored::Integer((*truth).into()),
        Value::Int(number) => Stored::Integer(*number),
        Value::Double(number) => Stored::Real(*number),
        Value::Decimal(number) => {
            let number = number.normalize();
            let whole = number.scale() == 0;
            let short = number.mantissa().unsigned_abs() < 10_u128.pow(DIGITS);
            match (i64::try_from(number.mantissa()), coerce(value, DataType::Double)) {
                (Ok(number), _) if whole => Stored::Integer(number),
                (_, Ok(Value::Double(double))) if short => Stored::Real(double),
                // A text that nothing is lost from. It is equal to its like.
                _ => Stored::Text(number.to_string()),
            }
        }
        Value::Text(text) => Stored::Text(text.to_string()),
        Value::DateTime(time) => Stored::Text(time.format("%Y-%m-%d %H:%M:%S%.f").to_string()),
        Value::Guid(id) => Stored::Text(id.to_string()),
        Value::Bytes(bytes) => Stored::Blob(bytes.to_vec()),
        Value::Span(_) => as_text(value),
    }
}

/// Names that differ from each other as SQLite compares them: with a number where one is taken.
fn unique<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut taken = HashSet::new();
    names
        .map(|name| {
            // SQLite ends names there.
            let name = name.replace('\0', "");
            let numbered = (2_u64..).map(|number| format!("{name}{number}"));
            let mut names = std::iter::once(name.clone()).chain(numbered);
            let free = names.find(|name| taken.insert(name.to_ascii_lowercase()));
            free.unwrap_or(name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_taken_get_a_number() {
        let names = unique(["id", "ID", "id2", "a\0b", ""].into_iter());
        assert_eq!(names, ["id", "ID2", "id22", "ab", ""]);
    }

    #[test]
    fn a_column_without_a_type_has_that_of_its_values() {
        let rows: Vec<Row> =
            vec![[Value::Null, Value::Int(1)].into(), [Value::Bool(true), Value::text("x")].into()];
        assert_eq!(data_type(DataType::Unknown, 0, &rows), DataType::Bool);
        assert_eq!(data_type(DataType::Unknown, 1, &rows), DataType::Unknown);
        assert_eq!(data_type(DataType::Text, 0, &rows), DataType::Text);
    }
}
