//! What an `IdentityProvider` promises.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use pressroom_domain::Secret;
use pressroom_ports::{IdentityError, IdentityProvider, PendingIdentity};

use super::assert_error;

/// Makes tests of an identity provider.
#[macro_export]
macro_rules! identity_provider_contract {
    ($make:expr) => {
        $crate::suite! { identity_provider, $make,
            each_sign_in_has_secrets_of_its_own
            says_who_it_is
            a_code_works_once
            a_code_works_only_with_what_is_remembered
            what_is_no_code_is_refused
        }
    };
}

/// What a browser brings back: code and state.
pub type Visit = Pin<Box<dyn Future<Output = (Secret, Secret)> + Send>>;

/// A provider, and somebody whom it knows.
pub struct Fixture {
    /// The provider.
    pub provider: Arc<dyn IdentityProvider>,
    /// Goes with a browser to an address that a sign-in began with, as the one whom the provider knows.
    pub visit: Box<dyn Fn(String) -> Visit + Send + Sync>,
    /// What the provider calls them for good.
    pub subject: &'static str,
    /// What they are called when they sign in.
    pub user_name: &'static str,
    /// Whatever must outlive the provider, such as its process.
    pub guard: Box<dyn std::any::Any + Send + Sync>,
}

async fn sign_in(made: &Fixture) -> (Secret, PendingIdentity) {
    let begun = made.provider.begin().await.unwrap();
    let (code, state) = (made.visit)(begun.url).await;
    assert_eq!(state, begun.pending.state, "the state comes back");
    (code, begun.pending)
}

/// Nobody can guess the secrets of a sign-in from those of another.
pub async fn each_sign_in_has_secrets_of_its_own(made: &Fixture) {
    let mut seen = BTreeSet::new();
    for _ in 0..3 {
        let pending = made.provider.begin().await.unwrap().pending;
        for secret in [pending.state, pending.nonce, pending.verifier] {
            assert!(secret.reveal().len() >= 22, "128 bits and more");
            assert!(seen.insert(secret.reveal().to_owned()));
        }
    }
}

/// The two halves together say who somebody is.
pub async fn says_who_it_is(made: &Fixture) {
    let (code, pending) = sign_in(made).await;
    let claims = made.provider.finish(&code, &pending).await.unwrap();
    assert_eq!(claims.subject.subject(), made.subject);
    assert!(claims.subject.issuer().starts_with("http"));
    assert_eq!(claims.user_name.as_deref(), Some(made.user_name));
    assert!(!made.provider.name().is_empty());
}

/// Who overhears a code has nothing of it.
pub async fn a_code_works_once(made: &Fixture) {
    let (code, pending) = sign_in(made).await;
    made.provider.finish(&code, &pending).await.unwrap();
    assert_error!(made.provider.finish(&code, &pending).await, IdentityError::Refused(_));
}

/// A code of another sign-in is refused: by its verifier, by its nonce.
pub async fn a_code_works_only_with_what_is_remembered(made: &Fixture) {
    let other = made.provider.begin().await.unwrap().pending;
    let (code, pending) = sign_in(made).await;
    let wrong = PendingIdentity { verifier: other.verifier.clone(), ..pending };
    assert_error!(made.provider.finish(&code, &wrong).await, IdentityError::Refused(_));
    let (code, pending) = sign_in(made).await;
    let wrong = PendingIdentity { nonce: other.nonce.clone(), ..pending };
    assert_error!(made.provider.finish(&code, &wrong).await, IdentityError::Refused(_));
}

/// Any text may come as a code.
pub async fn what_is_no_code_is_refused(made: &Fixture) {
    let pending = made.provider.begin().await.unwrap().pending;
    for code in ["x", "a b&c=d", "größe\u{0}", &"x".repeat(5_000)] {
        let answer = made.provider.finish(&Secret::new(code), &pending).await;
        assert_error!(answer, IdentityError::Refused(_));
    }
}
