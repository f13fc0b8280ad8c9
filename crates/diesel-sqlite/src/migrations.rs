//! Opening a store and bringing its tables up to this version.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::stored::Connection;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

/// Marks a file as a store of this server: "PRSS".
const APPLICATION_ID: i32 = 0x5052_5353;

/// Why a store was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no store, and none is to be made.
    #[error(
        "there is no store at {0}; give the path of an existing one, or start the server there once"
    )]
    Missing(PathBuf),
    /// The path cannot be given to SQLite.
    #[error("the path {0} of the store is not valid text; choose another one")]
    Path(PathBuf),
    /// The file is something else.
    #[error("{0} is an SQLite database, but not a store of this server; choose another path")]
    Foreign(PathBuf),
    /// A newer version made or changed it.
    #[error(
        "the store at {path} was changed by a newer version (migration {version}); run that version or a newer one"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The newest migration that this version does not know.
        version: String,
    },
    /// SQLite could not open, read or migrate it.
    #[error("the store at {path} cannot be opened: {source}")]
    Database {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No thread could be started.
    #[error("no thread could be started for the store: {0}")]
    Thread(#[source] std::io::Error),
}

impl OpenError {
    pub(crate) fn database(
        path: &Path,
    ) -> impl FnOnce(Box<dyn std::error::Error + Send + Sync>) -> Self {
        let path = path.to_owned();
        move |source| Self::Database { path, source }
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

/// Refuses what is not a store, makes the tables of a new one and brings an older one up to date.
pub(crate) fn prepare(conn: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let failed = |error: diesel::result::Error| OpenError::database(path)(error.into());
    let marked = diesel::sql_query("select application_id from pragma_application_id")
        .get_result::<ApplicationId>(conn)
        .map_err(failed)?
        .application_id;
    if marked != APPLICATION_ID {
        let tables = diesel::sql_query("select count(*) as tables from sqlite_schema")
            .get_result::<Tables>(conn)
            .map_err(failed)?
            .tables;
        if marked != 0 || tables > 0 {
            return Err(OpenError::Foreign(path.to_owned()));
        }
    }
    let failed = OpenError::database(path);
    migrate(conn, path).map_err(failed)?
}

type Boxed = Box<dyn std::error::Error + Send + Sync>;

fn migrate(conn: &mut Connection, path: &Path) -> Result<Result<(), OpenError>, Boxed> {
    conn.batch_execute(&format!("pragma application_id = {APPLICATION_ID}"))?;
    let known: Vec<Box<dyn Migration<Sqlite>>> = MIGRATIONS.migrations()?;
    let known: Vec<MigrationVersion<'_>> =
        known.iter().map(|migration| migration.name().version()).collect();
    let applied = conn.applied_migrations()?;
    if let Some(newer) = applied.iter().find(|version| !known.contains(version)) {
        let version = newer.to_string();
        return Ok(Err(OpenError::Newer { path: path.to_owned(), version }));
    }
    if applied.len() < known.len() {
        // Another process may be about to do the same: the second one finds it done.
        let mut result = Ok(());
        conn.immediate_transaction(|conn| {
            result = conn.run_pending_migrations(MIGRATIONS).map(drop);
            match &result {
                Ok(()) => Ok(()),
                Err(_) => Err(diesel::result::Error::RollbackTransaction),
            }
        })
        .or_else(|error| match error {
            diesel::result::Error::RollbackTransaction => Ok(()),
            error => Err(error),
        })?;
        result?;
    }
    Ok(Ok(()))
}
