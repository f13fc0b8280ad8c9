//! PostgreSQL, and what descends from it.

use pressroom_criteria::BinaryOp;
use pressroom_data::Value;

use super::{Argument, Backslash, Cut, Dialect, Lexis, Limit, common, is_one_of, quoted};

/// PostgreSQL, and CockroachDB, which speaks like it.
///
/// Names are quoted as the layout writes them, so letter case counts. The types of bound values are
/// those of the columns beside them; elsewhere they are written out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Postgres;

/// Amazon Redshift: PostgreSQL 8's SQL, with functions of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Redshift;

const LEXIS: Lexis = Lexis {
    backslash: Backslash::EscapesAfterE,
    double_quoted_texts: false,
    brackets: false,
    backticks: false,
    hash_comments: false,
    nested_comments: true,
    mysql_comments: false,
    dollar_quotes: true,
    slices: true,
    q_quotes: false,
    triple_quotes: false,
    variables: super::Variables::None,
    numbered: Some('$'),
    // Operators on JSON are called so.
    question_marks: false,
};

fn limit(cut: Cut) -> Limit {
    let top = cut.top.map(|top| format!(" LIMIT {top}"));
    let skip = cut.skip.map(|skip| format!(" OFFSET {skip}"));
    Limit { head: String::new(), tail: top.unwrap_or_default() + &skip.unwrap_or_default() }
}

fn typed(place: &str, value: &Value) -> String {
    let kind = match value {
        Value::Bool(_) => "boolean",
        Value::Int(number) if i32::try_from(*number).is_ok() => "integer",
        Value::Int(_) => "bigint",
        Value::Decimal(_) => "numeric",
        Value::Double(_) => "double precision",
        Value::DateTime(_) => "timestamp",
        Value::Span(_) => "interval",
        Value::Guid(_) => "uuid",
        Value::Bytes(_) => "bytea",
        Value::Text(_) | Value::Null | Value::List(_) => "text",
    };
    format!("CAST({place} AS {kind})")
}

fn operator(op: BinaryOp, a: &str, b: &str) -> Option<String> {
    match op {
        BinaryOp::BitXor => Some(format!("({a} # {b})")),
        op => common::operator(op, a, b),
    }
}

/// A number that must be an `integer`: functions are chosen by the types of their arguments.
fn integer(sql: &str) -> String {
    if sql.starts_with("CAST($") && sql.ends_with(" AS integer)") {
        return sql.to_owned();
    }
    format!("CAST({sql} AS integer)")
}

fn part(field: &str, moment: &str) -> String {
    format!("CAST(extract({field} FROM {moment}) AS integer)")
}

fn start_of(unit: &str, moment: &str) -> String {
    format!("date_trunc('{unit}', CAST({moment} AS timestamp))")
}

/// How many starts of a unit of so many seconds lie between two moments.
fn starts_between(unit: &str, seconds: u32, from: &str, to: &str) -> String {
    let (from, to) = (start_of(unit, from), start_of(unit, to));
    format!("CAST(extract(epoch FROM ({to} - {from})) / {seconds} AS bigint)")
}

fn months(moment: &str) -> String {
    format!("(extract(year FROM {moment}) * 12 + extract(month FROM {moment}))")
}

