//! What PostgreSQL says, in the words of the ports.
//!
//! Diesel passes on what it says, but not the code of it, unless it has a kind for that. The rest is
//! known by its words, which are English where it can be had: see [`crate::language`].

use std::error::Error;

use diesel::result::{DatabaseErrorKind, Error as DatabaseError};
use pressroom_diesel_store::Failure;
use pressroom_ports::StoreError;

/// What it says where a write finds no room; Diesel has no kind for it.
const FULL: [&str; 2] = ["No space left on device", "disk full"];
/// What it says where two transactions waited for each other, and what engines that speak its
/// protocol say where a transaction has to be run again.
const AGAIN: [&str; 3] = ["deadlock detected", "restart transaction", "could not serialize access"];

/// Whether the same transaction may succeed if it is run again.
pub(crate) fn is_transient(failure: &Failure) -> bool {
    failure.is_transient() || says(failure, &AGAIN)
}

/// Whether the connection was lost.
pub(crate) fn is_lost(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Database(
            DatabaseError::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _,
            ) | DatabaseError::BrokenTransactionManager
        )
    ) || says(failure, &["terminating connection", "the database system is"])
}

/// The failure as a port knows it.
pub(crate) fn into_store_error(failure: Failure) -> StoreError {
    match failure {
        Failure::Database(error) if is_full(&error) => StoreError::full(error),
        failure => failure.into(),
    }
}

/// Whether a write found no room, by an error or what it stands on.
pub(crate) fn is_full(error: &(dyn Error + 'static)) -> bool {
    let words = error.to_string();
    FULL.iter().any(|full| words.contains(full)) || error.source().is_some_and(is_full)
}

fn says(failure: &Failure, words: &[&str]) -> bool {
    let Failure::Database(DatabaseError::DatabaseError(_, information)) = failure else {
        return false;
    };
    words.iter().any(|word| information.message().contains(word))
}
