//! SQL Server.

use chrono::NaiveDateTime;
use pressroom_data::Value;

use super::{Dialect, whole_milliseconds};

/// The dialect of SQL Server. Its collations take texts for equal that reports tell apart, so texts are
/// compared in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct MsSql;

impl Dialect for MsSql {
    fn placeholder(&self, index: usize) -> String {
        format!("@P{index}")
    }

    fn condition(&self, column: &str) -> String {
        format!("({column} = 1)")
    }

    fn truth_value(&self, column: &str) -> String {
        // A condition is no value there.
        column.to_owned()
    }

    fn moment(&self, column: &str) -> Option<String> {
        // The older types of moments have thirds of a hundredth of a second.
        Some(format!("CAST({column} AS datetime2(3))"))
    }

    fn bound_moment(&self, moment: NaiveDateTime) -> Option<Value> {
        whole_milliseconds(moment)
    }

    fn decimals_are_exact(&self) -> bool {
        true
    }
}
