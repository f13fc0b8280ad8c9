//! What SQL Server says, in the words of the port.

use pressroom_data::SourceError;
use pressroom_ports::DescribeError;
use tiberius::error::{Error, TokenError};

use crate::subject::Subject;

/// The account is not let in.
const ACCESS_DENIED: [u32; 6] = [18452, 18456, 18470, 18486, 18487, 18488];
const UNKNOWN_DATABASE: [u32; 3] = [911, 4060, 40532];
const TOO_MANY_CONNECTIONS: [u32; 4] = [10928, 10929, 10936, 17809];
/// A statement that writes to a database that is only read.
const READ_ONLY: [u32; 2] = [3906, 3908];
/// Another one holds a lock, or this one was the victim of a deadlock.
const LOCKED: [u32; 2] = [1205, 1222];
/// The statement needs more memory, or more space for what it sorts, than there is.
const MEMORY: [u32; 4] = [701, 1105, 8645, 8651];
/// From this class on the server closes the connection.
const FATAL_CLASS: u8 = 20;

/// The error of a connection that does not come about.
pub(crate) fn connecting(subject: &Subject, error: &Error) -> SourceError {
    match error {
        Error::Server(server) => match of_server(subject, server) {
            SourceError::Query { message, .. } => subject.away(message),
            other => other,
        },
        Error::Io { kind, message } => {
            subject.unreachable(&std::io::Error::new(*kind, message.clone()))
        }
        Error::Routing { .. } => subject.away("its server sends on to others without end"),
        other => subject.away(other),
    }
}

/// The error of a running statement.
pub(crate) fn said(subject: &Subject, error: &Error) -> SourceError {
    match error {
        Error::Server(server) => of_server(subject, server),
        Error::Io { .. } => subject.away("the connection broke off; try again in a moment"),
        Error::Encoding(_) => subject.query(
            "it gives text in a code page that is not known here; cast it to nvarchar in the query",
        ),
        other => subject.query(format_args!("the server's answer could not be read: {other}")),
    }
}

fn of_server(subject: &Subject, error: &TokenError) -> SourceError {
    let message = error.message().trim().trim_end_matches('.');
    match error.code() {
        code if ACCESS_DENIED.contains(&code) => subject.wrong_account(),
        code if UNKNOWN_DATABASE.contains(&code) => subject.no_such_database(),
        code if TOO_MANY_CONNECTIONS.contains(&code) => {
            subject.away("the server has no connection left; try again in a moment")
        }
        code if READ_ONLY.contains(&code) => subject.not_only_reading(),
        code if LOCKED.contains(&code) => {
            subject.away("another program keeps it locked; try again in a moment")
        }
        code if MEMORY.contains(&code) => subject.too_much_memory(),
        _ if error.class() >= FATAL_CLASS => subject.away(message),
        _ => subject.query(message),
    }
}

/// The error of a statement that is described.
pub(crate) fn describing(subject: &Subject, error: &Error) -> DescribeError {
    match said(subject, error) {
        SourceError::Query { message, .. } => DescribeError::Wrong(message),
        error => DescribeError::Away(error.to_string()),
    }
}
