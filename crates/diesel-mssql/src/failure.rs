//! What SQL Server says, in the words of the ports.

use diesel::result::{DatabaseErrorKind, Error as DatabaseError};
use diesel_tds::message_number;
use pressroom_diesel_store::Failure;
use pressroom_ports::StoreError;

/// The messages of SQL Server where a write finds no room: in a file, in the log, or in what an edition
/// may hold. Diesel has no kind for it.
const FULL: [u32; 6] = [1101, 1105, 1827, 5149, 9002, 40544];
/// What Babelfish says there.
const FULL_WORDS: [&str; 2] = ["No space left on device", "disk full"];
/// Those where a transaction has to be run again, beyond those that have a kind: a part of a service
/// was moved elsewhere.
const AGAIN: [u32; 3] = [10936, 40143, 40197];
/// What Babelfish says there.
const AGAIN_WORDS: [&str; 2] = ["could not serialize access", "deadlock detected"];
/// Those where a connection ends that another one may follow.
const ENDS: [u32; 3] = [596, 6005, 40613];
/// What Babelfish says there.
const ENDS_WORDS: [&str; 1] = ["terminating connection"];
/// What the connection says where the server is silent: it would be as silent to the next.
const SILENT: &str = "did not answer in time";

/// Whether the same transaction may succeed if it is run again.
pub(crate) fn is_transient(failure: &Failure) -> bool {
    failure.is_transient() || is_one_of(failure, &AGAIN) || says(failure, &AGAIN_WORDS)
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
    let ends = ended || is_one_of(failure, &ENDS) || says(failure, &ENDS_WORDS);
    ends && !says(failure, &[SILENT])
}

/// The failure as a port knows it.
pub(crate) fn into_store_error(failure: Failure) -> StoreError {
    let full = is_one_of(&failure, &FULL) || says(&failure, &FULL_WORDS);
    match failure {
        Failure::Database(error) if full => StoreError::full(error),
        failure => failure.into(),
    }
}

fn is_one_of(failure: &Failure, numbers: &[u32]) -> bool {
    let Failure::Database(error) = failure else { return false };
    message_number(error).is_some_and(|number| numbers.contains(&number))
}

fn says(failure: &Failure, words: &[&str]) -> bool {
    let Failure::Database(DatabaseError::DatabaseError(_, information)) = failure else {
        return false;
    };
    words.iter().any(|word| information.message().contains(word))
}

#[cfg(test)]
mod tests {
    use diesel::result::DatabaseErrorInformation;

    use super::*;

    /// What a server said, under the number of its message.
    struct Said(&'static str, String);

    impl DatabaseErrorInformation for Said {
        fn message(&self) -> &str {
            self.0
        }
        fn details(&self) -> Option<&str> {
            Some(&self.1)
        }
        fn hint(&self) -> Option<&str> {
            None
        }
        fn table_name(&self) -> Option<&str> {
            None
        }
        fn column_name(&self) -> Option<&str> {
            None
        }
        fn constraint_name(&self) -> Option<&str> {
            None
        }
        fn statement_position(&self) -> Option<i32> {
            None
        }
    }

    fn said(kind: DatabaseErrorKind, number: u32, words: &'static str) -> Failure {
        let details = format!("Msg {number}, Level 16, State 1, Line 1");
        Failure::Database(DatabaseError::DatabaseError(kind, Box::new(Said(words, details))))
    }

    #[test]
    fn what_others_were_in_the_way_of_is_run_again() {
        use DatabaseErrorKind::{SerializationFailure, UniqueViolation, Unknown};
        for (kind, number, words, again) in [
            (SerializationFailure, 1205, "Transaction (Process ID 52) was deadlocked", true),
            (Unknown, 33_557_097, "could not serialize access due to concurrent update", true),
            (Unknown, 40197, "The service has encountered an error", true),
            (Unknown, 1222, "Lock request time out period exceeded.", false),
            (UniqueViolation, 2627, "Cannot insert duplicate key", false),
        ] {
            assert_eq!(is_transient(&said(kind, number, words)), again, "{words}");
        }
    }

    #[test]
    fn a_lost_connection_is_replaced_unless_the_server_is_silent() {
        use DatabaseErrorKind::{ClosedConnection, Unknown};
        for (kind, number, words, lost) in [
            (ClosedConnection, 0, "the database server closed the connection", true),
            (ClosedConnection, 0, "the database server did not answer in time", false),
            (Unknown, 6005, "SHUTDOWN is in progress.", true),
            (Unknown, 33_557_097, "terminating connection due to administrator command", true),
            (Unknown, 208, "Invalid object name 'x'.", false),
        ] {
            assert_eq!(is_lost(&said(kind, number, words)), lost, "{words}");
        }
    }

    #[test]
    fn a_store_without_room_is_full() {
        for (number, words, full) in [
            (1105, "Could not allocate space for object 'dbo.x' in database 'press'", true),
            (9002, "The transaction log for database 'press' is full", true),
            (33_557_097, "could not extend file: No space left on device", true),
            (1222, "Lock request time out period exceeded.", false),
        ] {
            let error = into_store_error(said(DatabaseErrorKind::Unknown, number, words));
            assert_eq!(matches!(error, StoreError::Full(_)), full, "{words}: {error:?}");
        }
    }
}
