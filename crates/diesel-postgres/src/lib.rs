//! The store in PostgreSQL, and in what speaks its protocol.
//!
//! [`Store`] is every repository of `pressroom-ports` over one database, which any number of servers
//! share. Writes that change entities take turns, by the lock of one row; claims and signs of life
//! lock no more than their own rows. A transaction that the database undid in another's favour is run
//! again.
//!
//! The repositories are those of every engine: see `pressroom-diesel-store`.

mod address;
#[macro_use]
mod claim;
#[macro_use]
mod texts;
mod connect;
mod failure;
mod language;
mod migrations;
#[cfg(test)]
mod plans;
#[path = "../../diesel-store/src/repositories/mod.rs"]
mod repositories;
mod signals;
mod store;
mod survey;
mod tls;

pub use pressroom_diesel_store::{OpenError, SealingKey};
pub use store::Store;

/// The connection that every query of this crate runs on.
pub(crate) type Connection = connect::Connection;
/// The engine that every query of this crate is for.
pub(crate) type Backend = diesel::pg::Pg;
