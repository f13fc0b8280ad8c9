//! What goes wrong with a store, in the words of its ports.

use std::error::Error;
use std::fmt;

use pressroom_domain::{LockConflict, NoAdministratorLeft, OptimisticLock};

/// What an entity is, in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A category.
    Category,
    /// A document.
    Document,
    /// A revision of a document.
    Revision,
    /// A data model.
    DataModel,
    /// A custom query of a data model.
    CustomQuery,
    /// A user.
    User,
    /// A group.
    Group,
    /// An access token.
    Token,
    /// A sign-in.
    SignIn,
    /// An API key.
    ApiKey,
    /// An export.
    Export,
    /// A mail.
    Mail,
    /// A link that sets a password.
    AccountLink,
    /// A job.
    Job,
    /// A run of a job.
    JobRun,
    /// A result of a job.
    JobResult,
    /// A line of the audit trail.
    AuditLine,
    /// A moment that the site remembers.
    Moment,
    /// A server among those that share a store.
    Node,
    /// A row, whatever it is of.
    Row,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Category => "category",
            Self::Document => "document",
            Self::Revision => "revision",
            Self::DataModel => "data model",
            Self::CustomQuery => "custom query",
            Self::User => "user",
            Self::Group => "group",
            Self::Token => "token",
            Self::SignIn => "sign-in",
            Self::ApiKey => "API key",
            Self::Export => "export",
            Self::Mail => "mail",
            Self::AccountLink => "account link",
            Self::Job => "job",
            Self::JobRun => "run",
            Self::JobResult => "job result",
            Self::Moment => "moment",
            Self::Node => "node",
            Self::Row => "row",
            Self::AuditLine => "line of the audit trail",
        })
    }
}

/// Why the store did not do it. Nothing was written then.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is none of that id; also where a write names another entity that is not there.
    #[error("{kind} {id} does not exist")]
    NotFound {
        /// What it was to be.
        kind: Kind,
        /// The id as it was asked for.
        id: String,
    },
    /// Somebody else wrote since the writer read.
    #[error("{kind} {id} was changed meanwhile: its optimisticLock is {current} now")]
    Conflict {
        /// What it is.
        kind: Kind,
        /// Its id.
        id: String,
        /// Its lock as it is now.
        current: OptimisticLock,
    },
    /// Another one is called the same.
    #[error("there is a {kind} called \"{name}\" already; choose another name")]
    Duplicate {
        /// What it is.
        kind: Kind,
        /// The name.
        name: String,
    },
    /// Something else needs it.
    #[error("{kind} {id} is still in use: {by}")]
    InUse {
        /// What it is.
        kind: Kind,
        /// Its id.
        id: String,
        /// What needs it, such as `it holds 3 documents`.
        by: String,
    },
    /// Nobody could administer the site any more.
    #[error(transparent)]
    NoAdministratorLeft(#[from] NoAdministratorLeft),
    /// There is no room for what was to be written; the same call works once there is.
    #[error("the disk that holds the store is full; free some space there, then try again")]
    Full(#[source] Box<dyn Error + Send + Sync>),
    /// The store cannot be reached or is busy; the same call may work later.
    #[error("the store is not available now; try again in a moment")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The store holds what this version cannot read.
    #[error("the store holds a {kind} that this version cannot read: {detail}")]
    Unreadable {
        /// What it is.
        kind: Kind,
        /// Which, and what is wrong with it.
        detail: String,
    },
}

impl StoreError {
    /// There is none of that id.
    pub fn not_found(kind: Kind, id: impl fmt::Display) -> Self {
        Self::NotFound { kind, id: id.to_string() }
    }

    /// Another one is called the same.
    pub fn duplicate(kind: Kind, name: impl fmt::Display) -> Self {
        Self::Duplicate { kind, name: name.to_string() }
    }

    /// Something else needs it.
    pub fn in_use(kind: Kind, id: impl fmt::Display, by: impl Into<String>) -> Self {
        Self::InUse { kind, id: id.to_string(), by: by.into() }
    }

    /// Somebody else wrote since the writer read.
    pub fn conflict(kind: Kind, id: impl fmt::Display, conflict: LockConflict) -> Self {
        Self::Conflict { kind, id: id.to_string(), current: conflict.current }
    }

    /// There is no room for what was to be written.
    pub fn full(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Full(source.into())
    }

    /// Whether the same call may work later, without anybody changing what it asks for.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Full(_) | Self::Unavailable(_))
    }

    /// The store cannot be reached or is busy.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }
}
