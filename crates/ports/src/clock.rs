//! What time it is.

use chrono::{DateTime, SubsecRound, Utc};

/// Tells the time.
///
/// # Contract
/// The time MUST be in whole microseconds, the finest that every store keeps.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}
