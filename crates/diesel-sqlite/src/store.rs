//! The store as a whole.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::{Connection as _, QueryResult};
use pressroom_ports::{Clock, Queue, StoreError, SystemClock};

use pressroom_diesel_store::seal::KeyRing;
use pressroom_diesel_store::{Failure, OpenError, SealingKey, Statements, micros};

use crate::Connection;
use crate::migrations;
use crate::writer::{self, Durability, Writer};

/// Connections that read at a time.
pub(crate) const READERS: u32 = 8;
/// How long a reader waits for one.
const READER_WAIT: Duration = Duration::from_secs(10);

/// Every repository over one SQLite file. Clones share it; the last one to go waits for the writes
/// that were begun.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    writer: Writer,
    readers: Pool<ConnectionManager<Connection>>,
    ring: KeyRing,
    statements: Statements,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store in a file and brings its tables up to this version. Blocks: call it where that
    /// is allowed.
    ///
    /// Where there is no such file, `create` decides whether one is made: a command that looks at a
    /// site must not make an empty one where its path was mistyped.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(path: &Path, create: bool) -> Result<Self, OpenError> {
        let (path, mut conn) = connect(path, create)?;
        let path = path.as_path();
        let failed = |error: Box<dyn Error + Send + Sync>| migrations::database(path)(error);
        let ring = KeyRing::default();
        writer::prepare(&mut conn).map_err(|error| failed(error.into()))?;
        migrations::migrate(&mut conn, path)?;
        let statements = Statements::default();
        let readers = Pool::builder()
            .max_size(READERS)
            .min_idle(Some(1))
            .connection_timeout(READER_WAIT)
            .test_on_check_out(false)
            .connection_customizer(Box::new(ReadOnly { statements: statements.clone() }))
            .build(ConnectionManager::new(path.display().to_string()))
            .map_err(|error| failed(error.into()))?;
        let writer = Writer::start(path.to_owned(), conn, statements.clone())?;
        Ok(Self { inner: Arc::new(Inner { writer, readers, ring, statements }) })
    }

    /// How many statements were run since it was opened, those that begin and end transactions
    /// included.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.inner.statements.count()
    }

    /// Seals what is secret from now on, and opens what this key sealed before. What was stored
    /// without a key stays readable. All clones get the key; the first that is given counts.
    #[must_use]
    pub fn sealed_with(self, key: SealingKey) -> Self {
        let _ = self.inner.ring.set(key);
        self
    }

    /// The key of secrets, if there is one.
    pub(crate) fn key(&self) -> Option<SealingKey> {
        self.inner.ring.get().cloned()
    }

    /// Tells other nodes that work was queued: they look for themselves.
    pub(crate) fn announce(&self, _queue: Queue) {}

    /// Reads in one transaction: what it sees belongs together.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = self.inner.readers.clone();
        let read = move || {
            let mut conn = readers.get().map_err(StoreError::unavailable)?;
            transact(&mut conn, work)
        };
        tokio::task::spawn_blocking(read).await.map_err(StoreError::unavailable)?
    }

    /// Reads a few rows by their keys, in one transaction, on the caller's thread: no reader waits for
    /// a writer, and handing the work to another thread and back takes longer than the work does.
    pub(crate) async fn look_up<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        if let Some(mut conn) = self.inner.readers.try_get() {
            return transact(&mut conn, work);
        }
        // Opening a connection, or waiting for one, is for a thread that may block.
        self.read(work).await
    }

    /// Writes in one transaction that survives a power cut.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.inner.writer.write(Durability::Disk, work).await
    }

    /// Writes in one transaction that survives the end of the process, and a power cut once a
    /// [`write`](Self::write) or a checkpoint follows it.
    ///
    /// For steps of work that is done again if they are lost: each wait for the disk takes as long
    /// as a short document does to compose.
    pub(crate) async fn write_soon<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.inner.writer.write(Durability::Process, work).await
    }
}

/// A connection to the store in a file, which nothing was written to, and the file's absolute path.
pub(crate) fn connect(path: &Path, create: bool) -> Result<(PathBuf, Connection), OpenError> {
    // An absolute path is never taken for a URI or an in-memory database.
    let absolute = std::path::absolute(path).map_err(|error| unusable(path, &error.to_string()))?;
    let path = absolute.as_path();
    let text = path.to_str().ok_or_else(|| unusable(path, "it is not valid text"))?;
    if !create && !path.is_file() {
        return Err(OpenError::Missing(path.display().to_string()));
    }
    let failed = |error: Box<dyn Error + Send + Sync>| migrations::database(path)(error);
    let mut conn = Connection::establish(text).map_err(|error| failed(error.into()))?;
    // Another process may be closing the store just now.
    conn.batch_execute("pragma busy_timeout = 10000").map_err(|error| failed(error.into()))?;
    migrations::check(&mut conn, path, create)?;
    Ok((absolute, conn))
}

/// What time it is by the engine: on this machine, by its clock.
pub(crate) fn time(_conn: &mut Connection) -> QueryResult<i64> {
    Ok(micros(SystemClock.now()))
}

fn unusable(path: &Path, reason: &str) -> OpenError {
    OpenError::Place {
        place: path.display().to_string(),
        reason: format!("{reason}; choose another path"),
    }
}

fn transact<T>(
    conn: &mut Connection,
    work: impl Fn(&mut Connection) -> Result<T, Failure>,
) -> Result<T, StoreError> {
    conn.transaction(work).map_err(StoreError::from)
}

/// Makes a connection of the pool one that only reads.
#[derive(Debug)]
struct ReadOnly {
    statements: Statements,
}

impl CustomizeConnection<Connection, diesel::r2d2::Error> for ReadOnly {
    fn on_acquire(&self, conn: &mut Connection) -> Result<(), diesel::r2d2::Error> {
        self.statements.watch(conn);
        conn.batch_execute("pragma busy_timeout = 10000; pragma query_only = on;")
            .map_err(diesel::r2d2::Error::QueryError)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use diesel::connection::SimpleConnection;
    use pressroom_contracts::suites::full_store::{Fixture, Moment};
    use pressroom_ports::Stores;

    use crate::Store;

    /// A store whose file may not grow any more until a write fails: then the writer connects anew.
    async fn store() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("pressroom.db"), true).unwrap();
        let writes = store.clone();
        let fill = move || {
            let store = writes.clone();
            let limit = async move {
                let pragma = "pragma max_page_count = 1";
                store.write(move |conn| Ok(conn.batch_execute(pragma)?)).await.unwrap();
            };
            Box::pin(limit) as Moment
        };
        Fixture {
            stores: Stores::of(Arc::new(store)),
            fill: Box::new(fill),
            free: Box::new(|| Box::pin(async {})),
            guard: Box::new(folder),
        }
    }

    pressroom_contracts::full_store_contract!(store);
}
