//! The key that seals secrets in the store: in the settings, or in a file beside the store.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;
use std::str::FromStr;

use anyhow::Context;
use pressroom_diesel_store::SealingKey;
use pressroom_ports::Random;

/// The bytes of a key.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

/// A text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key is 64 hexadecimal digits, such as `openssl rand -hex 32` prints")]
pub struct InvalidKey;

impl Key {
    /// What the store takes.
    #[must_use]
    pub fn sealing(&self) -> SealingKey {
        SealingKey::from_bytes(&self.0)
    }

    /// The bytes, for what else is sealed.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key in a file, if there is such a file.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        match std::fs::read_to_string(path) {
            Ok(text) => text
                .trim()
                .parse()
                .map(Some)
                .with_context(|| format!("the key file {} cannot be used", path.display())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(error).with_context(|| format!("cannot read the key file {}", path.display()))
            }
        }
    }

    /// The key in a file, which is made where it is missing.
    pub(crate) fn read_or_make(path: &Path, random: &dyn Random) -> anyhow::Result<Self> {
        if let Some(key) = Self::read(path)? {
            return Ok(key);
        }
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        match Self(bytes).write_new(path) {
            Ok(()) => Ok(Self(bytes)),
            // Another node was faster: its key counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Self::read(path)?.context("the key file came and went")
            }
            Err(error) => {
                Err(error).with_context(|| format!("cannot write the key file {}", path.display()))
            }
        }
    }

    /// Writes a whole file, for its owner only, or none.
    pub(crate) fn write_new(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let digits: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(file, "{digits}")?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path).map_err(|error| error.error)?;
        Ok(())
    }
}

impl FromStr for Key {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidKey);
        }
        for (place, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(2 * place..2 * place + 2).ok_or(InvalidKey)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| InvalidKey)?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::SystemRandom;

    #[test]
    fn a_key_is_made_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        assert_eq!(Key::read(&path).unwrap(), None);
        let made = Key::read_or_make(&path, &SystemRandom).unwrap();
        assert_eq!(Key::read_or_make(&path, &SystemRandom).unwrap(), made);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "no key").unwrap();
        let error = format!("{:#}", Key::read(&path).unwrap_err());
        assert!(error.contains("secret.key cannot be used: a key is 64"), "{error}");
    }

    #[test]
    fn keys_are_hexadecimal() {
        let digits = "00ff".repeat(16);
        assert_eq!(digits.parse::<Key>().unwrap().0[..2], [0, 255]);
        for wrong in ["", "00", &"é".repeat(32), &"0g".repeat(32), &"+f".repeat(32)] {
            assert_eq!(wrong.parse::<Key>(), Err(InvalidKey), "{wrong}");
        }
    }
}
