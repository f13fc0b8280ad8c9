//! Why a use case did not do what it was asked, in words for whoever asked.

use pressroom_domain::OptimisticLock;
use pressroom_ports::{BlobError, Kind, PasswordError, StoreError};

use crate::App;

/// A field of a command and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field, as the API writes it.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Problem {
    /// A problem of a field.
    #[expect(clippy::needless_pass_by_value, reason = "errors are handed over as they come")]
    pub fn new(field: impl Into<String>, message: impl ToString) -> Self {
        Self { field: field.into(), message: message.to_string() }
    }
}

/// Why a use case did not do what it was asked. Nothing was changed then.
///
/// There is a variant for each thing that a caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Sign in (again), and ask again.
    #[error("the token is missing, unknown or expired; sign in again")]
    Unauthenticated,
    /// Ask an administrator for the right.
    #[error("{0}; ask an administrator for that right")]
    Forbidden(String),
    /// It is not there, or not for the caller to see.
    #[error("{what} {id} does not exist")]
    NotFound {
        /// What it was to be.
        what: String,
        /// The id that was asked for.
        id: String,
    },
    /// It was there; make it again.
    #[error("{0}")]
    Gone(String),
    /// Put the fields right.
    #[error("{}", in_one_line(.0))]
    Invalid(Vec<Problem>),
    /// Put the layout right.
    #[error("the layout cannot be used: {message}")]
    Layout {
        /// What is wrong, with its place.
        message: String,
        /// The line, from 1, where it is known.
        line: Option<u32>,
        /// The column, from 1, where it is known.
        column: Option<u32>,
    },
    /// Read it again, and repeat the change on what is there now.
    #[error(
        "{what} {id} was changed meanwhile: its optimisticLock is {current} now; read it again and repeat the change"
    )]
    Stale {
        /// What it is.
        what: String,
        /// Its id.
        id: String,
        /// Its lock as it is now.
        current: OptimisticLock,
    },
    /// It cannot be done in the state that things are in.
    #[error("{0}")]
    Conflict(String),
    /// This version cannot do it.
    #[error("{0}")]
    NotBuilt(String),
    /// Ask again later.
    #[error("{message}")]
    Unavailable {
        /// What is away.
        message: String,
        /// What happened: for the log, not for the caller.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// One field is wrong.
    pub fn invalid(field: impl Into<String>, message: impl ToString) -> Self {
        Self::Invalid(vec![Problem::new(field, message)])
    }

    /// It is not there, or not for the caller to see.
    #[expect(clippy::needless_pass_by_value, reason = "ids are handed over as they come")]
    pub fn not_found(what: impl ToString, id: impl ToString) -> Self {
        Self::NotFound { what: what.to_string(), id: id.to_string() }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::NotFound { kind, id } => Self::not_found(kind, id),
            StoreError::Conflict { kind, id, current } => {
                Self::Stale { what: kind.to_string(), id, current }
            }
            StoreError::Duplicate { .. }
            | StoreError::InUse { .. }
            | StoreError::NoAdministratorLeft(_) => Self::Conflict(message),
            StoreError::Full(_) | StoreError::Unavailable(_) => {
                Self::Unavailable { message, source: error.into() }
            }
            StoreError::Unreadable { kind, .. } => Self::Unavailable {
                message: format!("a stored {kind} cannot be read; the server's log tells which"),
                source: error.into(),
            },
        }
    }
}

impl From<BlobError> for Error {
    fn from(error: BlobError) -> Self {
        Self::Unavailable { message: error.to_string(), source: error.into() }
    }
}

impl From<PasswordError> for Error {
    fn from(error: PasswordError) -> Self {
        Self::Unavailable {
            message: "the password cannot be checked now; try again in a moment".to_owned(),
            source: error.into(),
        }
    }
}

fn in_one_line(problems: &[Problem]) -> String {
    let texts: Vec<String> =
        problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect();
    texts.join("; ")
}

/// Gathers what is wrong with the fields of a command, so that a caller hears it all at once.
#[derive(Debug, Default)]
pub(crate) struct Check(Vec<Problem>);

impl Check {
    /// The value of a field, or none and a problem.
    pub(crate) fn field<T, E: std::fmt::Display>(
        &mut self,
        field: &str,
        value: Result<T, E>,
    ) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(error) => {
                self.0.push(Problem::new(field, error));
                None
            }
        }
    }

    /// A lock must be given where the site asks for it.
    pub(crate) fn lock(&mut self, app: &App, lock: Option<OptimisticLock>) {
        if lock.is_none() && app.settings.require_lock {
            let message = "is missing; give the one that came with what you read";
            self.0.push(Problem::new("optimisticLock", message));
        }
    }

    /// Something else that is wrong.
    pub(crate) fn add(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    /// Whether all was right.
    pub(crate) fn end(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Invalid(self.0)) }
    }

    /// What was wrong. To be called where a field is known to be missing.
    pub(crate) fn into_error(self) -> Error {
        Error::Invalid(self.0)
    }
}

/// What a kind is, for an error about an id.
pub(crate) fn missing(kind: Kind, id: impl ToString) -> Error {
    Error::not_found(kind, id)
}
