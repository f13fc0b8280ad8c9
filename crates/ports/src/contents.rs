//! All that a store holds, table by table: for copies from one store to another.

use async_trait::async_trait;

use crate::StoreError;

/// A value of a stored row, as every engine has it. Times are integers: microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// No value.
    Null,
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Truth(bool),
    /// A text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A table of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The names of its columns, in the order in which rows give their values. Those of the key come
    /// first.
    pub columns: &'static [&'static str],
    /// How many columns the key has.
    pub key_columns: usize,
}

impl Table {
    /// The values of a row that no other row of the table has.
    #[must_use]
    pub fn key_of<'a>(&self, row: &'a [Cell]) -> &'a [Cell] {
        &row[..self.key_columns.min(row.len())]
    }

    /// The place of a column in a row.
    #[must_use]
    pub fn place_of(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| *name == column)
    }
}

/// The name of the moment that stands in a store from the begin of a copy into it to its end.
pub const COPYING: &str = "copying";

/// Secrets of a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Texts that are sealed.
    pub texts: u64,
    /// Those of them that the key at hand does not open.
    pub unopened: u64,
}

/// Gives all rows of a store, and takes rows as another one gave them: to the bit, sealed texts as
/// they are.
///
/// # Contract
/// - Every table that holds what the site's people or the site itself made MUST be among
///   [`tables`](Self::tables), those that are referred to before those that refer to them. Left out is
///   what belongs to the processes that use a store: which of them are alive, the row of `sequences`
///   that they lock, and the moment [`COPYING`]. `find`, `put` and `delete` reach these too.
/// - A call MUST be one transaction: all of its rows are written or none.
/// - `rows` MUST give every row once when it is called with the last key of the part before, in
///   whatever order the engine has for keys. Rows that are written meanwhile may be missing.
/// - Keys MUST be told apart by every character, the blanks that a text ends with included. Of the texts
///   in keys, only the name of a moment, and who somebody is at another provider, end so.
/// - `put` MUST replace rows of the same key where they stand: rows that refer to them stay.
/// - Large texts, every character, and the bounds of an integer MUST come back as they were put.
#[async_trait]
pub trait StoreContents: Send + Sync {
    /// The tables.
    fn tables(&self) -> &'static [Table];

    /// At most `limit` rows of a table that follow a key.
    async fn rows(
        &self,
        table: &str,
        after: Option<Vec<Cell>>,
        limit: u32,
    ) -> Result<Vec<Vec<Cell>>, StoreError>;

    /// The rows of some keys; nothing for keys that no row has. In no order.
    async fn find(&self, table: &str, keys: Vec<Vec<Cell>>) -> Result<Vec<Vec<Cell>>, StoreError>;

    /// How many rows a table has.
    async fn count(&self, table: &str) -> Result<u64, StoreError>;

    /// Adds rows, and replaces those of the same keys. [`StoreError::Duplicate`] where a row must not
    /// stand beside another one, [`StoreError::NotFound`] where what it refers to is not there.
    async fn put(&self, table: &str, rows: Vec<Vec<Cell>>) -> Result<(), StoreError>;

    /// Deletes the rows of some keys, and what goes with them. [`StoreError::InUse`] where something
    /// refers to them that does not.
    async fn delete(&self, table: &str, keys: Vec<Vec<Cell>>) -> Result<(), StoreError>;

    /// Looks whether the key at hand opens what is sealed.
    async fn sealed(&self) -> Result<Sealed, StoreError>;
}
