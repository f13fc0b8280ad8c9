//! Another provider that says who somebody is.

use async_trait::async_trait;
use pressroom_domain::{ExternalSubject, Secret};

/// What is remembered of a sign-in between its two halves: nobody but the server may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingIdentity {
    /// Comes back beside the code.
    pub state: Secret,
    /// Comes back within the provider's signed answer.
    pub nonce: Secret,
    /// Proves that whoever brings the code is whoever began.
    pub verifier: Secret,
}

/// The first half of a sign-in.
#[derive(Clone, Debug)]
pub struct BegunIdentity {
    /// The address at the provider to which the browser is sent.
    pub url: String,
    /// What is needed for the second half.
    pub pending: PendingIdentity,
}

/// What a provider says about somebody. All but the subject may change from one time to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalClaims {
    /// Who they are, for good.
    pub subject: ExternalSubject,
    /// What they would like to be called when they sign in.
    pub user_name: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// The whole name, where the parts are not told.
    pub name: Option<String>,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// Whether the provider has seen that it does.
    pub email_verified: bool,
    /// The groups that they are in there; none where the provider does not tell.
    pub groups: Option<Vec<String>>,
}

/// Why a provider did not say who somebody is.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The code, or what came for it, is not what was asked for. Beginning again may help.
    #[error("the sign-in could not be completed: {0}; begin again")]
    Refused(String),
    /// The provider cannot be reached or does not do what it must; the same call may work later.
    #[error("{provider} is not available for signing in: {detail}; try again in a moment")]
    Unavailable {
        /// What the site calls the provider.
        provider: String,
        /// What it did not do. Holds no secret.
        detail: String,
        /// What happened.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Another provider that says who somebody is: the authorisation code flow of OpenID Connect
/// Core 1.0 §3.1, with PKCE (RFC 7636).
///
/// # Contract
/// - State, nonce and verifier MUST be random, of 128 bits or more, and new with each call of
///   [`begin`](Self::begin).
/// - [`finish`](Self::finish) MUST NOT give claims unless the provider that the site trusts signed
///   them, for this site, with the nonce that is remembered, and their time has not passed.
/// - Neither call may take longer than the adapter's time limit, whatever the provider does.
#[async_trait]
pub trait IdentityProvider: Send + Sync {
    /// What people call the provider, for "Sign in with NAME".
    fn name(&self) -> &str;

    /// The first half: where to send the browser.
    async fn begin(&self) -> Result<BegunIdentity, IdentityError>;

    /// The second half: who it is, for the code that the browser brought back. That the state is the
    /// remembered one is the caller's to check.
    async fn finish(
        &self,
        code: &Secret,
        pending: &PendingIdentity,
    ) -> Result<ExternalClaims, IdentityError>;
}
