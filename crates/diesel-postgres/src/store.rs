//! The store as a whole.

use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use pressroom_diesel_store::remote::{Connections, on_a_thread};
use pressroom_diesel_store::schema::sequences;
use pressroom_diesel_store::seal::KeyRing;
use pressroom_diesel_store::{Failure, OpenError, SealingKey, Statements};
use pressroom_ports::{Queue, StoreError};

use crate::Connection;
use crate::address::Address;
use crate::connect::{Purpose, Sessions};
use crate::language::Language;
use crate::migrations;
use crate::signals::Signals;

/// Every repository over one database. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    readers: Connections<Sessions>,
    writers: Connections<Sessions>,
    signals: Signals,
    ring: KeyRing,
    statements: Statements,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store at `postgres://user:password@host:port/database` and brings its tables up to
    /// this version. Blocks, and must not be called where futures run.
    ///
    /// `sslmode` and `sslrootcert` mean what they mean to PostgreSQL's own clients. Where the database
    /// is empty, `create` decides whether it becomes a store.
    ///
    /// # Errors
    /// See [`OpenError`]; [`OpenError::Away`] is what waiting may help.
    pub fn open(url: &str, create: bool) -> Result<Self, OpenError> {
        let address = Address::parse(url)?;
        let mut conn = migrations::connect(&address)?;
        let language = Language::of(&mut conn, &address);
        migrations::check(&mut conn, &address, create)?;
        migrations::migrate(&mut conn, &address)?;
        let notifies = migrations::notifies(&mut conn);
        drop(conn);
        let statements = Statements::default();
        let connections = |purpose| {
            let sessions = Sessions { address: address.clone(), purpose, language };
            Connections::new(sessions, statements.clone())
        };
        let (readers, writers) = (connections(Purpose::Read), connections(Purpose::Write));
        let signals = if notifies { Signals::start(&address)? } else { Signals::none() };
        let ring = KeyRing::default();
        Ok(Self { inner: Arc::new(Inner { readers, writers, signals, ring, statements }) })
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

    /// Tells other nodes that work was queued.
    pub(crate) fn announce(&self, queue: Queue) {
        self.inner.signals.announce(queue);
    }

    /// What other nodes told.
    pub(crate) fn signals(&self) -> &Signals {
        &self.inner.signals
    }

    /// Reads in one transaction: what it sees belongs together.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        on_a_thread(self.inner.clone(), move |inner| inner.readers.in_transaction(work)).await
    }

    /// Reads a few rows by their keys. Each statement sees what was written before it.
    pub(crate) async fn look_up<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        on_a_thread(self.inner.clone(), move |inner| inner.readers.look_up(work)).await
    }

    /// Writes in one transaction, while no other of these runs on any node.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        on_a_thread(self.inner.clone(), move |inner| {
            inner.writers.in_transaction(|conn| {
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
        on_a_thread(self.inner.clone(), move |inner| inner.writers.in_transaction(work)).await
    }
}

#[derive(QueryableByName)]
struct Time {
    #[diesel(sql_type = BigInt)]
    micros: i64,
}

/// What time it is by the engine, in microseconds since 1970.
pub(crate) fn time(conn: &mut Connection) -> QueryResult<i64> {
    let micros = "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint) as micros";
    diesel::sql_query(micros).get_result(conn).map(|Time { micros }| micros)
}

/// Waits until no other transaction changes entities, and keeps others waiting until this one ends.
fn wait_for_turn(conn: &mut Connection) -> QueryResult<()> {
    let row = sequences::table.find("writes");
    diesel::update(row).set(sequences::last_id.eq(sequences::last_id + 1)).execute(conn)?;
    Ok(())
}
