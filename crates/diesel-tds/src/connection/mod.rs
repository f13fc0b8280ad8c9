//! A connection: one statement at a time, and each answer read to its end before the next.

mod block_on;
mod error;
mod lock;
mod migration;
mod options;
#[cfg(feature = "r2d2")]
mod pool;
mod row;
mod script;
mod statement;
mod transaction;
mod transport;

use std::fmt;

use diesel::connection::{
    CacheSize, Connection, ConnectionSealed, DynInstrumentation, Instrumentation,
    InstrumentationEvent, LoadConnection, MultiConnectionHelper, SimpleConnection, StrQueryHelper,
    TransactionManager,
};
use diesel::expression::QueryMetadata;
use diesel::query_builder::{AsQuery, QueryBuilder as _, QueryFragment, QueryId};
use diesel::result::{ConnectionError, ConnectionResult, Error, QueryResult};
use futures_util::io::AllowStdIo;
use tiberius::{Client, ColumnData};

pub use error::message_number;
pub use row::TdsRow;
pub use transaction::TdsTransactionManager;

use crate::backend::Tds;
use crate::bind::TdsBindCollector;
use crate::query_builder::TdsQueryBuilder;
use block_on::block_on;
use options::Options;
use row::Rows;
use script::batches;
use statement::with_binds;
use transport::Transport;

/// The parameters of one statement: SQL Server takes 2,100, of which two are the statement and the
/// types of the others.
const MOST_BINDS: usize = 2098;

/// A connection to SQL Server.
///
/// ```no_run
/// use diesel::prelude::*;
/// use diesel_tds::TdsConnection;
///
/// let mut conn = TdsConnection::establish(
///     "mssql://app:s3cret@db.example.com:1433/shop?application_name=till",
/// )?;
/// # Ok::<(), ConnectionError>(())
/// ```
///
/// # The URL
/// `mssql://user:password@host:port/database?option=value&…`; `sqlserver://` and `tds://` say the
/// same. User, password and database are percent-encoded where they hold other than letters and
/// digits. The port is 1433 and the database the user's own where none is named.
///
/// | option | default | |
/// |---|---|---|
/// | `encrypt` | `true`, to this very machine `false` | TLS, for all that is sent |
/// | `trust_server_certificate` | `false` | takes any certificate: TLS without knowing with whom |
/// | `certificate_authority` | the system's | a file of PEM certificates to trust instead |
/// | `hostname_in_certificate` | the host | the name that the certificate is for |
/// | `connect_timeout` | `15` | seconds until the server is given up, signing in included |
/// | `timeout` | `120` | seconds without a word from the server after which a statement is given up; `0` waits for ever |
/// | `application_name` | `diesel-tds` | shown in the server's list of sessions |
/// | `packet_size` | the server's | bytes of a packet, 512 to 32767 |
/// | `xact_abort` | `true` | whether an error ends the transaction it happens in, see below |
///
/// # Statements
/// Each statement is sent with its parameters through `sp_executesql`, so the server keeps its plan
/// by its text. What such a statement makes for the session alone, a temporary table or a setting,
/// ends with it; [`batch_execute`](SimpleConnection::batch_execute) sends plain batches, where it
/// stays. A batch is divided at lines that say `GO`.
///
/// # Transactions
/// Nested transactions are savepoints. With `xact_abort`, which is SQL Server's own advice, an error
/// of a statement rolls back the whole transaction at once. What the closure then still asks for is
/// refused, and does not run outside of any transaction. Without it only the statement is undone, as
/// on SQLite, for those errors that the server can undo alone, such as a broken constraint; others
/// end the transaction all the same.
///
/// # Failures
/// A connection whose answer did not arrive, or could not be read, is never used again: every later
/// statement fails with [`ClosedConnection`](diesel::result::DatabaseErrorKind::ClosedConnection),
/// and a pool replaces it.
pub struct TdsConnection {
    client: Client<AllowStdIo<Transport>>,
    transactions: TdsTransactionManager,
    instrumentation: DynInstrumentation,
    /// Why it can be used no more.
    broken: Option<String>,
}

impl fmt::Debug for TdsConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TdsConnection").field("broken", &self.broken).finish_non_exhaustive()
    }
}

impl TdsConnection {
    fn open(options: &Options) -> ConnectionResult<Self> {
        let unreachable = |error: std::io::Error| options.unreachable(&error.to_string());
        let socket = transport::socket(options).map_err(unreachable)?;
        let transport = Transport::new(socket.try_clone().map_err(unreachable)?, options);
        let sign_in = Client::connect(options.config(), AllowStdIo::new(transport));
        let mut conn = Self {
            client: block_on(sign_in).map_err(|error| options.sign_in_failed(&error))?,
            transactions: TdsTransactionManager::default(),
            instrumentation: DynInstrumentation::none(),
            broken: None,
        };
        transport::set_timeout(&socket, options.timeout).map_err(unreachable)?;
        conn.run_batch(options.settings()).map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }

    /// Whether anything may be sent.
    fn ready(&self) -> QueryResult<()> {
        if let Some(reason) = &self.broken {
            return Err(error::closed(reason.clone()));
        }
        Ok(())
    }

    /// Whether a statement of the caller's may be sent: not outside of the transaction that the
    /// caller believes in.
    fn may_run(&self) -> QueryResult<()> {
        self.ready()?;
        self.transactions.running()
    }

