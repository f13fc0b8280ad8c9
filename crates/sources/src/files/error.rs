//! Why a document gives no tables.

use rusqlite::ErrorCode;

/// Why a document gives no tables, in words that follow the model's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DocumentError {
    /// It is not what it is to be.
    #[error("its document cannot be read as {format}: {problem}")]
    Wrong { format: &'static str, problem: String },
    /// It is more than is borne.
    #[error("its document has more than {most} {what}; take a part of it")]
    TooMany { what: &'static str, most: u64 },
    #[error("its document is longer than {most} MB, the most that is read; take a part of it")]
    TooLong { most: u64 },
    #[error(
        "its document needs more than {most} MB of memory; take a part of it, or put it into a \
         database"
    )]
    TooMuch { most: u64 },
    #[error("its document holds no rows and no columns; give one that does")]
    Empty,
    /// It changed while it was read.
    #[error("its document was changed just now; try again")]
    Changed,
    /// An option is of no use.
    #[error("{0}")]
    Option(String),
    /// The reader is gone.
    #[error("nobody waits for it any more")]
    Stopped,
    /// What SQLite says against the tables.
    #[error("its document makes no tables: {0}")]
    Tables(String),
}

impl DocumentError {
    pub(crate) fn wrong(format: &'static str, problem: impl std::fmt::Display) -> Self {
        Self::Wrong { format, problem: problem.to_string() }
    }
}

impl From<rusqlite::Error> for DocumentError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull | ErrorCode::OutOfMemory) => {
                Self::TooMuch { most: super::document::MOST_MEMORY >> 20 }
            }
            Some(ErrorCode::OperationInterrupted) => Self::Stopped,
            _ => Self::Tables(error.to_string()),
        }
    }
}
