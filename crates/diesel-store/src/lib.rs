//! What the stores over Diesel share.
//!
//! - [`schema`]: the tables, as every engine's migrations make them;
//! - [`Reader`], [`micros`], [`kept_text`]: stored values and what they stand for;
//! - [`seal`]: secrets that nobody reads who has only the database;
//! - [`Failure`], [`OpenError`]: what databases say, in the words of the ports;
//! - [`migrations`]: what a store lacks, or has beyond this version;
//! - [`remote`]: how work is done on a database that is another process;
//! - [`Survey`]: what a store is like, for whoever looks after it;
//! - [`Statements`]: how much a store is asked.
//!
//! The repositories themselves lie in `src/repositories`. That source is not part of this crate: each
//! adapter compiles it against its own engine (see the README of this crate).

mod error;
pub mod migrations;
mod open_error;
pub mod remote;
#[expect(missing_docs, reason = "tables and columns are explained where migrations make them")]
pub mod schema;
pub mod seal;
mod statements;
mod stored;
mod survey;

pub use error::{Failure, OnViolation};
pub use open_error::OpenError;
pub use seal::SealingKey;
pub use statements::Statements;
pub use stored::{Reader, kept_text, micros};
pub use survey::Survey;
