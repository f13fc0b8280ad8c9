//! Rows on their way from the thread that queries to the reader.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use pressroom_data::{DataType, Field, Row, Schema, SourceError, Value};
use pressroom_ports::{QueryLimits, RowBatches, Statement};
use rusqlite::types::ValueRef;
use tokio::sync::mpsc;

use super::binds::bind;
use super::error::Subject;
use super::open::Session;
use super::values::Column;
use super::{order, times, types};

/// Batches that wait for the reader.
const AHEAD: usize = 2;
/// Rows of the first batch: the reader can begin soon.
const FIRST_BATCH: usize = 128;
/// Rows of a batch.
const BATCH: usize = 1_024;
/// Bytes of a batch, about.
const BATCH_BYTES: usize = 1 << 20;

/// What the thread tells the reader.
enum Message {
    /// The columns, and whether the rows are ordered. Comes first.
    Columns(Arc<Schema>, bool),
    Rows(Vec<Row>),
    /// All rows were told. Without it, the end is none.
    End,
    Failed(SourceError),
}

/// The thread's side of a query.
pub(crate) struct Query {
    messages: mpsc::Sender<Message>,
    stop: Arc<AtomicBool>,
    limits: QueryLimits,
}

/// Starts a query on a thread that may block, and waits for its columns.
pub(crate) async fn start(
    subject: Subject,
    limits: QueryLimits,
    run: impl FnOnce(&Query, &Subject) -> Result<(), SourceError> + Send + 'static,
) -> Result<Box<dyn RowBatches>, SourceError> {
    let (messages, incoming) = mpsc::channel(AHEAD);
    let stop = Arc::new(AtomicBool::new(false));
    let query = Query { messages, stop: stop.clone(), limits };
    let of_thread = subject.clone();
    drop(tokio::task::spawn_blocking(move || {
        let last = match run(&query, &of_thread) {
            Ok(()) => Message::End,
            Err(error) => Message::Failed(error),
        };
        // Where the reader has gone, nobody wants to know.
        let _ = query.messages.blocking_send(last);
    }));
    let mut reader = Reader { incoming, stop, limits, subject };
    match reader.next().await? {
        Message::Columns(schema, ordered) => {
            Ok(Box::new(Batches { schema, ordered, reader, ended: false }))
        }
        _ => Err(reader.subject.query("it ended before it began")),
    }
}

impl Query {
    /// Runs a statement to its end, or until the reader goes.
    pub(crate) fn run(
        &self,
        session: &Session,
        statement: &Statement,
        subject: &Subject,
    ) -> Result<(), SourceError> {
        let failed = |error: rusqlite::Error| session.error(subject, &error);
        let connection = &session.connection;
        session.stop_when(self.stop.clone());
        // Twice the longest value: several may stand in one row.
        session.bound_rows(self.limits.value_bytes.saturating_mul(2)).map_err(failed)?;
        session.expect(&statement.sql, subject)?;
        let plain = connection.prepare_cached(&statement.sql).map_err(failed)?;
        if plain.column_count() == 0 || !plain.readonly() {
            return Err(subject.query("it gives no rows; only a select is run"));
        }
        let declared: Vec<DataType> = plain
            .columns()
            .iter()
            .map(|column| column.decl_type().map_or(DataType::Unknown, types::declared))
            .collect();
        let expected = statement.expected.as_deref();
        let schema = Arc::new(Schema::new(
            plain
                .column_names()
                .into_iter()
                .zip(&declared)
                .map(|(name, declared)| Field::new(name, read_as(name, *declared, expected)))
                .collect(),
        ));
        let sorted =
            order::ordered(&statement.sql, &statement.order, &declared, &schema).and_then(|sql| {
                // Its own `with` clause: what is read through views is refused then, and the reader
                // sorts.
                session.expect(&sql, subject).ok()?;
                connection.prepare_cached(&sql).ok()
            });
        if sorted.is_none() {
            session.expect(&statement.sql, subject)?;
        }
        let ordered = sorted.is_some();
        let mut prepared = sorted.unwrap_or(plain);
        let style = if statement.binds.iter().any(|b| matches!(b.value, Value::DateTime(_))) {
            times::style_of(session, &statement.sql).map_err(failed)?
        } else {
            times::Style::default()
        };
        bind(&mut prepared, &statement.binds, style, subject)?;
        self.tell(Message::Columns(schema.clone(), ordered))?;
        self.read(session, prepared.raw_query(), &schema, subject)
    }

