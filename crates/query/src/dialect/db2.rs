//! DB2.

use pressroom_criteria::BinaryOp;
use pressroom_data::Value;

use super::{Argument, Cut, Dialect, Lexis, Limit, common, is_one_of, odbc, offset_fetch, quoted};

/// DB2 11 and later, reached through ODBC.
#[derive(Clone, Copy, Debug, Default)]
pub struct Db2;

const FUNCTIONS: &[(BinaryOp, &str)] = &[
    (BinaryOp::BitAnd, "bitand"),
    (BinaryOp::BitOr, "bitor"),
    (BinaryOp::BitXor, "bitxor"),
    (BinaryOp::Modulo, "mod"),
];

fn months(moment: &str) -> String {
    format!("(year({moment}) * 12 + month({moment}))")
}

/// Seconds since a day long ago.
fn seconds(moment: &str) -> String {
    format!("(CAST(days({moment}) AS BIGINT) * 86400 + midnight_seconds({moment}))")
}

impl Dialect for Db2 {
    fn quote(&self, name: &str) -> String {
        quoted(name, '"', '"')
    }

    fn is_foreign_schema(&self, schema: &str) -> bool {
        is_one_of(schema, &["dbo", "public", "main"])
    }

    fn placeholder(&self, _index: usize) -> String {
        "?".into()
    }

    fn lexis(&self) -> Lexis {
        Lexis { nested_comments: true, question_marks: true, ..Lexis::default() }
    }

    fn limit(&self, cut: Cut) -> Option<Limit> {
        Some(offset_fetch(cut, false))
    }

    fn has_truth_values(&self) -> bool {
        false
    }

    fn typed(&self, place: &str, value: &Value) -> String {
        match value {
            Value::Bool(_) => format!("CAST({place} AS INTEGER)"),
            value => common::typed(place, value, 8_000),
        }
    }

    fn concat(&self, parts: &[String]) -> String {
        common::concat(parts)
    }

    fn operator(&self, op: BinaryOp, a: &str, b: &str) -> Option<String> {
        common::operator_by_function(op, a, b, FUNCTIONS)
    }

    fn bit_not(&self, sql: &str) -> Option<String> {
        Some(format!("bitnot({sql})"))
    }

    fn function(&self, name: &str, arguments: &[String]) -> Option<String> {
        Some(match (name, arguments) {
            ("Len", [text]) => format!("length({text})"),
            // counted from 0 in expressions
            ("Substring", [text, from]) => format!("substring({text}, {from} + 1, length({text}))"),
            ("Substring", [text, from, count]) => {
                format!("substring({text}, {from} + 1, {count})")
            }
            ("CharIndex", [part, text]) => format!("(locate({part}, {text}) - 1)"),
            ("CharIndex", [part, text, from]) => {
                format!("(locate({part}, {text}, {from} + 1) - 1)")
            }
            ("Contains", [text, part]) => format!("(locate({part}, {text}) > 0)"),
            ("StartsWith", [text, start]) => format!("(left({text}, length({start})) = {start})"),
            ("EndsWith", [text, end]) => format!("(right({text}, length({end})) = {end})"),
            ("Char", [code]) => format!("chr({code})"),
            ("Ascii", [text]) => format!("ascii({text})"),
            ("ToStr", [value]) => format!("CAST({value} AS VARCHAR(8000))"),
            ("ToInt", [value]) => format!("CAST(round({value}, 0) AS INTEGER)"),
            ("ToLong", [value]) => format!("CAST(round({value}, 0) AS BIGINT)"),
            ("ToDouble" | "ToFloat", [value]) => format!("CAST({value} AS DOUBLE)"),
            ("ToDecimal", [value]) => format!("CAST({value} AS DECIMAL(31, 10))"),
            ("GetYear", [moment]) => format!("year({moment})"),
            ("GetQuarter", [moment]) => format!("quarter({moment})"),
            ("GetMonth", [moment]) => format!("month({moment})"),
            ("GetDay", [moment]) => format!("day({moment})"),
            ("GetHour", [moment]) => format!("hour({moment})"),
            ("GetMinute", [moment]) => format!("minute({moment})"),
            ("GetSecond", [moment]) => format!("second({moment})"),
            ("GetDayOfWeek", [moment]) => format!("(dayofweek({moment}) - 1)"),
            ("GetDayOfYear", [moment]) => format!("dayofyear({moment})"),
            ("GetDate", [moment]) => format!("CAST(CAST({moment} AS DATE) AS TIMESTAMP)"),
            ("AddYears", [moment, count]) => format!("add_months({moment}, ({count}) * 12)"),
            ("AddMonths", [moment, count]) => format!("add_months({moment}, {count})"),
            ("AddDays", [moment, count]) => format!("add_days({moment}, {count})"),
            ("AddHours", [moment, count]) => format!("add_hours({moment}, {count})"),
            ("AddMinutes", [moment, count]) => format!("add_minutes({moment}, {count})"),
            ("AddSeconds", [moment, count]) => format!("add_seconds({moment}, {count})"),
            ("DateDiffYear", [from, to]) => format!("(year({to}) - year({from}))"),
            ("DateDiffMonth", [from, to]) => format!("({} - {})", months(to), months(from)),
            ("DateDiffDay", [from, to]) => format!("(days({to}) - days({from}))"),
            ("DateDiffSecond", [from, to]) => format!("({} - {})", seconds(to), seconds(from)),
            ("Reverse" | "Insert" | "Remove" | "PadLeft" | "PadRight", _) => return None,
            _ => return common::function(name, arguments),
        })
    }

    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Option<String> {
        Some(odbc::escape_call(&self.table(name), arguments))
    }
}
