//! What this server tells of itself.

use std::time::Instant;

use pressroom_domain::{Node, NodeState};

use super::ThisNode;
use crate::{App, Error};

/// Tells that this server lives, what it is about, and on how many exports of how many it works. This
/// server's clock follows the store's by what that answers.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn beat(app: &App, this: &ThisNode, capacity: usize) -> Result<(), Error> {
    let state = if app.draining.has_begun() { NodeState::Draining } else { NodeState::Running };
    let node = Node {
        name: this.name.clone(),
        version: this.version.clone(),
        address: this.address.clone(),
        state,
        started_at: this.started_at,
        seen_at: app.clock.now(),
        running: count(app.running.count()),
        capacity: count(capacity),
    };
    let asked = Instant::now();
    let told = app.stores.nodes.heartbeat(node).await?;
    app.clock.follow(told, asked.elapsed());
    Ok(())
}

/// Takes this server off the list, as the last that it does.
///
/// # Errors
/// [`Error::Unavailable`]; then it stays in the list as one that is silent, for an hour.
pub async fn leave(app: &App, this: &ThisNode) -> Result<(), Error> {
    Ok(app.stores.nodes.leave(&this.name).await?)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
