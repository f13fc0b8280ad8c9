//! Opening a store and bringing its tables up to this version.

use std::error::Error;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use pressroom_diesel_store::OpenError;
use pressroom_diesel_store::migrations::{self, State};

use crate::Connection;
use crate::disk::is_full;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// Marks a file as a store of this server: "PRSS".
const APPLICATION_ID: i32 = 0x5052_5353;

/// Gives what a database says about a file its meaning.
pub(crate) fn database(path: &Path) -> impl FnOnce(Box<dyn Error + Send + Sync>) -> OpenError {
    let path = path.to_owned();
    move |source| {
        let place = path.display().to_string();
        if is_full(&source.to_string(), &path) {
            OpenError::Full(place)
        } else {
            OpenError::Database { place, source }
        }
    }
}

#[derive(QueryableByName)]
struct ApplicationId {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    application_id: i32,
}

#[derive(QueryableByName)]
struct Tables {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    tables: i64,
}

/// Looks at what a file is before anything is written to it: nothing yet, a store, or something else,
/// which is refused.
pub(crate) fn check(conn: &mut Connection, path: &Path, create: bool) -> Result<(), OpenError> {
    let failed = |error: diesel::result::Error| database(path)(error.into());
    let marked = diesel::sql_query("select application_id from pragma_application_id")
        .get_result::<ApplicationId>(conn)
        .map_err(failed)?
        .application_id;
    if marked == APPLICATION_ID {
        return Ok(());
    }
    // The table of migrations comes before the mark: all there is where the first start was killed.
    let others = "select count(*) as tables from sqlite_schema
                  where tbl_name <> '__diesel_schema_migrations'";
    let tables = diesel::sql_query(others).get_result::<Tables>(conn).map_err(failed)?.tables;
    if marked != 0 || tables > 0 {
        Err(OpenError::Foreign(path.display().to_string()))
    } else if create {
        Ok(())
    } else {
        Err(OpenError::Missing(path.display().to_string()))
    }
}

/// Makes the tables of a new store, and brings an older one up to date.
pub(crate) fn migrate(conn: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let failed = database(path);
    match run(conn) {
        Ok(None) => Ok(()),
        Ok(Some(version)) => Err(OpenError::Newer { place: path.display().to_string(), version }),
        Err(source) => Err(failed(source)),
    }
}

/// How the tables stand to this version.
pub(crate) fn state(conn: &mut Connection, path: &Path) -> Result<State, OpenError> {
    migrations::state(conn, &MIGRATIONS).map_err(database(path))
}

/// Runs what is missing, or gives a migration by which the store is not for this version.
fn run(conn: &mut Connection) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
    if migrations::state(conn, &MIGRATIONS)? == State::Behind {
        // Another process may be about to do the same: the second one finds it done.
        conn.immediate_transaction(|conn| {
            conn.batch_execute(&format!("pragma application_id = {APPLICATION_ID}"))?;
            // And a newer version may have done more.
            if migrations::state(conn, &MIGRATIONS)? == State::Behind {
                conn.run_pending_migrations(MIGRATIONS)?;
            }
            Ok::<(), Failed>(())
        })
        .map_err(|Failed(source)| source)?;
    }
    match migrations::state(conn, &MIGRATIONS)? {
        State::Ahead(version) => Ok(Some(version)),
        _ => Ok(None),
    }
}

/// What ends the transaction that migrates.
struct Failed(Box<dyn Error + Send + Sync>);

impl From<diesel::result::Error> for Failed {
    fn from(error: diesel::result::Error) -> Self {
        Self(error.into())
    }
}

impl From<Box<dyn Error + Send + Sync>> for Failed {
    fn from(error: Box<dyn Error + Send + Sync>) -> Self {
        Self(error)
    }
}
