//! Where API keys are kept.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{AccessToken, ApiKey, ApiKeyId, ClientId, NewApiKey, User, UserId};

use crate::{Change, StoreError};

/// A program that signs in by a key.
#[derive(Clone, Debug)]
pub struct UsedApiKey {
    /// The key.
    pub id: ApiKeyId,
    /// When.
    pub at: DateTime<Utc>,
    /// The access token that it gets.
    pub access: AccessToken,
}

/// Keeps API keys.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - An id MUST NOT be given twice.
/// - The keys of a user and all tokens that came from them MUST be deleted in the transaction that
///   deletes the user, makes them inactive or sets their password.
#[async_trait]
pub trait ApiKeyRepository: Send + Sync {
    /// Makes one. [`StoreError::NotFound`] where the user does not exist.
    async fn create(&self, change: Change<NewApiKey>) -> Result<ApiKey, StoreError>;

    /// The key of a client id, expired or not, and whose it is.
    async fn find(&self, client_id: ClientId) -> Result<Option<(ApiKey, User)>, StoreError>;

    /// All keys of a user, smallest id first.
    async fn list(&self, user: UserId) -> Result<Vec<ApiKey>, StoreError>;

    /// Keeps an access token that came from a key, and when the key was used.
    /// [`StoreError::NotFound`] where the key is gone.
    async fn used(&self, change: Change<UsedApiKey>) -> Result<(), StoreError>;

    /// Deletes a key of a user, with every access token that came from it. [`StoreError::NotFound`]
    /// where the user has no such key.
    async fn delete(&self, change: Change<(UserId, ApiKeyId)>) -> Result<(), StoreError>;
}
