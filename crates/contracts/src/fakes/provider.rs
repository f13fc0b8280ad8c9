//! A provider that knows whom it is told to know.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use pressroom_domain::Secret;
use pressroom_ports::{
    BegunIdentity, ExternalClaims, IdentityError, IdentityProvider, PendingIdentity,
};

/// A provider that knows whom it is told to know. A test is the browser: it [visits](Self::visit) the
/// address that a sign-in begins with, and gets a code at once.
#[derive(Debug, Default)]
pub struct FakeProvider {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    begun: u64,
    claims: Option<ExternalClaims>,
    /// What was asked for by which code: nonce, verifier, and who it is.
    codes: BTreeMap<String, (String, String, Option<ExternalClaims>)>,
    away: bool,
}

impl FakeProvider {
    /// From now on this is who visits.
    pub fn knows(&self, claims: ExternalClaims) {
        self.lock().claims = Some(claims);
    }

    /// Makes every further call fail as if the provider could not be reached, or ends that.
    pub fn set_away(&self, away: bool) {
        self.lock().away = away;
    }

    /// Goes to an address that a sign-in began with, and gives the code and the state that the browser
    /// brings back.
    ///
    /// # Panics
    /// Where it is no such address.
    pub fn visit(&self, url: &str) -> (Secret, Secret) {
        let query = url.split_once('?').map(|(_, query)| query).expect("an address of the fake");
        let value = |name: &str| {
            let pair = query.split('&').find_map(|pair| pair.strip_prefix(name));
            pair.and_then(|pair| pair.strip_prefix('=')).expect("what was asked for").to_owned()
        };
        let mut state = self.lock();
        let code = format!("code{}", state.codes.len());
        let claims = state.claims.clone();
        state.codes.insert(code.clone(), (value("nonce"), value("verifier"), claims));
        (Secret::new(code), Secret::new(value("state")))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn check_here(&self) -> Result<(), IdentityError> {
        if !self.away {
            return Ok(());
        }
        Err(IdentityError::Unavailable {
            provider: "Fake".into(),
            detail: "the test said so".into(),
            source: "the test said so".into(),
        })
    }
}

#[async_trait]
impl IdentityProvider for FakeProvider {
    fn name(&self) -> &str {
        "Fake"
    }

    async fn begin(&self) -> Result<BegunIdentity, IdentityError> {
        let mut state = self.lock();
        state.check_here()?;
        state.begun += 1;
        let number = state.begun;
        let secret = |what: &str| format!("{what}-of-a-sign-in-that-is-number-{number}");
        let (given, nonce, verifier) = (secret("state"), secret("nonce"), secret("verifier"));
        let url = format!(
            "https://id.example.com/authorise?state={given}&nonce={nonce}&verifier={verifier}"
        );
        let pending = PendingIdentity {
            state: Secret::new(given),
            nonce: Secret::new(nonce),
            verifier: Secret::new(verifier),
        };
        Ok(BegunIdentity { url, pending })
    }

    async fn finish(
        &self,
        code: &Secret,
        pending: &PendingIdentity,
    ) -> Result<ExternalClaims, IdentityError> {
        let mut state = self.lock();
        state.check_here()?;
        let refused = |why: &str| IdentityError::Refused(why.to_owned());
        let found = state.codes.remove(code.reveal());
        let (nonce, verifier, claims) = found.ok_or_else(|| refused("the code was used before"))?;
        if nonce != pending.nonce.reveal() || verifier != pending.verifier.reveal() {
            return Err(refused("the code is somebody else's"));
        }
        claims.ok_or_else(|| refused("nobody is known"))
    }
}
