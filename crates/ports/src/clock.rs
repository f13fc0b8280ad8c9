//! What time it is.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time.
///
/// # Contract
/// - The time MUST be in whole microseconds, the finest that every store keeps.
/// - It MAY jump, forwards and back, and differ from that of other nodes. Who works on what is safe
///   whatever the time is: see [`ExportRepository`](crate::ExportRepository).
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;

    /// Hears what time the store told, to whom it took so long to ask: the clock that all nodes share.
    /// One that goes by nothing but itself does nothing.
    fn follow(&self, told: DateTime<Utc>, took: Duration) {
        let _ = (told, took);
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}
