//! What a store lacks, or has beyond this version.

use std::error::Error;

use diesel::backend::Backend;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};

/// How the tables of a store stand to this version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// They are its own.
    Current,
    /// Some migrations have not been run.
    Behind,
    /// This migration of a newer version was run.
    Ahead(String),
}

/// Compares the migrations that were run with those of this version.
///
/// # Errors
/// What the database said.
pub fn state<DB: Backend>(
    conn: &mut impl MigrationHarness<DB>,
    migrations: &EmbeddedMigrations,
) -> Result<State, Box<dyn Error + Send + Sync>> {
    let known: Vec<Box<dyn Migration<DB>>> = migrations.migrations()?;
    let known: Vec<MigrationVersion<'_>> =
        known.iter().map(|migration| migration.name().version()).collect();
    let applied = conn.applied_migrations()?;
    if let Some(newer) = applied.iter().find(|version| !known.contains(version)) {
        return Ok(State::Ahead(newer.to_string()));
    }
    Ok(if applied.len() < known.len() { State::Behind } else { State::Current })
}
