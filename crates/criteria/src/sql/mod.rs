//! Conditions as SQL, where SQL means the same.
//!
//! A database that filters sends fewer rows. But a report's filter has rules that a database may
//! not share: texts without letter case, texts that stand for numbers, the precision of numbers.
//! So only those conditions are translated whose meaning is the same; [`split`] takes them from a
//! filter and leaves the rest for memory.
//!
//! Values never become part of the SQL text: they are bound, each at one place, in the order of the
//! places.

mod firebird;
mod mssql;
mod mysql;
mod pattern;
mod postgres;
mod sqlite;
mod translate;

use std::cmp::Ordering;

use chrono::{NaiveDateTime, Timelike};
use pressroom_data::{DataType, Value, compare, same};

pub use firebird::Firebird;
pub use mssql::MsSql;
pub use mysql::MySql;
pub use postgres::Postgres;
pub use sqlite::Sqlite;
pub use translate::{split, translate};

use crate::syntax::{Expr, FieldPath};

/// How a database writes what all databases have.
pub trait Dialect {
    /// The place of bound value `index`, from 1.
    fn placeholder(&self, index: usize) -> String;

    /// The place of a value that is no text, with its type where the database would take that of the
    /// column beside it: a whole number for `2.5`.
    fn typed(&self, place: String, _value: &Value) -> String {
        place
    }

    /// The clause that makes comparisons of texts those of [`collate`], such as
    /// ` COLLATE REPORT`; `None` if the database cannot.
    fn text_collation(&self) -> Option<&str> {
        None
    }

    /// A test whether a column is equal to a text in any letter case, and what is bound at its
    /// place; `None` if the database has none for this text. Not asked where there is a collation.
    fn text_equals(&self, _column: &str, _place: &str, _text: &str) -> Option<(String, Value)> {
        None
    }

    /// A column of truth values as a condition.
    fn condition(&self, column: &str) -> String;

    /// A column of truth values as what a bound truth value is compared with.
    fn truth_value(&self, column: &str) -> String {
        self.condition(column)
    }

    /// A comparison of a column of floating point numbers, such as `(x > 5)`, that holds for what is
    /// not a number as it does in reports: it comes before every number.
    fn with_nan(&self, comparison: String, _column: &str, _holds: bool) -> String {
        comparison
    }

    /// A column of moments in a form whose order is theirs; `None` if the database has none.
    fn moment(&self, column: &str) -> Option<String>;

    /// A moment in the form that [`Dialect::moment`] gives, as a value to bind; `None` if it has
    /// none.
    fn bound_moment(&self, moment: NaiveDateTime) -> Option<Value>;

    /// Whether columns of decimal numbers hold and compare them exactly.
    fn decimals_are_exact(&self) -> bool;
}

/// A moment of whole milliseconds, which every database keeps.
fn whole_milliseconds(moment: NaiveDateTime) -> Option<Value> {
    moment.nanosecond().is_multiple_of(1_000_000).then_some(Value::DateTime(moment))
}

/// A column that a condition may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The column in SQL, quoted where it must be.
    pub sql: String,
    /// The type of its values. The promise that every value is of this type or null; whole numbers
    /// fit 64 bits, moments are whole milliseconds and have no time zone, texts have no blanks that the
    /// database puts at their end, and floating point numbers have 64 bits.
    pub data_type: DataType,
}

/// Knows the columns of a query.
pub trait Columns {
    /// The column of a field, or `None` if the query has none for it.
    fn column(&self, path: &FieldPath) -> Option<Column>;
}

impl<F: Fn(&FieldPath) -> Option<Column>> Columns for F {
    fn column(&self, path: &FieldPath) -> Option<Column> {
        self(path)
    }
}

/// A condition in SQL.
#[derive(Clone, Debug, PartialEq)]
pub struct Fragment {
    /// The text, in brackets where it needs them.
    pub sql: String,
    /// The values to bind, in the order of their places.
    pub values: Vec<Value>,
}

/// Why a condition stays in memory.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the condition is evaluated in memory: {0}")]
pub struct NotTranslatable(pub(crate) String);

/// A filter in two parts: a row fulfils the whole if it fulfils both.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What the database can do.
    pub pushed: Option<Fragment>,
    /// What is left.
    pub rest: Option<Expr>,
}

/// The comparison of texts in expressions, for a collation that a database calls: equal in any
/// letter case, else by [`pressroom_data::compare`].
#[must_use]
pub fn collate(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    let (a, b) = (Value::from(a), Value::from(b));
    if same(&a, &b) { Ordering::Equal } else { compare(&a, &b) }
}
