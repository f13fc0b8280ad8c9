//! Running servers that share a store.

use chrono::{DateTime, TimeDelta, Utc};

use crate::NodeName;

/// What a node is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeState {
    /// It takes work up.
    Running,
    /// It was told to stop: what it works on comes to its end, nothing else begins.
    Draining,
}

impl NodeState {
    /// All states.
    pub const ALL: [Self; 2] = [Self::Running, Self::Draining];

    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "Running",
            Self::Draining => "Draining",
        }
    }

    /// The state of a name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A running server among others that share its store, as it told of itself last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its name, which no other process has had.
    pub name: NodeName,
    /// The version of its program.
    pub version: String,
    /// Where it listens, such as `10.0.0.7:8080`.
    pub address: String,
    /// What it is about.
    pub state: NodeState,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// When it told of itself last.
    pub seen_at: DateTime<Utc>,
    /// How many exports it works on.
    pub running: u32,
    /// How many exports it works on at most.
    pub capacity: u32,
}

impl Node {
    /// Whether it told of itself within a time. A clock that was put back does not make it live: what
    /// is as far in the future counts as little.
    #[must_use]
    pub fn is_alive(&self, now: DateTime<Utc>, within: TimeDelta) -> bool {
        now.signed_duration_since(self.seen_at).abs() <= within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node() -> Node {
        Node {
            name: NodeName::new("a"),
            version: "1.0.0".into(),
            address: "127.0.0.1:8080".into(),
            state: NodeState::Running,
            started_at: DateTime::UNIX_EPOCH,
            seen_at: DateTime::UNIX_EPOCH + TimeDelta::seconds(100),
            running: 0,
            capacity: 2,
        }
    }

    #[test]
    fn a_node_that_is_silent_is_not_alive() {
        let alive = |second: i64| {
            let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(second);
            node().is_alive(now, TimeDelta::seconds(10))
        };
        for (second, expect) in [(89, false), (90, true), (100, true), (110, true), (111, false)] {
            assert_eq!(alive(second), expect, "{second}");
        }
    }

    #[test]
    fn states_are_found_by_their_names() {
        for state in NodeState::ALL {
            assert_eq!(NodeState::find(state.name()), Some(state));
        }
        assert_eq!(NodeState::find("running"), None);
    }
}
