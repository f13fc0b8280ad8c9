//! Letting SQLite sort as the engine does.

use pressroom_data::{DataType, Direction, Order, Schema, compare_text};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value as Bound;

use super::values;

/// The collation that is the order of texts everywhere here.
const COLLATION: &str = "PRESSROOM";
/// What a value is sorted by where that is not what is stored: `pressroom_key(value, type)`.
const KEY: &str = "pressroom_key";
const TIMES: i64 = 1;
const TEXTS: i64 = 2;
const IDS: i64 = 3;

/// Makes the collation and the key known to a connection.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    connection.create_collation(COLLATION, compare_text)?;
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function(KEY, 2, flags, |context| {
        let data_type = match context.get::<i64>(1)? {
            TIMES => DataType::DateTime,
            TEXTS => DataType::Text,
            _ => DataType::Guid,
        };
        let stored = context.get_raw(0);
        Ok(match values::read(stored, data_type) {
            pressroom_data::Value::DateTime(time) => {
                Bound::Text(time.format("%Y-%m-%dT%H:%M:%S%.9f").to_string())
            }
            pressroom_data::Value::Guid(id) => Bound::Text(id.to_string()),
            pressroom_data::Value::Text(text) => Bound::Text(text.to_string()),
            _ => stored.try_into()?,
        })
    })
}

/// A statement around another that gives its rows in an order, by exactly the rules of
/// [`pressroom_data::compare`]. None where SQLite cannot: then the reader sorts.
///
/// `declared` are the types as the database declares them, `schema` those that values are read as.
pub(crate) fn ordered(
    sql: &str,
    order: &[Order],
    declared: &[DataType],
    schema: &Schema,
) -> Option<String> {
    if order.is_empty() || schema.fields.is_empty() {
        return None;
    }
    let mut keys = Vec::with_capacity(order.len());
    for (number, Order { field, direction }) in order.iter().enumerate() {
        let column = schema.index_of(field)?;
        let (of_rows, read_as) = (*declared.get(column)?, schema.fields[column].data_type);
        let is_last = number + 1 == order.len();
        let name = format!("c{column}");
        let key = match read_as {
            DataType::Unknown | DataType::Int | DataType::Double | DataType::Bytes => name,
            // Stored values that differ may read as the same: no further key would see the tie.
            DataType::Bool | DataType::Decimal if is_last => name,
            DataType::Text if of_rows == DataType::Text => name,
            DataType::Text => format!("{KEY}({name}, {TEXTS})"),
            DataType::DateTime => format!("{KEY}({name}, {TIMES})"),
            DataType::Guid => format!("{KEY}({name}, {IDS})"),
            DataType::Bool | DataType::Decimal | DataType::Span => return None,
        };
        // Nulls come first in SQLite as they do here, and numbers before texts before bytes.
        let direction = match direction {
            Direction::Ascending => "asc",
            Direction::Descending => "desc",
        };
        keys.push(format!("{key} collate {COLLATION} {direction}"));
    }
    // Columns go by number: names may be absent or double.
    let columns: Vec<String> =
        (0..schema.fields.len()).map(|column| format!("c{column}")).collect();
    let sql = sql.trim_end().trim_end_matches(';');
    Some(format!(
        "with pressroom_rows({}) as (\n{sql}\n) select * from pressroom_rows order by {}",
        columns.join(", "),
        keys.join(", ")
    ))
}
