//! A store that is another process, on this machine or elsewhere: its connections come and go, it asks
//! for transactions to be run again, and it may not answer.

use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::Connection;
use diesel::r2d2::{ManageConnection, NopErrorHandler, Pool, PooledConnection, R2D2Connection};
use diesel::result::Error as DatabaseError;
use pressroom_ports::StoreError;

use crate::{Failure, Statements};

/// Connections of a kind at a time.
pub const CONNECTIONS: u32 = 8;
/// How long work waits for one while none can be made: whoever asks hears soon that the database is
/// away.
const AWAY_WAIT: Duration = Duration::from_millis(500);
/// How long an answer is waited for in all.
const ANSWER_WAIT: Duration = Duration::from_secs(60);
/// How often a transaction is run again that others were in the way of.
const AGAIN: u32 = 12;

/// What makes connections for one purpose, and knows what the database means by what it says.
pub trait Engine: Send + Sync + 'static {
    /// Diesel's connection.
    type Connection: R2D2Connection + Send + 'static;
    /// Why there is none.
    type Error: Error + From<DatabaseError> + 'static;

    /// How long work waits for a connection.
    const CONNECTION_WAIT: Duration;

    /// Makes a connection. Blocks.
    ///
    /// # Errors
    /// What the other side, or the way there, said.
    fn connect(&self) -> Result<Self::Connection, Self::Error>;

    /// Whether the same transaction may succeed if it is run again.
    fn is_transient(failure: &Failure) -> bool;

    /// Whether the connection was lost, and another one may be had.
    fn is_lost(failure: &Failure) -> bool;

    /// The failure as a port knows it.
    fn into_store_error(failure: Failure) -> StoreError;
}

/// Connections for one purpose, made when they are needed.
pub struct Connections<E: Engine> {
    pool: Pool<Manager<E>>,
    is_away: Arc<AtomicBool>,
}

impl<E: Engine> Connections<E> {
    /// At most [`CONNECTIONS`], whose statements are counted.
    #[must_use]
    pub fn new(engine: E, statements: Statements) -> Self {
        let is_away = Arc::<AtomicBool>::default();
        let pool = Pool::builder()
            .max_size(CONNECTIONS)
            .min_idle(Some(0))
            .connection_timeout(E::CONNECTION_WAIT)
            .test_on_check_out(false)
            // Who waits for a connection is told.
            .error_handler(Box::new(NopErrorHandler))
            .build_unchecked(Manager { engine, statements, is_away: is_away.clone() });
        Self { pool, is_away }
    }

    /// Works in one transaction. Blocks.
    ///
    /// Work is done again where the database asks for it, and where a connection was lost before the
    /// commit, as one is that waited in the pool while the database was away.
    ///
    /// # Errors
    /// Those of the work; [`StoreError::Unavailable`] where there is no connection, and where nobody
    /// knows whether a commit took place, because its answer was lost.
    pub fn in_transaction<T>(
        &self,
        work: impl Fn(&mut E::Connection) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        self.repeatedly(|conn| {
            let mut committing = false;
            let done = conn.transaction(|conn| {
                let value = work(conn)?;
                committing = true;
                Ok(value)
            });
            (done, !committing)
        })
    }

    /// The same without a transaction: each statement sees what was written before it. For work that
    /// only reads.
    ///
    /// # Errors
    /// Those of the work; [`StoreError::Unavailable`] where there is no connection.
    pub fn look_up<T>(
        &self,
        work: impl Fn(&mut E::Connection) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        self.repeatedly(|conn| (work(conn), true))
    }

    /// `work` says whether nothing came of what it did, should the connection be lost.
    fn repeatedly<T>(
        &self,
        work: impl Fn(&mut E::Connection) -> (Result<T, Failure>, bool),
    ) -> Result<T, StoreError> {
        let (mut in_the_way, mut lost) = (0, 0);
        loop {
            let mut conn = self.get()?;
            let (done, undone) = work(&mut conn);
            drop(conn);
            match done {
                Ok(value) => return Ok(value),
                Err(failure) if E::is_transient(&failure) && in_the_way < AGAIN => {
                    std::thread::sleep(pause(in_the_way));
                    in_the_way += 1;
                }
                Err(failure) if E::is_lost(&failure) && undone && lost <= CONNECTIONS => lost += 1,
                Err(failure) => return Err(E::into_store_error(failure)),
            }
        }
    }

    fn get(&self) -> Result<PooledConnection<Manager<E>>, StoreError> {
        let begun = Instant::now();
        loop {
            let error = match self.pool.get_timeout(AWAY_WAIT) {
                Ok(conn) => return Ok(conn),
                Err(error) => error,
            };
            if self.is_away.load(Ordering::Relaxed) || begun.elapsed() > E::CONNECTION_WAIT {
                return Err(StoreError::unavailable(error));
            }
        }
    }
}

/// A pause that grows, of no fixed length: those that were in each other's way come back apart.
fn pause(round: u32) -> Duration {
    let longest = 1_000_u64 << round.min(7);
    Duration::from_micros(longest / 2 + RandomState::new().hash_one(round) % longest)
}

/// Makes the connections of a pool.
struct Manager<E> {
    engine: E,
    statements: Statements,
    /// Whether the last that was to be made could not be.
    is_away: Arc<AtomicBool>,
}

impl<E: Engine> ManageConnection for Manager<E> {
    type Connection = E::Connection;
    type Error = E::Error;

    fn connect(&self) -> Result<E::Connection, E::Error> {
        let made = self.engine.connect();
        self.is_away.store(made.is_err(), Ordering::Relaxed);
        let mut conn = made?;
        self.statements.watch(&mut conn);
        Ok(conn)
    }

    fn is_valid(&self, conn: &mut E::Connection) -> Result<(), E::Error> {
        Ok(conn.ping()?)
    }

    fn has_broken(&self, conn: &mut E::Connection) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

/// Works with something on a thread that may block, for a bounded time.
///
/// # Errors
/// Those of the work; [`StoreError::Unavailable`] where it takes too long.
pub async fn on_a_thread<I: Send + Sync + 'static, T: Send + 'static>(
    with: Arc<I>,
    work: impl FnOnce(&I) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let working = tokio::task::spawn_blocking(move || work(&with));
    match tokio::time::timeout(ANSWER_WAIT, working).await {
        Ok(worked) => worked.map_err(StoreError::unavailable)?,
        Err(_) => Err(StoreError::unavailable("the database does not answer")),
    }
}

/// An address as people may see it: without its password, and without what follows a `?`.
#[must_use]
pub fn without_password(url: &str) -> String {
    let shown = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = shown.split_once("://") else {
        return "the address that was given".to_owned();
    };
    // A password may hold an @ that nobody escaped.
    match rest.rsplit_once('@') {
        Some((account, host)) => {
            let user = account.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        None => format!("{scheme}://{rest}"),
    }
}
