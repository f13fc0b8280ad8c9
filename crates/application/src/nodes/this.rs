//! This server, and whether it is about to end.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use pressroom_domain::NodeName;

/// This server among those that share a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThisNode {
    /// Its name, which no other process has had.
    pub name: NodeName,
    /// The version of its program.
    pub version: String,
    /// Where it listens, such as `10.0.0.7:8080`.
    pub address: String,
    /// When it started.
    pub started_at: DateTime<Utc>,
}

/// Whether this server was told to end: it finishes what it works on, and says that it is not ready for
/// more.
#[derive(Debug, Default)]
pub struct Draining(AtomicBool);

impl Draining {
    /// From now on it is so.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it is so.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
