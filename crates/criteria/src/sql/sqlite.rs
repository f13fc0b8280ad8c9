//! SQLite.

use chrono::{NaiveDateTime, Timelike};
use pressroom_data::Value;

use super::Dialect;

/// The dialect of SQLite, whose columns hold what was put into them.
#[derive(Clone, Debug, Default)]
pub struct Sqlite {
    /// The clause for a collation that was registered with [`super::collate`], such as
    /// ` COLLATE REPORT`. Without one, texts are compared in memory: the built-in `NOCASE` knows
    /// ASCII only.
    pub collation: Option<String>,
    /// Whether columns of moments hold ISO 8601 text and nothing else. If not, moments are compared
    /// in memory.
    pub dates_are_text: bool,
}

impl Dialect for Sqlite {
    fn placeholder(&self, index: usize) -> String {
        format!("?{index}")
    }

    fn text_collation(&self) -> Option<&str> {
        self.collation.as_deref()
    }

    fn condition(&self, column: &str) -> String {
        format!("({column} <> 0)")
    }

    fn moment(&self, column: &str) -> Option<String> {
        // Brings the ISO forms (with or without time, with a space or a T) to one.
        self.dates_are_text.then(|| format!("strftime('%Y-%m-%d %H:%M:%f', {column})"))
    }

    fn bound_moment(&self, moment: NaiveDateTime) -> Option<Value> {
        let is_whole = moment.nanosecond().is_multiple_of(1_000_000);
        is_whole.then(|| Value::text(moment.format("%Y-%m-%d %H:%M:%S%.3f").to_string()))
    }

    fn decimals_are_exact(&self) -> bool {
        false
    }
}
