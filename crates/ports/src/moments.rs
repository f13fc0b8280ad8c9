//! Moments that a site remembers.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::StoreError;

/// Keeps moments by name, such as when a setting was first seen.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - Names are compared letter by letter.
/// - Of two callers that note one name, one MUST win, and both MUST get its moment.
/// - Times are kept to the microsecond.
#[async_trait]
pub trait MomentRepository: Send + Sync {
    /// Notes `now` under a name, if nothing stands there; gives what stands there.
    async fn note(&self, name: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError>;

    /// What stands under a name.
    async fn noted(&self, name: &str) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// Forgets a name; nothing happens where there is none.
    async fn forget(&self, name: &str) -> Result<(), StoreError>;
}
