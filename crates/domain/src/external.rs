//! People whom another provider knows.

use crate::text::one_line;
use crate::{InvalidText, NewUser};

/// Who somebody is at an OpenID Connect provider: the one thing about them that never changes, and
/// that nobody else gets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalSubject {
    issuer: String,
    subject: String,
}

impl ExternalSubject {
    /// A subject of an issuer: each at most 255 characters, as OpenID Connect Core 1.0 §2 bounds
    /// the subject. Both are kept letter by letter: they are compared exactly.
    ///
    /// # Errors
    /// [`InvalidText`] when one is empty, too long or more than a line.
    pub fn new(issuer: &str, subject: &str) -> Result<Self, InvalidText> {
        one_line("an issuer", issuer, 255)?;
        one_line("a subject", subject, 255)?;
        Ok(Self { issuer: issuer.to_owned(), subject: subject.to_owned() })
    }

    /// The issuer's address.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What the issuer calls them.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }
}

/// Somebody whom a provider knows and this site does not know yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewExternalUser {
    /// Who they are there.
    pub subject: ExternalSubject,
    /// Who they are here.
    pub user: NewUser,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_bounded_and_kept_as_they_are() {
        let subject = ExternalSubject::new("https://id.example.com", "Ann|42").unwrap();
        assert_eq!((subject.issuer(), subject.subject()), ("https://id.example.com", "Ann|42"));
        for (issuer, subject) in [("", "x"), ("x", ""), ("x", &*"s".repeat(256)), ("x", "a\nb")] {
            assert!(ExternalSubject::new(issuer, subject).is_err(), "{issuer} {subject}");
        }
    }
}
