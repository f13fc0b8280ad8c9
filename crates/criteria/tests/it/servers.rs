//! Servers that filter find exactly the rows that the filter finds in memory.

use std::fmt::Write as _;

use pressroom_contracts::servers::{Database, Firebird, MariaDb, Missing, Postgres};
use pressroom_criteria::sql::{self, Dialect, Fragment, split};
use pressroom_criteria::{Expr, FieldPath, parse};
use pressroom_data::Value;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::agreement::{COLUMNS, column, filter, fulfils, row, scope};

/// How a server's own client is told rows and asked.
struct Client {
    dialect: &'static dyn Dialect,
    quotes: (char, char),
    /// The types of [`COLUMNS`].
    types: [&'static str; COLUMNS.len()],
    literal: fn(&Value) -> String,
    /// The statements that print the number of a filter, a `|`, and the id of each row.
    question: fn(number: usize, fragment: &Fragment, literals: &[String]) -> String,
}

/// The same rows, and the same filters, at every run.
fn generate<T>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a value").current()).collect()
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".into(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Double(number) => format!("{number:e}"),
        Value::Decimal(number) => number.to_string(),
        Value::DateTime(moment) => format!("'{}'", moment.format("%Y-%m-%d %H:%M:%S%.3f")),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        other => panic!("{other:?} is not stored"),
    }
}

impl Client {
    /// A table of rows, by their place.
    fn store(&self, rows: &[Vec<Value>]) -> String {
        let (open, close) = self.quotes;
        let columns: String = COLUMNS
            .iter()
            .zip(self.types)
            .map(|((name, _), kind)| format!(", {open}{name}{close} {kind}"))
            .collect();
        let mut script = format!("CREATE TABLE t (id integer{columns});\n");
        for (id, row) in rows.iter().enumerate() {
            let values: String =
                row.iter().map(|value| format!(", {}", (self.literal)(value))).collect();
            let _ = writeln!(script, "INSERT INTO t VALUES ({id}{values});");
        }
        script
    }

    /// What of filters the database can do, and what is left.
    fn push(&self, filters: &[Expr]) -> Vec<(Option<Fragment>, Option<Expr>)> {
        let (open, close) = self.quotes;
        let columns = |path: &FieldPath| column(path, open, close);
        let parts = filters.iter().map(|filter| split(filter, self.dialect, &columns, &scope(&[])));
        parts.map(|parts| (parts.pushed, parts.rest)).collect()
    }

    #[track_caller]
    fn check(&self, database: &Database, least_pushed: usize) {
        let mut rows = generate(row(), 60);
        rows.push(vec![Value::Null; COLUMNS.len()]);
        let texts = generate(filter(), 400);
        let filters: Vec<Expr> = texts
            .iter()
            .map(|text| parse(text).unwrap_or_else(|e| panic!("{text}: {e}")))
            .collect();
        database.run(&self.store(&rows));

        let parts = self.push(&filters);
        let mut script = String::new();
        for (number, (pushed, _)) in parts.iter().enumerate() {
            if let Some(fragment) = pushed {
                let literals: Vec<String> = fragment.values.iter().map(self.literal).collect();
                script.push_str(&(self.question)(number, fragment, &literals));
            }
        }
        let printed = database.sql(&script);
        let mut found = vec![Vec::new(); filters.len()];
        for line in printed.lines() {
            let Some((number, id)) = line.split_once('|') else { continue };
            let number: usize = number.trim().parse().expect("the number of a filter");
            found[number].push(id.trim().parse::<usize>().expect("the id of a row"));
        }
        for (number, (pushed, rest)) in parts.iter().enumerate() {
            let candidates = match pushed {
                Some(_) => found[number].clone(),
                None => (0..rows.len()).collect(),
            };
            let by_server: Vec<usize> = candidates
                .into_iter()
                .filter(|id| rest.as_ref().is_none_or(|rest| fulfils(rest, &rows[*id])))
                .collect();
            let in_memory: Vec<usize> =
                (0..rows.len()).filter(|id| fulfils(&filters[number], &rows[*id])).collect();
            assert_eq!(by_server, in_memory, "{}\n{pushed:?}", texts[number]);
        }
        let pushed = parts.iter().filter(|(pushed, _)| pushed.is_some()).count();
        assert!(pushed >= least_pushed, "only {pushed} filters went to the server");
    }
}

