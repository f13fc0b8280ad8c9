//! The store in SQLite.
//!
//! [`Store`] is every repository of `pressroom-ports` over one file. One thread writes: it takes the
//! writes that wait and commits them together, each in a savepoint of its own, so that a write that
//! fails takes no other with it. Readers have a pool of connections and see whole transactions only.
//!
//! A row is not an entity: each repository has its rows, and reads an entity from a row by a
//! conversion that can fail. Connections to customers' databases and mails are sealed where the store
//! is given a [`SealingKey`].

mod account_links;
mod api_keys;
mod audit;
mod blob_references;
mod categories;
mod change;
mod custom_queries;
mod data_models;
mod disk;
mod documents;
mod error;
mod exports;
mod external_users;
mod groups;
mod job_results;
mod jobs;
mod lock;
mod migrations;
mod moments;
mod outbox;
mod permissions;
mod schema;
mod seal;
mod sequence;
mod sign_ins;
mod statements;
mod store;
mod stored;
mod tokens;
mod users;
mod writer;

pub use migrations::OpenError;
pub use seal::SealingKey;
pub use store::Store;
