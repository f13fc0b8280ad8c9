//! What databases write differently.

mod common;
mod db2;
mod firebird;
mod lexis;
mod mssql;
mod mysql;
mod odbc;
mod oracle;
mod postgres;
mod sqlite;

use std::fmt;

use chrono::NaiveDateTime;
use pressroom_criteria::BinaryOp;
use pressroom_data::Value;

pub use db2::Db2;
pub use firebird::Firebird;
pub use lexis::{Backslash, Lexis, Variables};
pub use mssql::MsSql;
pub use mysql::MySql;
pub use odbc::Odbc;
pub use oracle::Oracle;
pub use postgres::{Postgres, Redshift};
pub use sqlite::Sqlite;

/// The rows that are wanted of a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// At most so many.
    pub top: Option<u64>,
    /// Without so many at first.
    pub skip: Option<u64>,
    /// Whether the query has `ORDER BY`.
    pub is_ordered: bool,
    /// Whether the query has `DISTINCT`.
    pub is_distinct: bool,
}

impl Cut {
    /// Whether all rows are wanted.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.top.is_none() && self.skip.is_none()
    }
}

/// How a query is cut to some rows: what stands behind `SELECT` and `DISTINCT`, and what at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// Behind `SELECT`, with a blank at its end, such as `TOP (5) `.
    pub head: String,
    /// At the end, with a blank at its start, such as ` LIMIT 5`.
    pub tail: String,
}

impl Limit {
    /// A limit at the end of a query.
    fn at_end(tail: String) -> Option<Self> {
        Some(Self { head: String::new(), tail })
    }

    /// A limit behind `SELECT`.
    fn at_start(head: String) -> Option<Self> {
        Some(Self { head, tail: String::new() })
    }
}

/// A parameter of a stored procedure's call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument<'a> {
    /// Its name as the layout has it, without the sign before it.
    pub name: &'a str,
    /// Its value in SQL.
    pub sql: &'a str,
}

/// How a database writes what all databases have.
pub trait Dialect: fmt::Debug + Send + Sync {
    /// A name of a table, column or alias that nothing in it can end.
    fn quote(&self, name: &str) -> String;

    /// A table, whose name may have a schema before its first dot. A part in double quotes may have
    /// dots itself. The usual schema of another kind of database is left out: layouts that were made
    /// for that name it.
    fn table(&self, name: &str) -> String {
        let (schema, own) = split_schema(name);
        let own = self.quote(&own);
        match schema {
            Some(schema) if !self.is_foreign_schema(&schema) => {
                format!("{}.{own}", self.quote(&schema))
            }
            _ => own,
        }
    }

    /// Whether a schema is the usual one of another kind of database, in any letter case.
    fn is_foreign_schema(&self, schema: &str) -> bool;

    /// The alias of a table, with what stands before it.
    fn table_alias(&self, alias: &str) -> String {
        format!(" AS {}", self.quote(alias))
    }

    /// The place of bound value `index`, from 1. The same for every value where places have no
    /// numbers.
    fn placeholder(&self, index: usize) -> String;

    /// Whether places have numbers, so that one value can stand at several.
    fn numbers_places(&self) -> bool {
        self.placeholder(1) != self.placeholder(2)
    }

    /// How SQL text of the database is read.
    fn lexis(&self) -> Lexis;

    /// How a query is cut to some rows, if not to all; `None` where the database has no way.
    fn limit(&self, cut: Cut) -> Option<Limit>;

    /// Whether the database has `FULL JOIN`.
    fn has_full_join(&self) -> bool {
        true
    }

    /// Whether a join of joined tables wants parentheses around these.
    fn nests_joins(&self) -> bool {
        false
    }

    /// Every row of a table beside every row so far.
    fn cross_join(&self, table: &str) -> String {
        format!(" CROSS JOIN {table}")
    }

    /// Whether a comparison is a value too, and a truth value a condition.
    fn has_truth_values(&self) -> bool {
        true
    }

    /// A truth value as a condition, where it is none by itself.
    fn condition(&self, sql: &str) -> String {
        if self.has_truth_values() { sql.to_owned() } else { format!("({sql} = 1)") }
    }

