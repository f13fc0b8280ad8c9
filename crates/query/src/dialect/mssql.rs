//! SQL Server.

use pressroom_criteria::BinaryOp;

use super::{Argument, Cut, Dialect, Lexis, Limit, Variables, common, is_one_of, quoted};

/// SQL Server 2012 and later, and Azure SQL. Letter case and accents in comparisons are those of the
/// columns' collations.
#[derive(Clone, Copy, Debug, Default)]
pub struct MsSql;

/// What Transact-SQL has everywhere, in Sybase's databases too.
pub(super) fn function(name: &str, arguments: &[String]) -> Option<String> {
    let part = |unit: &str, moment: &str| format!("datepart({unit}, {moment})");
    let added =
        |unit: &str, moment: &str, count: &str| format!("dateadd({unit}, {count}, {moment})");
    let between = |unit: &str, from: &str, to: &str| format!("datediff({unit}, {from}, {to})");
    // Units from a day on begin where the oldest date does.
    let start_of =
        |unit: &str, moment: &str| format!("dateadd({unit}, datediff({unit}, 0, {moment}), 0)");
    Some(match (name, arguments) {
        // Blanks at the end count in expressions.
        ("Len", [text]) => format!("(len({text} + '.') - 1)"),
        // counted from 0 in expressions
        ("Substring", [text, from]) => {
            format!("substring({text}, {from} + 1, len({text} + '.'))")
        }
        ("Substring", [text, from, count]) => format!("substring({text}, {from} + 1, {count})"),
        ("CharIndex", [part, text]) => format!("(charindex({part}, {text}) - 1)"),
        ("CharIndex", [part, text, from]) => format!("(charindex({part}, {text}, {from} + 1) - 1)"),
        // An empty text is part of every text.
        ("Contains", [text, part]) => {
            format!("(charindex({part}, {text}) > 0 OR ({part} = '' AND {text} IS NOT NULL))")
        }
        ("StartsWith", [text, start]) => {
            format!("(left({text}, len({start} + '.') - 1) = {start})")
        }
        ("EndsWith", [text, end]) => format!("(right({text}, len({end} + '.') - 1) = {end})"),
        ("Insert", [text, place, part]) => format!("stuff({text}, {place} + 1, 0, {part})"),
        ("Remove", [text, place]) => format!("left({text}, {place})"),
        ("Remove", [text, place, count]) => format!("stuff({text}, {place} + 1, {count}, '')"),
        ("PadLeft", [text, length]) => padded(text, length, "' '", true),
        ("PadLeft", [text, length, with]) => padded(text, length, with, true),
        ("PadRight", [text, length]) => padded(text, length, "' '", false),
        ("PadRight", [text, length, with]) => padded(text, length, with, false),
        ("Reverse", [text]) => format!("reverse({text})"),
        ("Ascii", [text]) => format!("unicode({text})"),
        ("Char", [code]) => format!("nchar({code})"),
        ("Trim", [text]) => format!("ltrim(rtrim({text}))"),
        // To the nearest whole number, as reports do; the cast alone cuts.
        ("ToInt", [value]) => format!("CAST(round({value}, 0) AS int)"),
        ("ToLong", [value]) => format!("CAST(round({value}, 0) AS bigint)"),
        ("ToDouble" | "ToFloat", [value]) => format!("CAST({value} AS float)"),
        ("ToDecimal", [value]) => format!("CAST({value} AS decimal(38, 10))"),
        ("Log", [number]) => format!("log({number})"),
        ("Log", [number, base]) => format!("(log({number}) / log({base}))"),
        ("Atn2", [y, x]) => format!("atn2({y}, {x})"),
        ("GetYear", [moment]) => part("year", moment),
        ("GetQuarter", [moment]) => part("quarter", moment),
        ("GetMonth", [moment]) => part("month", moment),
        ("GetDay", [moment]) => part("day", moment),
        ("GetHour", [moment]) => part("hour", moment),
        ("GetMinute", [moment]) => part("minute", moment),
        ("GetSecond", [moment]) => part("second", moment),
        ("GetMilliSecond", [moment]) => part("millisecond", moment),
        // The number of a day depends on a setting of the session; from a Sunday on it does not.
        ("GetDayOfWeek", [moment]) => format!("((datediff(day, 0, {moment}) + 1) % 7)"),
        ("GetDayOfYear", [moment]) => part("dayofyear", moment),
        ("GetDate", [moment]) => start_of("day", moment),
        ("GetDateMonthYear", [moment]) => start_of("month", moment),
        ("GetDateQuarterYear", [moment]) => start_of("quarter", moment),
        ("GetDateHour", [moment]) => start_of("hour", moment),
        ("GetDateHourMinute", [moment]) => start_of("minute", moment),
        ("AddYears", [moment, count]) => added("year", moment, count),
        ("AddMonths", [moment, count]) => added("month", moment, count),
        // Only whole units are added: days with a part of one go by milliseconds.
        ("AddDays", [moment, count]) => added("day", moment, count),
        ("AddHours", [moment, count]) => added("minute", moment, &format!("({count}) * 60")),
        ("AddMinutes", [moment, count]) => added("second", moment, &format!("({count}) * 60")),
        ("AddSeconds", [moment, count]) => {
            added("millisecond", moment, &format!("({count}) * 1000"))
        }
        ("AddMilliSeconds", [moment, count]) => added("millisecond", moment, count),
        ("DateDiffYear", [from, to]) => between("year", from, to),
        ("DateDiffMonth", [from, to]) => between("month", from, to),
        ("DateDiffDay", [from, to]) => between("day", from, to),
        ("DateDiffHour", [from, to]) => between("hour", from, to),
        ("DateDiffMinute", [from, to]) => between("minute", from, to),
        ("DateDiffSecond", [from, to]) => between("second", from, to),
        ("DateDiffMilliSecond", [from, to]) => between("millisecond", from, to),
        _ => return common::function(name, arguments),
    })
}