/// What both have.
fn function(name: &str, arguments: &[String]) -> Option<String> {
    Some(match (name, arguments) {
        ("Len", [text]) => format!("length({text})"),
        // counted from 0 in expressions
        ("Substring", [text, from]) => format!("substr({text}, {} + 1)", integer(from)),
        ("Substring", [text, from, count]) => {
            format!("substr({text}, {} + 1, {})", integer(from), integer(count))
        }
        ("CharIndex", [part, text]) => format!("(strpos({text}, {part}) - 1)"),
        ("CharIndex", [part, text, from]) => {
            let from = integer(from);
            let place = format!("strpos(substr({text}, {from} + 1), {part})");
            format!("(CASE {place} WHEN 0 THEN -1 ELSE {place} + {from} - 1 END)")
        }
        ("Contains", [text, part]) => format!("(strpos({text}, {part}) > 0)"),
        ("StartsWith", [text, start]) => format!("(left({text}, length({start})) = {start})"),
        ("EndsWith", [text, end]) => format!("(right({text}, length({end})) = {end})"),
        ("Insert", [text, place, part]) => {
            let place = integer(place);
            format!("(substr({text}, 1, {place}) || {part} || substr({text}, {place} + 1))")
        }
        ("Remove", [text, place]) => format!("substr({text}, 1, {})", integer(place)),
        ("Remove", [text, place, count]) => {
            let (place, count) = (integer(place), integer(count));
            format!("(substr({text}, 1, {place}) || substr({text}, {place} + {count} + 1))")
        }
        ("PadLeft", [text, length]) => padded("lpad", text, length, "' '"),
        ("PadLeft", [text, length, with]) => padded("lpad", text, length, with),
        ("PadRight", [text, length]) => padded("rpad", text, length, "' '"),
        ("PadRight", [text, length, with]) => padded("rpad", text, length, with),
        ("Reverse", [text]) => format!("reverse({text})"),
        ("Ascii", [text]) => format!("ascii({text})"),
        ("Char", [code]) => format!("chr({})", integer(code)),
        ("ToStr", [value]) => format!("CAST({value} AS text)"),
        ("ToInt", [value]) => format!("CAST({value} AS integer)"),
        ("ToLong", [value]) => format!("CAST({value} AS bigint)"),
        ("ToDouble" | "ToFloat", [value]) => format!("CAST({value} AS double precision)"),
        ("ToDecimal", [value]) => format!("CAST({value} AS numeric)"),
        ("Round", [number]) => format!("round({number})"),
        // There is none for floating point numbers.
        ("Round", [number, digits]) => {
            format!("round(CAST({number} AS numeric), {})", integer(digits))
        }
        ("Max", [a, b]) => format!("greatest({a}, {b})"),
        ("Min", [a, b]) => format!("least({a}, {b})"),
        ("Rnd", []) => "random()".into(),
        ("GetYear", [moment]) => part("year", moment),
        ("GetQuarter", [moment]) => part("quarter", moment),
        ("GetMonth", [moment]) => part("month", moment),
        ("GetDay", [moment]) => part("day", moment),
        ("GetHour", [moment]) => part("hour", moment),
        ("GetMinute", [moment]) => part("minute", moment),
        ("GetSecond", [moment]) => {
            format!("CAST(floor(extract(second FROM {moment})) AS integer)")
        }
        ("GetMilliSecond", [moment]) => {
            format!("CAST(floor(extract(milliseconds FROM {moment})) AS integer) % 1000")
        }
        ("GetDayOfWeek", [moment]) => part("dow", moment),
        ("GetDayOfYear", [moment]) => part("doy", moment),
        // A date is given as a moment: two parts of one expression have one type.
        ("GetDate", [moment]) => start_of("day", moment),
        ("GetDateMonthYear", [moment]) => start_of("month", moment),
        ("GetDateQuarterYear", [moment]) => start_of("quarter", moment),
        ("GetDateHour", [moment]) => start_of("hour", moment),
        ("GetDateHourMinute", [moment]) => start_of("minute", moment),
        ("GetDateHourMinuteSecond", [moment]) => start_of("second", moment),
        ("DateDiffDay", [from, to]) => {
            format!("(CAST({to} AS date) - CAST({from} AS date))")
        }
        ("DateDiffHour", [from, to]) => starts_between("hour", 3_600, from, to),
        ("DateDiffMinute", [from, to]) => starts_between("minute", 60, from, to),
        ("DateDiffSecond", [from, to]) => starts_between("second", 1, from, to),
        ("DateDiffMonth", [from, to]) => {
            format!("CAST({} - {} AS integer)", months(to), months(from))
        }
        ("DateDiffYear", [from, to]) => format!("({} - {})", part("year", to), part("year", from)),
        _ => return common::function(name, arguments),
    })
}

/// Texts that are long enough stay as they are, unlike by the function alone.
fn padded(function: &str, text: &str, length: &str, with: &str) -> String {
    format!("{function}({text}, greatest(length({text}), {}), {with})", integer(length))
}

impl Dialect for Postgres {
    fn quote(&self, name: &str) -> String {
        quoted(name, '"', '"')
    }

    fn is_foreign_schema(&self, schema: &str) -> bool {
        is_one_of(schema, &["dbo", "main"])
    }

    fn placeholder(&self, index: usize) -> String {
        format!("${index}")
    }

    fn lexis(&self) -> Lexis {
        LEXIS
    }

    fn limit(&self, cut: Cut) -> Option<Limit> {
        Some(limit(cut))
    }

    fn typed(&self, place: &str, value: &Value) -> String {
        typed(place, value)
    }

    fn groups_by_number(&self) -> bool {
        true
    }

    fn concat(&self, parts: &[String]) -> String {
        format!("concat({})", parts.join(", "))
    }

