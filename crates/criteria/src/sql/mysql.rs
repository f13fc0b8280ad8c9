//! MySQL and MariaDB.

use chrono::NaiveDateTime;
use pressroom_data::Value;

use super::{Dialect, pattern, whole_milliseconds};

/// The dialect of MySQL and MariaDB. A connection must speak `utf8mb4`.
#[derive(Clone, Copy, Debug, Default)]
pub struct MySql;

impl Dialect for MySql {
    fn placeholder(&self, _index: usize) -> String {
        "?".into()
    }

    fn typed(&self, place: String, value: &Value) -> String {
        match value {
            // Drivers send decimals as texts, and those are compared as floating point numbers.
            Value::Decimal(_) => format!("CAST({place} AS decimal(65, 28))"),
            Value::DateTime(_) => format!("CAST({place} AS datetime(6))"),
            _ => place,
        }
    }

    fn text_equals(&self, column: &str, place: &str, text: &str) -> Option<(String, Value)> {
        // `=` would take texts for equal that differ in blanks at their end.
        let pattern = pattern::of(text, r"\A", r"\z")?;
        let exact = format!("CONVERT({column} USING utf8mb4) COLLATE utf8mb4_bin");
        Some((format!("({exact} REGEXP {place})"), pattern))
    }

    fn condition(&self, column: &str) -> String {
        format!("({column} <> 0)")
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
