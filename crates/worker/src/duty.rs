//! What a worker is there for, so that its rhythm can be tested without any work.

use async_trait::async_trait;
use pressroom_application::exports::{self, Ran};
use pressroom_application::mail::{self, Delivery};
use pressroom_application::{App, Error, Outages, housekeeping};
use pressroom_domain::NodeName;
use pressroom_ports::Queue;
use tokio::sync::watch;

/// What a look for work found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Something, which was done: there may be more.
    Work,
    /// Nothing.
    Nothing,
}

/// What a worker is there for.
#[async_trait]
pub(crate) trait Duty: Send + Sync + 'static {
    /// Does the next piece of work to its end, if one is due. When `stop` becomes true, gives it
    /// back.
    async fn run_next(&self, stop: &watch::Receiver<bool>) -> Result<Found, Error>;

    /// Waits until work is queued, here or, as far as word comes, on another node.
    async fn queued(&self);

    /// What is told of what is away.
    fn outages(&self) -> &Outages;
}

/// A site, and the name of this node.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) site: App,
    pub(crate) node: NodeName,
}

/// Making documents.
pub(crate) struct Exports(pub(crate) Place);

#[async_trait]
impl Duty for Exports {
    async fn run_next(&self, stop: &watch::Receiver<bool>) -> Result<Found, Error> {
        Ok(match exports::run_next(&self.0.site, &self.0.node, stop).await? {
            Ran::Nothing => Found::Nothing,
            Ran::Export(_) => Found::Work,
        })
    }

    async fn queued(&self) {
        let Place { site, .. } = &self.0;
        tokio::select! {
            () = site.work_queued.notified() => {}
            () = site.stores.signals.queued(Queue::Exports) => {}
        }
    }

    fn outages(&self) -> &Outages {
        &self.0.site.outages
    }
}

/// Sending mails. A mail under way is sent to its end, within a minute: who gave up on it could not
/// tell whether it went out.
pub(crate) struct Mails(pub(crate) Place);

#[async_trait]
impl Duty for Mails {
    async fn run_next(&self, _stop: &watch::Receiver<bool>) -> Result<Found, Error> {
        Ok(match mail::deliver_next(&self.0.site, &self.0.node).await? {
            Delivery::Nothing => Found::Nothing,
            _ => Found::Work,
        })
    }

    async fn queued(&self) {
        let Place { site, .. } = &self.0;
        tokio::select! {
            () = site.mail_queued.notified() => {}
            () = site.stores.signals.queued(Queue::Mails) => {}
        }
    }

    fn outages(&self) -> &Outages {
        &self.0.site.outages
    }
}

/// Drops what nobody needs any more.
pub(crate) async fn sweep(site: &App) -> Result<(), Error> {
    let swept = housekeeping::sweep(site).await?;
    if swept != housekeeping::Swept::default() {
        let housekeeping::Swept { tokens, links, exports, blobs, nodes, audit_lines } = swept;
        tracing::info!(
            tokens,
            links,
            exports,
            blobs,
            nodes,
            audit_lines,
            "dropped what nobody needs any more"
        );
    }
    Ok(())
}
