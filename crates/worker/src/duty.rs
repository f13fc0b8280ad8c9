//! What a worker is there for, so that its rhythm can be tested without any work.

use async_trait::async_trait;
use pressroom_application::exports::{self, Ran};
use pressroom_application::{App, Error, housekeeping};
use pressroom_domain::NodeName;
use tokio::sync::watch;

/// What a worker is there for.
#[async_trait]
pub(crate) trait Duty: Send + Sync + 'static {
    /// Does the next piece of work to its end, if one is due. When `stop` becomes true, gives it
    /// back.
    async fn run_next(&self, stop: &watch::Receiver<bool>) -> Result<Ran, Error>;

    /// Waits until work is queued in this process.
    async fn queued(&self);

    /// Drops what nobody needs any more.
    async fn sweep(&self) -> Result<(), Error>;
}

/// The work of a site.
pub(crate) struct SiteDuty {
    pub(crate) site: App,
    pub(crate) node: NodeName,
}

#[async_trait]
impl Duty for SiteDuty {
    async fn run_next(&self, stop: &watch::Receiver<bool>) -> Result<Ran, Error> {
        exports::run_next(&self.site, &self.node, stop).await
    }

    async fn queued(&self) {
        self.site.work_queued.notified().await;
    }

    async fn sweep(&self) -> Result<(), Error> {
        let swept = housekeeping::sweep(&self.site).await?;
        if swept != housekeeping::Swept::default() {
            let housekeeping::Swept { tokens, exports, blobs } = swept;
            tracing::info!(tokens, exports, blobs, "dropped what nobody needs any more");
        }
        Ok(())
    }
}
