//! The promises of each port, one function each.

#![allow(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a broken promise panics")]

pub mod account_link_repository;
pub mod api_key_repository;
pub mod blob_store;
pub mod category_repository;
pub mod custom_query_repository;
pub mod data_model_repository;
pub mod data_sources;
pub mod document_repository;
pub mod export_repository;
pub mod exporter;
pub mod external_user_repository;
pub mod failed_writes;
pub mod fetcher;
pub mod full_store;
pub mod group_repository;
pub mod identity_provider;
pub mod job_repositories;
pub mod list_exporter;
pub mod machine;
pub mod mailer;
pub mod node_repository;
pub mod outbox_repository;
pub mod paging;
pub mod password_hasher;
pub mod permission_repository;
pub mod races;
pub mod references;
pub mod sign_in_repository;
pub mod store;
pub mod store_contents;
pub mod texts;
pub mod token_repository;
pub mod trail;
pub mod two_nodes;
pub mod user_repository;
pub mod values;

use pressroom_ports::{AuditRecord, Slice, Stores};

/// Makes the tests of all suites of a store.
#[macro_export]
macro_rules! stores_contract {
    ($make:expr) => {
        mod categories {
            use super::*;
            $crate::category_repository_contract!($make);
        }
        mod documents {
            use super::*;
            $crate::document_repository_contract!($make);
        }
        mod data_models {
            use super::*;
            $crate::data_model_repository_contract!($make);
        }
        mod custom_queries {
            use super::*;
            $crate::custom_query_repository_contract!($make);
        }
        mod users {
            use super::*;
            $crate::user_repository_contract!($make);
        }
        mod groups {
            use super::*;
            $crate::group_repository_contract!($make);
        }
        mod permissions {
            use super::*;
            $crate::permission_repository_contract!($make);
        }
        mod tokens {
            use super::*;
            $crate::token_repository_contract!($make);
        }
        mod account_links {
            use super::*;
            $crate::account_link_repository_contract!($make);
        }
        mod outbox {
            use super::*;
            $crate::outbox_repository_contract!($make);
        }
        mod sign_ins {
            use super::*;
            $crate::sign_in_repository_contract!($make);
        }
        mod api_keys {
            use super::*;
            $crate::api_key_repository_contract!($make);
        }
        mod external_users {
            use super::*;
            $crate::external_user_repository_contract!($make);
        }
        mod exports {
            use super::*;
            $crate::export_repository_contract!($make);
        }
        mod jobs {
            use super::*;
            $crate::job_repositories_contract!($make);
        }
        mod nodes {
            use super::*;
            $crate::node_repository_contract!($make);
        }
        mod whole_store {
            use super::*;
            $crate::store_contract!($make);
            $crate::trail_contract!($make);
        }
        mod texts {
            use super::*;
            $crate::texts_contract!($make);
        }
        mod values {
            use super::*;
            $crate::values_contract!($make);
        }
        mod races {
            use super::*;
            $crate::races_contract!($make);
        }
        mod references {
            use super::*;
            $crate::references_contract!($make);
        }
        mod paging {
            use super::*;
            $crate::paging_contract!($make);
        }
        mod failed_writes {
            use super::*;
            $crate::failed_writes_contract!($make);
        }
    };
}

/// The newest line of the trail, which must exist.
async fn last_line(stores: &Stores) -> AuditRecord {
    trail(stores).await.pop().unwrap()
}

/// The trail as a whole.
async fn trail(stores: &Stores) -> Vec<AuditRecord> {
    stores.audit.list(Slice::first(1_000)).await.unwrap()
}

/// Asserts that a result is an error of a shape.
macro_rules! assert_error {
    ($result:expr, $pattern:pat $(if $guard:expr)?) => {
        match $result {
            Err($pattern) $(if $guard)? => {}
            other => panic!("expected {}, got {other:?}", stringify!($pattern)),
        }
    };
}
use assert_error;

/// Runs several futures at a time, each on a task of its own, and gives what they return.
async fn race<T: Send + 'static>(
    contenders: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = contenders.into_iter().map(tokio::spawn).collect();
    let mut results = Vec::with_capacity(tasks.len());
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}