    /// A batch as it is, with no parameters.
    fn run_batch(&mut self, sql: &str) -> QueryResult<()> {
        self.ready()?;
        let done =
            block_on(async { self.client.simple_query(sql).await?.into_results().await.map(drop) });
        done.map_err(|error| self.failed(error))
    }

    /// How many rows a statement wrote.
    fn run_counted(&mut self, sql: String, binds: Vec<ColumnData<'_>>) -> QueryResult<usize> {
        self.ready()?;
        let query = with_binds(sql, binds);
        let done = block_on(query.execute(&mut self.client));
        let done = done.map_err(|error| self.failed(error))?;
        Ok(usize::try_from(done.total()).unwrap_or(usize::MAX))
    }

    /// The rows of a statement's first result.
    fn run_loaded(&mut self, sql: String, binds: Vec<ColumnData<'_>>) -> QueryResult<Rows> {
        self.ready()?;
        let query = with_binds(sql, binds);
        let rows =
            block_on(async { query.query(&mut self.client).await?.into_first_result().await });
        rows.map(Rows::new).map_err(|error| self.failed(error))
    }

    /// Translates what went wrong, and notes what it left behind.
    fn failed(&mut self, error: tiberius::error::Error) -> Error {
        let failure = error::Failure::of(error);
        if failure.fatal {
            self.broken = Some(failure.error.to_string());
        }
        failure.error
    }

    /// Runs a statement that Diesel built: watched, and with what an error means for the transaction.
    fn run<T, R>(
        &mut self,
        query: &T,
        run: impl FnOnce(&mut Self, String, Vec<ColumnData<'_>>) -> QueryResult<R>,
    ) -> QueryResult<R>
    where
        T: QueryFragment<Tds> + QueryId,
    {
        self.instrumentation.on_connection_event(InstrumentationEvent::start_query(
            &diesel::debug_query::<Tds, _>(query),
        ));
        let done = self.may_run().and_then(|()| {
            let mut builder = TdsQueryBuilder::new();
            query.to_sql(&mut builder, &Tds)?;
            let mut binds = TdsBindCollector::default();
            query.collect_binds(&mut binds, &mut (), &Tds)?;
            let binds = binds.into_values();
            if binds.len() > MOST_BINDS {
                return Err(error::too_many_binds(binds.len(), MOST_BINDS));
            }
            let done = run(self, builder.finish(), binds);
            if done.is_err() {
                TdsTransactionManager::after_error(self);
            }
            done
        });
        self.instrumentation.on_connection_event(InstrumentationEvent::finish_query(
            &diesel::debug_query::<Tds, _>(query),
            done.as_ref().err(),
        ));
        done
    }
}

impl SimpleConnection for TdsConnection {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.instrumentation
            .on_connection_event(InstrumentationEvent::start_query(&StrQueryHelper::new(query)));
        let done = self.may_run().and_then(|()| {
            let done = batches(query).try_for_each(|batch| self.run_batch(batch));
            if done.is_err() {
                TdsTransactionManager::after_error(self);
            }
            done
        });
        self.instrumentation.on_connection_event(InstrumentationEvent::finish_query(
            &StrQueryHelper::new(query),
            done.as_ref().err(),
        ));
        done
    }
}

impl ConnectionSealed for TdsConnection {}

impl Connection for TdsConnection {
    type Backend = Tds;
    type TransactionManager = TdsTransactionManager;

    fn establish(database_url: &str) -> ConnectionResult<Self> {
        let mut instrumentation = DynInstrumentation::default_instrumentation();
        let shown = options::without_password(database_url);
        instrumentation
            .on_connection_event(InstrumentationEvent::start_establish_connection(&shown));
        let opened = Options::parse(database_url).and_then(|options| Self::open(&options));
        instrumentation.on_connection_event(InstrumentationEvent::finish_establish_connection(
            &shown,
            opened.as_ref().err(),
        ));
        Ok(Self { instrumentation, ..opened? })
    }

    fn execute_returning_count<T>(&mut self, source: &T) -> QueryResult<usize>
    where
        T: QueryFragment<Tds> + QueryId,
    {
        self.run(source, Self::run_counted)
    }

    fn transaction_state(&mut self) -> &mut TdsTransactionManager {
        &mut self.transactions
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        &mut *self.instrumentation
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.instrumentation = instrumentation.into();
    }

    /// The server keeps plans by the text of statements; there is nothing to keep here.
    fn set_prepared_statement_cache_size(&mut self, _size: CacheSize) {}

    fn begin_test_transaction(&mut self) -> QueryResult<()> {
        TdsTransactionManager::begin_transaction(self)?;
        self.transactions.set_test();
        Ok(())
    }
}

impl LoadConnection for TdsConnection {
    type Cursor<'conn, 'query> = Rows;
    type Row<'conn, 'query> = TdsRow;

    fn load<'conn, 'query, T>(&'conn mut self, source: T) -> QueryResult<Rows>
    where
        T: AsQuery,
        T::Query: QueryFragment<Tds> + QueryId + 'query,
        Tds: QueryMetadata<T::SqlType>,
    {
        self.run(&source.as_query(), Self::run_loaded)
    }
}

impl MultiConnectionHelper for TdsConnection {
    fn to_any<'a>(lookup: &mut ()) -> &mut (dyn std::any::Any + 'a) {
        lookup
    }

    fn from_any(lookup: &mut dyn std::any::Any) -> Option<&mut ()> {
        lookup.downcast_mut()
    }
}
