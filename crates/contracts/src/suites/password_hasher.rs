//! What a `PasswordHasher` promises.

use pressroom_domain::{PasswordHash, Secret};
use pressroom_ports::{PasswordError, PasswordHasher};

use super::assert_error;

/// Makes tests of a hasher of passwords.
#[macro_export]
macro_rules! password_hasher_contract {
    ($make:expr) => {
        $crate::suite! { password_hasher, (async || $make()),
            knows_a_password_again
            salts_each_hash
            without_a_hash_nothing_is_right
            a_hash_that_is_none_is_an_error
        }
    };
}

/// The right password is right, any other is wrong.
pub async fn knows_a_password_again(hasher: &impl PasswordHasher) {
    for text in ["correct horse", "", "Größe 漢字 🧾", &"x".repeat(1_000)] {
        let hash = hasher.hash(&Secret::new(text)).await.unwrap();
        assert!(hasher.verify(&Secret::new(text), Some(&hash)).await.unwrap());
        for wrong in ["Correct horse", "x", &format!("{text} ")] {
            assert!(!hasher.verify(&Secret::new(wrong), Some(&hash)).await.unwrap());
        }
    }
}

/// Equal passwords do not show.
pub async fn salts_each_hash(hasher: &impl PasswordHasher) {
    let password = Secret::new("correct horse");
    let (one, two) = (hasher.hash(&password).await.unwrap(), hasher.hash(&password).await.unwrap());
    assert_ne!(one, two);
}

/// Who has no password cannot sign in by one.
pub async fn without_a_hash_nothing_is_right(hasher: &impl PasswordHasher) {
    for text in ["", "correct horse"] {
        assert!(!hasher.verify(&Secret::new(text), None).await.unwrap());
    }
}

/// A damaged hash is told, not taken for a wrong password.
pub async fn a_hash_that_is_none_is_an_error(hasher: &impl PasswordHasher) {
    let broken = PasswordHash::new("not a hash");
    assert_error!(
        hasher.verify(&Secret::new("x"), Some(&broken)).await,
        PasswordError::Unreadable(_)
    );
}
