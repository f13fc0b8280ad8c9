//! SHA-256 hashes that name bytes and tokens.

use std::fmt;
use std::str::FromStr;

/// The name of stored bytes: their SHA-256 hash, shown as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobHash([u8; 32]);

/// What the store keeps of an access token: its SHA-256 hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash([u8; 32]);

/// A text or a run of bytes that is not a SHA-256 hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 32 bytes or 64 hexadecimal digits")]
pub struct InvalidHash;

macro_rules! hash {
    ($name:ident) => {
        impl $name {
            /// The hash of these 32 bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The 32 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = InvalidHash;

            fn try_from(bytes: &[u8]) -> Result<Self, InvalidHash> {
                bytes.try_into().map(Self).map_err(|_| InvalidHash)
            }
        }
    };
}

hash!(BlobHash);
hash!(TokenHash);

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for BlobHash {
    type Err = InvalidHash;

    fn from_str(text: &str) -> Result<Self, InvalidHash> {
        from_hex(text).map(Self).ok_or(InvalidHash)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// `N` bytes of exactly `2 N` hexadecimal digits in any case.
pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_hash_reads_back_what_it_shows() {
        let hash = BlobHash::from_bytes(std::array::from_fn(|i| i as u8 * 8));
        assert_eq!(hash.to_string().len(), 64);
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!(BlobHash::try_from(hash.as_bytes().as_slice()), Ok(hash));
        assert_eq!("../../etc/passwd".parse::<BlobHash>(), Err(InvalidHash));
    }

    #[test]
    fn a_token_hash_never_prints() {
        assert_eq!(format!("{:?}", TokenHash::from_bytes([7; 32])), "TokenHash(…)");
    }
}
