//! SQLite.

use chrono::NaiveDateTime;
use pressroom_data::Value;

use super::Dialect;

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
