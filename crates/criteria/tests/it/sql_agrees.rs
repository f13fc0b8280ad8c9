//! A database that filters finds exactly the rows that the filter finds in memory.

use chrono::NaiveDateTime;
use pressroom_criteria::sql::{Column, Sqlite, collate, split};
use pressroom_criteria::{FieldPath, RowScope, compile, parse};
use pressroom_data::{DataType, Field, Schema, Value};
use proptest::prelude::*;
use rusqlite::{Connection, params_from_iter, types};

use crate::world::moment;

const COLUMNS: [(&str, DataType); 5] = [
    ("Number", DataType::Int),
    ("Weight", DataType::Double),
    ("Name", DataType::Text),
    ("Paid", DataType::Bool),
    ("Ordered", DataType::DateTime),
];

fn schema() -> Schema {
    Schema::new(COLUMNS.iter().map(|(name, kind)| Field::new(*name, *kind)).collect())
}

fn column(path: &FieldPath) -> Option<Column> {
    let index = schema().index_of(path.name())?;
    let (name, data_type) = COLUMNS[index];
    Some(Column { sql: format!("\"{name}\""), data_type })
}

fn stored(value: &Value) -> types::Value {
    match value {
        Value::Bool(truth) => i64::from(*truth).into(),
        Value::Int(number) => (*number).into(),
        Value::Double(number) => (*number).into(),
        Value::Text(text) => text.to_string().into(),
        // As databases have them: midnight without a time.
        Value::DateTime(moment) if moment.format("%T%.f").to_string() == "00:00:00" => {
            moment.format("%Y-%m-%d").to_string().into()
        }
        Value::DateTime(moment) => moment.format("%Y-%m-%dT%H:%M:%S%.f").to_string().into(),
        _ => types::Value::Null,
    }
}

fn database(rows: &[Vec<Value>]) -> rusqlite::Result<Connection> {
    let connection = Connection::open_in_memory()?;
    connection.create_collation("REPORT", collate)?;
    connection.execute("CREATE TABLE t (id, Number, Weight, Name, Paid, Ordered)", [])?;
    for (id, row) in rows.iter().enumerate() {
        let id = types::Value::Integer(id as i64);
        let values = std::iter::once(id).chain(row.iter().map(stored));
        connection.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", params_from_iter(values))?;
    }
    Ok(connection)
}

/// The rows that fulfil a filter: in memory, and where the database takes what it can.
fn both_ways(rows: &[Vec<Value>], filter: &str) -> (Vec<usize>, Vec<usize>, bool) {
    let expr = parse(filter).expect(filter);
    let scope = |row| RowScope::new(row, moment("2026-11-24T10:30:00"));
    let fulfils =
        |expr, row| compile(expr, &schema()).expect(filter).matches(&scope(row)).expect(filter);
    let in_memory = (0..rows.len()).filter(|id| fulfils(&expr, &rows[*id])).collect();

    let dialect = Sqlite { collation: Some(" COLLATE REPORT".into()), dates_are_text: true };
    let parts = split(&expr, &dialect, &column, &scope(&[]));
    let (sql, values) = match &parts.pushed {
        Some(fragment) => (fragment.sql.clone(), &fragment.values[..]),
        None => ("1 = 1".into(), &[][..]),
    };
    let connection = database(rows).expect("a database");
    let mut query = connection
        .prepare(&format!("SELECT id FROM t WHERE {sql} ORDER BY id"))
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    let found = query
        .query_map(params_from_iter(values.iter().map(stored)), |row| row.get::<_, i64>(0))
        .expect("rows")
        .map(|id| id.expect("an id") as usize)
        .filter(|id| parts.rest.as_ref().is_none_or(|rest| fulfils(rest, &rows[*id])))
        .collect();
    (in_memory, found, parts.pushed.is_some())
}

fn text() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "tea", "TEA", "Tee", "ä", "Ä", "a", "Z", "z", "ß", "5", "é", "%"])
}

fn date() -> impl Strategy<Value = NaiveDateTime> {
    prop::sample::select(vec![
        "2026-11-23T23:59:59.999",
        "2026-11-24T00:00:00",
        "2026-11-24T10:30:00",
        "1999-01-01T00:00:00",
    ])
    .prop_map(moment)
}

fn row() -> impl Strategy<Value = Vec<Value>> {
    let nullable = |value: BoxedStrategy<Value>| prop_oneof![1 => Just(Value::Null), 4 => value];
    (
        nullable((-3_i64..4).prop_map(Value::Int).boxed()),
        nullable((-6..7).prop_map(|half| Value::Double(f64::from(half) / 2.0)).boxed()),
        nullable(text().prop_map(Value::from).boxed()),
        nullable(any::<bool>().prop_map(Value::Bool).boxed()),
        nullable(date().prop_map(Value::DateTime).boxed()),
    )
        .prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e])
}

/// A comparison of a column with a constant that can be compared with it.
fn comparison() -> impl Strategy<Value = String> {
    let operator = || prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
    let number = || {
        prop::sample::select(vec!["0", "1", "-2", "1.5", "0.5m", "2.0m", "'1'", "1 + 1", "2 - 0.5"])
    };
    let quoted = || text().prop_map(|text| format!("'{text}'"));
    let dated = || {
        prop::sample::select(vec![
            "#2026-11-24#",
            "Today()",
            "AddDays(Today(), -1)",
            "'2026-11-24'",
            "Now()",
        ])
    };
    let numeric = || prop::sample::select(vec!["[Number]", "[Weight]"]);
    prop_oneof![
        (numeric(), operator(), number()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (number(), operator(), numeric()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        (numeric(), number(), number()).prop_map(|(a, b, c)| format!("{a} Between ({b}, {c})")),
        (numeric(), number(), number()).prop_map(|(a, b, c)| format!("{a} In ({b}, {c}, ?)")),
        (operator(), quoted()).prop_map(|(op, b)| format!("[Name] {op} {b}")),
        (quoted(), quoted()).prop_map(|(a, b)| format!("[Name] In ({a}, {b})")),
        (operator(), dated()).prop_map(|(op, b)| format!("[Ordered] {op} {b}")),
        Just("[Paid]".to_owned()),
        Just("[Paid] = False".to_owned()),
        Just("[Name] Is Null".to_owned()),
        Just("[Ordered] <> ?".to_owned()),
        Just("[Name] Like '%e%'".to_owned()),
        Just("Len([Name]) > 1".to_owned()),
    ]
}

fn filter() -> impl Strategy<Value = String> {
    comparison().prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) And ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) Or ({b})")),
            inner.prop_map(|a| format!("Not ({a})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn the_database_finds_the_same_rows(
        rows in prop::collection::vec(row(), 1..12),
        filter in filter(),
    ) {
        let (in_memory, found, _) = both_ways(&rows, &filter);
        prop_assert_eq!(in_memory, found, "{}", filter);
    }
}

#[test]
fn letter_case_and_accents_are_those_of_memory() {
    let rows: Vec<Vec<Value>> = ["ä", "Ä", "a", "Z", "z"]
        .iter()
        .map(|name| vec![Value::Null, Value::Null, (*name).into(), Value::Null, Value::Null])
        .collect();
    for filter in ["[Name] = 'Ä'", "[Name] < 'z'", "[Name] In ('Z')"] {
        let (in_memory, found, was_pushed) = both_ways(&rows, filter);
        assert_eq!(in_memory, found, "{filter}");
        assert!(was_pushed && !found.is_empty(), "{filter}");
    }
}
