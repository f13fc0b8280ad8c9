//! Where access tokens are kept.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{AccessToken, BuiltInGroup, Group, Permission, Rights, TokenHash, User};

use crate::{Change, StoreError};

/// Who somebody is, and all that they may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The user.
    pub user: User,
    /// The groups they are in, smallest id first.
    pub groups: Vec<Group>,
    /// Their own permissions and those of their groups.
    pub permissions: Vec<Permission>,
}

impl Identity {
    /// What they may do.
    #[must_use]
    pub fn rights(&self) -> Rights {
        let administrator = self
            .groups
            .iter()
            .any(|group| group.built_in == Some(BuiltInGroup::SystemAdministrators));
        Rights::new(administrator, self.permissions.iter().copied())
    }
}

/// A token, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The token.
    pub token: AccessToken,
    /// Whose it is, as of now.
    pub identity: Identity,
}

/// A token that works for longer than it was given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProlongedToken {
    /// Which.
    pub hash: TokenHash,
    /// From when on it no longer works.
    pub expires_at: DateTime<Utc>,
}

/// Keeps access tokens.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - A token MUST NOT be found once it was deleted, on any node.
/// - [`find`](Self::find) is called with every request: it SHOULD be one round trip.
#[async_trait]
pub trait TokenRepository: Send + Sync {
    /// Keeps one. [`StoreError::NotFound`] where the user does not exist.
    async fn create(&self, change: Change<AccessToken>) -> Result<(), StoreError>;

    /// The token of a hash and whose it is, expired or not.
    async fn find(&self, hash: &TokenHash) -> Result<Option<Session>, StoreError>;

    /// Who a user is and all that they may do; [`StoreError::NotFound`].
    async fn identity(&self, user: pressroom_domain::UserId) -> Result<Identity, StoreError>;

    /// Sets until when one works; nothing happens, and no line is written, where there is none.
    async fn prolong(&self, change: Change<ProlongedToken>) -> Result<(), StoreError>;

    /// Deletes one; nothing happens where there is none.
    async fn delete(&self, change: Change<TokenHash>) -> Result<(), StoreError>;

    /// Deletes those that expired at or before `now`, and says how many.
    async fn delete_expired(&self, now: DateTime<Utc>) -> Result<u64, StoreError>;
}
