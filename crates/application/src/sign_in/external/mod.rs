//! Signing in by what another provider says: its first half, here to there, and its second, there to
//! here.

mod account;
mod begin;
mod finish;
mod pending;

pub use begin::{BegunSignIn, begin};
pub use finish::{FinishSignIn, FinishedSignIn, finish};
pub use pending::{PENDING_FOR, PendingSignIns};

use pressroom_ports::{IdentityError, StoreError};

use crate::Error;

/// What a site allows to those whom another provider knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExternalSettings {
    /// Whether whoever comes for the first time gets an account.
    pub create_users: bool,
    /// A group there, and the group here, by its name, that those are in who are in that one.
    pub groups: Vec<(String, String)>,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum ExternalError {
    /// There is no other provider.
    #[error("this site has no other provider to sign in with; sign in with a password")]
    NoProvider,
    /// What the browser brings back is not what it was given here a short while ago.
    #[error(
        "this sign-in was not begun in this browser, was completed before, or took longer than ten \
         minutes; begin again"
    )]
    NotBegun,
    /// The provider did not say who it is.
    #[error("the sign-in could not be completed: {0}; begin again")]
    Refused(String),
    /// It is known who it is, but they are not let in.
    #[error("{0}; ask an administrator")]
    NotWelcome(String),
    /// The server, or the provider, cannot tell now.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<StoreError> for ExternalError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<IdentityError> for ExternalError {
    fn from(error: IdentityError) -> Self {
        let message = error.to_string();
        match error {
            IdentityError::Refused(why) => Self::Refused(why),
            IdentityError::Unavailable { source, .. } => {
                Self::Failed(Error::Unavailable { message, source })
            }
        }
    }
}
