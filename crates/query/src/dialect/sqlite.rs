//! SQLite.

use chrono::NaiveDateTime;
use pressroom_data::Value;

use super::{Cut, Dialect, Lexis, Limit, common, is_one_of, quoted};

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
        quoted(name, '"', '"')
    }

    /// There are no schemas: other dots are parts of names.
    fn table(&self, name: &str) -> String {
        match name.split_once('.') {
            Some((schema, own)) if self.is_foreign_schema(schema) => self.quote(own),
            _ => self.quote(name),
        }
    }

    fn is_foreign_schema(&self, schema: &str) -> bool {
        is_one_of(schema, &["dbo", "public", "main"])
    }

    fn placeholder(&self, index: usize) -> String {
        format!("?{index}")
    }

    fn lexis(&self) -> Lexis {
        Lexis {
            brackets: true,
            backticks: true,
            numbered: Some('?'),
            question_marks: true,
            ..Lexis::default()
        }
    }

    fn limit(&self, cut: Cut) -> Option<Limit> {
        Limit::at_end(match (cut.top, cut.skip) {
            (None, None) => String::new(),
            (Some(top), None) => format!(" LIMIT {top}"),
            (top, Some(skip)) => {
                let top = top.map_or_else(|| "-1".to_owned(), |top| top.to_string());
                format!(" LIMIT {top} OFFSET {skip}")
            }
        })
    }

    fn moment(&self, sql: &str) -> String {
        // One form for dates with and without time, with a blank and with a T.
        format!("strftime('%Y-%m-%d %H:%M:%f', {sql})")
    }

    fn bound_moment(&self, moment: NaiveDateTime) -> Value {
        Value::text(moment.format("%Y-%m-%d %H:%M:%S%.3f").to_string())
    }

    fn groups_by_number(&self) -> bool {
        true
    }

    fn concat(&self, parts: &[String]) -> String {
        common::concat(parts)
    }

    fn function(&self, name: &str, arguments: &[String]) -> Option<String> {
        let part =
            |format: &str, value: &str| format!("CAST(strftime('{format}', {value}) AS INTEGER)");
        let start_of = |unit: &str, moment: &str| {
            format!("strftime('%Y-%m-%d 00:00:00', {moment}, 'start of {unit}')")
        };
        let added = |moment: &str, count: &str, unit: &str| {
            format!("strftime('%Y-%m-%d %H:%M:%f', {moment}, ({count}) || ' {unit}')")
        };
        let seconds = |format: &str, moment: &str| {
            format!("CAST(strftime('%s', strftime('{format}', {moment})) AS INTEGER)")
        };
        let starts_between = |format: &str, of: u32, from: &str, to: &str| {
            format!("(({} - {}) / {of})", seconds(format, to), seconds(format, from))
        };
        let months =
            |moment: &str| format!("({} * 12 + {})", part("%Y", moment), part("%m", moment));
        let filled = |text: &str, length: &str, with: &str, at_start: bool| {
            let count = format!("max(0, {length} - length({text}))");
            let filling = format!(
                "replace(substr(quote(zeroblob(({count} + 1) / 2)), 3, {count}), '0', {with})"
            );
            if at_start {
                format!("({filling} || {text})")
            } else {
                format!("({text} || {filling})")
            }
        };
        Some(match (name, arguments) {
            ("Len", [text]) => format!("length({text})"),
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
            ("CharIndex", [part, text]) => format!("(instr({text}, {part}) - 1)"),
            ("Insert", [text, place, part]) => {
                format!("(substr({text}, 1, {place}) || {part} || substr({text}, {place} + 1))")
            }
            ("Remove", [text, place]) => format!("substr({text}, 1, {place})"),
            ("Remove", [text, place, count]) => {
                format!("(substr({text}, 1, {place}) || substr({text}, {place} + {count} + 1))")
            }
            ("PadLeft", [text, length]) => filled(text, length, "' '", true),
            ("PadLeft", [text, length, with]) => filled(text, length, with, true),
            ("PadRight", [text, length]) => filled(text, length, "' '", false),
            ("PadRight", [text, length, with]) => filled(text, length, with, false),
            ("Ascii", [text]) => format!("unicode({text})"),
            ("Char", [code]) => format!("char({code})"),
            ("ToStr", [value]) => format!("CAST({value} AS TEXT)"),
            ("ToInt" | "ToLong", [value]) => format!("CAST(round({value}) AS INTEGER)"),
            ("ToDouble" | "ToFloat" | "ToDecimal", [value]) => format!("CAST({value} AS REAL)"),
            ("Round", [number]) => format!("round({number})"),
            ("Max", [a, b]) => format!("max({a}, {b})"),
            ("Min", [a, b]) => format!("min({a}, {b})"),
            ("Rnd", []) => "(abs(random() % 1000000) / 1000000.0)".into(),
            ("Sinh", [angle]) => format!("sinh({angle})"),
            ("Cosh", [angle]) => format!("cosh({angle})"),
            ("Tanh", [angle]) => format!("tanh({angle})"),
            ("GetYear", [moment]) => part("%Y", moment),
            ("GetMonth", [moment]) => part("%m", moment),
            ("GetDay", [moment]) => part("%d", moment),
            ("GetHour", [moment]) => part("%H", moment),
            ("GetMinute", [moment]) => part("%M", moment),
            ("GetSecond", [moment]) => part("%S", moment),
            ("GetDayOfWeek", [moment]) => part("%w", moment),
            ("GetDayOfYear", [moment]) => part("%j", moment),
            ("GetQuarter", [moment]) => format!("(({} + 2) / 3)", part("%m", moment)),
            ("GetDate", [moment]) => format!("strftime('%Y-%m-%d 00:00:00', {moment})"),
            ("GetDateMonthYear", [moment]) => start_of("month", moment),
            ("GetDateHour", [moment]) => format!("strftime('%Y-%m-%d %H:00:00', {moment})"),
            ("GetDateHourMinute", [moment]) => format!("strftime('%Y-%m-%d %H:%M:00', {moment})"),
            ("AddYears", [moment, count]) => added(moment, count, "years"),
            ("AddMonths", [moment, count]) => added(moment, count, "months"),
            ("AddDays", [moment, count]) => added(moment, count, "days"),
            ("AddHours", [moment, count]) => added(moment, count, "hours"),
            ("AddMinutes", [moment, count]) => added(moment, count, "minutes"),
            ("AddSeconds", [moment, count]) => added(moment, count, "seconds"),
            ("DateDiffYear", [from, to]) => {
                format!("({} - {})", part("%Y", to), part("%Y", from))
            }
            ("DateDiffMonth", [from, to]) => format!("({} - {})", months(to), months(from)),
            ("DateDiffDay", [from, to]) => starts_between("%Y-%m-%d", 86_400, from, to),
            ("DateDiffHour", [from, to]) => starts_between("%Y-%m-%d %H:00", 3_600, from, to),
            ("DateDiffMinute", [from, to]) => starts_between("%Y-%m-%d %H:%M", 60, from, to),
            ("DateDiffSecond", [from, to]) => starts_between("%Y-%m-%d %H:%M:%S", 1, from, to),
            _ => return common::function(name, arguments),
        })
    }
}
