//! Every repository, over the tables of `pressroom-diesel-store`.
//!
//! This source is compiled once for each engine, by the adapter that names it as a module: queries
//! are checked by the compiler for the very engine that they run on, and are written once. What an
//! adapter has to supply, and what must not be used here, stands in that crate's README.

mod account_links;
mod api_keys;
mod audit;
mod blob_references;
mod categories;
mod change;
mod contents;
mod custom_queries;
mod data_models;
mod documents;
pub(crate) mod exports;
mod external_users;
mod groups;
mod job_results;
mod jobs;
mod lock;
mod moments;
mod nodes;
mod outbox;
mod permissions;
mod sequence;
mod sign_ins;
mod tokens;
mod users;
