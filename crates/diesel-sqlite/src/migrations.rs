//! Opening a store and bringing its tables up to this version.

use std::error::Error;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::disk::is_full;
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
    /// There is no room for what SQLite writes when it opens a store.
    #[error(
        "the disk that holds the store at {0} is full; free some space there, then start again"
    )]
    Full(PathBuf),
    /// SQLite could not open, read or migrate it.
    #[error("the store at {path} cannot be opened: {source}")]
    Database {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: Box<dyn Error + Send + Sync>,
    },
    /// No thread could be started.
    #[error("no thread could be started for the store: {0}")]
    Thread(#[source] std::io::Error),
}

impl OpenError {
    pub(crate) fn database(path: &Path) -> impl FnOnce(Box<dyn Error + Send + Sync>) -> Self {
        let path = path.to_owned();
        move |source| {
            if is_full(&source.to_string(), &path) {
                Self::Full(path)
            } else {
                Self::Database { path, source }
            }
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
    let failed = |error: diesel::result::Error| OpenError::database(path)(error.into());
    let marked = diesel::sql_query("select application_id from pragma_application_id")
        .get_result::<ApplicationId>(conn)
        .map_err(failed)?
        .application_id;
    if marked == APPLICATION_ID {
        return Ok(());
    }
    let tables = diesel::sql_query("select count(*) as tables from sqlite_schema")
        .get_result::<Tables>(conn)
        .map_err(failed)?
        .tables;
    if marked != 0 || tables > 0 {
        Err(OpenError::Foreign(path.to_owned()))
    } else if create {
        Ok(())
    } else {
        Err(OpenError::Missing(path.to_owned()))
    }
}

/// Makes the tables of a new store, and brings an older one up to date.
pub(crate) fn migrate(conn: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let failed = OpenError::database(path);
    match run(conn) {
        Ok(None) => Ok(()),
        Ok(Some(version)) => Err(OpenError::Newer { path: path.to_owned(), version }),
        Err(source) => Err(failed(source)),
    }
}

/// Runs what is missing, or gives a migration that is not known here.
fn run(conn: &mut Connection) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
    let known: Vec<Box<dyn Migration<Sqlite>>> = MIGRATIONS.migrations()?;
    let known: Vec<MigrationVersion<'_>> =
        known.iter().map(|migration| migration.name().version()).collect();
    let applied = conn.applied_migrations()?;
    if let Some(newer) = applied.iter().find(|version| !known.contains(version)) {
        return Ok(Some(newer.to_string()));
    }
    if applied.len() < known.len() {
        // Another process may be about to do the same: the second one finds it done.
        conn.immediate_transaction(|conn| {
            conn.batch_execute(&format!("pragma application_id = {APPLICATION_ID}"))?;
            conn.run_pending_migrations(MIGRATIONS)?;
            Ok::<(), Failed>(())
        })
        .map_err(|Failed(source)| source)?;
    }
    Ok(None)
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
