//! Access tokens: who may call the API, until when.

use chrono::{DateTime, Utc};

use crate::{TokenHash, UserId};

/// What the store keeps of an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The hash of the token itself, which nobody keeps.
    pub hash: TokenHash,
    /// Whose it is.
    pub user_id: UserId,
    /// When it was given.
    pub issued_at: DateTime<Utc>,
    /// From when on it no longer works.
    pub expires_at: DateTime<Utc>,
}

impl AccessToken {
    /// Whether it still works.
    #[must_use]
    pub fn is_valid(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_token_works_until_it_expires() {
        let issued_at = DateTime::UNIX_EPOCH;
        let expires_at = issued_at + TimeDelta::seconds(1199);
        let hash = TokenHash::from_bytes([0; 32]);
        let token = AccessToken { hash, user_id: UserId(1), issued_at, expires_at };
        assert!(token.is_valid(issued_at));
        assert!(token.is_valid(expires_at - TimeDelta::microseconds(1)));
        assert!(!token.is_valid(expires_at));
    }
}
