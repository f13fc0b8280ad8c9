//! MySQL and MariaDB.

use pressroom_criteria::BinaryOp;

use super::{
    Argument, Backslash, Cut, Dialect, Lexis, Limit, Variables, common, is_one_of, quoted,
};

/// MySQL and MariaDB. Letter case and accents in comparisons are those of the columns' collations.
#[derive(Clone, Copy, Debug, Default)]
pub struct MySql;

fn added(moment: &str, count: &str, unit: &str) -> String {
    format!("date_add({moment}, INTERVAL {count} {unit})")
}

/// Moments are given with a time of day, also at midnight.
fn start_of(format: &str, moment: &str) -> String {
    format!("CAST(date_format({moment}, '{format}') AS datetime)")
}

fn starts_between(unit: &str, format: &str, from: &str, to: &str) -> String {
    let (from, to) = (start_of(format, from), start_of(format, to));
    format!("timestampdiff({unit}, {from}, {to})")
}

/// Texts that are long enough stay as they are, unlike by the function alone.
fn padded(function: &str, text: &str, length: &str, with: &str) -> String {
    format!("{function}({text}, greatest(char_length({text}), {length}), {with})")
}

const HOUR: &str = "%Y-%m-%d %H:00:00";
const MINUTE: &str = "%Y-%m-%d %H:%i:00";
const SECOND: &str = "%Y-%m-%d %H:%i:%s";

impl Dialect for MySql {
    fn quote(&self, name: &str) -> String {
        quoted(name, '`', '`')
    }

    fn is_foreign_schema(&self, schema: &str) -> bool {
        is_one_of(schema, &["dbo", "public", "main"])
    }

    fn placeholder(&self, _index: usize) -> String {
        "?".into()
    }

    fn lexis(&self) -> Lexis {
        Lexis {
            backslash: Backslash::Escapes,
            double_quoted_texts: true,
            backticks: true,
            hash_comments: true,
            mysql_comments: true,
            variables: Variables::Assigned,
            question_marks: true,
            ..Lexis::default()
        }
    }

    fn limit(&self, cut: Cut) -> Option<Limit> {
        Limit::at_end(match (cut.top, cut.skip) {
            (None, None) => String::new(),
            (Some(top), None) => format!(" LIMIT {top}"),
            // There is no skipping without a limit.
            (top, Some(skip)) => format!(" LIMIT {} OFFSET {skip}", top.unwrap_or(u64::MAX)),
        })
    }

    fn has_full_join(&self) -> bool {
        false
    }

    fn groups_by_number(&self) -> bool {
        true
    }

    fn concat(&self, parts: &[String]) -> String {
        let parts: Vec<String> = parts.iter().map(|part| format!("coalesce({part}, '')")).collect();
        format!("concat({})", parts.join(", "))
    }

    fn operator(&self, op: BinaryOp, a: &str, b: &str) -> Option<String> {
        match op {
            BinaryOp::BitXor => Some(format!("({a} ^ {b})")),
            op => common::operator(op, a, b),
        }
    }

    fn bit_not(&self, sql: &str) -> Option<String> {
        // Bits are those of a number without a sign there.
        Some(format!("CAST(~{sql} AS signed)"))
    }

    fn start_pattern(&self, start: &str) -> Option<String> {
        Some(common::start_pattern(start, &[]))
    }

