//! What every store promises where there is no room.

use std::any::Any;
use std::pin::Pin;

use chrono::TimeDelta;
use pressroom_domain::{
    Argument, BlobHash, ExportResult, ExportState, NodeName, SubjectKind, Verb, Warning,
};
use pressroom_ports::{ClaimError, Slice, StoreError, Stores};

use super::assert_error;
use crate::build::{self, at};

/// Makes tests of a store on a full disk.
#[macro_export]
macro_rules! full_store_contract {
    ($make:expr) => {
        $crate::suite! { full_store, $make,
            a_write_that_finds_no_room_changes_nothing
            no_export_is_lost
        }
    };
}

/// Something that takes a moment.
pub type Moment = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A new, empty store whose disk can be filled.
pub struct Fixture {
    /// The store.
    pub stores: Stores,
    /// Fills the disk: at least the next write that needs a megabyte finds no room.
    pub fill: Box<dyn Fn() -> Moment + Send + Sync>,
    /// Frees the disk.
    pub free: Box<dyn Fn() -> Moment + Send + Sync>,
    /// Whatever must outlive the store, such as its folder.
    pub guard: Box<dyn Any + Send + Sync>,
}

/// A text that needs a megabyte.
fn large() -> String {
    "x".repeat(1 << 20)
}

/// The error says so, what was there is still there to be read, and the same call works later.
pub async fn a_write_that_finds_no_room_changes_nothing(made: &Fixture) {
    let audit = &made.stores.audit;
    let mut line = build::line(Verb::SignOut, SubjectKind::User, Some("1".into()));
    audit.append(line.clone()).await.unwrap();
    line.detail = large();
    (made.fill)().await;
    let error = audit.append(line.clone()).await.unwrap_err();
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
    assert_eq!(
        error.to_string(),
        "the disk that holds the store is full; free some space there, then try again"
    );
    assert_eq!(audit.list(Slice::first(10)).await.unwrap().len(), 1);
    (made.free)().await;
    audit.append(line).await.unwrap();
    assert_eq!(audit.list(Slice::first(10)).await.unwrap().len(), 2);
}

/// What is queued stays so, and what is finished can be said once there is room.
pub async fn no_export_is_lost(made: &Fixture) {
    let exports = &made.stores.exports;
    let owner = build::user(&made.stores, "ann").await.id;
    let first = build::new_export(1, owner, at(1));
    let id = first.entity.id;
    exports.enqueue(first).await.unwrap();
    let mut second = build::new_export(2, owner, at(2));
    let too_much = Argument { name: "text".into(), value: large().into() };
    second.entity.request.arguments = vec![too_much];
    let never_queued = second.entity.id;
    (made.fill)().await;
    assert_error!(exports.enqueue(second).await, StoreError::Full(_));
    (made.free)().await;
    assert_error!(exports.get(never_queued).await, StoreError::NotFound { .. });

    let lease = TimeDelta::seconds(10);
    let claimed = exports.claim_due(at(3), lease, &NodeName::new("a")).await.unwrap().unwrap();
    let result = ExportResult { blob: BlobHash::from_bytes([9; 32]), size_bytes: 1, pages: 1 };
    let warnings = vec![Warning { message: large(), count: 1 }];
    let complete = || exports.complete(id, claimed.fence, result.clone(), warnings.clone(), at(4));
    (made.fill)().await;
    assert_error!(complete().await, ClaimError::Store(StoreError::Full(_)));
    assert_eq!(exports.get(id).await.unwrap(), claimed);
    (made.free)().await;
    complete().await.unwrap();
    assert_eq!(exports.get(id).await.unwrap().state, ExportState::Complete(result));
}
