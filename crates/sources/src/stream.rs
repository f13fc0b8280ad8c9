//! Rows on their way from a query to its reader.
//!
//! The query runs by itself, a few batches ahead of its reader at most: as a task where its driver is
//! asynchronous ([`start`]), on a thread that may block where it is not ([`start_blocking`]). It ends
//! when its reader goes, or waits longer than the limits say.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use pressroom_data::{Row, Schema, SourceError};
use pressroom_ports::{QueryLimits, RowBatches};
use tokio::sync::mpsc;

use crate::subject::Subject;

/// Batches that wait for the reader.
const AHEAD: usize = 2;
/// Rows of the first batch: the reader can begin soon.
const FIRST_BATCH: usize = 128;
/// Rows of a batch.
const BATCH: usize = 1_024;
/// Bytes of a batch, about.
const BATCH_BYTES: usize = 1 << 20;

/// What a query tells its reader.
enum Message {
    /// The columns, and whether the rows are ordered. Comes first.
    Columns(Arc<Schema>, bool),
    Rows(Vec<Row>),
    /// All rows were told. Without it, the end is none.
    End,
    Failed(SourceError),
}

/// The query's side: where it puts its rows.
pub(crate) struct Sink {
    messages: mpsc::Sender<Message>,
    stop: Arc<AtomicBool>,
    pub(crate) limits: QueryLimits,
    pub(crate) subject: Subject,
    told: u64,
    /// Rows until the batch is full.
    size: usize,
    batch: Vec<Row>,
    bytes: usize,
}

/// What the reader is told next, if that is due.
pub(crate) type Due = Option<Vec<Row>>;

impl Sink {
    /// Tells the columns, and whether rows come in the order that was asked for. To be called first.
    ///
    /// # Errors
    /// [`SourceError::Cancelled`] where the reader is gone, as of every other call.
    pub(crate) async fn columns(
        &self,
        schema: Arc<Schema>,
        ordered: bool,
    ) -> Result<(), SourceError> {
        self.tell(Message::Columns(schema, ordered)).await
    }

    /// The same from a thread that may block.
    pub(crate) fn columns_blocking(
        &self,
        schema: Arc<Schema>,
        ordered: bool,
    ) -> Result<(), SourceError> {
        self.tell_blocking(Message::Columns(schema, ordered))
    }

    /// Takes a row whose texts and bytes have these lengths in all, and at most. Gives a batch that is
    /// full, which is to be told.
    ///
    /// # Errors
    /// A bound that is reached.
    pub(crate) fn push(
        &mut self,
        row: Row,
        bytes: usize,
        longest: usize,
    ) -> Result<Due, SourceError> {
        if self.told == self.limits.rows {
            return Err(self.subject.too_many_rows(self.limits.rows));
        }
        if longest > self.limits.value_bytes {
            return Err(self.subject.too_long(self.limits.value_bytes));
        }
        self.told += 1;
        self.bytes += bytes;
        self.batch.push(row);
        if self.batch.len() < self.size && self.bytes < BATCH_BYTES {
            return Ok(None);
        }
        (self.size, self.bytes) = (BATCH, 0);
        Ok(Some(std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH))))
    }

    /// Tells a batch.
    pub(crate) async fn rows(&self, batch: Vec<Row>) -> Result<(), SourceError> {
        self.tell(Message::Rows(batch)).await
    }

    /// The same from a thread that may block.
    pub(crate) fn rows_blocking(&self, batch: Vec<Row>) -> Result<(), SourceError> {
        self.tell_blocking(Message::Rows(batch))
    }

    /// Set once the reader wants no more.
    pub(crate) fn stop(&self) -> &Arc<AtomicBool> {
        &self.stop
    }

    /// Waits until the reader wants no more.
    pub(crate) fn gone(&self) -> impl Future<Output = ()> + Send + use<> {
        let messages = self.messages.clone();
        async move { messages.closed().await }
    }

    async fn tell(&self, message: Message) -> Result<(), SourceError> {
        self.messages.send(message).await.map_err(|_| SourceError::Cancelled)
    }

    fn tell_blocking(&self, message: Message) -> Result<(), SourceError> {
        self.messages.blocking_send(message).map_err(|_| SourceError::Cancelled)
    }

    /// What is left, then how it ended.
    fn last(&mut self, outcome: Result<(), SourceError>) -> impl Iterator<Item = Message> + use<> {
        let rows = std::mem::take(&mut self.batch);
        let rows = (outcome.is_ok() && !rows.is_empty()).then_some(Message::Rows(rows));
        let end = match outcome {
            Ok(()) => Message::End,
            Err(error) => Message::Failed(error),
        };
        rows.into_iter().chain([end])
    }
}