fn select(number: usize, fragment: &str) -> String {
    format!("SELECT {number}, id FROM t WHERE {fragment} ORDER BY id")
}

#[test]
fn postgresql_finds_the_same_rows() {
    let database = Postgres::shared().unwrap_or_else(Missing::skip).database();
    let client = Client {
        dialect: &sql::Postgres,
        quotes: ('"', '"'),
        types: ["bigint", "double precision", "text", "boolean", "timestamp", "numeric(20, 6)"],
        literal,
        question: |number, fragment, literals| {
            let arguments = match literals {
                [] => String::new(),
                literals => format!("({})", literals.join(", ")),
            };
            let select = select(number, &fragment.sql);
            format!("PREPARE p{number} AS {select};\nEXECUTE p{number}{arguments};\n")
        },
    };
    client.check(&database, 250);

    // What is not a number comes first in reports, and last there.
    database.run("INSERT INTO t (id, \"Weight\") VALUES (1000, 'NaN')");
    let nan = vec![
        Value::Null,
        Value::Double(f64::NAN),
        Value::Null,
        Value::Null,
        Value::Null,
        Value::Null,
    ];
    for text in
        ["[Weight] < 1", "[Weight] > 1", "1 >= [Weight]", "Not ([Weight] > 1)", "[Weight] <> 1"]
    {
        let filter = parse(text).expect(text);
        let (pushed, _) = client.push(std::slice::from_ref(&filter)).remove(0);
        let fragment = pushed.expect(text);
        let literals: Vec<String> = fragment.values.iter().map(literal).collect();
        let printed = database.sql(&(client.question)(0, &fragment, &literals));
        let is_found = printed.lines().any(|line| line == "0|1000");
        assert_eq!(is_found, fulfils(&filter, &nan), "{text}");
    }
}

#[test]
fn mariadb_finds_the_same_rows() {
    let database = MariaDb::shared().unwrap_or_else(Missing::skip).database();
    let escaped = |value: &Value| literal(value).replace('\\', "\\\\");
    let client = Client {
        dialect: &sql::MySql,
        quotes: ('`', '`'),
        types: [
            "bigint",
            "double",
            "varchar(50) CHARACTER SET utf8mb4",
            "boolean",
            "datetime(6)",
            "decimal(20, 6)",
        ],
        literal: escaped,
        question: |number, fragment, literals| {
            let select = literal(&select(number, &fragment.sql).into()).replace('\\', "\\\\");
            let mut script = format!("PREPARE p FROM {select};\n");
            let names: Vec<String> = (0..literals.len()).map(|at| format!("@a{at}")).collect();
            for (name, value) in names.iter().zip(literals) {
                let _ = writeln!(script, "SET {name} = {value};");
            }
            let using = if names.is_empty() { "" } else { " USING " };
            let _ = writeln!(script, "EXECUTE p{using}{};", names.join(", "));
            script
        },
    };
    client.check(&database, 250);
}

#[test]
fn firebird_finds_the_same_rows() {
    let database = Firebird::shared().unwrap_or_else(Missing::skip).database();
    let client = Client {
        dialect: &sql::Firebird,
        quotes: ('"', '"'),
        types: [
            "bigint",
            "double precision",
            "varchar(50) CHARACTER SET UTF8",
            "boolean",
            "timestamp",
            "decimal(18, 6)",
        ],
        literal,
        question: |number, fragment, literals| {
            // Its client binds nothing: the literals stand at the places, within the types.
            let mut parts = fragment.sql.split('?');
            let mut condition = parts.next().unwrap_or_default().to_owned();
            for (part, value) in parts.zip(literals) {
                condition.push_str(value);
                condition.push_str(part);
            }
            format!("SELECT {number} || '|' || id FROM t WHERE {condition};\n")
        },
    };
    client.check(&database, 150);
}
