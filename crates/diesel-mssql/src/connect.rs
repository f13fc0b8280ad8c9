//! Connections.

use std::time::Duration;

use diesel::Connection as _;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use pressroom_diesel_store::Failure;
use pressroom_diesel_store::remote::Engine;
use pressroom_diesel_store::schema::sequences;
use pressroom_ports::StoreError;

use crate::address::Address;
use crate::{Connection, failure};

/// What every session of a store begins with. Messages come in the language that this crate reads. Whoever waits
/// for another's row gives up after 15 seconds: a node that stopped in the middle of a transaction holds
/// up nobody for ever.
const SESSION: &str = "set language us_english; set lock_timeout 15000;";

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    /// The driver, or the server, said so.
    #[error(transparent)]
    Driver(#[from] ConnectionError),
    /// A first statement failed.
    #[error(transparent)]
    Statement(#[from] diesel::result::Error),
}

/// Makes a connection whose transactions see the writes of others in this way. Blocks.
pub(crate) fn connect(address: &Address, isolation: Isolation) -> Result<Connection, ConnectError> {
    let mut conn = Connection::establish(&address.url)?;
    conn.batch_execute(&format!("{SESSION} {}", isolation.session()))?;
    Ok(conn)
}

/// How transactions see the writes of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Isolation {
    /// Reads all that had been written when the transaction began, past the locks of who writes.
    Snapshot,
    /// The same, but it waits for who writes, and who writes waits for it: where the database keeps no
    /// versions of its rows.
    Serializable,
    /// Each statement sees what was written before it, and waits for rows that others lock.
    ReadCommitted,
}

impl Isolation {
    /// How to read what belongs together: by snapshots, where the database takes them.
    pub(crate) fn of_reads(conn: &mut Connection) -> Self {
        if conn.batch_execute(Self::Snapshot.session()).is_ok() && reads(conn) {
            return Self::Snapshot;
        }
        Self::Serializable
    }

    /// What whoever looks after the database calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Serializable => "serializable",
            Self::ReadCommitted => "read committed",
        }
    }

    const fn session(self) -> &'static str {
        match self {
            Self::Snapshot => "set transaction isolation level snapshot",
            Self::Serializable => "set transaction isolation level serializable",
            Self::ReadCommitted => "set transaction isolation level read committed",
        }
    }
}

/// Whether a transaction can read a table. That it can begin says nothing yet.
fn reads(conn: &mut Connection) -> bool {
    let read = conn.transaction(|conn| sequences::table.count().get_result::<i64>(conn));
    read.is_ok()
}

/// Makes connections whose transactions are kept apart in one way.
pub(crate) struct Sessions {
    pub(crate) address: Address,
    pub(crate) isolation: Isolation,
}

impl Engine for Sessions {
    type Connection = Connection;
    type Error = ConnectError;

    // To sign in takes a busy server a second or more.
    const CONNECTION_WAIT: Duration = Duration::from_secs(20);

    fn connect(&self) -> Result<Connection, ConnectError> {
        connect(&self.address, self.isolation)
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
