//! The servers of the site.

use chrono::{DateTime, SecondsFormat, Utc};
use pressroom_application::nodes::ListedNode;
use serde::Serialize;
use utoipa::ToSchema;

/// A server of the site, as it told of itself last.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "name": "reports-1/4711/9f86d081", "version": "0.1.0", "address": "10.0.0.7:8080",
    "state": "Running", "startedAt": "2026-11-24T10:15:30Z",
    "lastSeenAt": "2026-11-24T12:00:00.25Z", "alive": true, "running": 2, "capacity": 4,
}))]
pub(crate) struct Node {
    /// The machine, the number of the process, and what tells it from all others.
    name: String,
    version: String,
    /// Where it listens.
    address: String,
    /// `Running`; `Draining` once it was told to stop.
    state: &'static str,
    #[schema(format = DateTime)]
    started_at: String,
    #[schema(format = DateTime)]
    last_seen_at: String,
    /// Whether it was seen within `server.lease_seconds`.
    alive: bool,
    /// How many exports it works on.
    running: u32,
    /// How many exports it works on at most.
    capacity: u32,
}

impl From<&ListedNode> for Node {
    fn from(listed: &ListedNode) -> Self {
        let node = &listed.node;
        Self {
            name: node.name.to_string(),
            version: node.version.clone(),
            address: node.address.clone(),
            state: node.state.name(),
            started_at: time(node.started_at),
            last_seen_at: time(node.seen_at),
            alive: listed.alive,
            running: node.running,
            capacity: node.capacity,
        }
    }
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
