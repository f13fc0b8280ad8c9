//! Opening a store and bringing its tables up to this version.

use std::error::Error;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DatabaseError};
use diesel::sql_types::BigInt;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use pressroom_diesel_store::OpenError;
use pressroom_diesel_store::migrations::{self, State};

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

pub(crate) fn database(
    address: &Address,
) -> impl FnOnce(Box<dyn Error + Send + Sync>) -> OpenError {
    let place = address.place.clone();
    move |source| {
        if is_lost(&*source) {
            OpenError::Away { place, source }
        } else {
            OpenError::Database { place, source }
        }
    }
}

/// Whether the database went away in the middle.
fn is_lost(error: &(dyn Error + 'static)) -> bool {
    let closed = |error: &(dyn Error + 'static)| {
        matches!(
            error.downcast_ref(),
            Some(DatabaseError::DatabaseError(DatabaseErrorKind::ClosedConnection, _))
        )
    };
    closed(error) || error.source().is_some_and(is_lost)
}

#[derive(QueryableByName)]
struct Tables {
    #[diesel(sql_type = BigInt)]
    tables: i64,
    #[diesel(sql_type = BigInt)]
    ours: i64,
}

/// Looks at what a database is before anything is written to it: nothing yet, a store, or something
/// else, which is refused. An empty one that becomes a store is told to keep versions of rows.
pub(crate) fn check(
    conn: &mut Connection,
    address: &Address,
    create: bool,
) -> Result<(), OpenError> {
    let Tables { tables, ours } = diesel::sql_query(
        "select count_big(*) as tables,
                count_big(case when table_name in ('__diesel_schema_migrations', 'sequences') then 1 end)
                    as ours
         from information_schema.tables
         where table_schema = schema_name() and table_type = 'BASE TABLE'",
    )
    .get_result(conn)
    .map_err(|error| database(address)(error.into()))?;
    // A first start that ended half-way leaves the table of migrations alone.
    match (tables, ours) {
        (_, 2) | (1, 1) => Ok(()),
        (0, _) if create => {
            keep_versions(conn);
            Ok(())
        }
        (0, _) => Err(OpenError::Missing(address.place.clone())),
        _ => Err(OpenError::Foreign(address.place.clone())),
    }
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
    let failed = database(address);
    match run(conn) {
        Ok(None) => Ok(()),
        Ok(Some(version)) => Err(OpenError::Newer { place: address.place.clone(), version }),
        Err(source) => Err(failed(source)),
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
    let ran = run_alone(conn);
    let unlocked = conn.unlock(LOCK);
    let ran = ran?;
    unlocked?;
    Ok(ran)
}

fn run_alone(conn: &mut Connection) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
    match migrations::state(conn, &MIGRATIONS)? {
        State::Ahead(version) => return Ok(Some(version)),
        State::Current => {}
        State::Behind => drop(conn.run_pending_migrations(MIGRATIONS)?),
    }
    Ok(None)
}
