//! Firebird.

use chrono::NaiveDateTime;
use pressroom_data::Value;

use super::{Dialect, whole_milliseconds};

/// The dialect of Firebird. Texts are compared in memory, for its collations differ from a report's; so
/// are decimals, for comparing those of many digits fails there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Firebird;

impl Dialect for Firebird {
    fn placeholder(&self, _index: usize) -> String {
        "?".into()
    }

    fn typed(&self, place: String, value: &Value) -> String {
        let kind = match value {
            Value::Bool(_) => "BOOLEAN",
            Value::Int(_) => "BIGINT",
            Value::Double(_) => "DOUBLE PRECISION",
            Value::DateTime(_) => "TIMESTAMP",
            _ => return place,
        };
        format!("CAST({place} AS {kind})")
    }

    fn condition(&self, column: &str) -> String {
        column.to_owned()
    }

    fn moment(&self, column: &str) -> Option<String> {
        Some(column.to_owned())
    }

    fn bound_moment(&self, moment: NaiveDateTime) -> Option<Value> {
        whole_milliseconds(moment)
    }

    fn decimals_are_exact(&self) -> bool {
        false
    }
}
