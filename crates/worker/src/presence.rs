//! That others know of this node: signs of life from start to end, and what it is about.

use std::sync::Arc;
use std::time::Duration;

use pressroom_application::App;
use pressroom_application::exports::FarLeases;
use pressroom_application::nodes::{self, Draining, ThisNode};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// How many signs of life there are in the time of a lease.
const BEATS_A_LEASE: u32 = 4;
/// The shortest time between two.
const SHORTEST: Duration = Duration::from_millis(100);
/// How long taking leave may take. Who does not is forgotten by the others.
const LEAVE: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Working,
    Draining,
    Over,
}

/// Tells of a node until it is over. Dropping it ends it without leave, as a death would.
#[derive(Debug)]
pub(crate) struct Presence {
    draining: Arc<Draining>,
    stage: watch::Sender<Stage>,
    task: JoinHandle<()>,
}

impl Presence {
    /// Tells of this node from now on, which works on so many exports at a time.
    pub(crate) fn begin(site: App, this: ThisNode, capacity: usize) -> Self {
        let (stage, seen) = watch::channel(Stage::Working);
        let draining = site.draining.clone();
        let task = tokio::spawn(tell(site, this, capacity, seen));
        Self { draining, stage, task }
    }

    /// The node was told to stop: others learn it at once.
    pub(crate) fn drain(&self) {
        self.draining.begin();
        self.stage.send_replace(Stage::Draining);
    }

    /// The node has nothing more to do, and leaves.
    pub(crate) async fn end(self) {
        self.stage.send_replace(Stage::Over);
        let Self { mut task, .. } = self;
        if timeout(LEAVE, &mut task).await.is_err() {
            task.abort();
        }
    }
}

async fn tell(site: App, this: ThisNode, capacity: usize, mut stage: watch::Receiver<Stage>) {
    let every = (site.settings.lease / BEATS_A_LEASE).max(SHORTEST);
    let (mut is_heard, mut far_leases) = (true, FarLeases::default());
    loop {
        if *stage.borrow_and_update() == Stage::Over {
            if let Err(error) = nodes::leave(&site, &this).await {
                tracing::warn!(%error, "this node stays in the list of nodes for a while");
            }
            return;
        }
        let beat = async {
            nodes::beat(&site, &this, capacity).await?;
            far_leases.look(&site).await
        };
        match beat.await {
            Ok(()) => is_heard = true,
            // Once: the store that is away is told of by whoever needs it.
            Err(error) if is_heard => {
                tracing::warn!(%error, "the list of nodes does not hear of this node");
                is_heard = false;
            }
            Err(_) => {}
        }
        tokio::select! {
            () = sleep(every) => {}
            changed = stage.changed() => if changed.is_err() { return },
        }
    }
}
