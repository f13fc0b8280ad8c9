//! Servers give the values to expressions of queries that reports give them, and take every construct.
#![cfg(unix)]

use std::fmt::Write as _;

use pressroom_contracts::servers::{Database, Firebird, MariaDb, Missing, Postgres};
use pressroom_criteria::{RowScope, compile, parse};
use pressroom_data::{DataType, Field, Schema, Value};
use pressroom_query::{
    Column, ColumnRef, Dialect, Environment, Query, QueryKind, Resolved, SelectQuery, Table,
    resolve,
};

/// A server's own client, as far as it differs.
struct Client {
    dialect: &'static dyn Dialect,
    /// The types of `Id`, `Total`, `Weight`, `City`, `Paid` and `Day`.
    types: [&'static str; 6],
    literal: fn(&Value) -> String,
    /// Statements that print the `Id` and the `x` of a query's rows, with `|` between and `NULL` for
    /// null.
    question: fn(number: usize, query: &Resolved, literals: &[String]) -> String,
}

fn schema() -> Schema {
    Schema::new(vec![
        Field::new("Id", DataType::Int),
        Field::new("Total", DataType::Decimal),
        Field::new("Weight", DataType::Double),
        Field::new("City", DataType::Text),
        Field::new("Paid", DataType::Bool),
        Field::new("Day", DataType::DateTime),
    ])
}

fn rows() -> Vec<Vec<Value>> {
    let row = |id, total: &str, weight: f64, city: Option<&str>, paid: Option<bool>, day| {
        let day: Option<&str> = day;
        vec![
            Value::Int(id),
            Value::Decimal(total.parse().expect("a number")),
            Value::Double(weight),
            city.map(Value::from).unwrap_or_default(),
            paid.map(Value::Bool).unwrap_or_default(),
            day.map(|day| Value::DateTime(day.parse().expect("a moment"))).unwrap_or_default(),
        ]
    };
    vec![
        row(1, "10.26", 0.5, Some("Oslo"), Some(true), Some("2026-01-02T03:04:05")),
        row(2, "100.20", 1.0, Some("Bergen"), Some(false), Some("2026-05-31T23:59:59")),
        row(3, "0.00", 0.25, None, Some(true), Some("2024-02-29T00:00:00")),
        row(4, "5.00", 0.75, Some(" Ås "), None, None),
        row(5, "-3.75", 0.125, Some("50%_!"), Some(false), Some("2025-12-31T12:30:00")),
    ]
}

/// What is computed by databases as by reports. What is not: letter case, the division of whole
/// numbers, and which way a half is rounded.
const EXPRESSIONS: &[&str] = &[
    "[Id] + 1",
    "[Total] * 2 - 1.5m",
    "-[Total]",
    "[Id] % 2",
    "[Id] & 5",
    "[Id] | 2",
    "~[Id]",
    "[City] + ', ' + [City]",
    "Concat([City], '-', [Id])",
    "Iif([Paid], 'yes', 'no')",
    "Iif([Total] > 50, 3, [Total] > 5, 2, 1)",
    "Iif(Not [Paid], 1, 0)",
    "Iif(StartsWith([City], '50%_'), 1, 0)",
    "Iif(EndsWith([City], 'lo'), 1, 0)",
    "Iif(Contains([City], 'r'), 1, 0)",
    "Iif([City] = null, 1, 0)",
    "Iif([City] In ('Oslo', 'Bergen'), 1, 0)",
    "Iif([City] Like '%e%', 1, 0)",
    "Iif([Day] Between (#2026-01-01#, #2026-12-31#), 1, 0)",
    "Iif(IsThisYear([Day]), 1, 0)",
    "Iif(IsSameDay([Day], #2026-01-02#), 1, 0)",
    "Iif(IsMay([Day]), 1, 0)",
    "IsNull([City], '-')",
    "Len([City])",
    "Upper([City])",
    "Lower([City])",
    "Trim([City])",
    "TrimStart([City])",
    "TrimEnd([City])",
    "Substring([City], 1)",
    "Substring([City], 1, 2)",
    "CharIndex('e', [City])",
    "CharIndex('e', [City], 2)",
    "Replace([City], 'e', 'ee')",
    "PadLeft([City], 6, '0')",
    "PadRight([City], 6, '.')",
    "Insert([City], 1, 'x')",
    "Remove([City], 2)",
    "Remove([City], 1, 2)",
    "Reverse([City])",
    "Ascii([City])",
    "Abs([Total])",
    "Sign([Total])",
    "Floor([Total])",
    "Ceiling([Total])",
    "Round([Total], 1)",
    "Power([Weight], 2)",
    "Sqr([Weight])",
    "Exp([Weight])",
    "Log([Weight])",
    "Log([Weight], 2)",
    "Sin([Weight]) + Cos([Weight]) + Tan([Weight])",
    "Asin([Weight]) + Acos([Weight]) + Atn([Weight]) + Atn2([Weight], 2)",
    "Max([Id], 3)",
    "Min([Id], 3)",
    "ToInt('12') + [Id]",
    "ToLong([Total])",
    "ToDouble([Id])",
    "GetYear([Day])",
    "GetQuarter([Day])",
    "GetMonth([Day])",
    "GetDay([Day])",
    "GetHour([Day])",
    "GetMinute([Day])",
    "GetSecond([Day])",
    "GetDayOfWeek([Day])",
    "GetDayOfYear([Day])",
    "GetDate([Day])",
    "GetDateMonthYear([Day])",
    "AddYears([Day], 1)",
    "AddMonths([Day], 1)",
    "AddDays([Day], 2)",
    "AddHours([Day], -5)",
    "AddMinutes([Day], 90)",
    "AddSeconds([Day], 61)",
    "DateDiffYear([Day], #2026-01-02#)",
    "DateDiffMonth([Day], #2026-01-02#)",
    "DateDiffDay([Day], #2026-01-02#)",
    "DateDiffHour([Day], #2026-01-02#)",
    "DateDiffMinute([Day], #2026-01-02#)",
    "DateDiffSecond([Day], #2026-01-02#)",
];

fn now() -> chrono::NaiveDateTime {
    "2026-11-24T10:30:00".parse().expect("a time")
}

/// A query for `Id` and an expression.
fn query(expression: &str) -> Query {
    let id = ColumnRef { table: "Orders".into(), name: "Id".into() };
    let select = SelectQuery {
        tables: vec![Table { name: "Orders".into(), alias: None }],
        columns: vec![
            Column::Named { column: id, alias: None, aggregate: None },
            Column::Expression {
                expression: expression.into(),
                alias: "x".into(),
                aggregate: None,
            },
        ],
        ..SelectQuery::default()
    };
    Query { name: "q".into(), parameters: Vec::new(), kind: QueryKind::Select(select) }
}

/// A value as servers print it.
fn printed(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Int(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::DateTime(moment) => moment.format("%Y-%m-%d %H:%M:%S").to_string(),
        other => panic!("{other:?} is not printed"),
    }
}

/// Whether two printed values are one: numbers by what they say, moments without parts of a second.
fn same(a: &str, b: &str) -> bool {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 1e-6 * a.abs().max(1.0),
        _ => {
            let bare = |text: &str| match text.split_once('.') {
                Some((moment, rest))
                    if moment.contains(':') && rest.trim_end_matches('0').is_empty() =>
                {
                    moment.to_owned()
                }
                _ => text.trim().to_owned(),
            };
            bare(a) == bare(b)
        }
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Bool(truth) => truth.to_string(),
        Value::Double(number) => format!("{number:e}"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::DateTime(moment) => format!("'{}'", moment.format("%Y-%m-%d %H:%M:%S")),
        other => printed(other),
    }
}

impl Client {
    #[track_caller]
    fn check(&self, database: &Database) {
        let names = ["Id", "Total", "Weight", "City", "Paid", "Day"];
        let columns: Vec<String> = names
            .iter()
            .zip(self.types)
            .map(|(name, kind)| format!("{} {kind}", self.dialect.quote(name)))
            .collect();
        let table = self.dialect.table("Orders");
        database.run(&format!("CREATE TABLE {table} ({});", columns.join(", ")));
        let mut script = String::new();
        for row in rows() {
            let values: Vec<String> = row.iter().map(self.literal).collect();
            let _ = writeln!(script, "INSERT INTO {table} VALUES ({});", values.join(", "));
        }
        database.run(&script);

        let mut mistakes = String::new();
        for (number, expression) in EXPRESSIONS.iter().enumerate() {
            let environment = Environment::new(&[], now());
            let resolved = resolve(&query(expression), &environment, self.dialect)
                .unwrap_or_else(|error| panic!("{expression}: {error}"));
            let literals: Vec<String> =
                resolved.binds.iter().map(|(_, value)| (self.literal)(value)).collect();
            let answer = database.sql(&(self.question)(number, &resolved, &literals));
            let compiled = compile(&parse(expression).expect(expression), &schema());
            let compiled = compiled.expect(expression);
            for row in rows() {
                let value = compiled.evaluate(&RowScope::new(&row, now())).expect(expression);
                let (expected, id) = (printed(&value), printed(&row[0]));
                let found = answer.lines().find_map(|line| {
                    let (known, value) = line.split_once('|')?;
                    (known.trim() == id).then(|| value.to_owned())
                });
                let found = found.unwrap_or_else(|| "nothing".into());
                if !same(&expected, &found) {
                    let _ = writeln!(mistakes, "{expression} of {id}: {expected:?}, not {found:?}");
                }
            }
        }
        assert!(mistakes.is_empty(), "{mistakes}");
    }
}

#[test]
fn postgresql_computes_as_reports_do() {
    let database = Postgres::shared().unwrap_or_else(Missing::skip).database();
    let types =
        ["integer", "numeric(10, 2)", "double precision", "varchar(50)", "boolean", "timestamp"];
    let question = |number: usize, query: &Resolved, literals: &[String]| {
        let arguments = match literals {
            [] => String::new(),
            literals => format!("({})", literals.join(", ")),
        };
        format!(
            "PREPARE p{number} AS SELECT \"Id\", coalesce(CAST(\"x\" AS text), 'NULL') FROM ({}) q;\n\
             EXECUTE p{number}{arguments};\n",
            query.sql
        )
    };
    Client { dialect: &pressroom_query::Postgres, types, literal, question }.check(&database);
}

#[test]
fn mariadb_computes_as_reports_do() {
    let database = MariaDb::shared().unwrap_or_else(Missing::skip).database();
    let types = ["integer", "decimal(10, 2)", "double", "varchar(50)", "boolean", "datetime(3)"];
    let escaped = |value: &Value| literal(value).replace('\\', "\\\\");
    let question = |_: usize, query: &Resolved, literals: &[String]| {
        let sql =
            format!("SELECT `Id`, coalesce(CAST(`x` AS char), 'NULL') FROM ({}) q", query.sql);
        let mut script = format!("PREPARE p FROM '{}';\n", sql.replace('\'', "''"));
        let names: Vec<String> = (0..literals.len()).map(|at| format!("@a{at}")).collect();
        for (name, value) in names.iter().zip(literals) {
            let _ = writeln!(script, "SET {name} = {value};");
        }
        let using = if names.is_empty() { "" } else { " USING " };
        let _ = writeln!(script, "EXECUTE p{using}{};", names.join(", "));
        script
    };
    Client { dialect: &pressroom_query::MySql, types, literal: escaped, question }.check(&database);
}

#[test]
fn firebird_computes_as_reports_do() {
    let database = Firebird::shared().unwrap_or_else(Missing::skip).database();
    let types =
        ["integer", "decimal(10, 2)", "double precision", "varchar(50)", "boolean", "timestamp"];
    let question = |_: usize, query: &Resolved, literals: &[String]| {
        // Its client binds nothing: the literals stand at the places, within the types.
        let mut parts = query.sql.split('?');
        let mut sql = parts.next().unwrap_or_default().to_owned();
        for (part, value) in parts.zip(literals) {
            sql.push_str(value);
            sql.push_str(part);
        }
        format!(
            "SELECT q.\"Id\" || '|' || coalesce(CAST(q.\"x\" AS varchar(200)), 'NULL') FROM ({sql}) q;\n"
        )
    };
    Client { dialect: &pressroom_query::Firebird, types, literal, question }.check(&database);
}
