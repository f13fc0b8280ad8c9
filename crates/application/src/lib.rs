//! Use cases, one file a verb, and every decision about who may do what.
//!
//! An [`App`] holds the ports that a site is made of. A use case is a function
//! `verb(app, caller, command)` in the module of its area; callers come from
//! [`tokens::verify`], and [`authorise`] alone decides what they may do. Adapters translate:
//! requests to commands, and what comes back, or an [`Error`], to answers.
//!
//! | area | verbs |
//! |---|---|
//! | [`tokens`] | issue, refresh, issue to a client, verify, prolong, revoke |
//! | [`sign_in::external`] | begin, finish |
//! | [`api_keys`] | create, list, delete |
//! | [`audit`] | list, export |
//! | [`categories`] | create, list, get, update, delete |
//! | [`documents`] | create, list, shelves, get, update, save, delete, layout, revisions, revision layout, export layout, parameters, job results |
//! | [`data_models`] | create, list, get, update, rename, delete, test; tables, procedures, data members |
//! | [`custom_queries`] | create, list, get, update, delete |
//! | [`users`] | create, list, get, update, delete, photo, set photo |
//! | [`groups`] | create, list, get, update, delete |
//! | [`permissions`] | list, add, remove |
//! | [`jobs`] | create, list, get, update, delete, preview, results; what runs them is to come |
//! | [`exports`] | start, status, result, cancel, and [`exports::run_next`] for workers |
//! | [`nodes`] | list; [`nodes::beat`] and [`nodes::leave`] for workers |
//! | [`listing`] | what all lists share: filter, order, part, version |
//! | [`accounts`] | invite, activate, request reset, reset, change password |
//! | [`mail`] | what mails say, and [`mail::deliver_next`] for workers |
//! | [`shown`] | dates and numbers as readers see them |
//! | [`setup`] | what a site needs at its first start |
//! | [`housekeeping`] | what is to be done now and then |
//! | [`storage`] | copy |

pub mod accounts;
pub mod api_keys;
mod app;
pub mod audit;
pub mod authorise;
pub mod categories;
mod clock;
pub mod custom_queries;
pub mod data_models;
pub mod documents;
mod error;
pub mod exports;
pub mod groups;
pub mod housekeeping;
pub mod jobs;
mod layouts;
pub mod listing;
pub mod mail;
pub mod nodes;
mod outages;
mod passwords;
pub mod permissions;
pub mod setup;
pub mod shown;
pub mod sign_in;
pub mod storage;
#[cfg(test)]
mod test_site;
pub mod tokens;
pub mod users;

pub use app::{App, CustomSql, Exporters, ListExporters, Settings};
pub use authorise::Caller;
pub use clock::SharedClock;
pub use error::{Error, Problem};
pub use layouts::LayoutCache;
pub use outages::{Outages, Trouble};
pub use passwords::Argon2Hasher;
