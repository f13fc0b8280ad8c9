//! What the audit trail says.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use crate::{UserId, UserName};

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Which user; none for the server itself and for strangers.
    pub user_id: Option<UserId>,
    /// The name as it was then; `server` for the server itself.
    pub name: String,
}

impl Actor {
    /// The server itself.
    #[must_use]
    pub fn server() -> Self {
        Self { user_id: None, name: "server".to_owned() }
    }

    /// A user.
    #[must_use]
    pub fn user(id: UserId, name: &UserName) -> Self {
        Self { user_id: Some(id), name: name.to_string() }
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word that stands in the trail.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// The one of a word.
            #[must_use]
            pub fn find(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

words! {
    /// What was done.
    Verb {
        /// Made.
        Create = "create"
        /// Changed.
        Update = "update"
        /// Deleted.
        Delete = "delete"
        /// Given a new layout.
        Save = "save"
        /// Started.
        Start = "start"
        /// Cancelled.
        Cancel = "cancel"
        /// Given other permissions.
        Grant = "grant"
        /// Given another password.
        SetPassword = "set-password"
        /// Sent a link that activates the account.
        Invite = "invite"
        /// Asked for a link that sets another password.
        RequestReset = "request-reset"
        /// Given up, after it could not be done for days.
        GiveUp = "give-up"
        /// Shown with its secrets.
        Reveal = "reveal"
        /// Signed in.
        SignIn = "sign-in"
        /// Not let in.
        SignInRefused = "sign-in-refused"
        /// Stays signed in for longer.
        Prolong = "prolong"
        /// Signed out.
        SignOut = "sign-out"
        /// Given another token for a refresh token.
        Refresh = "refresh"
        /// Given an API key.
        CreateKey = "create-key"
        /// Deprived of an API key.
        DeleteKey = "delete-key"
    }
}

words! {
    /// What something was done to.
    SubjectKind {
        /// A category.
        Category = "category"
        /// A document.
        Document = "document"
        /// A data model.
        DataModel = "data-model"
        /// A user.
        User = "user"
        /// A group.
        Group = "group"
        /// An export.
        Export = "export"
        /// A mail.
        Mail = "mail"
        /// A job.
        Job = "job"
        /// A result of a job.
        JobResult = "job-result"
    }
}

/// What something was done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Which; none where the store is about to give it a number, and fills it in.
    pub id: Option<String>,
}

/// A line of the audit trail. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// From which address; none for the server itself.
    pub from: Option<IpAddr>,
    /// Did what.
    pub verb: Verb,
    /// To what.
    pub subject: Subject,
    /// What else a reader of the trail should know; mostly the name of the subject.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_again() {
        assert_eq!(Verb::find(Verb::SignInRefused.name()), Some(Verb::SignInRefused));
        assert_eq!(SubjectKind::find("data-model"), Some(SubjectKind::DataModel));
        assert_eq!(SubjectKind::find("Data Model"), None);
    }
}
