//! Rows on their way from a data source to whoever asks for them.

use std::sync::Arc;

use crate::{Schema, Value};

/// One row: a value per column of the stream's [`Schema`]. Cheap to clone.
pub type Row = Arc<[Value]>;

/// Which way a sort key runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first; nulls before everything.
    #[default]
    Ascending,
    /// Largest first; nulls after everything.
    Descending,
}

/// One sort key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The column's name.
    pub field: Arc<str>,
    /// Which way.
    pub direction: Direction,
}

/// What a consumer asks of a data source that a layout declares.
#[derive(Clone, Debug, Default)]
pub struct RowRequest {
    /// The name of the data source inside the layout; empty where it has only one.
    pub source: Arc<str>,
    /// The query, table or member of that source.
    pub member: Arc<str>,
    /// The values of the report's parameters, by name; a query's own parameters are expressions over them.
    pub parameters: Vec<(Arc<str>, Value)>,
    /// The order in which the consumer wants the rows. A source that can sort by exactly the rules of
    /// `compare` does so and says it in [`RowStream::is_ordered`]; otherwise the consumer sorts.
    pub order: Vec<Order>,
}

/// Why rows did not come.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SourceError {
    /// The layout names a source or member that does not exist or is not opened to it.
    #[error("data source \"{0}\" is not known here; give the layout a data model of that name")]
    UnknownSource(String),
    /// The layout carries a connection of its own, which is not used here.
    #[error(
        "data source \"{0}\" is not known here, and connection strings of layouts are not used \
         (security.allow_embedded_connections); make a data model of that name"
    )]
    Embedded(String),
    /// The member (query, table) does not exist in the source.
    #[error("\"{member}\" is not a query or table of data source \"{source_name}\"")]
    UnknownMember {
        /// The source's name.
        source_name: String,
        /// The member that was asked for.
        member: String,
    },
    /// The source cannot be reached now.
    #[error("data source \"{source_name}\" is away: {message}")]
    Away {
        /// The source's name.
        source_name: String,
        /// What happened, without secrets.
        message: String,
    },
    /// The source refused or failed the query.
    #[error("the query \"{member}\" failed: {message}")]
    Query {
        /// The member.
        member: String,
        /// What happened, without secrets.
        message: String,
    },
    /// A limit was reached: rows, bytes or time.
    #[error("{0}")]
    Limit(String),
    /// The reader no longer wants the rows.
    #[error("the work was cancelled")]
    Cancelled,
    /// Waiting rows could not be put aside.
    #[error("could not put rows aside on disk: {0}; free some space in the data folder")]
    Spill(String),
}

/// Rows of one query, pulled in batches by a synchronous consumer.
///
/// # Contract
/// - The schema MUST be known before the first batch and MUST NOT change.
/// - Every row MUST have exactly one value per column.
/// - A batch MUST NOT be empty; `Ok(None)` is the end and MUST stay the end.
/// - Dropping the stream MUST end the query at its source.
pub trait RowStream: Send {
    /// The columns.
    fn schema(&self) -> &Arc<Schema>;

    /// Whether the rows come in the [`RowRequest::order`] that was asked for.
    fn is_ordered(&self) -> bool {
        false
    }

    /// The next rows, or `None` at the end.
    ///
    /// # Errors
    /// Whatever ended the stream early; no further batch comes after an error.
    fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError>;
}

/// Opens the data sources that a layout names. Synchronous: called on a thread that may block.
pub trait RowProvider: Send + Sync {
    /// Starts a query.
    ///
    /// # Errors
    /// See [`SourceError`].
    fn open(&self, request: &RowRequest) -> Result<Box<dyn RowStream>, SourceError>;
}

/// Rows that are in memory, as a [`RowStream`].
#[derive(Clone, Debug)]
pub struct Rows {
    schema: Arc<Schema>,
    rows: std::vec::IntoIter<Row>,
}

impl Rows {
    const BATCH: usize = 1024;

    /// A stream over these rows.
    #[must_use]
    pub fn new(schema: Arc<Schema>, rows: Vec<Row>) -> Self {
        Self { schema, rows: rows.into_iter() }
    }
}

impl RowStream for Rows {
    fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        let batch: Vec<Row> = self.rows.by_ref().take(Self::BATCH).collect();
        Ok((!batch.is_empty()).then_some(batch))
    }
}

/// Reads a stream to its end.
///
/// # Errors
/// The stream's.
pub fn collect_rows(stream: &mut dyn RowStream) -> Result<Vec<Row>, SourceError> {
    let mut rows = Vec::new();
    while let Some(batch) = stream.next_batch()? {
        rows.extend(batch);
    }
    Ok(rows)
}