/// A query of a driver that is asynchronous.
///
/// It is dropped where it stands when its reader goes: whatever it holds has to end its work on the
/// server when it is dropped.
#[async_trait]
pub(crate) trait Query: Send + 'static {
    /// Tells the columns, then takes the rows to the sink.
    async fn run(self, sink: &mut Sink) -> Result<(), SourceError>;
}

/// Starts a query as a task, and waits for its columns.
pub(crate) async fn start(
    subject: Subject,
    limits: QueryLimits,
    query: impl Query,
) -> Result<Box<dyn RowBatches>, SourceError> {
    let (mut sink, reader) = pair(subject, limits);
    let reader_side = sink.messages.clone();
    drop(tokio::spawn(async move {
        let outcome = tokio::select! {
            biased;
            outcome = query.run(&mut sink) => outcome,
            () = reader_side.closed() => return,
        };
        for message in sink.last(outcome) {
            // Where the reader has gone, nobody wants to know.
            if sink.tell(message).await.is_err() {
                return;
            }
        }
    }));
    reader.begun().await
}

/// Starts a query on a thread that may block, and waits for its columns.
pub(crate) async fn start_blocking(
    subject: Subject,
    limits: QueryLimits,
    query: impl FnOnce(&mut Sink) -> Result<(), SourceError> + Send + 'static,
) -> Result<Box<dyn RowBatches>, SourceError> {
    let (mut sink, reader) = pair(subject, limits);
    drop(tokio::task::spawn_blocking(move || {
        let outcome = query(&mut sink);
        for message in sink.last(outcome) {
            if sink.tell_blocking(message).is_err() {
                return;
            }
        }
    }));
    reader.begun().await
}

fn pair(subject: Subject, limits: QueryLimits) -> (Sink, Reader) {
    let (messages, incoming) = mpsc::channel(AHEAD);
    let stop = Arc::new(AtomicBool::new(false));
    let reader = Reader { incoming, stop: stop.clone(), limits, subject: subject.clone() };
    let sink = Sink {
        messages,
        stop,
        limits,
        subject,
        told: 0,
        size: FIRST_BATCH,
        batch: Vec::new(),
        bytes: 0,
    };
    (sink, reader)
}

/// The reader's side of a query, which ends with it.
struct Reader {
    incoming: mpsc::Receiver<Message>,
    stop: Arc<AtomicBool>,
    limits: QueryLimits,
    subject: Subject,
}

impl Reader {
    async fn begun(mut self) -> Result<Box<dyn RowBatches>, SourceError> {
        match self.next().await? {
            Message::Columns(schema, ordered) => {
                Ok(Box::new(Batches { schema, ordered, reader: self, ended: false }))
            }
            _ => Err(self.subject.query("it ended before it began")),
        }
    }

    async fn next(&mut self) -> Result<Message, SourceError> {
        match tokio::time::timeout(self.limits.timeout, self.incoming.recv()).await {
            Ok(Some(Message::Failed(error))) => Err(error),
            Ok(Some(message)) => Ok(message),
            Ok(None) => Err(self.subject.query("it ended all at once; see the server's log")),
            Err(_) => {
                self.end();
                Err(self.subject.too_slow(self.limits.timeout))
            }
        }
    }

    fn end(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.incoming.close();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.end();
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
