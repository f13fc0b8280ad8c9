//! Why a store was not opened.

use std::error::Error;
use std::io;

use diesel::result::{DatabaseErrorKind, Error as DatabaseError};

/// Why a store was not opened. A place is a path or an address, without a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no store, and none is to be made.
    #[error(
        "there is no store at {0}; give the place of an existing one, or start the server there once"
    )]
    Missing(String),
    /// What was given cannot be a place.
    #[error("the place {place} of the store cannot be used: {reason}")]
    Place {
        /// As it was given.
        place: String,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// It is something else.
    #[error("the database at {0} is not a store of this server; choose another place")]
    Foreign(String),
    /// A newer version made or changed it.
    #[error(
        "the store at {place} was changed by a newer version (migration {version}); run that version or a newer one"
    )]
    Newer {
        /// Where it is.
        place: String,
        /// The newest migration that this version does not know.
        version: String,
    },
    /// There is no room for what is written when a store is opened.
    #[error(
        "the disk that holds the store at {0} is full; free some space there, then start again"
    )]
    Full(String),
    /// Its file is not what was written.
    #[error("the store at {place} is damaged ({finding}); bring back a backup")]
    Damaged {
        /// Where it is.
        place: String,
        /// What the engine found first.
        finding: String,
    },
    /// The database could not be reached.
    #[error("the store at {place} cannot be reached: {source}")]
    Away {
        /// Where it is.
        place: String,
        /// What happened.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The database could not open, read or migrate it.
    #[error("the store at {place} cannot be opened: {source}")]
    Database {
        /// Where it is.
        place: String,
        /// What happened.
        source: Box<dyn Error + Send + Sync>,
    },
    /// No thread could be started.
    #[error("no thread could be started for the store: {0}")]
    Thread(#[source] io::Error),
}

impl OpenError {
    /// What the database at a place said in the middle of being opened; it may have gone away.
    #[must_use]
    pub fn said(place: &str, source: Box<dyn Error + Send + Sync>) -> Self {
        let place = place.to_owned();
        if is_lost(&*source) {
            Self::Away { place, source }
        } else {
            Self::Database { place, source }
        }
    }
}

/// Whether a connection was lost, here or in what an error stands on.
fn is_lost(error: &(dyn Error + 'static)) -> bool {
    let lost = matches!(
        error.downcast_ref(),
        Some(DatabaseError::DatabaseError(
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
            _
        ))
    );
    lost || error.source().is_some_and(is_lost)
}
