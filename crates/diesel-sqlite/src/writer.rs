//! The thread that writes.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use diesel::connection::SimpleConnection;
use diesel::{Connection as _, QueryResult};
use pressroom_ports::StoreError;
use tokio::sync::oneshot;

use crate::error::Failure;
use crate::migrations::OpenError;
use crate::stored::Connection;

/// Writes that wait at most; more are told to come again.
const QUEUE: usize = 4_096;
/// Writes that share a transaction at most.
const BATCH: usize = 128;

/// What a write survives once it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Durability {
    /// The end of the process. A power cut may undo the newest such writes, never a part of one.
    Process,
    /// A power cut too.
    Disk,
}

/// A write, its outcome, and whoever waits for it.
trait Job: Send {
    fn durability(&self) -> Durability;

    /// Does it in a savepoint. Fails where the database did, not where the write was refused.
    fn run(&mut self, conn: &mut Connection) -> Result<(), Failure>;

    /// Answers, once the transaction is committed or is not.
    fn finish(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Write<F, T> {
    durability: Durability,
    work: Option<F>,
    outcome: Option<Result<T, StoreError>>,
    answer: oneshot::Sender<Result<T, StoreError>>,
}

impl<F, T> Job for Write<F, T>
where
    F: FnOnce(&mut Connection) -> Result<T, Failure> + Send,
    T: Send,
{
    fn durability(&self) -> Durability {
        self.durability
    }

    fn run(&mut self, conn: &mut Connection) -> Result<(), Failure> {
        let Some(work) = self.work.take() else { return Ok(()) };
        match conn.transaction(work) {
            Ok(value) => self.outcome = Some(Ok(value)),
            Err(failure) if failure.is_refusal() => self.outcome = Some(Err(failure.into())),
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    fn finish(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (committed, self.outcome) {
            // A refusal stays one, whatever became of the rest.
            (_, Some(Err(error))) | (Err(error), _) => Err(error),
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Ok(()), None) => Err(StoreError::unavailable("the write was not done")),
        };
        // Nobody waits where the request was given up.
        let _ = self.answer.send(answer);
    }
}

/// Hands writes to the thread; the thread ends with it, after the writes that wait.
pub(crate) struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(path: PathBuf, conn: Connection) -> Result<Self, OpenError> {
        let (queue, jobs) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || Loop { path, conn: Some(conn), flushes: None }.run(&jobs))
            .map_err(OpenError::Thread)?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Does a write and waits for its commit. The write is done even if the caller stops waiting.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        durability: Durability,
        work: impl FnOnce(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, outcome) = oneshot::channel();
        let job = Write { durability, work: Some(work), outcome: None, answer };
        let Some(queue) = &self.queue else {
            return Err(StoreError::unavailable("the store is closed"));
        };
        queue.try_send(Box::new(job)).map_err(|error| {
            StoreError::unavailable(match error {
                TrySendError::Full(_) => "too many writes wait",
                TrySendError::Disconnected(_) => "the thread that writes has ended",
            })
        })?;
        outcome.await.unwrap_or_else(|error| Err(StoreError::unavailable(error)))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Loop {
    path: PathBuf,
    /// None after a failure, until the next write.
    conn: Option<Connection>,
    /// What the connection's commits survive now, as far as it was told.
    flushes: Option<Durability>,
}

impl Loop {
    fn run(mut self, jobs: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = jobs.recv() {
            let mut batch = vec![first];
            batch.extend(jobs.try_iter().take(BATCH - 1));
            let committed = self.commit(&mut batch).map_err(|error| {
                // Its state is not known any more.
                self.conn = None;
                self.flushes = None;
                error.to_string()
            });
            for job in batch {
                job.finish(committed.clone().map_err(StoreError::unavailable));
            }
        }
    }

    fn commit(&mut self, batch: &mut [Box<dyn Job>]) -> Result<(), Box<dyn Error + Send + Sync>> {
        let durability = batch.iter().map(|job| job.durability()).max();
        let conn = match &mut self.conn {
            Some(conn) => conn,
            none => none.insert(connect(&self.path)?),
        };
        if self.flushes != durability {
            conn.batch_execute(match durability {
                Some(Durability::Process) => "pragma synchronous = normal",
                _ => "pragma synchronous = full",
            })?;
            self.flushes = durability;
        }
        conn.immediate_transaction(|conn| batch.iter_mut().try_for_each(|job| job.run(conn)))
            .map_err(|failure| StoreError::from(failure).into())
    }
}

/// A connection that may write.
fn connect(path: &Path) -> Result<Connection, Box<dyn Error + Send + Sync>> {
    let path = path.to_str().ok_or("the path is not valid text")?;
    let mut conn = Connection::establish(path)?;
    prepare(&mut conn)?;
    Ok(conn)
}

/// Makes a connection one that writes.
pub(crate) fn prepare(conn: &mut Connection) -> QueryResult<()> {
    conn.batch_execute(
        "pragma busy_timeout = 10000;
         pragma journal_mode = wal;
         pragma synchronous = full;
         pragma foreign_keys = on;
         pragma journal_size_limit = 67108864;",
    )
}
