//! Where sign-ins are kept that can be refreshed.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use pressroom_domain::{AccessToken, OptimisticLock, SignIn, SignInId, TokenHash, User};

use crate::{Change, StoreError};

/// A sign-in that begins.
#[derive(Clone, Debug)]
pub struct NewSignIn {
    /// The sign-in.
    pub sign_in: SignIn,
    /// Its first access token.
    pub access: AccessToken,
    /// The lock of the user whose password, or whose word from elsewhere, was found to be right.
    pub seen: OptimisticLock,
}

/// A sign-in that goes on.
#[derive(Clone, Debug)]
pub struct RefreshedSignIn {
    /// Which.
    pub id: SignInId,
    /// The hash of the refresh token that was shown.
    pub shown: TokenHash,
    /// The hash of the one that works from now on.
    pub refresh: TokenHash,
    /// From when on it can no longer be refreshed.
    pub expires_at: DateTime<Utc>,
    /// Another access token.
    pub access: AccessToken,
}

/// Keeps sign-ins that can be refreshed.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - The sign-ins of a user and all tokens that came from them MUST be deleted in the transaction
///   that deletes the user, makes them inactive or sets their password.
#[async_trait]
pub trait SignInRepository: Send + Sync {
    /// Keeps a sign-in and its access token. Of more than [`SignIn::MOST_OF_A_USER`] of one user, the
    /// ones that expire first go. [`StoreError::NotFound`] where the user does not exist,
    /// [`StoreError::Conflict`] where the user was changed since they were seen.
    async fn begin(&self, change: Change<NewSignIn>) -> Result<(), StoreError>;

    /// A sign-in, expired or not, and whose it is.
    async fn find(&self, id: SignInId) -> Result<Option<(SignIn, User)>, StoreError>;

    /// Replaces the refresh token, and adds an access token. [`StoreError::NotFound`] where there is no
    /// sign-in of that id whose refresh token is the one that was shown: of two who show the same, one
    /// wins.
    async fn refresh(&self, change: Change<RefreshedSignIn>) -> Result<(), StoreError>;

    /// Ends one: it goes, with every access token that came from it. Nothing is there to do, and no
    /// line is written, where it is gone already.
    async fn end(&self, change: Change<SignInId>) -> Result<(), StoreError>;

    /// Deletes those that expired at or before `now`, and says how many.
    async fn delete_expired(&self, now: DateTime<Utc>) -> Result<u64, StoreError>;
}
