//! The hand-written tables in `demo/data`: a row a line, cells between `|`, comments after `#`.

use std::str::FromStr;

/// The rows of a table that is compiled into the program.
///
/// # Panics
/// When a row has not exactly `columns` cells: the table itself is wrong, which the tests of this
/// module tell before anybody else can see it.
pub(super) fn rows(table: &'static str, columns: usize) -> impl Iterator<Item = Row> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(move |line| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        assert_eq!(cells.len(), columns, "cells of the row {line:?}");
        Row { cells }
    })
}

/// One row of a compiled table.
pub(super) struct Row {
    cells: Vec<&'static str>,
}

impl Row {
    /// A cell's text.
    pub(super) fn text(&self, column: usize) -> &'static str {
        self.cells[column]
    }

    /// A cell's text, or nothing where the cell is empty.
    pub(super) fn optional_text(&self, column: usize) -> Option<&'static str> {
        Some(self.cells[column]).filter(|text| !text.is_empty())
    }

    /// A cell as a number or a date.
    ///
    /// # Panics
    /// When the table holds something else there.
    pub(super) fn parse<T: FromStr>(&self, column: usize) -> T {
        let text = self.cells[column];
        text.parse().unwrap_or_else(|_| panic!("{text:?} in the row {:?}", self.cells))
    }

    /// As [`Row::parse`], or nothing where the cell is empty.
    pub(super) fn optional<T: FromStr>(&self, column: usize) -> Option<T> {
        self.optional_text(column).map(|_| self.parse(column))
    }

    /// An amount such as `12.50` as cents.
    ///
    /// # Panics
    /// When the table holds no amount with two decimals there.
    pub(super) fn cents(&self, column: usize) -> i64 {
        let text = self.cells[column];
        let digits = text.replace('.', "");
        match text.split_once('.') {
            Some((_, decimals)) if decimals.len() == 2 => digits.parse().ok(),
            _ => None,
        }
        .unwrap_or_else(|| panic!("{text:?} is no amount in the row {:?}", self.cells))
    }
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn comments_and_empty_lines_are_no_rows() {
        let table = "# name|price\n\nTea | 12.50\nSalt|3.00\n";
        let read: Vec<_> = rows(table, 2).map(|row| (row.text(0), row.cents(1))).collect();
        assert_eq!(read, [("Tea", 1250), ("Salt", 300)]);
    }

    #[test]
    fn an_empty_cell_is_nothing() {
        let row = rows("Tea||7", 3).next().expect("a row");
        assert_eq!(row.optional_text(1), None);
        assert_eq!(row.optional::<u32>(1), None);
        assert_eq!(row.optional::<u32>(2), Some(7));
    }
}
