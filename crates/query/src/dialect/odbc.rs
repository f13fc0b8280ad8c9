//! The databases that are reached through ODBC only, but for the largest of them.

use pressroom_criteria::BinaryOp;
use pressroom_data::Value;

use super::{
    Argument, Backslash, Cut, Dialect, Lexis, Limit, common, is_one_of, mssql, offset_fetch, quoted,
};

/// A database behind an ODBC driver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Odbc {
    /// One of which nothing is known but that it speaks standard SQL.
    #[default]
    Ansi,
    /// SAP (Sybase) ASE.
    Ase,
    /// SAP (Sybase) SQL Anywhere.
    Asa,
    /// SAP Advantage.
    Advantage,
    /// Pervasive, also called Actian Zen.
    Pervasive,
    /// Microsoft Access.
    Access,
    /// Teradata.
    Teradata,
    /// Google BigQuery.
    BigQuery,
    /// VistaDB.
    VistaDb,
}

/// The call of a procedure in the form that every driver writes anew for its database.
pub(super) fn escape_call(name: &str, arguments: &[Argument<'_>]) -> String {
    let arguments: Vec<&str> = arguments.iter().map(|argument| argument.sql).collect();
    match arguments.as_slice() {
        [] => format!("{{CALL {name}}}"),
        arguments => format!("{{CALL {name}({})}}", arguments.join(", ")),
    }
}

/// Functions of standard SQL.
fn standard(name: &str, arguments: &[String]) -> Option<String> {
    let part = |field: &str, moment: &str| format!("extract({field} FROM {moment})");
    Some(match (name, arguments) {
        ("Len", [text]) => format!("char_length({text})"),
        // counted from 0 in expressions
        ("Substring", [text, from]) => format!("substring({text} FROM {from} + 1)"),
        ("Substring", [text, from, count]) => {
            format!("substring({text} FROM {from} + 1 FOR {count})")
        }
        ("CharIndex", [part, text]) => format!("(position({part} IN {text}) - 1)"),
        ("Contains", [text, part]) => format!("(position({part} IN {text}) > 0)"),
        ("StartsWith", [text, start]) => {
            format!("(substring({text} FROM 1 FOR char_length({start})) = {start})")
        }
        ("EndsWith", [text, end]) => {
            format!("(substring({text} FROM char_length({text}) - char_length({end}) + 1) = {end})")
        }
        ("TrimStart", [text]) => format!("trim(LEADING FROM {text})"),
        ("TrimEnd", [text]) => format!("trim(TRAILING FROM {text})"),
        ("ToStr", [value]) => format!("CAST({value} AS VARCHAR(4000))"),
        ("ToInt", [value]) => format!("CAST({value} AS INTEGER)"),
        ("ToLong", [value]) => format!("CAST({value} AS BIGINT)"),
        ("ToDouble" | "ToFloat", [value]) => format!("CAST({value} AS DOUBLE PRECISION)"),
        ("ToDecimal", [value]) => format!("CAST({value} AS DECIMAL(18, 6))"),
        ("GetYear", [moment]) => part("YEAR", moment),
        ("GetMonth", [moment]) => part("MONTH", moment),
        ("GetDay", [moment]) => part("DAY", moment),
        ("GetHour", [moment]) => part("HOUR", moment),
        ("GetMinute", [moment]) => part("MINUTE", moment),
        ("GetSecond", [moment]) => format!("floor({})", part("SECOND", moment)),
        ("GetDate", [moment]) => format!("CAST(CAST({moment} AS DATE) AS TIMESTAMP)"),
        ("DateDiffYear", [from, to]) => format!("({} - {})", part("YEAR", to), part("YEAR", from)),
        _ => return common::function(name, arguments),
    })
}

/// Functions of Access.
fn of_access(name: &str, arguments: &[String]) -> Option<String> {
    let part = |unit: &str, moment: &str| format!("datepart('{unit}', {moment})");
    let added =
        |unit: &str, moment: &str, count: &str| format!("dateadd('{unit}', {count}, {moment})");
    let between = |unit: &str, from: &str, to: &str| format!("datediff('{unit}', {from}, {to})");
    Some(match (name, arguments) {
        ("Lower", [text]) => format!("lcase({text})"),
        ("Upper", [text]) => format!("ucase({text})"),
        ("Len", [text]) => format!("len({text})"),
        ("Substring", [text, from]) => format!("mid({text}, {from} + 1)"),
        ("Substring", [text, from, count]) => format!("mid({text}, {from} + 1, {count})"),
        ("CharIndex", [part, text]) => format!("(instr({text}, {part}) - 1)"),
        ("Contains", [text, part]) => format!("(instr({text}, {part}) > 0)"),
        ("StartsWith", [text, start]) => format!("(left({text}, len({start})) = {start})"),
        ("EndsWith", [text, end]) => format!("(right({text}, len({end})) = {end})"),
        ("Sqr", [number]) => format!("sqr({number})"),
        ("Sign", [number]) => format!("sgn({number})"),
        ("Floor", [number]) => format!("int({number})"),
        ("Ceiling", [number]) => format!("(-int(-({number})))"),
        ("Atn", [number]) => format!("atn({number})"),
        ("Log", [number]) => format!("log({number})"),
        ("Power", [base, exponent]) => format!("(({base}) ^ ({exponent}))"),
        ("Max", [a, b]) => format!("iif({a} >= {b}, {a}, {b})"),
        ("Min", [a, b]) => format!("iif({a} <= {b}, {a}, {b})"),
        ("ToStr", [value]) => format!("cstr({value})"),
        ("ToInt" | "ToLong", [value]) => format!("clng({value})"),
        ("ToDouble" | "ToFloat", [value]) => format!("cdbl({value})"),
        ("ToDecimal", [value]) => format!("ccur({value})"),
        ("Ascii", [text]) => format!("asc({text})"),
        ("Char", [code]) => format!("chr({code})"),
        ("Reverse", [text]) => format!("strreverse({text})"),
        ("GetYear", [moment]) => part("yyyy", moment),
        ("GetQuarter", [moment]) => part("q", moment),
        ("GetMonth", [moment]) => part("m", moment),
        ("GetDay", [moment]) => part("d", moment),
        ("GetHour", [moment]) => part("h", moment),
        ("GetMinute", [moment]) => part("n", moment),
        ("GetSecond", [moment]) => part("s", moment),
        ("GetDayOfWeek", [moment]) => format!("(weekday({moment}) - 1)"),
        ("GetDayOfYear", [moment]) => part("y", moment),
        ("GetDate", [moment]) => format!("datevalue({moment})"),
        ("AddYears", [moment, count]) => added("yyyy", moment, count),
        ("AddMonths", [moment, count]) => added("m", moment, count),
        ("AddDays", [moment, count]) => added("d", moment, count),
        ("AddHours", [moment, count]) => added("h", moment, count),
        ("AddMinutes", [moment, count]) => added("n", moment, count),
        ("AddSeconds", [moment, count]) => added("s", moment, count),
        ("DateDiffYear", [from, to]) => between("yyyy", from, to),
        ("DateDiffMonth", [from, to]) => between("m", from, to),
        ("DateDiffDay", [from, to]) => between("d", from, to),
        ("DateDiffHour", [from, to]) => between("h", from, to),
        ("DateDiffMinute", [from, to]) => between("n", from, to),
        ("DateDiffSecond", [from, to]) => between("s", from, to),
        ("Asin" | "Acos" | "Atn2", _) => return None,
        (
            "Trim" | "TrimStart" | "TrimEnd" | "Replace" | "Abs" | "Round" | "Exp" | "Sin" | "Cos"
            | "Tan" | "Log",
            _,
        ) => return common::function(name, arguments),
        _ => return None,
    })
}

/// Functions of BigQuery.
fn of_big_query(name: &str, arguments: &[String]) -> Option<String> {
    let part = |field: &str, moment: &str| format!("extract({field} FROM {moment})");
    let start_of = |unit: &str, moment: &str| format!("datetime_trunc({moment}, {unit})");
    let between = |unit: &str, from: &str, to: &str| format!("datetime_diff({to}, {from}, {unit})");
    Some(match (name, arguments) {
        ("Len", [text]) => format!("length({text})"),
        ("Substring", [text, from]) => format!("substr({text}, {from} + 1)"),
        ("Substring", [text, from, count]) => format!("substr({text}, {from} + 1, {count})"),
        ("CharIndex", [part, text]) => format!("(strpos({text}, {part}) - 1)"),
        ("Contains", [text, part]) => format!("(strpos({text}, {part}) > 0)"),
        ("StartsWith", [text, start]) => format!("starts_with({text}, {start})"),
        ("EndsWith", [text, end]) => format!("ends_with({text}, {end})"),
        ("Reverse", [text]) => format!("reverse({text})"),
        ("ToStr", [value]) => format!("CAST({value} AS STRING)"),
        ("ToInt" | "ToLong", [value]) => format!("CAST({value} AS INT64)"),
        ("ToDouble" | "ToFloat", [value]) => format!("CAST({value} AS FLOAT64)"),
        ("ToDecimal", [value]) => format!("CAST({value} AS NUMERIC)"),
        ("Max", [a, b]) => format!("greatest({a}, {b})"),
        ("Min", [a, b]) => format!("least({a}, {b})"),
        ("GetYear", [moment]) => part("YEAR", moment),
        ("GetQuarter", [moment]) => part("QUARTER", moment),
        ("GetMonth", [moment]) => part("MONTH", moment),
        ("GetDay", [moment]) => part("DAY", moment),
        ("GetHour", [moment]) => part("HOUR", moment),
        ("GetMinute", [moment]) => part("MINUTE", moment),
        ("GetSecond", [moment]) => part("SECOND", moment),
        ("GetDayOfWeek", [moment]) => format!("(extract(DAYOFWEEK FROM {moment}) - 1)"),
        ("GetDayOfYear", [moment]) => part("DAYOFYEAR", moment),
        ("GetDate", [moment]) => start_of("DAY", moment),
        ("GetDateMonthYear", [moment]) => start_of("MONTH", moment),
        ("GetDateQuarterYear", [moment]) => start_of("QUARTER", moment),
        ("DateDiffYear", [from, to]) => between("YEAR", from, to),
        ("DateDiffMonth", [from, to]) => between("MONTH", from, to),
        ("DateDiffDay", [from, to]) => between("DAY", from, to),
        ("DateDiffHour", [from, to]) => between("HOUR", from, to),
        ("DateDiffMinute", [from, to]) => between("MINUTE", from, to),
        ("DateDiffSecond", [from, to]) => between("SECOND", from, to),
        _ => return common::function(name, arguments),
    })
}

impl Odbc {
    /// Whether it descends from Transact-SQL.
    fn is_transact(self) -> bool {
        matches!(self, Self::Ase | Self::Asa | Self::VistaDb)
    }
}

impl Dialect for Odbc {
    fn quote(&self, name: &str) -> String {
        match self {
            // A bracket is never part of a name there.
            Self::Access => quoted(&name.replace(']', ""), '[', ']'),
            Self::Ase | Self::Asa | Self::VistaDb => quoted(name, '[', ']'),
            Self::BigQuery => {
                let escaped = name.replace('\\', "\\\\").replace('`', "\\`").replace('\0', "");
                format!("`{escaped}`")
            }
            Self::Ansi | Self::Advantage | Self::Pervasive | Self::Teradata => {
                quoted(name, '"', '"')
            }
        }
    }

    fn is_foreign_schema(&self, schema: &str) -> bool {
        match self {
            Self::Ase | Self::Asa | Self::VistaDb => is_one_of(schema, &["public", "main"]),
            Self::Access | Self::Advantage | Self::Pervasive | Self::Teradata => {
                is_one_of(schema, &["dbo", "public", "main"])
            }
            Self::BigQuery => is_one_of(schema, &["dbo", "public"]),
            Self::Ansi => is_one_of(schema, &["dbo"]),
        }
    }

    fn placeholder(&self, _index: usize) -> String {
        "?".into()
    }

    fn lexis(&self) -> Lexis {
        let lexis = Lexis { question_marks: true, ..Lexis::default() };
        match self {
            Self::Ase | Self::Asa | Self::VistaDb | Self::Access => {
                let variables = super::Variables::Declared;
                let nested_comments = !matches!(self, Self::Access);
                Lexis { brackets: true, nested_comments, variables, ..lexis }
            }
            Self::Advantage => Lexis { brackets: true, ..lexis },
            Self::BigQuery => Lexis {
                backslash: Backslash::Escapes,
                double_quoted_texts: true,
                backticks: true,
                hash_comments: true,
                triple_quotes: true,
                ..lexis
            },
            Self::Ansi | Self::Pervasive | Self::Teradata => lexis,
        }
    }

    fn limit(&self, cut: Cut) -> Option<Limit> {
        if cut.is_whole() {
            return Some(Limit::default());
        }
        let Cut { top, skip, .. } = cut;
        match (self, top, skip) {
            (Self::Ansi, ..) => Some(offset_fetch(cut, false)),
            (Self::BigQuery, Some(top), None) => Limit::at_end(format!(" LIMIT {top}")),
            (Self::BigQuery | Self::Pervasive, top, Some(skip)) => {
                let top = top.unwrap_or(i64::MAX.unsigned_abs());
                Limit::at_end(format!(" LIMIT {top} OFFSET {skip}"))
            }
            // Different rows are not cut there.
            (Self::Teradata, ..) if cut.is_distinct => None,
            (_, Some(top), None) => Limit::at_start(format!("TOP {top} ")),
            (Self::Asa | Self::Advantage, top, Some(skip)) => {
                let top = top.unwrap_or(i32::MAX.unsigned_abs().into());
                Limit::at_start(format!("TOP {top} START AT {} ", skip.saturating_add(1)))
            }
            (_, _, Some(_)) => None,
            (_, None, None) => Some(Limit::default()),
        }
    }

    fn has_full_join(&self) -> bool {
        !matches!(self, Self::Ase | Self::Access)
    }

    fn nests_joins(&self) -> bool {
        *self == Self::Access
    }

    fn cross_join(&self, table: &str) -> String {
        match self {
            Self::Access => format!(", {table}"),
            Self::Ase => format!(" INNER JOIN {table} ON 1 = 1"),
            _ => format!(" CROSS JOIN {table}"),
        }
    }

    fn has_truth_values(&self) -> bool {
        matches!(self, Self::Ansi | Self::Advantage | Self::Access | Self::BigQuery)
    }

    fn typed(&self, place: &str, value: &Value) -> String {
        match self {
            Self::Teradata | Self::Ansi => common::typed(place, value, 4_000),
            _ => place.to_owned(),
        }
    }

    fn choice(&self, branches: &[(String, String)], otherwise: &str) -> String {
        if *self != Self::Access {
            return common::choice(branches, otherwise);
        }
        branches.iter().rev().fold(otherwise.to_owned(), |otherwise, (condition, value)| {
            format!("iif({condition}, {value}, {otherwise})")
        })
    }

    fn or_else(&self, value: &str, instead: &str) -> String {
        match self {
            Self::Access => format!("iif({value} IS NULL, {instead}, {value})"),
            _ => format!("coalesce({value}, {instead})"),
        }
    }

    fn concat(&self, parts: &[String]) -> String {
        let joined = |or_empty: &str, sign: &str| {
            let parts: Vec<String> =
                parts.iter().map(|part| format!("{or_empty}({part}, '')")).collect();
            format!("({})", parts.join(sign))
        };
        match self {
            // Null counts as an empty text with it.
            Self::Access => format!("({})", parts.join(" & ")),
            Self::VistaDb | Self::Ase => joined("isnull", " + "),
            Self::Pervasive | Self::Advantage => joined("ifnull", " + "),
            Self::Ansi | Self::Asa | Self::Teradata | Self::BigQuery => common::concat(parts),
        }
    }

    fn operator(&self, op: BinaryOp, a: &str, b: &str) -> Option<String> {
        match (self, op) {
            (Self::Access | Self::Teradata, BinaryOp::Modulo) => Some(format!("({a} MOD {b})")),
            (Self::Ansi | Self::Advantage, BinaryOp::Modulo) => Some(format!("mod({a}, {b})")),
            (_, BinaryOp::BitAnd | BinaryOp::BitOr) if self.is_transact() => {
                common::operator(op, a, b)
            }
            (_, BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor) => None,
            (_, op) => common::operator(op, a, b),
        }
    }

    fn bit_not(&self, sql: &str) -> Option<String> {
        self.is_transact().then(|| format!("(~{sql})"))
    }

    fn function(&self, name: &str, arguments: &[String]) -> Option<String> {
        match (self, name, arguments) {
            (Self::Ase, "Replace", [text, from, to]) => {
                Some(format!("str_replace({text}, {from}, {to})"))
            }
            (Self::Ase | Self::VistaDb, "ToStr", [value]) => {
                Some(format!("CAST({value} AS varchar(4000))"))
            }
            (Self::Asa, "ToStr", [value]) => Some(format!("CAST({value} AS long varchar)")),
            (Self::Ase | Self::Asa | Self::VistaDb, ..) => mssql::function(name, arguments),
            (Self::Access, ..) => of_access(name, arguments),
            (Self::BigQuery, ..) => of_big_query(name, arguments),
            // The scalar functions that ODBC asks of every driver, which are theirs as well.
            (Self::Pervasive | Self::Advantage, "Len", [text]) => Some(format!("length({text})")),
            (Self::Pervasive | Self::Advantage, "Substring", [text, from, count]) => {
                Some(format!("substring({text}, {from} + 1, {count})"))
            }
            (Self::Pervasive | Self::Advantage, "CharIndex", [part, text]) => {
                Some(format!("(locate({part}, {text}) - 1)"))
            }
            (Self::Pervasive | Self::Advantage, "Contains", [text, part]) => {
                Some(format!("(locate({part}, {text}) > 0)"))
            }
            (Self::Pervasive | Self::Advantage, "StartsWith", [text, start]) => {
                Some(format!("(left({text}, length({start})) = {start})"))
            }
            (Self::Pervasive | Self::Advantage, "EndsWith", [text, end]) => {
                Some(format!("(right({text}, length({end})) = {end})"))
            }
            (Self::Pervasive | Self::Advantage, "GetYear", [moment]) => {
                Some(format!("year({moment})"))
            }
            (Self::Pervasive | Self::Advantage, "GetMonth", [moment]) => {
                Some(format!("month({moment})"))
            }
            (Self::Pervasive | Self::Advantage, "GetDay", [moment]) => {
                Some(format!("dayofmonth({moment})"))
            }
            (Self::Pervasive | Self::Advantage, "GetHour", [moment]) => {
                Some(format!("hour({moment})"))
            }
            (Self::Pervasive | Self::Advantage, "GetMinute", [moment]) => {
                Some(format!("minute({moment})"))
            }
            _ => standard(name, arguments),
        }
    }

    fn call(&self, name: &str, arguments: &[Argument<'_>]) -> Option<String> {
        match self {
            Self::Access => None,
            _ => Some(escape_call(&self.table(name), arguments)),
        }
    }
}
