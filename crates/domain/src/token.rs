//! Sign-ins, API keys, and the tokens that come from them.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::{ApiKeyId, Name, TokenHash, UserId};

/// A text that is not an id of 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id of this kind is 32 hexadecimal digits")]
pub struct InvalidRandomId;

macro_rules! random_ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// The id of these random bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl FromStr for $name {
            type Err = InvalidRandomId;

            fn from_str(text: &str) -> Result<Self, InvalidRandomId> {
                crate::hash::from_hex(text).map(Self).ok_or(InvalidRandomId)
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = InvalidRandomId;

            fn try_from(bytes: &[u8]) -> Result<Self, InvalidRandomId> {
                bytes.try_into().map(Self).map_err(|_| InvalidRandomId)
            }
        }
    )+};
}

random_ids! {
    /// Identifies a sign-in: 128 random bits, shown as 32 hexadecimal digits.
    SignInId
    /// What a program shows together with the secret of its API key: 128 random bits, shown as 32
    /// hexadecimal digits.
    ClientId
}

/// What an access token came from, and ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenOrigin {
    /// Somebody signed in.
    SignIn(SignInId),
    /// A program showed an API key.
    ApiKey(ApiKeyId),
}

/// What the store keeps of an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// The hash of the token itself, which nobody keeps.
    pub hash: TokenHash,
    /// Whose it is.
    pub user_id: UserId,
    /// What it came from.
    pub origin: TokenOrigin,
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

/// A sign-in that can be refreshed: whoever shows its refresh token gets another access token, and
/// another refresh token with it. The one that was shown works no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Which.
    pub id: SignInId,
    /// Whose.
    pub user_id: UserId,
    /// The hash of the refresh token that works now.
    pub refresh: TokenHash,
    /// When they signed in.
    pub started_at: DateTime<Utc>,
    /// From when on it can no longer be refreshed.
    pub expires_at: DateTime<Utc>,
}

impl SignIn {
    /// How many sign-ins of one user can be refreshed at a time; one more ends the one that was not
    /// refreshed for the longest time. So a client that signs in before every call fills no store.
    pub const MOST_OF_A_USER: usize = 100;

    /// Whether it can still be refreshed.
    #[must_use]
    pub fn is_valid(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }
}

/// What the store keeps of an API key: a program signs in by it in the name of its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Which.
    pub id: ApiKeyId,
    /// Whose.
    pub user_id: UserId,
    /// What the program shows together with the secret.
    pub client_id: ClientId,
    /// The hash of the secret, which nobody keeps.
    pub secret: TokenHash,
    /// What its owner calls it.
    pub name: Name,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When a program last signed in by it.
    pub last_used_at: Option<DateTime<Utc>>,
    /// From when on it no longer works; none works until it is deleted.
    pub expires_at: Option<DateTime<Utc>>,
}

impl ApiKey {
    /// How many keys a user may have.
    pub const MOST_OF_A_USER: usize = 100;

    /// Whether it still works.
    #[must_use]
    pub fn is_valid(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

/// An API key to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApiKey {
    /// Whose.
    pub user_id: UserId,
    /// What the program shows together with the secret.
    pub client_id: ClientId,
    /// The hash of the secret.
    pub secret: TokenHash,
    /// What its owner calls it.
    pub name: Name,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it no longer works; none works until it is deleted.
    pub expires_at: Option<DateTime<Utc>>,
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
        let origin = TokenOrigin::ApiKey(ApiKeyId(1));
        let token = AccessToken { hash, user_id: UserId(1), origin, issued_at, expires_at };
        assert!(token.is_valid(issued_at));
        assert!(token.is_valid(expires_at - TimeDelta::microseconds(1)));
        assert!(!token.is_valid(expires_at));
    }

    #[test]
    fn a_key_without_an_end_works() {
        let now = DateTime::UNIX_EPOCH;
        let key = |expires_at| ApiKey {
            id: ApiKeyId(1),
            user_id: UserId(1),
            client_id: ClientId::from_bytes([1; 16]),
            secret: TokenHash::from_bytes([0; 32]),
            name: Name::new("nightly").unwrap(),
            created_at: now,
            last_used_at: None,
            expires_at,
        };
        assert!(key(None).is_valid(now));
        assert!(key(Some(now + TimeDelta::microseconds(1))).is_valid(now));
        assert!(!key(Some(now)).is_valid(now));
    }

    #[test]
    fn random_ids_read_back_what_they_show() {
        let id = SignInId::from_bytes(std::array::from_fn(|i| i as u8 * 17));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(SignInId::try_from(id.as_bytes().as_slice()), Ok(id));
        for text in ["", "0011", "zz112233445566778899aabbccddeeff"] {
            assert_eq!(text.parse::<ClientId>(), Err(InvalidRandomId), "{text}");
        }
    }
}
