//! Whether the tables that the migrations of an engine make are those that the queries are written for.

use std::collections::BTreeMap;

/// The tables that the queries are written for.
const SCHEMA: &str = include_str!("../../diesel-store/src/schema.rs");

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Characters.
    Text,
    /// Whole numbers of 64 bits.
    Number,
    /// Yes or no.
    Flag,
    /// Bytes.
    Bytes,
}

impl Held {
    /// What a type of Diesel, or of an engine, holds.
    fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "text" | "nvarchar" => Self::Text,
            // SQLite gives a key of rows no other name.
            "bigint" | "integer" => Self::Number,
            "bool" | "boolean" | "bit" => Self::Flag,
            "binary" | "blob" | "bytea" | "varbinary" => Self::Bytes,
            _ => return None,
        })
    }
}

/// A column: its table and name, what it holds, and whether it may hold nothing.
type Columns = BTreeMap<(String, String), (Held, bool)>;

/// Asserts that a store has the columns that the queries are written for, and no others. Each is given
/// as its table, its name, its type as the engine calls it, and whether it may be null. The table of
/// the migrations is passed over.
///
/// # Panics
/// Where they differ.
pub fn assert_columns(columns: impl IntoIterator<Item = (String, String, String, bool)>) {
    let found: Columns = columns
        .into_iter()
        .filter(|(table, ..)| table != "__diesel_schema_migrations")
        .map(|(table, name, type_name, nullable)| {
            let held = Held::of(&type_name);
            let held = held.unwrap_or_else(|| panic!("{table}.{name} is of type {type_name}"));
            ((table, name), (held, nullable))
        })
        .collect();
    let expected = expected();
    for (column, kind) in &expected {
        assert_eq!(found.get(column), Some(kind), "{column:?}, as the queries take it to be");
    }
    let unknown = found.keys().find(|column| !expected.contains_key(*column));
    assert_eq!(unknown, None, "a column that no query knows");
}

/// The columns that the queries are written for, read from the source of Diesel's tables.
fn expected() -> Columns {
    let mut columns = Columns::new();
    let mut table = "";
    for line in SCHEMA.lines().map(str::trim) {
        if let Some((name, _)) = line.strip_suffix(") {").and_then(|line| line.split_once(" (")) {
            table = name;
        } else if let Some((name, type_name)) = line.split_once(" -> ")
            && !line.starts_with("diesel::")
        {
            let type_name = type_name.trim_end_matches(',');
            let inner = type_name.strip_prefix("Nullable<").and_then(|name| name.strip_suffix('>'));
            let held = Held::of(inner.unwrap_or(type_name)).expect("a type that tables have");
            columns.insert((table.to_owned(), name.to_owned()), (held, inner.is_some()));
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_of_the_tables_is_read() {
        let columns = expected();
        let tables: std::collections::BTreeSet<_> =
            columns.keys().map(|(table, _)| table.as_str()).collect();
        assert_eq!(tables.len(), SCHEMA.matches("diesel::table!").count());
        let column = |table: &str, name: &str| columns[&(table.to_owned(), name.to_owned())];
        assert_eq!(column("users", "active"), (Held::Flag, false));
        assert_eq!(column("exports", "result_blob"), (Held::Bytes, true));
        assert_eq!(column("documents", "name_key"), (Held::Text, true));
    }

    #[test]
    #[should_panic(expected = "as the queries take it to be")]
    fn a_column_that_is_missing_is_noticed() {
        assert_columns([]);
    }
}
