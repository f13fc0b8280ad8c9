//! Links that are sent to somebody so that they set a password.

use chrono::{DateTime, TimeDelta, Utc};

use crate::TokenHash;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkPurpose {
    /// Setting the first password, which makes a pending account an active one.
    Activate,
    /// Setting another password where the old one is lost.
    Reset,
}

impl LinkPurpose {
    /// The word for it, in addresses and stores.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Reset => "reset",
        }
    }

    /// The purpose of a [`name`](Self::name).
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        [Self::Activate, Self::Reset].into_iter().find(|purpose| purpose.name() == name)
    }

    /// How long such a link works: a week for whoever is on holiday; an hour for whoever waits for it.
    #[must_use]
    pub const fn lifetime(self) -> TimeDelta {
        match self {
            Self::Activate => TimeDelta::days(7),
            Self::Reset => TimeDelta::hours(1),
        }
    }
}

/// What the store keeps of a link: never the token that is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountLink {
    /// The hash of the token.
    pub hash: TokenHash,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// When it was made.
    pub issued_at: DateTime<Utc>,
    /// From when on it no longer works.
    pub expires_at: DateTime<Utc>,
}

impl AccountLink {
    /// A link that is made now.
    #[must_use]
    pub fn new(hash: TokenHash, purpose: LinkPurpose, now: DateTime<Utc>) -> Self {
        Self { hash, purpose, issued_at: now, expires_at: now + purpose.lifetime() }
    }

    /// Whether it works for a purpose.
    #[must_use]
    pub fn works(&self, purpose: LinkPurpose, now: DateTime<Utc>) -> bool {
        self.purpose == purpose && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_works_for_its_purpose_until_it_expires() {
        let issued_at = DateTime::UNIX_EPOCH;
        let link = AccountLink::new(TokenHash::from_bytes([0; 32]), LinkPurpose::Reset, issued_at);
        let end = issued_at + TimeDelta::hours(1);
        assert!(link.works(LinkPurpose::Reset, issued_at));
        assert!(link.works(LinkPurpose::Reset, end - TimeDelta::microseconds(1)));
        assert!(!link.works(LinkPurpose::Reset, end));
        assert!(!link.works(LinkPurpose::Activate, issued_at));
        assert_eq!(LinkPurpose::find("activate"), Some(LinkPurpose::Activate));
        assert_eq!(LinkPurpose::find("Reset"), None);
    }
}