    fn function(&self, name: &str, arguments: &[String]) -> Option<String> {
        Some(match (name, arguments) {
            ("Len", [text]) => format!("char_length({text})"),
            // counted from 0 in expressions
            ("Substring", [text, from]) => format!("substring({text}, {from} + 1)"),
            ("Substring", [text, from, count]) => {
                format!("substring({text}, {from} + 1, {count})")
            }
            ("CharIndex", [part, text]) => format!("(locate({part}, {text}) - 1)"),
            ("CharIndex", [part, text, from]) => {
                format!("(locate({part}, {text}, {from} + 1) - 1)")
            }
            ("Contains", [text, part]) => format!("(locate({part}, {text}) > 0)"),
            ("StartsWith", [text, start]) => {
                format!("(left({text}, char_length({start})) = {start})")
            }
            ("EndsWith", [text, end]) => format!("(right({text}, char_length({end})) = {end})"),
            ("Insert", [text, place, part]) => {
                format!("concat(left({text}, {place}), {part}, substring({text}, {place} + 1))")
            }
            ("Remove", [text, place]) => format!("left({text}, {place})"),
            ("Remove", [text, place, count]) => {
                format!("concat(left({text}, {place}), substring({text}, {place} + {count} + 1))")
            }
            ("PadLeft", [text, length]) => padded("lpad", text, length, "' '"),
            ("PadLeft", [text, length, with]) => padded("lpad", text, length, with),
            ("PadRight", [text, length]) => padded("rpad", text, length, "' '"),
            ("PadRight", [text, length, with]) => padded("rpad", text, length, with),
            ("Reverse", [text]) => format!("reverse({text})"),
            ("Ascii", [text]) => format!("ascii({text})"),
            ("Char", [code]) => format!("char({code} USING utf8mb4)"),
            ("ToStr", [value]) => format!("CAST({value} AS char)"),
            ("ToInt" | "ToLong", [value]) => format!("CAST({value} AS signed)"),
            // A floating point number in every version.
            ("ToDouble" | "ToFloat", [value]) => format!("({value} + 0e0)"),
            ("ToDecimal", [value]) => format!("CAST({value} AS decimal(65, 10))"),
            ("Max", [a, b]) => format!("greatest({a}, {b})"),
            ("Min", [a, b]) => format!("least({a}, {b})"),
            ("GetYear", [moment]) => format!("year({moment})"),
            ("GetQuarter", [moment]) => format!("quarter({moment})"),
            ("GetMonth", [moment]) => format!("month({moment})"),
            ("GetDay", [moment]) => format!("day({moment})"),
            ("GetHour", [moment]) => format!("hour({moment})"),
            ("GetMinute", [moment]) => format!("minute({moment})"),
            ("GetSecond", [moment]) => format!("second({moment})"),
            ("GetMilliSecond", [moment]) => format!("(microsecond({moment}) DIV 1000)"),
            ("GetDayOfWeek", [moment]) => format!("(dayofweek({moment}) - 1)"),
            ("GetDayOfYear", [moment]) => format!("dayofyear({moment})"),
            ("GetDate", [moment]) => start_of("%Y-%m-%d", moment),
            ("GetDateMonthYear", [moment]) => start_of("%Y-%m-01", moment),
            ("GetDateHour", [moment]) => start_of(HOUR, moment),
            ("GetDateHourMinute", [moment]) => start_of(MINUTE, moment),
            ("GetDateHourMinuteSecond", [moment]) => start_of(SECOND, moment),
            ("AddYears", [moment, count]) => added(moment, count, "YEAR"),
            ("AddMonths", [moment, count]) => added(moment, count, "MONTH"),
            // Units other than seconds are rounded to whole ones.
            ("AddDays", [moment, count]) => added(moment, &format!("({count}) * 86400"), "SECOND"),
            ("AddHours", [moment, count]) => added(moment, &format!("({count}) * 3600"), "SECOND"),
            ("AddMinutes", [moment, count]) => added(moment, &format!("({count}) * 60"), "SECOND"),
            ("AddSeconds", [moment, count]) => added(moment, count, "SECOND"),
            ("AddMilliSeconds", [moment, count]) => {
                added(moment, &format!("({count}) * 1000"), "MICROSECOND")
            }
            ("DateDiffYear", [from, to]) => format!("(year({to}) - year({from}))"),
            ("DateDiffMonth", [from, to]) => {
                format!("((year({to}) - year({from})) * 12 + month({to}) - month({from}))")
            }
            ("DateDiffDay", [from, to]) => format!("datediff({to}, {from})"),
            ("DateDiffHour", [from, to]) => starts_between("HOUR", HOUR, from, to),
            ("DateDiffMinute", [from, to]) => starts_between("MINUTE", MINUTE, from, to),
            ("DateDiffSecond", [from, to]) => starts_between("SECOND", SECOND, from, to),
            _ => return common::function(name, arguments),
        })
    }

    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Option<String> {
        let arguments: Vec<&str> = arguments.iter().map(|argument| argument.sql).collect();
        Some(format!("CALL {}({})", self.table(name), arguments.join(", ")))
    }
}
