//! Where it is kept who somebody is at another provider.

use async_trait::async_trait;
use pressroom_domain::{ExternalSubject, NewExternalUser, User, UserId};

use crate::{Change, StoreError};

/// Keeps which user a subject of a provider is.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - A subject is one user, for as long as that user exists. Issuers and subjects are compared letter
///   by letter, case included.
#[async_trait]
pub trait ExternalUserRepository: Send + Sync {
    /// The user that a subject is, if it is one.
    async fn find(&self, subject: &ExternalSubject) -> Result<Option<User>, StoreError>;

    /// Makes a user, as [`UserRepository`](crate::UserRepository) does, and remembers the subject.
    /// [`StoreError::Duplicate`] where another user is called the same, or the subject is one already.
    async fn create(&self, change: Change<NewExternalUser>) -> Result<User, StoreError>;

    /// Remembers the subject of a user who has none yet. [`StoreError::NotFound`] where the user does
    /// not exist, [`StoreError::Duplicate`] where they have a subject, or the subject is somebody.
    async fn link(&self, change: Change<(ExternalSubject, UserId)>) -> Result<(), StoreError>;
}
