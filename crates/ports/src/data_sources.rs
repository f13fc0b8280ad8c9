//! Customers' databases, read-only.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pressroom_data::{DataType, Order, Row, Schema, SourceError, Value};
use pressroom_domain::DataModel;

/// A value of a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Bind {
    /// The name as the statement writes it, prefix and all (`@from`, `:id`, `?3`); empty for the next
    /// plain `?`.
    pub name: Arc<str>,
    /// The value.
    pub value: Value,
}

/// One query in the SQL of a customer's database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// What messages call it: the data member of its rows.
    pub name: Arc<str>,
    /// The text, one statement. Values are never part of it.
    pub sql: Arc<str>,
    /// Its values. A value that the text does not use is left out.
    pub binds: Vec<Bind>,
    /// The types that a layout expects, by column name, where it says so: a database without strict
    /// types (SQLite) reads values as these where it can.
    pub expected: Option<Arc<Schema>>,
    /// The order that the reader would like. See [`RowBatches::is_ordered`].
    pub order: Vec<Order>,
}

/// The bounds of one query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryLimits {
    /// The most rows.
    pub rows: u64,
    /// The longest one value may be, in bytes.
    pub value_bytes: usize,
    /// The longest wait: for the first batch, and for each further one.
    pub timeout: Duration,
}

impl Default for QueryLimits {
    fn default() -> Self {
        Self { rows: 20_000_000, value_bytes: 64 << 20, timeout: Duration::from_secs(60) }
    }
}

/// Rows of one query as they come from a customer's database.
///
/// # Contract
/// - The schema MUST be known before the first batch; every row MUST have a value per column.
/// - A batch MUST NOT be empty, and SHOULD hold about a thousand rows or a megabyte. `Ok(None)` is the
///   end, and stays the end.
/// - The database MUST NOT run ahead by more than a few batches.
/// - Dropping it MUST end the query soon, also while a batch is being waited for.
#[async_trait]
pub trait RowBatches: Send {
    /// The columns.
    fn schema(&self) -> &Arc<Schema>;

    /// Whether rows come in [`Statement::order`] by exactly the rules of [`pressroom_data::compare`].
    fn is_ordered(&self) -> bool {
        false
    }

    /// The next rows.
    async fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError>;
}

/// What kind of thing holds rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableKind {
    /// A table.
    Table,
    /// A view.
    View,
}

/// A table or view of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableInfo {
    /// Its name, with its schema where it is not the default one.
    pub name: String,
    /// What it is.
    pub kind: TableKind,
    /// Its columns in order.
    pub columns: Vec<ColumnInfo>,
}

/// A column of a table or view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    /// Its name.
    pub name: String,
    /// Its type as far as the database tells.
    pub data_type: DataType,
}

/// Why a statement was not described.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescribeError {
    /// It does something other than read, such as change a table or a setting.
    #[error("it does more than read tables and views; write one select")]
    NotReading,
    /// It holds more than one statement.
    #[error("it holds more than one statement; keep one")]
    Several,
    /// The database refuses it, in the database's words.
    #[error("{0}")]
    Wrong(String),
    /// The database cannot be reached, in words without secrets.
    #[error("{0}")]
    Away(String),
}

/// Reads customers' databases.
///
/// # Contract
/// - A statement that reads what [`DataModel::hidden`] names MUST be refused with
///   [`SourceError::Query`] in words that name the table, whichever way it is written, and whatever was
///   asked on behalf of another data model, or of this one before its choice was changed. What a
///   database tells about itself MUST NOT tell statements of hidden names. A view that is shown MAY
///   read hidden tables: showing it is the choice to show what it gives.
/// - Nothing MUST be written, attached, loaded or executed but one reading statement.
/// - A model MUST NOT reach what the site does not open to it: files outside of the data roots, the
///   server's own store.
/// - No call may keep an async thread busy.
/// - Errors are [`SourceError::Away`] where the database cannot be reached,
///   [`SourceError::Query`] where it refuses the statement, [`SourceError::Limit`] at a bound; their
///   texts hold no secret.
#[async_trait]
pub trait DataSources: Send + Sync {
    /// Starts a query.
    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError>;

    /// What a statement would give, by the database's own parser. Nothing is read.
    async fn describe(
        &self,
        model: &DataModel,
        sql: &str,
    ) -> Result<Vec<ColumnInfo>, DescribeError>;

    /// The tables and views, by name, hidden ones too.
    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError>;

    /// Whether the database can be reached and read.
    async fn test(&self, model: &DataModel) -> Result<(), SourceError>;
}
