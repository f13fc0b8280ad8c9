//! The store as a whole.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::Connection as _;
use diesel::prelude::*;
use diesel::r2d2::{NopErrorHandler, Pool, PooledConnection};
use diesel::sql_types::BigInt;
use pressroom_diesel_store::schema::sequences;
use pressroom_diesel_store::seal::KeyRing;
use pressroom_diesel_store::{Failure, OpenError, SealingKey, Statements};
use pressroom_ports::{Queue, StoreError};

use crate::Connection;
use crate::address::Address;
use crate::connect::{Isolation, Manager};
use crate::failure::{into_store_error, is_lost, is_transient};
use crate::migrations;

/// Connections of a kind at a time.
pub(crate) const CONNECTIONS: u32 = 8;
/// How long work waits for one. To sign in takes a busy server a second or more.
const CONNECTION_WAIT: Duration = Duration::from_secs(20);
/// The same while none can be made: whoever asks hears soon that the database is away.
const AWAY_WAIT: Duration = Duration::from_millis(500);
/// How long an answer is waited for in all.
const ANSWER_WAIT: Duration = Duration::from_secs(60);
/// How often a transaction is run again that others were in the way of.
const AGAIN: u32 = 12;

/// Every repository over one database. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    readers: Connections,
    writers: Connections,
    ring: KeyRing,
    statements: Statements,
}

/// Connections of a kind.
struct Connections {
    pool: Pool<Manager>,
    is_away: Arc<AtomicBool>,
}

impl Connections {
    /// At most [`CONNECTIONS`], made when they are needed.
    fn new(address: Address, isolation: Isolation, statements: Statements) -> Self {
        let is_away = Arc::<AtomicBool>::default();
        let pool = Pool::builder()
            .max_size(CONNECTIONS)
            .min_idle(Some(0))
            .connection_timeout(CONNECTION_WAIT)
            .test_on_check_out(false)
            // Who waits for a connection is told.
            .error_handler(Box::new(NopErrorHandler))
            .build_unchecked(Manager { address, isolation, statements, is_away: is_away.clone() });
        Self { pool, is_away }
    }

    fn get(&self) -> Result<PooledConnection<Manager>, StoreError> {
        let begun = Instant::now();
        loop {
            let error = match self.pool.get_timeout(AWAY_WAIT) {
                Ok(conn) => return Ok(conn),
                Err(error) => error,
            };
            if self.is_away.load(Ordering::Relaxed) || begun.elapsed() > CONNECTION_WAIT {
                return Err(StoreError::unavailable(error));
            }
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store at `mssql://user:password@host:port/database` and brings its tables up to this
    /// version. Blocks.
    ///
    /// Which options may follow, `diesel_tds::TdsConnection` says. Where the database is empty,
    /// `create` decides whether it becomes a store.
    ///
    /// # Errors
    /// See [`OpenError`]; [`OpenError::Away`] is what waiting may help.
    pub fn open(url: &str, create: bool) -> Result<Self, OpenError> {
        let address = Address::parse(url)?;
        let mut conn = migrations::connect(&address)?;
        migrations::check(&mut conn, &address, create)?;
        migrations::migrate(&mut conn, &address)?;
        let reads = Isolation::of_reads(&mut conn);
        drop(conn);
        if reads == Isolation::Serializable {
            tracing::warn!(
                store = address.place,
                "the database takes no snapshots, so that readers and writers wait for each other; \
                 turn them on with ALTER DATABASE … SET ALLOW_SNAPSHOT_ISOLATION ON"
            );
        }
        let statements = Statements::default();
        let connections =
            |isolation| Connections::new(address.clone(), isolation, statements.clone());
        let (readers, writers) = (connections(reads), connections(Isolation::ReadCommitted));
        let ring = KeyRing::default();
        Ok(Self { inner: Arc::new(Inner { readers, writers, ring, statements }) })
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

    /// Tells other nodes nothing: they look for work themselves.
    pub(crate) fn announce(&self, _queue: Queue) {}

    /// Reads in one transaction: what it sees belongs together.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.on_a_thread(move |inner| in_transaction(&inner.readers, work)).await
    }

    /// Reads a few rows by their keys. Each statement sees what was written before it.
    pub(crate) async fn look_up<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.on_a_thread(move |inner| repeatedly(&inner.readers, |conn| (work(conn), true))).await
    }

    /// Writes in one transaction, while no other of these runs on any node.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.on_a_thread(move |inner| {
            in_transaction(&inner.writers, |conn| {
                wait_for_turn(conn)?;
                work(conn)
            })
        })
        .await
    }

    /// Writes in one transaction about rows of its own. It survives a power cut like any other: two
    /// nodes must not be given one fencing number.
    pub(crate) async fn write_soon<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.on_a_thread(move |inner| in_transaction(&inner.writers, work)).await
    }

    /// Works on a thread that may block, for a bounded time.
    async fn on_a_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = self.inner.clone();
        let working = tokio::task::spawn_blocking(move || work(&inner));
        match tokio::time::timeout(ANSWER_WAIT, working).await {
            Ok(worked) => worked.map_err(StoreError::unavailable)?,
            Err(_) => Err(StoreError::unavailable("the database does not answer")),
        }
    }
}

#[derive(QueryableByName)]
struct Time {
    #[diesel(sql_type = BigInt)]
    micros: i64,
}

/// What time it is by the engine, in microseconds since 1970.
pub(crate) fn time(conn: &mut Connection) -> QueryResult<i64> {
    let micros = "select datediff_big(microsecond, cast('1970-01-01' as datetime2), sysutcdatetime()) \
                  as micros";
    diesel::sql_query(micros).get_result(conn).map(|Time { micros }| micros)
}

/// Waits until no other transaction changes entities, and keeps others waiting until this one ends.
fn wait_for_turn(conn: &mut Connection) -> QueryResult<()> {
    let row = sequences::table.find("writes");
    diesel::update(row).set(sequences::last_id.eq(sequences::last_id + 1)).execute(conn)?;
    Ok(())
}

fn in_transaction<T>(
    connections: &Connections,
    work: impl Fn(&mut Connection) -> Result<T, Failure>,
) -> Result<T, StoreError> {
    repeatedly(connections, |conn| {
        let mut committing = false;
        let done = conn.transaction(|conn| {
            let value = work(conn)?;
            committing = true;
            Ok(value)
        });
        // Whether a commit whose answer was lost took place, nobody knows.
        (done, !committing)
    })
}

/// Works, and works again where the database asks for it or where a connection was lost, as one is
/// that waited in the pool while the database was away. `work` says whether nothing came of what it
/// did, should the connection be lost.
fn repeatedly<T>(
    connections: &Connections,
    work: impl Fn(&mut Connection) -> (Result<T, Failure>, bool),
) -> Result<T, StoreError> {
    let (mut in_the_way, mut lost) = (0, 0);
    loop {
        let mut conn = connections.get()?;
        let (done, undone) = work(&mut conn);
        drop(conn);
        match done {
            Ok(value) => return Ok(value),
            Err(failure) if is_transient(&failure) && in_the_way < AGAIN => {
                std::thread::sleep(pause(in_the_way));
                in_the_way += 1;
            }
            Err(failure) if is_lost(&failure) && undone && lost <= CONNECTIONS => lost += 1,
            Err(failure) => return Err(into_store_error(failure)),
        }
    }
}

/// A pause that grows, of no fixed length: those that were in each other's way come back apart.
fn pause(round: u32) -> Duration {
    let longest = 1_000_u64 << round.min(7);
    Duration::from_micros(longest / 2 + RandomState::new().hash_one(round) % longest)
}
