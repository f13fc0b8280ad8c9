//! Which rows of a database documents see, by reader.

use std::collections::BTreeMap;
use std::fmt;

use crate::InvalidText;
use crate::text::several_lines;

/// The condition that rows of a table fulfil which a reader sees, in the expression language: 1 to 4,000
/// characters, without blanks around. Whether it says something about the table is not looked at here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowFilter(String);

impl RowFilter {
    /// The most characters.
    pub const LONGEST: usize = 4_000;

    /// A filter of this text.
    ///
    /// # Errors
    /// [`InvalidText`] when it is empty, too long or holds control characters other than line ends and
    /// tabs.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        let what = "a row filter";
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidText::Empty { what });
        }
        several_lines(what, text, Self::LONGEST).map(Self)
    }

    /// The expression.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RowFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The row filters of a database, by table or view. Of a table without one every row is seen.
///
/// Names are as the database writes them, without quotes; the filter of a table that is no longer there
/// stays in case the table comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RowFilters(BTreeMap<String, RowFilter>);

impl RowFilters {
    /// Whether every row of every table is seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The filter of a table or view.
    #[must_use]
    pub fn get(&self, table: &str) -> Option<&RowFilter> {
        self.0.get(table)
    }

    /// Gives a table or view a filter, or takes it away.
    pub fn set(&mut self, table: &str, filter: Option<RowFilter>) {
        match filter {
            Some(filter) => self.0.insert(table.to_owned(), filter),
            None => self.0.remove(table),
        };
    }

    /// The tables and views that have a filter, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RowFilter)> {
        self.0.iter().map(|(table, filter)| (table.as_str(), filter))
    }
}

impl FromIterator<(String, RowFilter)> for RowFilters {
    fn from_iter<I: IntoIterator<Item = (String, RowFilter)>>(filters: I) -> Self {
        Self(filters.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_one_filter_or_none() {
        let filter = |text| RowFilter::new(text).unwrap();
        let mut filters = RowFilters::default();
        filters.set("orders", Some(filter("[Owner] = UserName()")));
        filters.set("orders", Some(filter(" [Owner] =\n UserName() ")));
        assert_eq!(filters.get("orders").unwrap().as_str(), "[Owner] =\n UserName()");
        assert_eq!((filters.get("Orders"), filters.iter().count()), (None, 1));
        filters.set("orders", None);
        assert!(filters.is_empty());
    }

    #[test]
    fn filters_have_bounds() {
        assert!(RowFilter::new(&"x".repeat(RowFilter::LONGEST)).is_ok());
        for (text, expect) in [
            ("", "a row filter must not be empty"),
            (" \n", "a row filter must not be empty"),
            (&"x".repeat(4_001), "a row filter has 4001 characters; at most 4000 fit"),
            ("a\0b", "a row filter must not hold control characters such as line ends"),
        ] {
            assert_eq!(RowFilter::new(text).unwrap_err().to_string(), expect);
        }
    }
}
