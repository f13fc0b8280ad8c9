//! A database that filters finds exactly the rows that the filter finds in memory.

use pressroom_criteria::sql::{Sqlite, collate, split};
use pressroom_criteria::{FieldPath, parse};
use pressroom_data::Value;
use proptest::prelude::*;
use rusqlite::{Connection, params_from_iter, types};

use crate::agreement::{COLUMNS, column, filter, fulfils, row, scope};

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
    connection.execute("CREATE TABLE t (id, Number, Weight, Name, Paid, Ordered, Price)", [])?;
    for (id, row) in rows.iter().enumerate() {
        let id = types::Value::Integer(id as i64);
        let values = std::iter::once(id).chain(row.iter().map(stored));
        connection
            .execute("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", params_from_iter(values))?;
    }
    Ok(connection)
}

/// The rows that fulfil a filter: in memory, and where the database takes what it can.
fn both_ways(rows: &[Vec<Value>], filter: &str) -> (Vec<usize>, Vec<usize>, bool) {
    let expr = parse(filter).expect(filter);
    let in_memory = (0..rows.len()).filter(|id| fulfils(&expr, &rows[*id])).collect();

    let dialect = Sqlite { collation: Some(" COLLATE REPORT".into()), dates_are_text: true };
    let columns = |path: &FieldPath| column(path, '"', '"');
    let parts = split(&expr, &dialect, &columns, &scope(&[]));
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
        .map(|name| {
            let mut row = vec![Value::Null; COLUMNS.len()];
            row[2] = (*name).into();
            row
        })
        .collect();
    for filter in ["[Name] = 'Ä'", "[Name] < 'z'", "[Name] In ('Z')"] {
        let (in_memory, found, was_pushed) = both_ways(&rows, filter);
        assert_eq!(in_memory, found, "{filter}");
        assert!(was_pushed && !found.is_empty(), "{filter}");
    }
}
