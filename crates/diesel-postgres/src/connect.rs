//! Connections.
//!
//! Diesel's queries are synchronous, the driver is not. Each connection has a small runtime of its own,
//! on which the driver reads and writes while a query is waited for, on the very thread that waits: no
//! word is passed between threads on the way.

use std::cell::RefCell;
use std::error::Error as _;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use pressroom_diesel_store::Failure;
use pressroom_diesel_store::remote::Engine;
use pressroom_ports::StoreError;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_postgres::NoTls;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::address::Address;
use crate::failure;
use crate::language::{self, Language};

/// How long it may take until a connection can be used.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The connection that every query of this crate runs on.
pub(crate) type Connection = AsyncConnectionWrapper<AsyncPgConnection, Lane>;

/// The runtime of one connection.
pub(crate) struct Lane(Option<Runtime>);

impl Drop for Lane {
    fn drop(&mut self) {
        // The last clone of a store may go where futures run, which must not wait.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

thread_local! {
    /// The runtime that the next connection of this thread was made on: the wrapper asks for one
    /// without saying for whom.
    static MADE: RefCell<Option<Runtime>> = const { RefCell::new(None) };
}

impl BlockOn for Lane {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.0.as_ref().expect("it is there until it is dropped").block_on(future)
    }

    fn get_runtime() -> Self {
        let made = MADE.with_borrow_mut(Option::take);
        Self(Some(made.expect("a connection is made by `connect` only")))
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    /// The other side, or the way there, said so.
    #[error("{}", said(.0))]
    Server(#[from] tokio_postgres::Error),
    /// The driver said so.
    #[error(transparent)]
    Driver(#[from] diesel::ConnectionError),
    /// A first statement failed.
    #[error(transparent)]
    Statement(#[from] diesel::result::Error),
    /// The other side takes connections, and says nothing.
    #[error("it takes connections, but does not answer")]
    Silent,
    /// There is no runtime to be had.
    #[error("no connection can be made: {0}")]
    Runtime(#[from] std::io::Error),
}

/// The driver's words leave out what was said to it.
fn said(error: &tokio_postgres::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Makes a connection. Blocks, and must not be called where futures run.
pub(crate) fn connect(address: &Address) -> Result<Connection, ConnectError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let connecting = async {
        Ok::<_, ConnectError>(if address.is_plain() {
            let (client, connection) = address.config.connect(NoTls).await?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await?
        } else {
            let tls = MakeRustlsConnect::new(address.trust.config());
            let (client, connection) = address.config.connect(tls).await?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await?
        })
    };
    // The driver's own bound is on the first packet: who takes a connection may still say nothing.
    let within = async { timeout(HANDSHAKE, connecting).await.map_err(|_| ConnectError::Silent)? };
    let conn = runtime.block_on(within)?;
    MADE.set(Some(runtime));
    Ok(Connection::from(conn))
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Whatever a transaction reads belongs together.
    Read,
    /// A transaction sees what others have written before each of its statements, and waits for rows
    /// that they lock.
    Write,
}

impl Purpose {
    const fn session(self) -> &'static str {
        match self {
            Self::Read => {
                "set session characteristics as transaction isolation level repeatable read, read only;
                 set statement_timeout = '60s'"
            }
            // A node that is frozen in the middle must not keep all others from writing.
            Self::Write => {
                "set session characteristics as transaction isolation level read committed;
                 set idle_in_transaction_session_timeout = '10s';
                 set statement_timeout = '60s'"
            }
        }
    }
}

/// Makes connections for one purpose.
pub(crate) struct Sessions {
    pub(crate) address: Address,
    pub(crate) purpose: Purpose,
    pub(crate) language: Language,
}

impl Engine for Sessions {
    type Connection = Connection;
    type Error = ConnectError;

    const CONNECTION_WAIT: Duration = Duration::from_secs(5);

    fn connect(&self) -> Result<Connection, ConnectError> {
        let mut conn = connect(&self.address)?;
        conn.batch_execute(self.purpose.session())?;
        if self.language == Language::Asked {
            conn.batch_execute(language::ENGLISH)?;
        }
        Ok(conn)
    }

    fn is_transient(failure: &Failure) -> bool {
        failure::is_transient(failure)
    }

    fn is_lost(failure: &Failure) -> bool {
        failure::is_lost(failure)
    }

    fn into_store_error(failure: Failure) -> StoreError {
        failure::into_store_error(failure)
    }
}
