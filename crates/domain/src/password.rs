//! What a password must be.

use crate::{Secret, UserName};

/// The fewest characters of a password.
const SHORTEST: usize = 8;
/// The most bytes of a password: hashing costs time by the byte.
const LONGEST_BYTES: usize = 256;

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too short to be safe.
    #[error("a password must have at least {SHORTEST} characters")]
    Short,
    /// Longer than is hashed.
    #[error("a password must have at most {LONGEST_BYTES} bytes")]
    Long,
    /// What everybody would try first.
    #[error("the password must not be the user name")]
    UserName,
}

/// Whether somebody may choose this password. Length is what makes one strong: nothing is asked of its
/// characters.
///
/// # Errors
/// [`WeakPassword`].
pub fn check_password(password: &Secret, user_name: &UserName) -> Result<(), WeakPassword> {
    let text = password.reveal();
    if text.chars().count() < SHORTEST {
        Err(WeakPassword::Short)
    } else if text.len() > LONGEST_BYTES {
        Err(WeakPassword::Long)
    } else if text.trim().to_lowercase() == user_name.key() {
        Err(WeakPassword::UserName)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords() {
        let long = UserName::new("Ann.Ångström");
        for (password, expect) in [
            ("", Err(WeakPassword::Short)),
            ("1234567", Err(WeakPassword::Short)),
            ("ééééééé", Err(WeakPassword::Short)),
            ("éééééééé", Ok(())),
            ("        ", Ok(())),
            (&"x".repeat(256), Ok(())),
            (&"x".repeat(257), Err(WeakPassword::Long)),
            ("ANN.ångström ", Err(WeakPassword::UserName)),
        ] {
            let checked = long.as_ref().map(|name| check_password(&Secret::new(password), name));
            assert_eq!(checked, Ok(expect), "{password}");
        }
    }
}
