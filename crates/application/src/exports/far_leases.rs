//! Leases of a clock that was put back.

use std::collections::HashMap;

use chrono::TimeDelta;
use pressroom_domain::ExportId;
use pressroom_ports::HeldLease;

use crate::{App, Error};

/// How many looks in a row a lease has to stay as it is before it is ended: looks come four times a
/// lease, and whoever works extends theirs more often than that.
const LOOKS: u32 = 8;

/// Leases that end later than any that is given now, as they were seen, look by look. They were given
/// while the clock was ahead. Whoever still works extends theirs by the clock as it is now; what nobody
/// extends any more would otherwise wait until the clock is there again.
#[derive(Debug, Default)]
pub struct FarLeases {
    seen: HashMap<ExportId, (HeldLease, u32)>,
}

impl FarLeases {
    /// Looks again, and ends those that have not changed for long. To be called four times a lease.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn look(&mut self, app: &App) -> Result<(), Error> {
        let now = app.clock.now();
        let lease = TimeDelta::from_std(app.settings.lease).unwrap_or(TimeDelta::MAX);
        // Nodes that have not heard of a new time yet may be a little ahead.
        let reach = lease.checked_mul(2).and_then(|reach| now.checked_add_signed(reach));
        let Some(reach) = reach else { return Ok(()) };
        let mut before = std::mem::take(&mut self.seen);
        for far in app.stores.exports.leases_beyond(reach).await? {
            let looks = match before.remove(&far.id) {
                Some((same, looks)) if same == far => looks + 1,
                _ => 0,
            };
            if looks < LOOKS {
                self.seen.insert(far.id, (far, looks));
            } else if app.stores.exports.end_lease(&far, now).await? {
                tracing::info!(export = %far.id, "ended a lease that nobody extends");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use pressroom_domain::{ExportProgress, ExportState, NodeName};

    use super::*;
    use crate::test_site::Site;

    const HOUR: TimeDelta = TimeDelta::hours(1);

    /// A site whose clock was put back by an hour after a node had claimed an export.
    async fn put_back() -> (Site, ExportId, i64) {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let id = site.export(&admin).await;
        let (now, lease) = (site.app.clock.now(), TimeDelta::seconds(10));
        let node = NodeName::new("left");
        let claimed = site.app.stores.exports.claim_due(now, lease, &node).await.unwrap();
        site.clock.advance(-HOUR);
        (site, id, claimed.unwrap().fence)
    }

    async fn look(site: &Site, leases: &mut FarLeases, times: u32) {
        for _ in 0..times {
            site.clock.advance(TimeDelta::from_std(site.app.settings.lease / 4).unwrap());
            leases.look(&site.app).await.unwrap();
        }
    }

    async fn is_complete(site: &Site, id: ExportId) -> bool {
        site.run_all().await;
        let export = site.app.stores.exports.get(id).await.unwrap();
        matches!(export.state, ExportState::Complete(_))
    }

    #[tokio::test]
    async fn what_a_dead_node_left_does_not_wait_for_the_clock() {
        let (site, id, _) = put_back().await;
        let mut leases = FarLeases::default();
        look(&site, &mut leases, LOOKS).await;
        assert!(!is_complete(&site, id).await, "it may live");
        look(&site, &mut leases, 1).await;
        assert!(is_complete(&site, id).await);
        assert!(leases.seen.is_empty());
    }

    #[tokio::test]
    async fn who_still_works_keeps_the_work() {
        let (site, id, fence) = put_back().await;
        let mut leases = FarLeases::default();
        for beat in 0..40 {
            // By the clock as it was, as long as this node has not heard of the new time.
            let behind = if beat < 20 { HOUR } else { TimeDelta::zero() };
            let until = site.app.clock.now() + behind + TimeDelta::seconds(10);
            let progress = ExportProgress::default();
            site.app.stores.exports.heartbeat(id, fence, until, progress).await.unwrap();
            look(&site, &mut leases, 1).await;
            assert!(!is_complete(&site, id).await, "beat {beat}");
        }
    }

    #[tokio::test]
    async fn leases_of_the_clock_as_it_is_are_left_alone() {
        let site = Site::with(|settings| settings.lease = Duration::from_secs(60)).await;
        let admin = site.administrator().await;
        site.export(&admin).await;
        let (now, lease) = (site.app.clock.now(), TimeDelta::seconds(60));
        let node = NodeName::new("works");
        site.app.stores.exports.claim_due(now, lease, &node).await.unwrap().unwrap();
        let mut leases = FarLeases::default();
        for _ in 0..20 {
            leases.look(&site.app).await.unwrap();
        }
        assert!(site.app.stores.exports.claim_due(now, lease, &node).await.unwrap().is_none());
    }
}
