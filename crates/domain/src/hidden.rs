//! What of a database documents do not see.

use std::collections::BTreeSet;

/// The tables, views and columns of a database that documents do not see.
///
/// Kept as what is hidden, not as what is shown: a table or column that the database gets later is
/// seen. Names are as the database writes them, without quotes; one that is no longer there stays
/// hidden in case it comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hidden {
    tables: BTreeSet<String>,
    columns: BTreeSet<(String, String)>,
}

impl Hidden {
    /// These tables and views, and these columns by table.
    #[must_use]
    pub fn new(
        tables: impl IntoIterator<Item = String>,
        columns: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        Self { tables: tables.into_iter().collect(), columns: columns.into_iter().collect() }
    }

    /// Whether all is seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty() && self.columns.is_empty()
    }

    /// Whether a table or view is hidden.
    #[must_use]
    pub fn hides_table(&self, table: &str) -> bool {
        self.tables.contains(table)
    }

    /// Whether a column is hidden by itself, its table aside.
    #[must_use]
    pub fn hides_column(&self, table: &str, column: &str) -> bool {
        self.columns.contains(&(table.to_owned(), column.to_owned()))
    }

    /// Hides a table or view, or shows it.
    pub fn set_table(&mut self, table: &str, hidden: bool) {
        if hidden {
            self.tables.insert(table.to_owned());
        } else {
            self.tables.remove(table);
        }
    }

    /// Hides a column, or shows it where its table is shown.
    pub fn set_column(&mut self, table: &str, column: &str, hidden: bool) {
        let place = (table.to_owned(), column.to_owned());
        if hidden {
            self.columns.insert(place);
        } else {
            self.columns.remove(&place);
        }
    }

    /// The hidden tables and views, by name.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(String::as_str)
    }

    /// The columns that are hidden by themselves, by table and name.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().map(|(table, column)| (table.as_str(), column.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_hidden_is_seen() {
        let mut hidden = Hidden::default();
        hidden.set_table("staff", true);
        hidden.set_column("orders", "margin", true);
        assert!(hidden.hides_table("staff") && !hidden.hides_table("orders"));
        assert!(hidden.hides_column("orders", "margin") && !hidden.hides_column("orders", "id"));
        assert!(!hidden.is_empty());
        hidden.set_table("staff", false);
        hidden.set_column("orders", "margin", false);
        assert!(hidden.is_empty());
    }
}
