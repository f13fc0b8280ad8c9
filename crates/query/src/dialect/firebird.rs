//! Firebird.

use pressroom_criteria::BinaryOp;
use pressroom_data::Value;

use super::{Argument, Cut, Dialect, Lexis, Limit, common, is_one_of, offset_fetch, quoted};

/// Firebird 3 and later.
///
/// It finds out the types of values before it knows them, so they are written out where no column
/// tells them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Firebird;

const FUNCTIONS: &[(BinaryOp, &str)] = &[
    (BinaryOp::BitAnd, "bin_and"),
    (BinaryOp::BitOr, "bin_or"),
    (BinaryOp::BitXor, "bin_xor"),
    (BinaryOp::Modulo, "mod"),
];

fn part(field: &str, moment: &str) -> String {
    format!("extract({field} FROM {moment})")
}

fn added(unit: &str, moment: &str, count: &str) -> String {
    format!("dateadd({unit}, {count}, {moment})")
}

fn midnight(moment: &str) -> String {
    format!("CAST(CAST({moment} AS DATE) AS TIMESTAMP)")
}

/// Texts that are long enough stay as they are, unlike by the function alone.
fn padded(function: &str, text: &str, length: &str, with: &str) -> String {
    format!("{function}({text}, maxvalue(char_length({text}), {length}), {with})")
}

impl Dialect for Firebird {
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

    fn placeholder(&self, _index: usize) -> String {
        "?".into()
    }

    fn lexis(&self) -> Lexis {
        Lexis { q_quotes: true, question_marks: true, ..Lexis::default() }
    }

    fn limit(&self, cut: Cut) -> Option<Limit> {
        Some(offset_fetch(cut, false))
    }

    fn typed(&self, place: &str, value: &Value) -> String {
        common::typed(place, value, 8_191)
    }

    fn groups_by_number(&self) -> bool {
        true
    }

    fn concat(&self, parts: &[String]) -> String {
        common::concat(parts)
    }

    fn operator(&self, op: BinaryOp, a: &str, b: &str) -> Option<String> {
        common::operator_by_function(op, a, b, FUNCTIONS)
    }

    fn bit_not(&self, sql: &str) -> Option<String> {
        Some(format!("bin_not({sql})"))
    }

    fn function(&self, name: &str, arguments: &[String]) -> Option<String> {
        Some(match (name, arguments) {
            ("Len", [text]) => format!("char_length({text})"),
            // counted from 0 in expressions
            ("Substring", [text, from]) => format!("substring({text} FROM {from} + 1)"),
            ("Substring", [text, from, count]) => {
                format!("substring({text} FROM {from} + 1 FOR {count})")
            }
            ("CharIndex", [part, text]) => format!("(position({part}, {text}) - 1)"),
            ("CharIndex", [part, text, from]) => {
                format!("(position({part}, {text}, {from} + 1) - 1)")
            }
            ("Contains", [text, part]) => format!("(position({part}, {text}) > 0)"),
            ("StartsWith", [text, start]) => {
                format!("(left({text}, char_length({start})) = {start})")
            }
            ("EndsWith", [text, end]) => format!("(right({text}, char_length({end})) = {end})"),
            ("Insert", [text, place, part]) => {
                format!("(left({text}, {place}) || {part} || substring({text} FROM {place} + 1))")
            }
            ("Remove", [text, place]) => format!("left({text}, {place})"),
            ("Remove", [text, place, count]) => {
                format!("(left({text}, {place}) || substring({text} FROM {place} + {count} + 1))")
            }
            ("PadLeft", [text, length]) => padded("lpad", text, length, "' '"),
            ("PadLeft", [text, length, with]) => padded("lpad", text, length, with),
            ("PadRight", [text, length]) => padded("rpad", text, length, "' '"),
            ("PadRight", [text, length, with]) => padded("rpad", text, length, with),
            ("Reverse", [text]) => format!("reverse({text})"),
            ("TrimStart", [text]) => format!("trim(LEADING FROM {text})"),
            ("TrimEnd", [text]) => format!("trim(TRAILING FROM {text})"),
            ("Ascii", [text]) => format!("ascii_val({text})"),
            ("Char", [code]) => format!("ascii_char({code})"),
            ("ToStr", [value]) => format!("CAST({value} AS VARCHAR(8191))"),
            ("ToInt", [value]) => format!("CAST({value} AS INTEGER)"),
            ("ToLong", [value]) => format!("CAST({value} AS BIGINT)"),
            ("ToDouble" | "ToFloat", [value]) => format!("CAST({value} AS DOUBLE PRECISION)"),
            ("ToDecimal", [value]) => format!("CAST({value} AS DECIMAL(18, 6))"),
            ("Max", [a, b]) => format!("maxvalue({a}, {b})"),
            ("Min", [a, b]) => format!("minvalue({a}, {b})"),
            ("Sinh", [angle]) => format!("sinh({angle})"),
            ("Cosh", [angle]) => format!("cosh({angle})"),
            ("Tanh", [angle]) => format!("tanh({angle})"),
            ("GetYear", [moment]) => part("YEAR", moment),
            ("GetMonth", [moment]) => part("MONTH", moment),
            ("GetQuarter", [moment]) => format!("((extract(MONTH FROM {moment}) + 2) / 3)"),
            ("GetDay", [moment]) => part("DAY", moment),
            ("GetHour", [moment]) => part("HOUR", moment),
            ("GetMinute", [moment]) => part("MINUTE", moment),
            ("GetSecond", [moment]) => format!("floor(extract(SECOND FROM {moment}))"),
            ("GetMilliSecond", [moment]) => format!("floor(extract(MILLISECOND FROM {moment}))"),
            ("GetDayOfWeek", [moment]) => part("WEEKDAY", moment),
            // counted from 0 there
            ("GetDayOfYear", [moment]) => format!("(extract(YEARDAY FROM {moment}) + 1)"),
            ("GetDate", [moment]) => midnight(moment),
            ("GetDateMonthYear", [moment]) => {
                added("DAY", &midnight(moment), &format!("1 - extract(DAY FROM {moment})"))
            }
            ("AddYears", [moment, count]) => added("YEAR", moment, count),
            ("AddMonths", [moment, count]) => added("MONTH", moment, count),
            ("AddDays", [moment, count]) => added("DAY", moment, count),
            ("AddHours", [moment, count]) => added("HOUR", moment, count),
            ("AddMinutes", [moment, count]) => added("MINUTE", moment, count),
            ("AddSeconds", [moment, count]) => added("SECOND", moment, count),
            ("AddMilliSeconds", [moment, count]) => added("MILLISECOND", moment, count),
            ("DateDiffYear", [from, to]) => format!("datediff(YEAR, {from}, {to})"),
            ("DateDiffMonth", [from, to]) => format!("datediff(MONTH, {from}, {to})"),
            ("DateDiffDay", [from, to]) => format!("datediff(DAY, {from}, {to})"),
            ("DateDiffHour", [from, to]) => format!("datediff(HOUR, {from}, {to})"),
            ("DateDiffMinute", [from, to]) => format!("datediff(MINUTE, {from}, {to})"),
            ("DateDiffSecond", [from, to]) => format!("datediff(SECOND, {from}, {to})"),
            _ => return common::function(name, arguments),
        })
    }

    /// A procedure that gives rows is read like a table.
    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Option<String> {
        let values: Vec<&str> = arguments.iter().map(|argument| argument.sql).collect();
        let name = self.table(name);
        Some(match values.as_slice() {
            [] => format!("SELECT * FROM {name}"),
            values => format!("SELECT * FROM {name}({})", values.join(", ")),
        })
    }
}
