//! PostgreSQL.

use chrono::NaiveDateTime;
use pressroom_data::Value;

use super::{Dialect, pattern, whole_milliseconds};

/// The dialect of PostgreSQL. Columns of texts are those of the type `text` or `varchar`, in a database
/// of UTF-8; columns of moments `timestamp` or `date`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Postgres;

impl Dialect for Postgres {
    fn placeholder(&self, index: usize) -> String {
        format!("${index}")
    }

    fn typed(&self, place: String, value: &Value) -> String {
        let kind = match value {
            Value::Bool(_) => "boolean",
            Value::Int(_) => "bigint",
            Value::Double(_) => "double precision",
            Value::Decimal(_) => "numeric",
            Value::DateTime(_) => "timestamp",
            _ => return place,
        };
        format!("CAST({place} AS {kind})")
    }

    fn text_equals(&self, column: &str, place: &str, text: &str) -> Option<(String, Value)> {
        let pattern = pattern::of(text, "^", "$")?;
        // Letter by letter, whatever the column's own collation.
        Some((format!("({column} COLLATE \"C\" ~ CAST({place} AS text))"), pattern))
    }

    fn condition(&self, column: &str) -> String {
        column.to_owned()
    }

    fn with_nan(&self, comparison: String, column: &str, holds: bool) -> String {
        // There it comes after every number.
        let nan = "CAST('NaN' AS double precision)";
        if holds {
            format!("({comparison} OR {column} = {nan})")
        } else {
            format!("({comparison} AND {column} <> {nan})")
        }
    }

    fn moment(&self, column: &str) -> Option<String> {
        Some(column.to_owned())
    }

    fn bound_moment(&self, moment: NaiveDateTime) -> Option<Value> {
        whole_milliseconds(moment)
    }

    fn decimals_are_exact(&self) -> bool {
        true
    }
}
