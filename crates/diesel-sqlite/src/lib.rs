//! The store in SQLite.
//!
//! [`Store`] is every repository of `pressroom-ports` over one file. One thread writes: it takes the
//! writes that wait and commits them together, each in a savepoint of its own, so that a write that
//! fails takes no other with it. Readers have a pool of connections and see whole transactions only.
//!
//! The repositories are those of every engine: see `pressroom-diesel-store`.

#[macro_use]
mod claim;
#[macro_use]
mod texts;
mod disk;
mod migrations;
#[cfg(test)]
mod plans;
#[path = "../../diesel-store/src/repositories/mod.rs"]
mod repositories;
mod signals;
mod snapshot;
mod store;
mod survey;
mod writer;

pub use pressroom_diesel_store::{OpenError, SealingKey, Survey};
pub use store::Store;

/// The connection that every query of this crate runs on.
pub(crate) type Connection = diesel::sqlite::SqliteConnection;
/// The engine that every query of this crate is for.
pub(crate) type Backend = diesel::sqlite::Sqlite;
