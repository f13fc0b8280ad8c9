//! What SQLite says, in the words of the ports.

use std::path::Path;

use diesel::result::{DatabaseErrorKind, Error as DatabaseError, QueryResult};
use pressroom_ports::StoreError;

use crate::disk::is_full;

/// Why a transaction was not done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The port has a word for it.
    Store(StoreError),
    /// The database failed.
    Database(DatabaseError),
}

impl Failure {
    /// Whether the connection may be used on: the statement was refused, nothing else happened.
    pub(crate) fn is_refusal(&self) -> bool {
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

impl Failure {
    /// The failure of a write to the store in a file, which may have found no room.
    pub(crate) fn of_write(self, store: &Path) -> StoreError {
        match self {
            Self::Database(error) if is_full(&error.to_string(), store) => StoreError::full(error),
            other => other.into(),
        }
    }
}

/// Gives a broken constraint its meaning at the statement that broke it.
pub(crate) trait OnViolation<T> {
    /// Another row has the same key.
    fn on_duplicate(self, meaning: impl FnOnce() -> StoreError) -> Result<T, Failure>;

    /// A row that is named is not there, or one that goes is named.
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use diesel::connection::SimpleConnection;
    use pressroom_contracts::suites::full_store::{Fixture, Moment};
    use pressroom_ports::Stores;

    use crate::Store;

    /// A store whose file may not grow any more until a write fails: then the writer connects anew.
    async fn store() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("pressroom.db"), true).unwrap();
        let writes = store.clone();
        let fill = move || {
            let store = writes.clone();
            let limit = async move {
                let pragma = "pragma max_page_count = 1";
                store.write(move |conn| Ok(conn.batch_execute(pragma)?)).await.unwrap();
            };
            Box::pin(limit) as Moment
        };
        Fixture {
            stores: Stores::of(Arc::new(store)),
            fill: Box::new(fill),
            free: Box::new(|| Box::pin(async {})),
            guard: Box::new(folder),
        }
    }

    pressroom_contracts::full_store_contract!(store);
}
