//! What is remembered between the two halves of a sign-in: in the browser, sealed.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use chrono::{DateTime, TimeDelta, Utc};
use pressroom_domain::{Secret, TokenHash};
use pressroom_ports::{PendingIdentity, Random};
use serde_json::{Value, json};

use crate::tokens::hash;

/// How long a sign-in may take from its first half to its second.
pub const PENDING_FOR: TimeDelta = TimeDelta::minutes(10);
/// How many finished ones are remembered at most; beyond it the older half is forgotten.
const MOST: usize = 10_000;
const NONCE: usize = 24;
/// What the sealed text is for: nothing else that is sealed with the same key opens as it.
const PLACE: &[u8] = b"pending sign-in";

/// Sign-ins between their two halves. A browser keeps its own, sealed, so that a stranger who begins
/// many fills nothing here, and any node that has the same key takes the second half. Which of them
/// were finished is kept here, until their time has passed.
#[derive(Default)]
pub struct PendingSignIns {
    key: OnceLock<XChaCha20Poly1305>,
    /// The hashes of states whose second half has come, and when they would have expired.
    finished: Mutex<BTreeMap<TokenHash, DateTime<Utc>>>,
}

/// A sign-in between its two halves.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) identity: PendingIdentity,
    /// Where the browser goes once it is signed in.
    pub(super) return_to: String,
    /// When it is too late for the second half.
    pub(super) expires_at: DateTime<Utc>,
}

impl PendingSignIns {
    /// Seals with a key that other nodes have too. Without one, a key of this process is made up.
    #[must_use]
    pub fn with_key(key: &[u8; 32]) -> Self {
        Self { key: XChaCha20Poly1305::new(key.into()).into(), ..Self::default() }
    }

    /// The text that the browser keeps; none where it cannot be made.
    pub(super) fn seal(&self, random: &dyn Random, pending: &Pending) -> Option<Secret> {
        let Pending { identity, return_to, expires_at } = pending;
        let text = json!([
            identity.state.reveal(),
            identity.nonce.reveal(),
            identity.verifier.reveal(),
            return_to,
            expires_at.timestamp_micros(),
        ])
        .to_string();
        let mut nonce = [0; NONCE];
        random.fill(&mut nonce);
        let payload = Payload { msg: text.as_bytes(), aad: PLACE };
        let sealed = self.cipher(random).encrypt(&XNonce::from(nonce), payload).ok()?;
        Some(Secret::new(BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat())))
    }

    /// What [`seal`](Self::seal) sealed.
    pub(super) fn open(&self, random: &dyn Random, text: &Secret) -> Option<Pending> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.reveal()).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let nonce = XNonce::try_from(nonce).ok()?;
        let payload = Payload { msg: sealed, aad: PLACE };
        let opened = self.cipher(random).decrypt(&nonce, payload).ok()?;
        let Ok(Value::Array(parts)) = serde_json::from_slice(&opened) else { return None };
        let [state, nonce, verifier, return_to, expires_at] = parts.as_slice() else { return None };
        let secret = |value: &Value| value.as_str().map(Secret::new);
        Some(Pending {
            identity: PendingIdentity {
                state: secret(state)?,
                nonce: secret(nonce)?,
                verifier: secret(verifier)?,
            },
            return_to: return_to.as_str()?.to_owned(),
            expires_at: DateTime::from_timestamp_micros(expires_at.as_i64()?)?,
        })
    }

    /// Takes the second half of a sign-in. False where it has come before.
    pub(super) fn finish(&self, pending: &Pending, now: DateTime<Utc>) -> bool {
        let mut finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        if finished.len() >= MOST {
            finished.retain(|_, expires_at| *expires_at > now);
        }
        if finished.len() >= MOST {
            // The older half, so that the look at all of them comes once in a long while.
            let mut times: Vec<DateTime<Utc>> = finished.values().copied().collect();
            let (_, middle, _) = times.select_nth_unstable(MOST / 2);
            let middle = *middle;
            finished.retain(|_, expires_at| *expires_at > middle);
        }
        finished.insert(hash(pending.identity.state.reveal()), pending.expires_at).is_none()
    }

    fn cipher(&self, random: &dyn Random) -> &XChaCha20Poly1305 {
        self.key.get_or_init(|| {
            let mut key = [0; 32];
            random.fill(&mut key);
            XChaCha20Poly1305::new(&key.into())
        })
    }
}

impl std::fmt::Debug for PendingSignIns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingSignIns").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::fakes::CountingRandom;

    use super::*;

    fn pending(state: &str) -> Pending {
        Pending {
            identity: PendingIdentity {
                state: Secret::new(state),
                nonce: Secret::new("n"),
                verifier: Secret::new("a secret \"verifier\""),
            },
            return_to: "/größe?a=b".into(),
            expires_at: DateTime::UNIX_EPOCH + PENDING_FOR,
        }
    }

    #[test]
    fn only_who_has_the_key_reads_it() {
        let random = CountingRandom::default();
        let (one, other) = (PendingSignIns::with_key(&[1; 32]), PendingSignIns::with_key(&[2; 32]));
        let sealed = one.seal(&random, &pending("s")).unwrap();
        assert!(!sealed.reveal().contains("verifier"));
        let same_key = PendingSignIns::with_key(&[1; 32]);
        assert_eq!(same_key.open(&random, &sealed), Some(pending("s")), "another node reads it");
        assert_eq!(other.open(&random, &sealed), None);
        for text in ["", "x", "AAAA", &sealed.reveal()[1..], &"A".repeat(5_000)] {
            assert_eq!(one.open(&random, &Secret::new(text)), None, "{text}");
        }
    }

    #[test]
    fn the_second_half_comes_once() {
        let signs = PendingSignIns::default();
        let now = DateTime::UNIX_EPOCH;
        assert!(signs.finish(&pending("a"), now));
        assert!(signs.finish(&pending("b"), now));
        assert!(!signs.finish(&pending("a"), now));
        let count = || signs.finished.lock().unwrap().len();
        let mut number = 0;
        while count() < MOST {
            number += 1;
            signs.finish(&pending(&number.to_string()), now);
        }
        signs.finish(&pending("c"), now + PENDING_FOR);
        assert_eq!(count(), 1, "what expired is forgotten");
    }
}
