//! Places of bound values: marks while SQL is put together, what the database writes at last.
//!
//! An expression may use a part of it twice, or in another order than it was translated in. So a
//! mark carries the number of its value, and only the finished text decides the order of values.

use std::fmt::Write as _;
use std::sync::Arc;

use pressroom_data::Value;

use super::Resolved;
use crate::Dialect;

/// What stands before and after the number of a value. No SQL text has it: the texts of layouts are
/// cleaned of it, and names in quotes are too.
const MARK: char = '\0';

/// The values that a query binds, and their marks.
#[derive(Debug, Default)]
pub(super) struct Places {
    values: Vec<(Arc<str>, Value)>,
}

impl Places {
    /// Binds a value, or each of several values, and gives their marks.
    pub(super) fn bind(&mut self, name: &Arc<str>, value: &Value) -> String {
        match value {
            Value::List(values) if values.is_empty() => self.one(name, &Value::Null),
            Value::List(values) => {
                let marks: Vec<String> = values.iter().map(|value| self.one(name, value)).collect();
                marks.join(", ")
            }
            value => self.one(name, value),
        }
    }

    fn one(&mut self, name: &Arc<str>, value: &Value) -> String {
        self.values.push((Arc::clone(name), value.clone()));
        format!("{MARK}{}{MARK}", self.values.len() - 1)
    }

    /// The finished text, with the values in the order that it needs them. A value that stands
    /// nowhere is not bound.
    pub(super) fn finish(self, sql: &str, dialect: &dyn Dialect) -> Resolved {
        let mut out = String::with_capacity(sql.len());
        let mut binds = Vec::with_capacity(self.values.len());
        // Which number a value has already, where places have numbers.
        let mut numbers: Vec<Option<usize>> = vec![None; self.values.len()];
        let shares = dialect.numbers_places();
        for (at, part) in sql.split(MARK).enumerate() {
            if at % 2 == 0 {
                out.push_str(part);
                continue;
            }
            let index = part.parse::<usize>().ok();
            let Some(index) = index.filter(|index| *index < self.values.len()) else {
                continue;
            };
            let known: Option<usize> = numbers[index].filter(|_| shares);
            let number = known.unwrap_or_else(|| {
                binds.push(self.values[index].clone());
                binds.len()
            });
            numbers[index] = Some(number);
            let _ = write!(out, "{}", dialect.placeholder(number));
        }
        Resolved { sql: out, binds }
    }
}

/// SQL text of a layout without what marks places. A NUL is never part of SQL.
pub(super) fn cleaned(sql: &str) -> String {
    sql.replace(MARK, "")
}
