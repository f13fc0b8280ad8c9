//! What databases write differently.

mod sqlite;

use chrono::NaiveDateTime;
use pressroom_data::Value;

pub use sqlite::Sqlite;

/// How a database writes what all databases have.
pub trait Dialect: Send + Sync {
    /// A name of a table, column or alias that nothing in it can end.
    fn quote(&self, name: &str) -> String;

    /// A table, whose name may have a schema before a dot.
    fn table(&self, name: &str) -> String {
        name.split('.').map(|part| self.quote(part)).collect::<Vec<_>>().join(".")
    }

    /// The place of bound value `index`, from 1.
    fn placeholder(&self, index: usize) -> String;

    /// A query cut to some rows.
    fn limit(&self, sql: String, top: Option<u64>, skip: Option<u64>) -> String;

    /// The collation that sorts texts as [`pressroom_data::compare`] does; `None` if there is none.
    fn collation(&self) -> Option<&str> {
        None
    }

    /// Whether `@name` may be a variable of the SQL text instead of a parameter.
    fn has_variables(&self) -> bool {
        false
    }

    /// A column that is compared with a moment, in a form whose order is that of moments.
    fn moment(&self, sql: &str) -> String {
        sql.to_owned()
    }

    /// A moment that is compared with [`moment`](Self::moment).
    fn bound_moment(&self, moment: NaiveDateTime) -> Value {
        Value::DateTime(moment)
    }

    /// Two texts joined; null counts as an empty text.
    fn concat(&self, parts: &[String]) -> String;

    /// A function of the expression language over arguments in SQL; `None` where it has no form.
    fn function(&self, name: &str, arguments: &[String]) -> Option<String>;

    /// The call of a stored procedure with so many arguments, from place `first`; `None` where there
    /// are none.
    fn call(&self, _name: &str, _parameters: &[(&str, String)]) -> Option<String> {
        None
    }
}