    fn read(
        &self,
        session: &Session,
        mut rows: rusqlite::Rows<'_>,
        schema: &Schema,
        subject: &Subject,
    ) -> Result<(), SourceError> {
        let mut columns: Vec<Column> =
            schema.fields.iter().map(|field| Column::new(field.data_type)).collect();
        let (mut told, mut size) = (0_u64, FIRST_BATCH);
        let mut batch: Vec<Row> = Vec::new();
        let mut bytes = 0_usize;
        while let Some(row) = rows.next().map_err(|error| session.error(subject, &error))? {
            if told == self.limits.rows {
                return Err(subject.too_many_rows(self.limits.rows));
            }
            if told == 0 && row.as_ref().column_count() != columns.len() {
                return Err(subject.away("its tables were changed just now; try again"));
            }
            let mut longest = 0;
            // Over a range of known length: the values go straight to where they stay.
            let values: Row = (0..columns.len())
                .map(|index| {
                    let stored = row.get_ref(index).unwrap_or(ValueRef::Null);
                    let length = match stored {
                        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
                        _ => 0,
                    };
                    bytes += length;
                    longest = longest.max(length);
                    columns[index].read(stored)
                })
                .collect();
            if longest > self.limits.value_bytes {
                return Err(subject.too_long(self.limits.value_bytes));
            }
            told += 1;
            batch.push(values);
            if batch.len() >= size || bytes >= BATCH_BYTES {
                self.tell(Message::Rows(std::mem::take(&mut batch)))?;
                (size, bytes) = (BATCH, 0);
            }
        }
        if batch.is_empty() { Ok(()) } else { self.tell(Message::Rows(batch)) }
    }

    fn tell(&self, message: Message) -> Result<(), SourceError> {
        self.messages.blocking_send(message).map_err(|_| SourceError::Cancelled)
    }
}

/// The type that a column's values are read as: what the layout expects, else what is declared.
fn read_as(name: &str, declared: DataType, expected: Option<&Schema>) -> DataType {
    let expected = expected
        .and_then(|schema| schema.index_of(name).map(|index| schema.fields[index].data_type));
    expected.filter(|data_type| *data_type != DataType::Unknown).unwrap_or(declared)
}

/// The reader's side of a query, which ends with it.
struct Reader {
    incoming: mpsc::Receiver<Message>,
    stop: Arc<AtomicBool>,
    limits: QueryLimits,
    subject: Subject,
}

impl Reader {
    async fn next(&mut self) -> Result<Message, SourceError> {
        match tokio::time::timeout(self.limits.timeout, self.incoming.recv()).await {
            Ok(Some(Message::Failed(error))) => Err(error),
            Ok(Some(message)) => Ok(message),
            Ok(None) => Err(self.subject.query("it ended all at once; see the server's log")),
            Err(_) => {
                self.stop.store(true, Ordering::Relaxed);
                Err(self.subject.too_slow(self.limits.timeout))
            }
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

struct Batches {
    schema: Arc<Schema>,
    ordered: bool,
    reader: Reader,
    ended: bool,
}

#[async_trait]
impl RowBatches for Batches {
    fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    fn is_ordered(&self) -> bool {
        self.ordered
    }

    async fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        if self.ended {
            return Ok(None);
        }
        let message = self.reader.next().await;
        if let Ok(Message::Rows(rows)) = message {
            return Ok(Some(rows));
        }
        self.ended = true;
        message.map(|_| None)
    }
}
