//! Against a real server, which `MSSQL_URL` names: its user has to be one who can make databases.
//! Where it names none, these tests say so and pass.
//!
//! Each test has a database of its own, and all run beside each other.
#![allow(missing_docs)]

mod database;
mod failures;
mod locks;
mod migrations;
#[cfg(any(feature = "numeric", feature = "uuid"))]
mod more_types;
mod pools;
mod queries;
mod reach;
mod schema;
mod transactions;
mod types;
mod writes;
