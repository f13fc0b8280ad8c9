//! What databases say, in the words of the ports.

use diesel::result::{DatabaseErrorKind, Error as DatabaseError, QueryResult};
use pressroom_ports::StoreError;

/// Why a transaction was not done.
#[derive(Debug)]
pub enum Failure {
    /// The port has a word for it.
    Store(StoreError),
    /// The database failed.
    Database(DatabaseError),
}

impl Failure {
    /// Whether the same transaction may succeed if it is run again: another one was in its way.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Database(DatabaseError::DatabaseError(
                DatabaseErrorKind::SerializationFailure,
                _
            ))
        )
    }

    /// Whether the connection may be used on: the statement was refused, nothing else happened.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Store(_) | Self::Database(DatabaseError::NotFound) => true,
            Self::Database(DatabaseError::DatabaseError(kind, _)) => matches!(
                kind,
                DatabaseErrorKind::UniqueViolation
                    | DatabaseErrorKind::ForeignKeyViolation
                    | DatabaseErrorKind::NotNullViolation
                    | DatabaseErrorKind::CheckViolation
            ),
            Self::Database(_) => false,
        }
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => error,
            Failure::Database(error) => Self::unavailable(error),
        }
    }
}

/// Gives a broken constraint its meaning at the statement that broke it.
pub trait OnViolation<T> {
    /// Another row has the same key.
    ///
    /// # Errors
    /// What is meant by that, or whatever else the database said.
    fn on_duplicate(self, meaning: impl FnOnce() -> StoreError) -> Result<T, Failure>;

    /// A row that is named is not there, or one that goes is named.
    ///
    /// # Errors
    /// What is meant by that, or whatever else the database said.
    fn on_broken_reference(self, meaning: impl FnOnce() -> StoreError) -> Result<T, Failure>;
}

impl<T> OnViolation<T> for QueryResult<T> {
    fn on_duplicate(self, meaning: impl FnOnce() -> StoreError) -> Result<T, Failure> {
        on(self, DatabaseErrorKind::UniqueViolation, meaning)
    }

    fn on_broken_reference(self, meaning: impl FnOnce() -> StoreError) -> Result<T, Failure> {
        on(self, DatabaseErrorKind::ForeignKeyViolation, meaning)
    }
}

fn on<T>(
    result: QueryResult<T>,
    wanted: DatabaseErrorKind,
    meaning: impl FnOnce() -> StoreError,
) -> Result<T, Failure> {
    result.map_err(|error| match error {
        DatabaseError::DatabaseError(kind, _)
            if std::mem::discriminant(&kind) == std::mem::discriminant(&wanted) =>
        {
            Failure::Store(meaning())
        }
        error => Failure::Database(error),
    })
}
