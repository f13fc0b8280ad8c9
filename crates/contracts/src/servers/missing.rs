//! What a test needs and the machine lacks.

use std::fmt;
use std::panic::resume_unwind;

/// Something that a test needs is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    words: String,
    required: bool,
}

/// The payload by which [`crate::run`] knows a test that was skipped.
pub(crate) struct Skipped;

impl Missing {
    /// Something that everybody can install: with `CI=true` it has to be there.
    pub(super) fn required(words: impl Into<String>) -> Self {
        Self { words: words.into(), required: std::env::var("CI").is_ok_and(|ci| ci == "true") }
    }

    /// Something that not everybody can have.
    pub(super) fn optional(words: impl Into<String>) -> Self {
        Self { words: words.into(), required: false }
    }

    /// Whether tests fail without it, rather than being skipped.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.required
    }

    /// Ends a test that [`crate::run`] runs, as one that passed, and says so on the standard error.
    ///
    /// # Panics
    /// With the same words, where what is missing [is required](Self::is_required).
    pub fn skip<T>(self) -> T {
        assert!(!self.required, "{self}");
        eprintln!("skipped: {self}");
        // Without the hook that tells of panics: nothing is wrong.
        resume_unwind(Box::new(Skipped))
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Missing {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_lacks_something_ends_early_and_well() {
        crate::run(async {
            let missing = Missing::optional("no such server");
            missing.skip::<()>();
            panic!("the test goes on");
        });
    }

    #[test]
    #[should_panic(expected = "install it")]
    fn what_is_required_has_to_be_there() {
        let missing = Missing { words: "install it".into(), required: true };
        crate::run(async { missing.skip() });
    }
}
