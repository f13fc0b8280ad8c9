//! Mails that the server sends.

use std::fmt;

use crate::EmailAddress;

/// A mail that the server sends. What it says may hold a link that signs somebody in: it never
/// prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Who gets it; all of them see each other.
    pub to: Vec<EmailAddress>,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
    /// What it says, as HTML.
    pub html: String,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("to", &self.to)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}
