//! The thread that writes.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use diesel::connection::SimpleConnection;
use diesel::result::Error as DatabaseError;
use diesel::{Connection as _, QueryResult};
use pressroom_ports::StoreError;
use tokio::sync::oneshot;

use pressroom_diesel_store::{Failure, OpenError, Statements};

use crate::Connection;
use crate::disk::of_write;

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
        // What failed is kept apart: where SQLite has undone the whole transaction by itself, rolling
        // back fails too, and would hide the reason.
        let mut failed = None;
        let done = conn.transaction(|conn| {
            work(conn).map_err(|failure| {
                failed = Some(failure);
                DatabaseError::RollbackTransaction
            })
        });
        match (done, failed) {
            (Ok(value), _) => self.outcome = Some(Ok(value)),
            (Err(DatabaseError::RollbackTransaction), Some(failure)) if failure.is_refusal() => {
                self.outcome = Some(Err(failure.into()));
            }
            (Err(_), Some(failure)) if !failure.is_refusal() => return Err(failure),
            (Err(error), _) => return Err(error.into()),
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
    pub(crate) fn start(
        path: PathBuf,
        mut conn: Connection,
        statements: Statements,
    ) -> Result<Self, OpenError> {
        statements.watch(&mut conn);
        let (queue, jobs) = sync_channel(QUEUE);
        let mut writer = Loop { path, conn: Some(conn), flushes: None, statements };
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writer.run(&jobs))
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
    statements: Statements,
}

impl Loop {
    fn run(&mut self, jobs: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = jobs.recv() {
            let mut batch = vec![first];
            batch.extend(jobs.try_iter().take(BATCH - 1));
            // A write that panics fails like any other, and the thread lives on.
            let committed = catch_unwind(AssertUnwindSafe(|| self.commit(&mut batch)))
                .unwrap_or_else(|_| Err(StoreError::unavailable("a write panicked; see the log")));
            if committed.is_err() {
                // Its state is not known any more.
                self.conn = None;
                self.flushes = None;
            }
            for job in batch {
                job.finish(committed.as_ref().copied().map_err(again));
            }
        }
    }

    fn commit(&mut self, batch: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        let durability = batch.iter().map(|job| job.durability()).max();
        let conn = match &mut self.conn {
            Some(conn) => conn,
            none => {
                let conn = none.insert(connect(&self.path)?);
                self.statements.watch(conn);
                conn
            }
        };
        if self.flushes != durability {
            conn.batch_execute(match durability {
                Some(Durability::Process) => "pragma synchronous = normal",
                _ => "pragma synchronous = full",
            })
            .map_err(|error| of_write(error.into(), &self.path))?;
            self.flushes = durability;
        }
        let mut failed = None;
        let committed = conn.immediate_transaction(|conn| {
            batch.iter_mut().try_for_each(|job| job.run(conn)).map_err(|failure| {
                failed = Some(failure);
                DatabaseError::RollbackTransaction
            })
        });
        committed.map_err(|error| of_write(failed.unwrap_or(Failure::Database(error)), &self.path))
    }
}

/// A failure of a transaction, for each of the writes that shared it.
fn again(error: &StoreError) -> StoreError {
    let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    match error {
        StoreError::Full(_) => StoreError::full(reason),
        _ => StoreError::unavailable(reason),
    }
}

/// A connection that may write.
fn connect(path: &Path) -> Result<Connection, StoreError> {
    let text =
        path.to_str().ok_or_else(|| StoreError::unavailable("its path is not valid text"))?;
    let mut conn = Connection::establish(text).map_err(StoreError::unavailable)?;
    prepare(&mut conn).map_err(|error| of_write(error.into(), path))?;
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

#[cfg(test)]
mod tests {
    use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
    use pressroom_ports::Kind;

    use super::*;
    use crate::Store;
    use pressroom_diesel_store::schema::sequences;

    const SEQUENCE: &str = "documents";

    fn set(conn: &mut Connection, to: i64) -> Result<(), Failure> {
        let row = sequences::table.find(SEQUENCE);
        diesel::update(row).set(sequences::last_id.eq(to)).execute(conn)?;
        Ok(())
    }

    async fn last_id(store: &Store) -> i64 {
        let read = |conn: &mut Connection| {
            Ok(sequences::table.find(SEQUENCE).select(sequences::last_id).first(conn)?)
        };
        store.read(read).await.unwrap()
    }

    /// A store whose writer is kept busy until the sender is used or dropped, so that writes that
    /// follow share a transaction.
    fn busy_store() -> (Store, std::sync::mpsc::Sender<()>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("pressroom.db"), true).unwrap();
        let (release, held) = std::sync::mpsc::channel();
        let (busy, began) = std::sync::mpsc::channel();
        let occupied = store.clone();
        tokio::spawn(async move {
            let hold = move |_: &mut Connection| {
                let _ = busy.send(());
                let _ = held.recv();
                Ok(())
            };
            occupied.write(hold).await
        });
        tokio::task::block_in_place(|| began.recv()).unwrap();
        (store, release, folder)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_refused_write_takes_no_other_with_it() {
        let (store, release, _folder) = busy_store();
        let first = store.write(|conn| set(conn, 7));
        let refused = store.write(|conn| {
            set(conn, 8)?;
            Err::<(), _>(StoreError::not_found(Kind::Document, 1).into())
        });
        let last = store.write_soon(|conn| {
            let seen: i64 =
                sequences::table.find(SEQUENCE).select(sequences::last_id).first(conn)?;
            set(conn, seen + 100)
        });
        // All three wait when the writer is let go.
        let (first, refused, last, ()) =
            tokio::join!(first, refused, last, async { drop(release) });
        assert!(matches!(refused, Err(StoreError::NotFound { .. })), "{refused:?}");
        assert!(first.is_ok() && last.is_ok());
        assert_eq!(last_id(&store).await, 107);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_full_disk_undoes_the_writes_it_met_and_no_others() {
        let (store, release, _folder) = busy_store();
        let first = store.write(|conn| set(conn, 7));
        drop(release);
        first.await.unwrap();
        let full = store.write(|conn| {
            set(conn, 8)?;
            // The file may not grow any more.
            conn.batch_execute(
                "pragma max_page_count = 1;
                 update sequences set name = hex(zeroblob(1000000)) where name = 'users'",
            )?;
            Ok(())
        });
        let error = full.await.unwrap_err();
        assert!(matches!(error, StoreError::Full(_)), "{error:?}");
        assert_eq!(last_id(&store).await, 7);
        store.write(|conn| set(conn, 9)).await.unwrap();
        assert_eq!(last_id(&store).await, 9);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn writes_that_wait_are_done_before_the_store_closes() {
        let (store, release, folder) = busy_store();
        let waiting = store.clone();
        let waiting = tokio::spawn(async move { waiting.write(|conn| set(conn, 7)).await });
        drop(store);
        drop(release);
        waiting.await.unwrap().unwrap();
        let store = Store::open(&folder.path().join("pressroom.db"), false).unwrap();
        assert_eq!(last_id(&store).await, 7);
    }
}
