//! Customers' databases, read-only.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pressroom_data::{DataType, Order, Reader, Row, Schema, SourceError, Value};
use pressroom_domain::{DataModel, DataModelId};
use pressroom_query::Dialect;

/// One query in the SQL of a customer's database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// What messages call it: the data member of its rows.
    pub name: Arc<str>,
    /// The text, one statement. Values are never part of it.
    pub sql: Arc<str>,
    /// The values of its places, as [`Dialect::placeholder`] of its database writes them, from 1. In a
    /// dialect whose places have no numbers, in the order of the text.
    pub binds: Vec<Value>,
    /// The stored procedure that it calls, where the text is such a call and nothing else. What a
    /// procedure reads is its author's choice, as with a view.
    pub procedure: Option<Arc<str>>,
    /// The types that a layout expects, by column name, where it says so: a database without strict
    /// types (SQLite) reads values as these where it can.
    pub expected: Option<Arc<Schema>>,
    /// The order that the reader would like. See [`RowBatches::is_ordered`].
    pub order: Vec<Order>,
    /// Who reads: whom the row filters of the data model are about. Nobody sees rows of a table whose
    /// filter asks who reads.
    pub reader: Option<Reader>,
}

/// The bounds of one query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryLimits {
    /// The most rows.
    pub rows: u64,
    /// The longest one value may be, in bytes.
    pub value_bytes: usize,
    /// The longest wait: for the first batch, and for each further one. The command timeout of the data
    /// model counts where it is shorter.
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

/// A table that is wholly in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its name in statements.
    pub name: Arc<str>,
    /// Its columns.
    pub schema: Arc<Schema>,
    /// Its rows, with a value per column.
    pub rows: Vec<Row>,
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

impl TableInfo {
    /// The column of a name: the very one, or else one that differs by letter case.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnInfo> {
        let lower = name.to_lowercase();
        let exact = self.columns.iter().find(|column| column.name == name);
        exact.or_else(|| self.columns.iter().find(|column| column.name.to_lowercase() == lower))
    }
}

/// A column of a table or view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    /// Its name.
    pub name: String,
    /// Its type as far as the database tells.
    pub data_type: DataType,
}

/// A stored procedure, or a function that gives rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcedureInfo {
    /// Its name, with its schema where it is not the default one.
    pub name: String,
    /// Its parameters in order.
    pub parameters: Vec<ProcedureParameter>,
}

/// A parameter of a stored procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcedureParameter {
    /// Its name, with the sign that the database puts before it; empty where it has none.
    pub name: String,
    /// Its type as far as the database tells.
    pub data_type: DataType,
    /// Which way its value goes.
    pub direction: ParameterDirection,
}

/// Which way the value of a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterDirection {
    /// To the procedure.
    Input,
    /// From the procedure.
    Output,
    /// Both ways.
    InputOutput,
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
    /// It reads what the data model does not show, or calls what is not open to statements.
    #[error("{0}")]
    Forbidden(String),
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
///   [`SourceError::Query`] (described: [`DescribeError::Forbidden`]) in words that name the table,
///   whichever way it is written, and whatever was asked on behalf of another data model, or of this one
///   before its choice was changed. What a database tells about itself MUST NOT tell statements of
///   hidden names. A view that is shown MAY read hidden tables: showing it is the choice to show what
///   it gives.
/// - Of a table that [`DataModel::row_filters`] names, a statement MUST see only the rows that the filter
///   shows to [`Statement::reader`], whichever way it is written; where that cannot be made sure, it MUST
///   be refused with [`SourceError::Query`]. What a view or a procedure reads is its author's choice, as
///   with what is hidden.
/// - Nothing MUST be written, attached, loaded or executed but one reading statement.
/// - A model MUST NOT reach what the site does not open to it: files outside of the data roots, the
///   server's own store.
/// - No call may keep an async thread busy.
/// - Errors are [`SourceError::Away`] where the database cannot be reached,
///   [`SourceError::Query`] where it refuses the statement, [`SourceError::Limit`] at a bound; their
///   texts hold no secret.
/// - What a database holds MAY be remembered for a while, until [`DataSources::forget`].
#[async_trait]
pub trait DataSources: Send + Sync {
    /// How a model's database writes what all databases have.
    fn dialect(&self, model: &DataModel) -> &'static dyn Dialect;

    /// Starts a query.
    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError>;

    /// What a statement would give, by the database's own parser. Nothing is read. The values count as
    /// types only.
    async fn describe(
        &self,
        model: &DataModel,
        statement: &Statement,
    ) -> Result<Vec<ColumnInfo>, DescribeError>;

    /// The tables and views, by name, hidden ones too.
    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError>;

    /// The stored procedures that give rows, by name; none where the database has no such thing.
    async fn procedures(&self, model: &DataModel) -> Result<Vec<ProcedureInfo>, SourceError>;

    /// The columns that a stored procedure gives, as far as the database tells without running it;
    /// none where it does not tell.
    async fn procedure_columns(
        &self,
        model: &DataModel,
        name: &str,
    ) -> Result<Vec<ColumnInfo>, SourceError>;

    /// Whether the database can be reached and read.
    async fn test(&self, model: &DataModel) -> Result<(), SourceError>;

    /// Starts a query, in [`Sqlite`](pressroom_query::Sqlite)'s SQL, on tables that are in memory, and on
    /// nothing else. Columns come back with the types and the exact values that they have; those that
    /// the query computes, with the types that the statement expects. Names of tables and columns are
    /// the same in any case of ASCII letters; a column whose name another one before it has gets a
    /// number behind it.
    async fn combine(
        &self,
        inputs: Vec<Input>,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError>;

    /// Forgets what is remembered of a model's database, so that the next look is a new one.
    fn forget(&self, model: DataModelId);
}
