//! What databases write differently.

use chrono::NaiveDateTime;
use pressroom_data::Value;

/// How a database writes what all databases have.
pub trait Dialect {
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

/// SQLite.
///
/// Moments are ISO 8601 texts there. Texts are compared as the columns declare it; to sort as
/// reports do, the connection must have the collation `PRESSROOM` registered with
/// [`pressroom_data::compare`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Sqlite;

impl Sqlite {
    /// The name of the collation that a connection must know.
    pub const COLLATION: &'static str = "PRESSROOM";
}

impl Dialect for Sqlite {
    fn quote(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\"").replace('\0', ""))
    }

    /// Layouts that were made for another database name its default schema, which SQLite has not.
    fn table(&self, name: &str) -> String {
        let own = match name.split_once('.') {
            Some((schema, table))
                if ["dbo", "public", "main"].contains(&&*schema.to_lowercase()) =>
            {
                table
            }
            _ => name,
        };
        self.quote(own)
    }

    fn placeholder(&self, index: usize) -> String {
        format!("?{index}")
    }

    fn limit(&self, sql: String, top: Option<u64>, skip: Option<u64>) -> String {
        match (top, skip) {
            (None, None) => sql,
            (Some(top), None) => format!("{sql} LIMIT {top}"),
            (top, Some(skip)) => {
                let top = top.map_or_else(|| "-1".to_owned(), |top| top.to_string());
                format!("{sql} LIMIT {top} OFFSET {skip}")
            }
        }
    }

    fn collation(&self) -> Option<&str> {
        Some(Self::COLLATION)
    }

    fn moment(&self, sql: &str) -> String {
        // One form for dates with and without time, with a blank and with a T.
        format!("strftime('%Y-%m-%d %H:%M:%f', {sql})")
    }

    fn bound_moment(&self, moment: NaiveDateTime) -> Value {
        Value::text(moment.format("%Y-%m-%d %H:%M:%S%.3f").to_string())
    }

    fn concat(&self, parts: &[String]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| format!("coalesce({part}, '')")).collect();
        format!("({})", parts.join(" || "))
    }

    fn function(&self, name: &str, arguments: &[String]) -> Option<String> {
        let part = |format: &str, value: &String| {
            format!("CAST(strftime('{format}', {value}) AS INTEGER)")
        };
        Some(match (name, arguments) {
            ("Lower", [text]) => format!("lower({text})"),
            ("Upper", [text]) => format!("upper({text})"),
            ("Len", [text]) => format!("length({text})"),
            ("Trim", [text]) => format!("trim({text})"),
            ("Replace", [text, from, to]) => format!("replace({text}, {from}, {to})"),
            // counted from 0 in expressions
            ("Substring", [text, from]) => format!("substr({text}, {from} + 1)"),
            ("Substring", [text, from, count]) => format!("substr({text}, {from} + 1, {count})"),
            ("Contains", [text, part]) => format!("(instr(lower({text}), lower({part})) > 0)"),
            ("StartsWith", [text, start]) => {
                format!("(substr(lower({text}), 1, length({start})) = lower({start}))")
            }
            ("EndsWith", [text, end]) => {
                format!(
                    "(length({end}) = 0 OR substr(lower({text}), -length({end})) = lower({end}))"
                )
            }
            ("ToStr", [value]) => format!("CAST({value} AS TEXT)"),
            ("ToInt" | "ToLong", [value]) => format!("CAST(round({value}) AS INTEGER)"),
            ("ToDouble" | "ToFloat" | "ToDecimal", [value]) => format!("CAST({value} AS REAL)"),
            ("Abs", [number]) => format!("abs({number})"),
            ("Round", [number]) => format!("round({number})"),
            ("Round", [number, digits]) => format!("round({number}, {digits})"),
            ("GetYear", [moment]) => part("%Y", moment),
            ("GetMonth", [moment]) => part("%m", moment),
            ("GetDay", [moment]) => part("%d", moment),
            ("GetHour", [moment]) => part("%H", moment),
            ("GetMinute", [moment]) => part("%M", moment),
            ("GetSecond", [moment]) => part("%S", moment),
            ("GetDayOfWeek", [moment]) => part("%w", moment),
            ("GetDayOfYear", [moment]) => part("%j", moment),
            ("GetDate", [moment]) => format!("strftime('%Y-%m-%d 00:00:00', {moment})"),
            _ => return None,
        })
    }
}
