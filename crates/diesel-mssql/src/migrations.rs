//! Opening a store and bringing its tables up to this version.

use std::error::Error;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use pressroom_diesel_store::OpenError;
use pressroom_diesel_store::migrations::{self, State, Tables};

use crate::Connection;
use crate::address::Address;
use crate::connect::{self, ConnectError, Isolation};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/mssql");

/// The lock of migrations, among all that is locked by names in a database.
const LOCK: &str = "pressroom migrations";
/// How long another node may take for them.
const LOCK_WAIT: Duration = Duration::from_secs(600);

/// What the server says of a sign-in that will be refused again. It has a number for each, which is not
/// passed on.
const WILL_NOT_HELP: [&str; 4] =
    ["Login failed", "Cannot open database", "does not exist", "permission"];

/// Connects for the first time.
pub(crate) fn connect(address: &Address) -> Result<Connection, OpenError> {
    connect::connect(address, Isolation::ReadCommitted).map_err(|error| {
        let place = address.place.clone();
        match error {
            ConnectError::Driver(ConnectionError::InvalidConnectionUrl(reason)) => {
                OpenError::Place { place, reason }
            }
            error if will_not_help(&error.to_string()) => {
                OpenError::Database { place, source: error.into() }
            }
            error => OpenError::Away { place, source: error.into() },
        }
    })
}

fn will_not_help(said: &str) -> bool {
    WILL_NOT_HELP.iter().any(|words| said.contains(words))
}

/// Gives what the database says of a statement its meaning.
pub(crate) fn database<E: Into<Box<dyn Error + Send + Sync>>>(
    address: &Address,
) -> impl FnOnce(E) -> OpenError {
    |error| OpenError::said(&address.place, error.into())
}

/// Looks at what a database is before anything is written to it: nothing yet, a store, or something
/// else, which is refused. An empty one that becomes a store is told to keep versions of rows.
pub(crate) fn check(
    conn: &mut Connection,
    address: &Address,
    create: bool,
) -> Result<(), OpenError> {
    let found: Tables = diesel::sql_query(
        "select count_big(*) as tables,
                count_big(case when table_name in ('__diesel_schema_migrations', 'sequences') then 1 end)
                    as ours
         from information_schema.tables
         where table_schema = schema_name() and table_type = 'BASE TABLE'",
    )
    .get_result(conn)
    .map_err(database(address))?;
    if found.are_missing(create, &address.place)? {
        keep_versions(conn);
    }
    Ok(())
}

/// Asks for snapshots. The account may not be allowed to, or they are there already: whether there are
/// any is tried when the store is open.
fn keep_versions(conn: &mut Connection) {
    if let Err(error) = conn.batch_execute("alter database current set allow_snapshot_isolation on")
    {
        tracing::debug!(%error, "snapshots could not be turned on");
    }
}

/// Makes the tables of a new store, and brings an older one up to date.
pub(crate) fn migrate(conn: &mut Connection, address: &Address) -> Result<(), OpenError> {
    match run(conn).map_err(database(address))? {
        None => Ok(()),
        Some(version) => Err(OpenError::Newer { place: address.place.clone(), version }),
    }
}

/// How the tables stand to this version.
pub(crate) fn state(conn: &mut Connection, address: &Address) -> Result<State, OpenError> {
    migrations::state(conn, &MIGRATIONS).map_err(database(address))
}

/// Runs what is missing, or gives a migration that is not known here. One node at a time: to look at
/// what was run makes the table that says so, where there is none.
fn run(conn: &mut Connection) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
    if !conn.lock(LOCK, LOCK_WAIT)? {
        return Err(
            "another server has been changing its tables for ten minutes; look at that one, \
                    or end its session"
                .into(),
        );
    }
    let ran = migrations::run(conn, MIGRATIONS);
    let unlocked = conn.unlock(LOCK);
    let ran = ran?;
    unlocked?;
    Ok(ran)
}
