//! Hashing and checking passwords.

use async_trait::async_trait;
use pressroom_domain::{PasswordHash, Secret};

/// Why a password was neither hashed nor checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The stored hash is not one that this version can check.
    #[error("the stored password hash cannot be read: {0}; set the password again")]
    Unreadable(String),
    /// The work could not be done.
    #[error("the password could not be hashed: {0}")]
    Failed(String),
}

/// Hashes and checks passwords.
///
/// # Contract
/// - Hashing MUST be slow and salted; two hashes of one password differ.
/// - Neither call may keep an async thread busy: the work MUST run where blocking is allowed, and at
///   most a bounded number of them at a time.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// The hash of a password, with its algorithm, cost and salt.
    async fn hash(&self, password: &Secret) -> Result<PasswordHash, PasswordError>;

    /// Whether this is the password. Without a hash it takes as long as with one, and says no, so
    /// that nobody learns by a stopwatch which accounts exist.
    async fn verify(
        &self,
        password: &Secret,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, PasswordError>;
}
