//! What a store lacks, or has beyond this version.
//!
//! Several servers of different versions may run over one store while a site is upgraded. A migration
//! that only adds (a table, a column that may be empty, an index) leaves older versions at work. One
//! that takes away what an older version needs is a *contraction*: it writes its own version into the
//! table `contractions`, and a version that does not know it must not use the store any more.

use std::error::Error;

use diesel::backend::Backend;
use diesel::connection::LoadConnection;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::query_builder::SqlQuery;
use diesel::query_dsl::methods::LoadQuery;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};

use crate::OpenError;

/// The migration that makes the table `contractions`.
const CONTRACTIONS: &str = "20261124000011";

/// How the tables of a store stand to this version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// They are its own, or those of a newer version that took nothing away.
    Current,
    /// Some migrations have not been run.
    Behind,
    /// This migration of a newer version was run, and took something away.
    Ahead(String),
}

/// A row of `contractions`.
#[derive(QueryableByName)]
pub struct Contraction {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Compares the migrations that were run with those of this version.
///
/// # Errors
/// What the database said.
pub fn state<DB, C>(
    conn: &mut C,
    migrations: &EmbeddedMigrations,
) -> Result<State, Box<dyn Error + Send + Sync>>
where
    DB: Backend,
    C: MigrationHarness<DB> + LoadConnection<Backend = DB>,
    for<'query> SqlQuery: LoadQuery<'query, C, Contraction>,
{
    let known: Vec<Box<dyn Migration<DB>>> = migrations.migrations()?;
    let known: Vec<MigrationVersion<'_>> =
        known.iter().map(|migration| migration.name().version()).collect();
    let applied = conn.applied_migrations()?;
    // The newest first, so that it is the one to be told of.
    let mut unknown = applied.iter().filter(|version| !known.contains(version));
    if let Some(newest) = unknown.next() {
        if !applied.contains(&MigrationVersion::from(CONTRACTIONS)) {
            return Ok(State::Ahead(newest.to_string()));
        }
        let contractions: Vec<Contraction> =
            sql_query("select version from contractions order by version desc").load(conn)?;
        let is_known = |version: &str| known.iter().any(|known| known.to_string() == version);
        let beyond = contractions.into_iter().find(|row| !is_known(&row.version));
        if let Some(Contraction { version }) = beyond {
            return Ok(State::Ahead(version));
        }
    }
    let lacks = known.iter().any(|version| !applied.contains(version));
    Ok(if lacks { State::Behind } else { State::Current })
}

/// Runs what is missing, or gives the migration of a newer version that took something away. To be
/// called by one server at a time: to look at what was run makes the table that says so, where there is
/// none.
///
/// # Errors
/// What the database said.
pub fn run<DB, C>(
    conn: &mut C,
    migrations: EmbeddedMigrations,
) -> Result<Option<String>, Box<dyn Error + Send + Sync>>
where
    DB: Backend,
    C: MigrationHarness<DB> + LoadConnection<Backend = DB>,
    for<'query> SqlQuery: LoadQuery<'query, C, Contraction>,
{
    match state(conn, &migrations)? {
        State::Ahead(version) => return Ok(Some(version)),
        State::Current => {}
        State::Behind => drop(conn.run_pending_migrations(migrations)?),
    }
    Ok(None)
}

/// How many tables a database holds, before anything is written to it.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct Tables {
    /// All of them.
    #[diesel(sql_type = BigInt)]
    pub tables: i64,
    /// How many of them are `__diesel_schema_migrations` and `sequences`.
    #[diesel(sql_type = BigInt)]
    pub ours: i64,
}

impl Tables {
    /// Whether a store has yet to be made in a database of these tables. `create` says whether one may.
    ///
    /// # Errors
    /// [`OpenError::Missing`], [`OpenError::Foreign`].
    pub fn are_missing(self, create: bool, place: &str) -> Result<bool, OpenError> {
        // A first start that ended half-way leaves the table of migrations alone.
        match (self.tables, self.ours) {
            (_, 2) | (1, 1) => Ok(false),
            (0, _) if create => Ok(true),
            (0, _) => Err(OpenError::Missing(place.to_owned())),
            _ => Err(OpenError::Foreign(place.to_owned())),
        }
    }
}
