//! Opening a store and bringing its tables up to this version.

use std::error::Error;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use pressroom_diesel_store::OpenError;
use pressroom_diesel_store::migrations::{self, State, Tables};
use tokio_postgres::error::SqlState;

use crate::Connection;
use crate::address::Address;
use crate::connect::{self, ConnectError};
use crate::{failure, tls};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Whom the lock of migrations belongs to among all that is locked by numbers: "PRSS".
const LOCK: i64 = 0x5052_5353;

/// Connects for the first time.
pub(crate) fn connect(address: &Address) -> Result<Connection, OpenError> {
    connect::connect(address).map_err(|error| {
        let place = address.place.clone();
        match refusal(&error, address) {
            Some(words) => OpenError::Database { place, source: words.into() },
            None => OpenError::Away { place, source: error.into() },
        }
    })
}

/// What the other side answered, where waiting will not change its answer.
fn refusal(error: &ConnectError, address: &Address) -> Option<String> {
    let ConnectError::Server(error) = error else { return None };
    if let Some(words) = tls::refusal(error) {
        return Some(words);
    }
    let said = error.as_db_error()?;
    let for_good = [
        SqlState::INVALID_PASSWORD,
        SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
        SqlState::INVALID_CATALOG_NAME,
        SqlState::INSUFFICIENT_PRIVILEGE,
    ];
    if !for_good.contains(said.code()) {
        return None;
    }
    let not_let_in = *said.code() == SqlState::INVALID_AUTHORIZATION_SPECIFICATION;
    Some(if not_let_in && address.is_plain() {
        format!(
            "{said}; where it lets nobody in without encryption, write sslmode=verify-full in the \
             address"
        )
    } else {
        said.to_string()
    })
}

/// Gives what the database says of a statement its meaning.
pub(crate) fn database<E: Into<Box<dyn Error + Send + Sync>>>(
    address: &Address,
) -> impl FnOnce(E) -> OpenError {
    |error| {
        let error = error.into();
        if failure::is_full(&*error) {
            return OpenError::Full(address.place.clone());
        }
        OpenError::said(&address.place, error)
    }
}

/// Looks at what a database is before anything is written to it: nothing yet, a store, or something
/// else, which is refused.
pub(crate) fn check(
    conn: &mut Connection,
    address: &Address,
    create: bool,
) -> Result<(), OpenError> {
    let found: Tables = diesel::sql_query(
        "select count(*) as tables,
                count(case when table_name in ('__diesel_schema_migrations', 'sequences') then 1 end)
                    as ours
         from information_schema.tables
         where table_schema = current_schema()",
    )
    .get_result(conn)
    .map_err(database(address))?;
    found.are_missing(create, &address.place).map(drop)
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
    conn.batch_execute(&format!("select pg_advisory_lock({LOCK})"))?;
    let ran = migrations::run(conn, MIGRATIONS);
    conn.batch_execute(&format!("select pg_advisory_unlock({LOCK})"))?;
    ran
}

/// Whether word between nodes is passed on: not everything that speaks the protocol does.
pub(crate) fn notifies(conn: &mut Connection) -> bool {
    let version = diesel::select(diesel::dsl::sql::<Text>("version()")).get_result::<String>(conn);
    let others = ["CockroachDB", "-YB-"];
    version.is_ok_and(|version| !others.iter().any(|other| version.contains(other)))
}
