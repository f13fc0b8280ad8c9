//! Real servers for tests, thrown away afterwards. Unix only.
//!
//! | what | how a test gets it | where there is none |
//! |---|---|---|
//! | a database on a PostgreSQL that all tests share | [`Postgres::shared`], [`Server::database`] | the test says what it skips; with `CI=true` it fails |
//! | a PostgreSQL of its own, to be stopped and started | [`Postgres::dedicated`] | the same |
//! | one whose disk can be filled | [`Postgres::on_a_small_disk`] | the same |
//! | the same of a MariaDB | [`MariaDb::shared`], [`MariaDb::dedicated`] | the same |
//! | the same of a Firebird | [`Firebird::shared`], [`Firebird::dedicated`] | the same |
//! | a driver of ODBC, and connection strings | [`odbc::Driver`], [`odbc::sqlite`], [`odbc::postgres`] | the same |
//! | a SQL Server that somebody runs | [`mssql`], from `MSSQL_URL`; a database on it by `Mssql::database`, with the feature `mssql` | the test says what it skips |
//! | an S3 server of its own, to be stopped and started | `S3Server::start`, with the feature `s3-server` | |
//! | a way to a server that can be cut or frozen | [`Proxy::before`] | |
//!
//! A test that finds something [`Missing`] ends with [`Missing::skip`]:
//!
//! ```
//! use pressroom_contracts::servers::{Missing, Postgres};
//!
//! # fn main() {
//! pressroom_contracts::run(async {
//!     let server = Postgres::shared().unwrap_or_else(Missing::skip);
//!     let database = server.database();
//!     assert!(database.url.starts_with("postgres://"));
//! });
//! # }
//! ```

mod firebird;
mod local;
mod mariadb;
mod missing;
mod mssql;
pub mod odbc;
mod postgres;
mod proxy;
#[cfg(feature = "s3-server")]
mod s3;

pub use firebird::Firebird;
pub use local::{Database, Server};
pub use mariadb::MariaDb;
pub use missing::Missing;
pub(crate) use missing::Skipped;
#[cfg(feature = "mssql")]
pub use mssql::MssqlDatabase;
pub use mssql::{Mssql, mssql};
pub use postgres::{Held, Postgres};
pub use proxy::Proxy;
#[cfg(feature = "s3-server")]
pub use s3::S3Server;
