//! What SQL Server says, in the words of the ports.

use diesel::result::{DatabaseErrorKind, Error as DatabaseError};
use pressroom_diesel_store::Failure;
use pressroom_ports::StoreError;

/// What it says where a write finds no room, in a file, in the log, or in what an edition may hold;
/// Diesel has no kind for it.
const FULL: [&str; 6] = [
    "Could not allocate",
    "insufficient disk space",
    "The transaction log for database",
    "exceed your licensed limit",
    "No space left on device",
    "disk full",
];
/// What it, and what speaks its protocol, says where a transaction has to be run again, beyond what
/// has a kind.
const AGAIN: [&str; 4] = [
    "Snapshot isolation transaction",
    "could not serialize access",
    "deadlock detected",
    "has encountered an error processing your request",
];
/// What it says where a connection ends that another one may follow.
const ENDS: [&str; 3] =
    ["terminating connection", "SHUTDOWN is in progress", "is not currently available"];
/// What the connection says where the server is silent: it would be as silent to the next.
const SILENT: &str = "did not answer in time";

/// Whether the same transaction may succeed if it is run again.
pub(crate) fn is_transient(failure: &Failure) -> bool {
    failure.is_transient() || says(failure, &AGAIN)
}

/// Whether the connection was lost, and another one may be had.
pub(crate) fn is_lost(failure: &Failure) -> bool {
    let ended = match failure {
        Failure::Database(DatabaseError::BrokenTransactionManager) => true,
        Failure::Database(DatabaseError::DatabaseError(kind, _)) => {
            matches!(kind, DatabaseErrorKind::ClosedConnection)
        }
        _ => false,
    };
    (ended || says(failure, &ENDS)) && !says(failure, &[SILENT])
}

/// The failure as a port knows it.
pub(crate) fn into_store_error(failure: Failure) -> StoreError {
    match failure {
        Failure::Database(error) if FULL.iter().any(|word| error.to_string().contains(word)) => {
            StoreError::full(error)
        }
        failure => failure.into(),
    }
}

fn says(failure: &Failure, words: &[&str]) -> bool {
    let Failure::Database(DatabaseError::DatabaseError(_, information)) = failure else {
        return false;
    };
    words.iter().any(|word| information.message().contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(kind: DatabaseErrorKind, words: &str) -> Failure {
        Failure::Database(DatabaseError::DatabaseError(kind, Box::new(words.to_owned())))
    }

    #[test]
    fn what_others_were_in_the_way_of_is_run_again() {
        use DatabaseErrorKind::{SerializationFailure, UniqueViolation, Unknown};
        for (kind, words, again) in [
            (SerializationFailure, "Transaction (Process ID 52) was deadlocked", true),
            (Unknown, "could not serialize access due to concurrent update", true),
            (Unknown, "Snapshot isolation transaction failed in database 'press'", true),
            (Unknown, "Lock request time out period exceeded.", false),
            (UniqueViolation, "Cannot insert duplicate key", false),
        ] {
            assert_eq!(is_transient(&said(kind, words)), again, "{words}");
        }
    }

    #[test]
    fn a_lost_connection_is_replaced_unless_the_server_is_silent() {
        use DatabaseErrorKind::{ClosedConnection, Unknown};
        for (kind, words, lost) in [
            (ClosedConnection, "the database server closed the connection", true),
            (ClosedConnection, "the database server did not answer in time", false),
            (Unknown, "SHUTDOWN is in progress.", true),
            (Unknown, "Invalid object name 'x'.", false),
        ] {
            assert_eq!(is_lost(&said(kind, words)), lost, "{words}");
        }
    }

    #[test]
    fn a_store_without_room_is_full() {
        for (words, full) in [
            ("Could not allocate space for object 'dbo.x' in database 'press'", true),
            ("The transaction log for database 'press' is full due to 'LOG_BACKUP'.", true),
            ("could not extend file: No space left on device", true),
            ("Lock request time out period exceeded.", false),
        ] {
            let error = into_store_error(said(DatabaseErrorKind::Unknown, words));
            assert_eq!(matches!(error, StoreError::Full { .. }), full, "{words}: {error:?}");
        }
    }
}
