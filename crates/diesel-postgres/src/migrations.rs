//! Opening a store and bringing its tables up to this version.

use std::error::Error;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DatabaseError};
use diesel::sql_types::{BigInt, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use pressroom_diesel_store::OpenError;
use pressroom_diesel_store::migrations::{self, State};
use tokio_postgres::error::SqlState;

use crate::Connection;
use crate::address::Address;
use crate::connect::{self, ConnectError};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Whom the lock of migrations belongs to among all that is locked by numbers: "PRSS".
const LOCK: i64 = 0x5052_5353;

/// Connects for the first time.
pub(crate) fn connect(address: &Address) -> Result<Connection, OpenError> {
    connect::connect(address).map_err(|error| {
        let place = address.place.clone();
        if will_not_help(&error) {
            OpenError::Database { place, source: said(error) }
        } else {
            OpenError::Away { place, source: said(error) }
        }
    })
}

/// Whether the other side answered, and waiting will not change its answer.
fn will_not_help(error: &ConnectError) -> bool {
    let ConnectError::Server(error) = error else { return false };
    let Some(code) = error.code() else { return false };
    [
        SqlState::INVALID_PASSWORD,
        SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
        SqlState::INVALID_CATALOG_NAME,
        SqlState::INSUFFICIENT_PRIVILEGE,
    ]
    .contains(code)
}

/// The driver's "db error" leaves out what the database said.
fn said(error: ConnectError) -> Box<dyn Error + Send + Sync> {
    match error {
        ConnectError::Server(error) => match error.source() {
            Some(source) => source.to_string().into(),
            None => error.into(),
        },
        error => error.into(),
    }
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
            Some(DatabaseError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _
            ))
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
/// else, which is refused.
pub(crate) fn check(
    conn: &mut Connection,
    address: &Address,
    create: bool,
) -> Result<(), OpenError> {
    let Tables { tables, ours } = diesel::sql_query(
        "select count(*) as tables,
                count(case when table_name in ('__diesel_schema_migrations', 'sequences') then 1 end)
                    as ours
         from information_schema.tables
         where table_schema = current_schema()",
    )
    .get_result(conn)
    .map_err(|error| database(address)(error.into()))?;
    // A first start that ended half-way leaves the table of migrations alone.
    match (tables, ours) {
        (_, 2) | (1, 1) => Ok(()),
        (0, _) if create => Ok(()),
        (0, _) => Err(OpenError::Missing(address.place.clone())),
        _ => Err(OpenError::Foreign(address.place.clone())),
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
    conn.batch_execute(&format!("select pg_advisory_lock({LOCK})"))?;
    let ran = run_alone(conn);
    conn.batch_execute(&format!("select pg_advisory_unlock({LOCK})"))?;
    ran
}

fn run_alone(conn: &mut Connection) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
    match migrations::state(conn, &MIGRATIONS)? {
        State::Ahead(version) => return Ok(Some(version)),
        State::Current => {}
        State::Behind => drop(conn.run_pending_migrations(MIGRATIONS)?),
    }
    Ok(None)
}

/// Whether word between nodes is passed on: not everything that speaks the protocol does.
pub(crate) fn notifies(conn: &mut Connection) -> bool {
    let version = diesel::select(diesel::dsl::sql::<Text>("version()")).get_result::<String>(conn);
    let others = ["CockroachDB", "-YB-"];
    version.is_ok_and(|version| !others.iter().any(|other| version.contains(other)))
}