    /// A condition as a truth value, where it is none by itself.
    fn truth_value(&self, sql: &str) -> String {
        if self.has_truth_values() {
            sql.to_owned()
        } else {
            format!("CASE WHEN {sql} THEN 1 ELSE 0 END")
        }
    }

    /// The place of a value where nothing around it tells the type. Databases that find out types
    /// before they know values want to be told.
    fn typed(&self, place: &str, _value: &Value) -> String {
        place.to_owned()
    }

    /// A column that is compared with a moment, in a form whose order is that of moments.
    fn moment(&self, sql: &str) -> String {
        sql.to_owned()
    }

    /// A moment that is compared with [`moment`](Self::moment).
    fn bound_moment(&self, moment: NaiveDateTime) -> Value {
        Value::DateTime(moment)
    }

    /// The value of the first condition that holds.
    fn choice(&self, branches: &[(String, String)], otherwise: &str) -> String {
        common::choice(branches, otherwise)
    }

    /// The first value, or the second where it is null.
    fn or_else(&self, value: &str, instead: &str) -> String {
        format!("coalesce({value}, {instead})")
    }

    /// Texts joined; null counts as an empty text.
    fn concat(&self, parts: &[String]) -> String;

    /// An operator between two values; `None` where the database has none.
    fn operator(&self, op: BinaryOp, a: &str, b: &str) -> Option<String> {
        common::operator(op, a, b)
    }

    /// All bits of a number the other way; `None` where the database cannot.
    fn bit_not(&self, sql: &str) -> Option<String> {
        Some(format!("(~{sql})"))
    }

    /// The pattern of `LIKE … ESCAPE '!'` for texts that start so, where an index can find them by it.
    fn start_pattern(&self, _start: &str) -> Option<String> {
        None
    }

    /// Whether `GROUP BY 2` groups by the second column of the result.
    fn groups_by_number(&self) -> bool {
        false
    }

    /// A function of the expression language over arguments in SQL; `None` where it has no form.
    fn function(&self, name: &str, arguments: &[String]) -> Option<String>;

    /// A call of a stored procedure that gives rows; `None` where there are none.
    fn call(&self, _name: &str, _arguments: &[Argument<'_>]) -> Option<String> {
        None
    }
}

/// A table's name as schema and name. A dot within double quotes is part of a name.
#[must_use]
pub fn split_schema(name: &str) -> (Option<String>, String) {
    let unquoted = |part: &str| {
        let inside = part.strip_prefix('"').and_then(|part| part.strip_suffix('"'));
        match inside {
            // A quote within must be doubled; else the name has quotes itself.
            Some(inside) if !inside.replace("\"\"", "").contains('"') && !inside.is_empty() => {
                inside.replace("\"\"", "\"")
            }
            _ => part.to_owned(),
        }
    };
    let end =
        if name.starts_with('"') { name.find("\".").map(|at| at + 1) } else { name.find('.') };
    match end {
        Some(end) if end > 0 && end + 1 < name.len() => {
            (Some(unquoted(&name[..end])), unquoted(&name[end + 1..]))
        }
        _ => (None, unquoted(name)),
    }
}

/// A name in quotes that are doubled within. A name has no NUL: databases end texts there.
fn quoted(name: &str, open: char, close: char) -> String {
    let doubled = name.replace(close, &format!("{close}{close}")).replace('\0', "");
    format!("{open}{doubled}{close}")
}

/// Whether a schema is one of those, in any letter case.
fn is_one_of(schema: &str, others: &[&str]) -> bool {
    others.iter().any(|other| other.eq_ignore_ascii_case(schema))
}

/// The limit of standard SQL.
fn offset_fetch(cut: Cut, offset_alone: bool) -> Limit {
    let mut tail = String::new();
    if offset_alone || cut.skip.is_some() {
        tail.push_str(&format!(" OFFSET {} ROWS", cut.skip.unwrap_or(0)));
    }
    if let Some(top) = cut.top {
        let first = if tail.is_empty() { "FIRST" } else { "NEXT" };
        tail.push_str(&format!(" FETCH {first} {top} ROWS ONLY"));
    }
    Limit { head: String::new(), tail }
}
