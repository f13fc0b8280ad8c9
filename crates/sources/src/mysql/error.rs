//! What MySQL says, in the words of the port.

use mysql_async::{DriverError, Error, IoError, ServerError};
use pressroom_data::SourceError;
use pressroom_ports::DescribeError;

use crate::subject::Subject;

/// The account is not let in.
const ACCESS_DENIED: [u16; 4] = [1044, 1045, 1698, 1873];
const UNKNOWN_DATABASE: u16 = 1049;
const TOO_MANY_CONNECTIONS: [u16; 3] = [1040, 1203, 1226];
/// A statement that writes in a transaction that reads.
const READ_ONLY: [u16; 3] = [1792, 1290, 1836];
/// The statement was ended, by us or by the server's own limit.
const INTERRUPTED: [u16; 4] = [1317, 3024, 1969, 1053];
const LOCKED: [u16; 2] = [1205, 1213];
const TLS_WANTED: u16 = 3159;

/// The error of a connection that does not come about.
pub(crate) fn connecting(subject: &Subject, error: &Error) -> SourceError {
    match error {
        Error::Server(server) => of_server(subject, server),
        Error::Driver(DriverError::NoClientSslFlagFromServer) => subject.away(
            "its connection asks for TLS, which the server has not; switch it on there, or write \
             SslMode=Preferred",
        ),
        Error::Io(IoError::Tls(error)) => {
            subject.away(format_args!("its certificate is not accepted: {error}"))
        }
        Error::Io(IoError::Io(error)) => subject.unreachable(error),
        other => subject.away(other),
    }
}

/// The error of a prepared or running statement.
pub(crate) fn said(subject: &Subject, error: &Error) -> SourceError {
    match error {
        Error::Server(server) => of_server(subject, server),
        Error::Io(_) | Error::Driver(DriverError::ConnectionClosed) => {
            subject.away("the connection broke off; try again in a moment")
        }
        Error::Driver(DriverError::PacketTooLarge) => subject.row_too_long(),
        other => subject.query(other),
    }
}

fn of_server(subject: &Subject, error: &ServerError) -> SourceError {
    match error.code {
        code if ACCESS_DENIED.contains(&code) => subject.wrong_account(),
        UNKNOWN_DATABASE => subject.no_such_database(),
        code if TOO_MANY_CONNECTIONS.contains(&code) => {
            subject.away("the server has no connection left; try again in a moment")
        }
        TLS_WANTED => subject.away("the server wants TLS; write SslMode=Required"),
        code if READ_ONLY.contains(&code) => subject.not_only_reading(),
        code if INTERRUPTED.contains(&code) => SourceError::Cancelled,
        code if LOCKED.contains(&code) => {
            subject.away("another program keeps it locked; try again in a moment")
        }
        _ => subject.query(&error.message),
    }
}

/// The error of a statement that is described.
pub(crate) fn describing(subject: &Subject, error: &Error) -> DescribeError {
    match said(subject, error) {
        SourceError::Query { message, .. } => DescribeError::Wrong(message),
        error => DescribeError::Away(error.to_string()),
    }
}
