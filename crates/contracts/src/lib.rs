//! The contract suite of every port, in-memory fakes and builders for tests. For tests only.
//!
//! Each port has a suite: a module with one function a promise, and a macro that turns them into
//! tests of an adapter. The fakes pass the same suites, so that a use case that is tested with fakes
//! meets the same promises in the field. The README says how to run them on a new adapter.
//!
//! ```
//! use std::sync::Arc;
//!
//! use pressroom_contracts::fakes::MemoryStore;
//! use pressroom_ports::Stores;
//!
//! /// A new, empty store. What it returns is held until the test is over; it may own a folder too.
//! async fn empty_store() -> Box<Stores> {
//!     Box::new(Stores::of(Arc::new(MemoryStore::default())))
//! }
//!
//! pressroom_contracts::category_repository_contract!(empty_store);
//! # fn main() {}
//! ```
//!
//! | port | macro | what the function makes |
//! |---|---|---|
//! | `CategoryRepository` | [`category_repository_contract!`] | an empty store: a future of something that dereferences to [`Stores`](pressroom_ports::Stores) |
//! | `DocumentRepository` | [`document_repository_contract!`] | the same |
//! | `DataModelRepository` | [`data_model_repository_contract!`] | the same |
//! | `UserRepository` | [`user_repository_contract!`] | the same |
//! | `GroupRepository` | [`group_repository_contract!`] | the same |
//! | `PermissionRepository` | [`permission_repository_contract!`] | the same |
//! | `TokenRepository` | [`token_repository_contract!`] | the same |
//! | `AccountLinkRepository` | [`account_link_repository_contract!`] | the same |
//! | `OutboxRepository` | [`outbox_repository_contract!`] | the same |
//! | `SignInRepository` | [`sign_in_repository_contract!`] | the same |
//! | `ApiKeyRepository` | [`api_key_repository_contract!`] | the same |
//! | `ExternalUserRepository` | [`external_user_repository_contract!`] | the same |
//! | `ExportRepository` | [`export_repository_contract!`] | the same |
//! | `JobRepository`, `JobResultRepository` | [`job_repositories_contract!`] | the same |
//! | `NodeRepository` | [`node_repository_contract!`] | the same |
//! | `CustomQueryRepository` | [`custom_query_repository_contract!`] | the same |
//! | `AuditLog`, `MomentRepository`, `BlobReferences` | [`store_contract!`], [`trail_contract!`] | the same |
//! | all at once: `Stores` | [`texts_contract!`], [`values_contract!`], [`races_contract!`], [`references_contract!`], [`paging_contract!`], [`failed_writes_contract!`] | the same |
//! | all of the above | [`stores_contract!`] | the same |
//! | the same, shared by two servers | [`two_nodes_contract!`] | a future of [`suites::two_nodes::Fixture`] |
//! | the same, on a full disk | [`full_store_contract!`] | a future of [`suites::full_store::Fixture`] |
//! | `StoreContents` | [`store_contents_contract!`] | a future of a [`suites::store_contents::Contents`] of a new store |
//! | `BlobStore` | [`blob_store_contract!`] | a future of something that dereferences to a `BlobStore` |
//! | `DataSources` | [`data_sources_contract!`] | a future of [`suites::data_sources::Fixture`] |
//! | `Exporter` | [`exporter_contract!`] | an exporter |
//! | `Mailer` | [`mailer_contract!`] | a future of [`suites::mailer::Fixture`] |
//! | `ListExporter` | [`list_exporter_contract!`] | an exporter |
//! | `Fetcher` | [`fetcher_contract!`] | a future of [`suites::fetcher::Fixture`] |
//! | `IdentityProvider` | [`identity_provider_contract!`] | a future of [`suites::identity_provider::Fixture`] |
//! | `PasswordHasher` | [`password_hasher_contract!`] | a hasher |
//! | `Clock`, `Random` | [`machine_contract!`] | a clock and a source of random bytes |

use std::any::Any;
use std::panic::AssertUnwindSafe;

pub mod build;
pub mod fakes;
pub mod large;
pub mod schema;
#[cfg(unix)]
pub mod servers;
pub mod suites;

/// Runs a test of a contract on threads of its own, so that races are real. A test that lacks
/// something may end early; see `servers::Missing::skip`.
///
/// # Panics
/// When no threads can be started, or the test fails.
pub fn run<F: Future<Output = ()>>(test: F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .build()
        .expect("a runtime for the test starts");
    // A test that panics is over: nobody sees what it left half done.
    let ended = std::panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(test)));
    if let Err(panic) = ended
        && !was_skipped(&*panic)
    {
        std::panic::resume_unwind(panic);
    }
}

#[cfg(unix)]
fn was_skipped(panic: &(dyn Any + Send)) -> bool {
    panic.is::<servers::Skipped>()
}

#[cfg(not(unix))]
fn was_skipped(_panic: &(dyn Any + Send)) -> bool {
    false
}

/// Makes tests of an adapter from the functions of a suite.
#[doc(hidden)]
#[macro_export]
macro_rules! suite {
    ($suite:ident, $make:expr, $($test:ident)+) => {$(
        #[test]
        fn $test() {
            $crate::run(async {
                let made = ($make)().await;
                $crate::suites::$suite::$test(&made).await;
            });
        }
    )+};
}
