//! Which servers share a store.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{Node, NodeName};

use crate::StoreError;

/// Keeps what running servers tell of themselves, for people to look at. Nothing else is decided by it:
/// who may work on what is decided by leases.
///
/// # Contract
/// - A call MUST be one transaction, and what it wrote MUST be seen by every later call.
/// - A write MAY be undone by a power cut: the next sign of life makes up for it.
/// - [`heartbeat`](Self::heartbeat) SHOULD NOT wait for writes about anything else.
/// - The time that a heartbeat gives MUST be the same for all nodes of the store, whatever their own
///   clocks say, and that of some moment during the call.
/// - Times are kept to the microsecond.
#[async_trait]
pub trait NodeRepository: Send + Sync {
    /// Writes what a node tells of itself, in the place of what it told before, and gives the time by the
    /// store's clock.
    async fn heartbeat(&self, node: Node) -> Result<DateTime<Utc>, StoreError>;

    /// Forgets a node that ends; nothing happens where it is not known.
    async fn leave(&self, name: &NodeName) -> Result<(), StoreError>;

    /// All nodes that are known, those that started first at the front.
    async fn list(&self) -> Result<Vec<Node>, StoreError>;

    /// Forgets those that did not tell of themselves since a time, and says how many.
    async fn forget(&self, seen_before: DateTime<Utc>) -> Result<u64, StoreError>;
}
