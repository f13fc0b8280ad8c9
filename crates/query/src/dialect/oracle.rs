//! Oracle.

use pressroom_criteria::BinaryOp;

use super::{Argument, Cut, Dialect, Lexis, Limit, common, is_one_of, odbc, offset_fetch, quoted};

/// Oracle 12c and later, reached through ODBC. An empty text is null there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Oracle;

const FUNCTIONS: &[(BinaryOp, &str)] = &[(BinaryOp::BitAnd, "bitand"), (BinaryOp::Modulo, "mod")];

fn part(field: &str, moment: &str) -> String {
    format!("extract({field} FROM {moment})")
}

/// Dates have no parts of a day by that function.
fn part_of_day(field: &str, moment: &str) -> String {
    format!("extract({field} FROM CAST({moment} AS TIMESTAMP))")
}

fn months(moment: &str) -> String {
    format!("(extract(YEAR FROM {moment}) * 12 + extract(MONTH FROM {moment}))")
}

fn added(unit: &str, moment: &str, count: &str) -> String {
    format!("({moment} + numtodsinterval({count}, '{unit}'))")
}

/// How many starts of a unit, of which a day has so many, lie between two moments.
fn starts_between(unit: &str, of_day: u32, from: &str, to: &str) -> String {
    format!("round((trunc({to}, '{unit}') - trunc({from}, '{unit}')) * {of_day})")
}

/// Texts that are long enough stay as they are, unlike by the function alone.
fn padded(function: &str, text: &str, length: &str, with: &str) -> String {
    format!("{function}({text}, greatest(length({text}), {length}), {with})")
}

impl Dialect for Oracle {
    fn quote(&self, name: &str) -> String {
        // A quote is never part of a name there.
        quoted(&name.replace('"', ""), '"', '"')
    }

    fn is_foreign_schema(&self, schema: &str) -> bool {
        is_one_of(schema, &["dbo", "public", "main"])
    }

    fn table_alias(&self, alias: &str) -> String {
        format!(" {}", self.quote(alias))
    }

    fn placeholder(&self, _index: usize) -> String {
        "?".into()
    }

    fn lexis(&self) -> Lexis {
        Lexis { q_quotes: true, numbered: Some(':'), question_marks: true, ..Lexis::default() }
    }

    fn limit(&self, cut: Cut) -> Option<Limit> {
        Some(offset_fetch(cut, false))
    }

    fn has_truth_values(&self) -> bool {
        false
    }

    fn concat(&self, parts: &[String]) -> String {
        // Null is an empty text there.
        format!("({})", parts.join(" || "))
    }

    fn operator(&self, op: BinaryOp, a: &str, b: &str) -> Option<String> {
        common::operator_by_function(op, a, b, FUNCTIONS)
    }

    fn bit_not(&self, sql: &str) -> Option<String> {
        Some(format!("(-1 - {sql})"))
    }

    fn function(&self, name: &str, arguments: &[String]) -> Option<String> {
        Some(match (name, arguments) {
            ("Len", [text]) => format!("length({text})"),
            // counted from 0 in expressions
            ("Substring", [text, from]) => format!("substr({text}, {from} + 1)"),
            ("Substring", [text, from, count]) => format!("substr({text}, {from} + 1, {count})"),
            ("CharIndex", [part, text]) => format!("(instr({text}, {part}) - 1)"),
            ("CharIndex", [part, text, from]) => format!("(instr({text}, {part}, {from} + 1) - 1)"),
            ("Contains", [text, part]) => format!("(instr({text}, {part}) > 0)"),
            ("StartsWith", [text, start]) => {
                format!("(substr({text}, 1, length({start})) = {start})")
            }
            ("EndsWith", [text, end]) => format!("(substr({text}, -length({end})) = {end})"),
            ("Insert", [text, place, part]) => {
                format!("(substr({text}, 1, {place}) || {part} || substr({text}, {place} + 1))")
            }
            ("Remove", [text, place]) => format!("substr({text}, 1, {place})"),
            ("Remove", [text, place, count]) => {
                format!("(substr({text}, 1, {place}) || substr({text}, {place} + {count} + 1))")
            }
            ("PadLeft", [text, length]) => padded("lpad", text, length, "' '"),
            ("PadLeft", [text, length, with]) => padded("lpad", text, length, with),
            ("PadRight", [text, length]) => padded("rpad", text, length, "' '"),
            ("PadRight", [text, length, with]) => padded("rpad", text, length, with),
            ("Ascii", [text]) => format!("ascii({text})"),
            ("Char", [code]) => format!("chr({code})"),
            ("ToStr", [value]) => format!("to_char({value})"),
            ("ToInt" | "ToLong", [value]) => format!("round(to_number({value}))"),
            ("ToDouble" | "ToFloat" | "ToDecimal", [value]) => format!("to_number({value})"),
            ("Ceiling", [number]) => format!("ceil({number})"),
            ("Max", [a, b]) => format!("greatest({a}, {b})"),
            ("Min", [a, b]) => format!("least({a}, {b})"),
            ("Sinh", [angle]) => format!("sinh({angle})"),
            ("Cosh", [angle]) => format!("cosh({angle})"),
            ("Tanh", [angle]) => format!("tanh({angle})"),
            ("GetYear", [moment]) => part("YEAR", moment),
            ("GetQuarter", [moment]) => format!("to_number(to_char({moment}, 'Q'))"),
            ("GetMonth", [moment]) => part("MONTH", moment),
            ("GetDay", [moment]) => part("DAY", moment),
            ("GetHour", [moment]) => part_of_day("HOUR", moment),
            ("GetMinute", [moment]) => part_of_day("MINUTE", moment),
            ("GetSecond", [moment]) => format!("floor({})", part_of_day("SECOND", moment)),
            // From the Monday of its week on, whatever the session's country.
            ("GetDayOfWeek", [moment]) => {
                format!("mod(trunc({moment}) - trunc({moment}, 'IW') + 1, 7)")
            }
            ("GetDayOfYear", [moment]) => format!("to_number(to_char({moment}, 'DDD'))"),
            ("GetDate", [moment]) => format!("trunc({moment})"),
            ("GetDateMonthYear", [moment]) => format!("trunc({moment}, 'MM')"),
            ("GetDateQuarterYear", [moment]) => format!("trunc({moment}, 'Q')"),
            ("GetDateHour", [moment]) => format!("trunc({moment}, 'HH24')"),
            ("GetDateHourMinute", [moment]) => format!("trunc({moment}, 'MI')"),
            ("AddYears", [moment, count]) => format!("add_months({moment}, ({count}) * 12)"),
            ("AddMonths", [moment, count]) => format!("add_months({moment}, {count})"),
            ("AddDays", [moment, count]) => added("DAY", moment, count),
            ("AddHours", [moment, count]) => added("HOUR", moment, count),
            ("AddMinutes", [moment, count]) => added("MINUTE", moment, count),
            ("AddSeconds", [moment, count]) => added("SECOND", moment, count),
            ("DateDiffYear", [from, to]) => {
                format!("({} - {})", part("YEAR", to), part("YEAR", from))
            }
            ("DateDiffMonth", [from, to]) => format!("({} - {})", months(to), months(from)),
            ("DateDiffDay", [from, to]) => format!("(trunc({to}) - trunc({from}))"),
            ("DateDiffHour", [from, to]) => starts_between("HH24", 24, from, to),
            ("DateDiffMinute", [from, to]) => starts_between("MI", 24 * 60, from, to),
            _ => return common::function(name, arguments),
        })
    }

    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Option<String> {
        Some(odbc::escape_call(&self.table(name), arguments))
    }
}
