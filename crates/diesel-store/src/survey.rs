//! What a store is like, for whoever looks after it.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::migrations::State;

/// What a look at a store found. Looking writes nothing, and brings no tables up to date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The engine and its version, such as `SQLite 3.50.4`.
    pub engine: String,
    /// How the tables stand to this version.
    pub tables: State,
    /// How long the engine took to answer the least that it can be asked.
    pub latency: Duration,
    /// How transactions that write are kept apart, where the engine leaves a choice.
    pub isolation: Option<String>,
    /// How many connections one server opens at most.
    pub connections: u32,
    /// How many the engine takes from everybody, where it has a bound.
    pub connections_allowed: Option<u32>,
    /// What time it is by the engine, where it is on another machine.
    pub now: Option<DateTime<Utc>>,
}
