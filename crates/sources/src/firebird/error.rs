//! What Firebird says, in the words of the port.

use pressroom_data::SourceError;
use pressroom_ports::DescribeError;
use rsfbclient::FbError;

use crate::subject::Subject;

/// The error of a connection that does not come about.
pub(super) fn connecting(subject: &Subject, error: &FbError) -> SourceError {
    match said(subject, error) {
        SourceError::Query { message, .. } => subject.away(message),
        error => error,
    }
}

/// The error of a connection, or of a prepared or running statement.
pub(super) fn said(subject: &Subject, error: &FbError) -> SourceError {
    match error {
        FbError::Io(error) => subject.unreachable(error),
        FbError::Sql { msg, .. } => by_words(subject, msg),
        FbError::Other(words) if words.starts_with("Unsupported column type") => {
            subject.query(
                "it gives a column of a type that cannot be read here, such as an array; leave it out, \
                 or cast it to a varchar in the query",
            )
        }
        FbError::Other(words) if words.starts_with("Found column with an invalid") => {
            subject.query(
                "a column holds bytes that are no text; cast it to a blob in the query, or name the \
                 database's character set in the connection string (Charset=…)",
            )
        }
        FbError::Other(words) if words.contains("parameters while providing") => {
            subject.query("its places and its parameters are not equally many")
        }
        FbError::Other(words) => by_words(subject, words),
    }
}

/// The driver tells the server's words, and no code for most of them.
fn by_words(subject: &Subject, words: &str) -> SourceError {
    let lower = words.to_lowercase();
    let says = |part: &str| lower.contains(part);
    // After a wrong password the server asks for another way to sign in, which the driver takes for a
    // refusal.
    let refused = says("user name and password are not defined")
        || says("error occurred during login")
        || says("contauth");
    if refused {
        subject.wrong_account()
    } else if says("i/o error") || says("no permissions for access to database") {
        subject.no_such_database()
    } else if says("read-only transaction") || says("read-only database") {
        subject.not_only_reading()
    } else if says("operation was cancelled") {
        SourceError::Cancelled
    } else if says("connection shutdown") || says("connection lost") || says("connection closed") {
        subject.away("the connection broke off; try again in a moment")
    } else if says("lock conflict") || says("deadlock") {
        subject.away("another program keeps it locked; try again in a moment")
    } else if says("no column name specified") || says("specified multiple times") {
        subject.query(format_args!(
            "its columns have no names of their own: {}; give each a name with AS",
            one_line(words)
        ))
    } else {
        subject.query(one_line(words))
    }
}

fn one_line(words: &str) -> String {
    words.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(": ")
}

/// The error of a statement that is described.
pub(super) fn describing(error: SourceError) -> DescribeError {
    match error {
        SourceError::Query { message, .. } => DescribeError::Wrong(message),
        error => DescribeError::Away(error.to_string()),
    }
}
