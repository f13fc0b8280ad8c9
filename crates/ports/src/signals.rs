//! Word of work between nodes.

use async_trait::async_trait;

/// What work waits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Exports.
    Exports,
    /// Mails.
    Mails,
}

impl Queue {
    /// How it is called between nodes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exports => "exports",
            Self::Mails => "mails",
        }
    }

    /// The one of a name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        [Self::Exports, Self::Mails].into_iter().find(|queue| queue.name() == name)
    }
}

/// Tells a node of work that another node queued, so that it need not wait for its next look.
///
/// # Contract
/// - It is a hint: word MAY be lost, and MAY come where there is nothing. A worker looks for itself now
///   and then.
/// - A store that only one node uses, or that cannot pass word on, never tells.
/// - Word that comes while nobody waits MUST be told to the next who does.
#[async_trait]
pub trait WorkSignals: Send + Sync {
    /// Waits until another node says that it queued something.
    async fn queued(&self, queue: Queue);
}
