//! Passwords by argon2id.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{self, PasswordHasher as _, PasswordVerifier as _, phc};
use async_trait::async_trait;
use pressroom_domain::{PasswordHash, Secret};
use pressroom_ports::{PasswordError, PasswordHasher};
use tokio::sync::Semaphore;

/// Hashes passwords by argon2id with 19 MiB and 2 passes, as OWASP advises, on threads that may
/// block; at most two at a time, so that a flood of sign-ins neither fills the memory nor takes all
/// processors.
#[derive(Clone, Debug)]
pub struct Argon2Hasher {
    turns: Arc<Semaphore>,
}

impl Default for Argon2Hasher {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(2)) }
    }
}

impl Argon2Hasher {
    /// Does slow work where it may block, when its turn has come.
    async fn slowly<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(failed)?;
        let worked = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        worked.await.map_err(failed)?
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &Secret) -> Result<PasswordHash, PasswordError> {
        let password = password.clone();
        self.slowly(move || {
            let hash = Argon2::default().hash_password(password.reveal().as_bytes());
            Ok(PasswordHash::new(hash.map_err(failed)?.to_string()))
        })
        .await
    }

    async fn verify(
        &self,
        password: &Secret,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, PasswordError> {
        let (password, hash) = (password.clone(), hash.cloned());
        self.slowly(move || {
            let password = password.reveal().as_bytes();
            let Some(hash) = hash else {
                // Takes the time that a comparison would.
                return Argon2::default().hash_password(password).map(|_| false).map_err(failed);
            };
            let unreadable = |error: phc::Error| PasswordError::Unreadable(error.to_string());
            let hash = phc::PasswordHash::new(hash.reveal()).map_err(unreadable)?;
            match Argon2::default().verify_password(password, &hash) {
                Ok(()) => Ok(true),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(PasswordError::Unreadable(error.to_string())),
            }
        })
        .await
    }
}

#[expect(clippy::needless_pass_by_value, reason = "errors are handed over as they come")]
fn failed(error: impl ToString) -> PasswordError {
    PasswordError::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    pressroom_contracts::password_hasher_contract!(Argon2Hasher::default);

    #[tokio::test]
    async fn hashes_are_argon2id_with_19_mib() {
        let hash = Argon2Hasher::default().hash(&Secret::new("x")).await.unwrap();
        assert!(hash.reveal().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.reveal());
    }
}