    fn operator(&self, op: BinaryOp, a: &str, b: &str) -> Option<String> {
        operator(op, a, b)
    }

    fn start_pattern(&self, start: &str) -> Option<String> {
        Some(common::start_pattern(start, &[]))
    }

    fn function(&self, name: &str, arguments: &[String]) -> Option<String> {
        let added = |moment: &str, count: &str, unit: &str| {
            format!("({moment} + {count} * interval '1 {unit}')")
        };
        Some(match (name, arguments) {
            ("Sinh", [angle]) => format!("sinh({angle})"),
            ("Cosh", [angle]) => format!("cosh({angle})"),
            ("Tanh", [angle]) => format!("tanh({angle})"),
            ("AddYears", [moment, count]) => added(moment, count, "year"),
            ("AddMonths", [moment, count]) => added(moment, count, "month"),
            ("AddDays", [moment, count]) => added(moment, count, "day"),
            ("AddHours", [moment, count]) => added(moment, count, "hour"),
            ("AddMinutes", [moment, count]) => added(moment, count, "minute"),
            ("AddSeconds", [moment, count]) => added(moment, count, "second"),
            ("AddMilliSeconds", [moment, count]) => added(moment, count, "millisecond"),
            ("AddTimeSpan", [moment, span]) => format!("({moment} + {span})"),
            _ => return function(name, arguments),
        })
    }

    /// A function: procedures give no rows there.
    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Option<String> {
        let arguments: Vec<&str> = arguments.iter().map(|argument| argument.sql).collect();
        Some(format!("SELECT * FROM {}({})", self.table(name), arguments.join(", ")))
    }
}

impl Dialect for Redshift {
    fn quote(&self, name: &str) -> String {
        quoted(name, '"', '"')
    }

    fn is_foreign_schema(&self, schema: &str) -> bool {
        Postgres.is_foreign_schema(schema)
    }

    fn placeholder(&self, index: usize) -> String {
        format!("${index}")
    }

    fn lexis(&self) -> Lexis {
        // Texts have backslashes that escape with and without an `E`.
        Lexis { backslash: Backslash::Escapes, ..LEXIS }
    }

    fn limit(&self, cut: Cut) -> Option<Limit> {
        Some(limit(cut))
    }

    fn typed(&self, place: &str, value: &Value) -> String {
        match value {
            Value::Guid(_) | Value::Text(_) | Value::Null | Value::List(_) => {
                format!("CAST({place} AS varchar(65535))")
            }
            value => typed(place, value),
        }
    }

    fn groups_by_number(&self) -> bool {
        true
    }

    fn concat(&self, parts: &[String]) -> String {
        common::concat(parts)
    }

    fn operator(&self, op: BinaryOp, a: &str, b: &str) -> Option<String> {
        operator(op, a, b)
    }

    fn start_pattern(&self, start: &str) -> Option<String> {
        Some(common::start_pattern(start, &[]))
    }

    fn function(&self, name: &str, arguments: &[String]) -> Option<String> {
        let added = |unit: &str, moment: &str, count: &str| {
            format!("dateadd({unit}, {}, {moment})", integer(count))
        };
        let between = |unit: &str, from: &str, to: &str| format!("datediff({unit}, {from}, {to})");
        Some(match (name, arguments) {
            ("AddYears", [moment, count]) => added("year", moment, count),
            ("AddMonths", [moment, count]) => added("month", moment, count),
            ("AddDays", [moment, count]) => added("day", moment, count),
            ("AddHours", [moment, count]) => added("hour", moment, count),
            ("AddMinutes", [moment, count]) => added("minute", moment, count),
            ("AddSeconds", [moment, count]) => added("second", moment, count),
            ("AddMilliSeconds", [moment, count]) => added("millisecond", moment, count),
            ("DateDiffYear", [from, to]) => between("year", from, to),
            ("DateDiffMonth", [from, to]) => between("month", from, to),
            ("DateDiffDay", [from, to]) => between("day", from, to),
            ("DateDiffHour", [from, to]) => between("hour", from, to),
            ("DateDiffMinute", [from, to]) => between("minute", from, to),
            ("DateDiffSecond", [from, to]) => between("second", from, to),
            ("ToStr", [value]) => format!("CAST({value} AS varchar(65535))"),
            ("ToDecimal", [value]) => format!("CAST({value} AS decimal(38, 10))"),
            _ => return function(name, arguments),
        })
    }

    /// Procedures and functions give no rows there.
    fn call(&self, _name: &str, _arguments: &[Argument<'_>]) -> Option<String> {
        None
    }
}
