#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

mod backend;
mod bind;
mod connection;
pub mod query_builder;
mod types;
mod value;

pub use backend::Tds;
pub use bind::{TdsBind, TdsBindCollector};
pub use connection::{TdsConnection, TdsRow, TdsTransactionManager, message_number};
pub use query_builder::{HintDsl, TableHints, TdsQueryBuilder};
pub use types::TdsType;
pub use value::TdsValue;

/// SQL types that SQL Server has beyond Diesel's own.
pub mod sql_types {
    #[cfg(feature = "uuid")]
    pub use crate::types::UniqueIdentifier;
}

/// Rust types for them.
pub mod data_types {
    #[cfg(feature = "uuid")]
    pub use crate::types::Guid;
}
