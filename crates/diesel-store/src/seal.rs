//! Secrets that nobody reads who has only the file.

use std::fmt;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use pressroom_ports::StoreError;

/// Begins every sealed text; the number is the way of sealing.
const MARK: &str = "sealed:1:";
const NONCE: usize = 24;

/// The key that secrets are sealed with before they are stored. It belongs beside the store, not in
/// it: in a file or the environment.
#[derive(Clone)]
pub struct SealingKey(Arc<XChaCha20Poly1305>);

impl SealingKey {
    /// The key of these 32 random bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Arc::new(XChaCha20Poly1305::new(bytes.into())))
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(***)")
    }
}

/// Where the clones of a store find the key, once it was given.
pub type KeyRing = Arc<OnceLock<SealingKey>>;

/// Seals a text for one place in the store: moved to another, it no longer opens. Without a key it
/// stays as it is.
///
/// # Errors
/// [`StoreError::Unavailable`] where there are no random bytes.
pub fn seal(key: Option<&SealingKey>, text: String, place: &str) -> Result<String, StoreError> {
    let Some(SealingKey(cipher)) = key else { return Ok(text) };
    let failed = |_| StoreError::unavailable("a secret could not be sealed");
    let nonce = XNonce::try_generate().map_err(StoreError::unavailable)?;
    let payload = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
    let mut sealed = nonce.to_vec();
    sealed.extend(cipher.encrypt(&nonce, payload).map_err(failed)?);
    Ok(format!("{MARK}{}", STANDARD_NO_PAD.encode(sealed)))
}

/// Whether a text was sealed.
#[must_use]
pub fn is_sealed(text: &str) -> bool {
    text.starts_with(MARK)
}

/// Opens what [`seal`] sealed; a text that never was sealed stays as it is.
///
/// # Errors
/// What is wrong and what to do.
pub fn unseal(key: Option<&SealingKey>, text: String, place: &str) -> Result<String, &'static str> {
    let Some(sealed) = text.strip_prefix(MARK) else { return Ok(text) };
    let Some(SealingKey(cipher)) = key else {
        return Err("it is sealed, and the server has no key; give it the key of this store");
    };
    let damaged =
        "it is sealed with another key, or damaged; give the server the key of this store";
    let sealed = STANDARD_NO_PAD.decode(sealed).map_err(|_| damaged)?;
    let (nonce, sealed) = sealed.split_at_checked(NONCE).ok_or(damaged)?;
    let nonce = XNonce::try_from(nonce).map_err(|_| damaged)?;
    let payload = Payload { msg: sealed, aad: place.as_bytes() };
    let opened = cipher.decrypt(&nonce, payload).map_err(|_| damaged)?;
    String::from_utf8(opened).map_err(|_| damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_and_the_place_open_it() {
        let (key, other) = (SealingKey::from_bytes(&[1; 32]), SealingKey::from_bytes(&[2; 32]));
        let seal = |text: &str| seal(Some(&key), text.to_owned(), "a").unwrap();
        let sealed = seal("Password=hunter2");
        assert!(!sealed.contains("hunter2"));
        assert_ne!(sealed, seal("Password=hunter2"), "no two are the same");
        let open = |key, text: &str, place| unseal(key, text.to_owned(), place);
        assert_eq!(open(Some(&key), &sealed, "a"), Ok("Password=hunter2".to_owned()));
        assert!(open(Some(&key), &sealed, "b").is_err());
        assert!(open(Some(&other), &sealed, "a").is_err());
        assert!(open(None, &sealed, "a").is_err());
        assert!(open(Some(&key), "sealed:1:AAAA", "a").is_err());
        assert!(open(Some(&key), "sealed:1:*", "a").is_err());
        assert_eq!(open(Some(&key), "plain", "a"), Ok("plain".to_owned()));
        assert_eq!(format!("{key:?}"), "SealingKey(***)");
    }
}