/// Texts that are long enough stay as they are.
fn padded(text: &str, length: &str, with: &str, at_start: bool) -> String {
    let count = format!("{length} - len({text} + '.') + 1");
    // No text of a negative length: nothing is put before or after it then.
    let filling = format!("coalesce(replicate({with}, {count}), '')");
    if at_start { format!("({filling} + {text})") } else { format!("({text} + {filling})") }
}

impl Dialect for MsSql {
    fn quote(&self, name: &str) -> String {
        quoted(name, '[', ']')
    }

    fn is_foreign_schema(&self, schema: &str) -> bool {
        is_one_of(schema, &["public", "main"])
    }

    fn placeholder(&self, index: usize) -> String {
        format!("@P{index}")
    }

    fn lexis(&self) -> Lexis {
        Lexis {
            brackets: true,
            nested_comments: true,
            variables: Variables::Declared,
            question_marks: true,
            ..Lexis::default()
        }
    }

    fn limit(&self, cut: Cut) -> Option<Limit> {
        Some(match (cut.top, cut.skip) {
            (None, None) => Limit::default(),
            (Some(top), None) => Limit { head: format!("TOP ({top}) "), tail: String::new() },
            // Fetching no rows is an error there.
            (Some(0), Some(_)) => Limit { head: "TOP (0) ".into(), tail: String::new() },
            (_, Some(_)) => {
                let mut limit = super::offset_fetch(cut, true);
                // Skipping needs an order, whichever. Different rows take one by their columns only.
                match (cut.is_ordered, cut.is_distinct) {
                    (true, _) => {}
                    (false, true) => limit.tail.insert_str(0, " ORDER BY 1"),
                    (false, false) => limit.tail.insert_str(0, " ORDER BY (SELECT NULL)"),
                }
                limit
            }
        })
    }

    fn has_truth_values(&self) -> bool {
        false
    }

    fn truth_value(&self, sql: &str) -> String {
        format!("CAST(CASE WHEN {sql} THEN 1 ELSE 0 END AS bit)")
    }

    fn concat(&self, parts: &[String]) -> String {
        match parts {
            // It wants two.
            [part] => format!("concat({part}, '')"),
            parts => format!("concat({})", parts.join(", ")),
        }
    }

    fn operator(&self, op: BinaryOp, a: &str, b: &str) -> Option<String> {
        match op {
            BinaryOp::BitXor => Some(format!("({a} ^ {b})")),
            op => common::operator(op, a, b),
        }
    }

    fn start_pattern(&self, start: &str) -> Option<String> {
        Some(common::start_pattern(start, &['[']))
    }

    fn function(&self, name: &str, arguments: &[String]) -> Option<String> {
        Some(match (name, arguments) {
            ("ToStr", [value]) => format!("CAST({value} AS nvarchar(max))"),
            ("DateDiffMilliSecond", [from, to]) => {
                format!("datediff_big(millisecond, {from}, {to})")
            }
            _ => return function(name, arguments),
        })
    }

    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Option<String> {
        // A name of an argument cannot be quoted: one that is no plain name is left out, and with it
        // all, so that the order decides.
        let is_plain = |name: &str| {
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_$#@".contains(c))
        };
        let named = arguments.iter().all(|argument| is_plain(argument.name));
        let arguments: Vec<String> = arguments
            .iter()
            .map(|argument| match named {
                true => format!("@{} = {}", argument.name, argument.sql),
                false => argument.sql.to_owned(),
            })
            .collect();
        let sql = format!("EXEC {} {}", self.table(name), arguments.join(", "));
        Some(sql.trim_end().to_owned())
    }
}
