//! What the server and the driver say, in the words of the port.

use std::error::Error as _;
use std::io::{self, ErrorKind};

use pressroom_data::SourceError;
use rustls::CertificateError;
use tokio_postgres::Error;
use tokio_postgres::error::{DbError, SqlState};

use crate::subject::Subject;

/// Why a statement went wrong.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server, or the way there.
    Server(Error),
    /// This side, in its words.
    Told(SourceError),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Server(error)
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        Self::Told(error)
    }
}

impl Failure {
    pub(super) fn told(self, subject: &Subject) -> SourceError {
        match self {
            Self::Server(error) => said(subject, &error),
            Self::Told(error) => error,
        }
    }
}

/// The error of making a connection.
pub(super) fn connecting(subject: &Subject, error: &Error) -> SourceError {
    if let Some(said) = error.as_db_error() {
        return refused(subject, said);
    }
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    // The driver has no types for these.
    if source == "server does not support TLS" {
        return subject.away(
            "the server takes no encrypted connections; turn ssl on there, or write sslmode=prefer, \
             which goes without where it has to",
        );
    }
    if source == "password missing" {
        return subject.away("the server wants a password; give one");
    }
    let Some(error) = error.source().and_then(|source| source.downcast_ref::<io::Error>()) else {
        let what = if source.is_empty() { error.to_string() } else { source };
        return subject.away(format_args!("no connection comes about: {what}"));
    };
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    if let Some(error) = tls {
        return subject.away(untrusted(error));
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => subject.away(
            "nothing listens at its server and port; see that they are right and the server runs",
        ),
        ErrorKind::TimedOut => subject.away(
            "it does not answer in time; see that its server and port are right and no firewall is \
             between",
        ),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            subject.away("no way leads to its server; see that the network reaches it")
        }
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
            subject.away("who listens at its server and port hangs up; see that it is a PostgreSQL")
        }
        // The names' service has no kind.
        _ if error.to_string().contains("lookup") => {
            subject.away("its server's name is not known; see that it is right")
        }
        _ => subject.away(format_args!("no connection comes about: {error}")),
    }
}

fn untrusted(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "the server's certificate was issued by nobody who is trusted here; name the file of the \
             issuer's certificate with sslrootcert"
                .to_owned()
        }
        rustls::Error::InvalidCertificate(
            error @ (CertificateError::NotValidForName
            | CertificateError::NotValidForNameContext { .. }),
        ) => format!(
            "{error}; write a server's name that the certificate is made out to, or take \
             sslmode=verify-ca, which looks at the issuer alone"
        ),
        rustls::Error::InvalidCertificate(error) => {
            format!("the server's certificate is refused: {error}")
        }
        error => format!("no encrypted connection comes about: {error}"),
    }
}

/// What a server says to one that comes.
fn refused(subject: &Subject, said: &DbError) -> SourceError {
    let code = said.code();
    if *code == SqlState::INVALID_PASSWORD {
        subject.away("the server does not take the account and password; correct them")
    } else if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION {
        subject.away(format_args!("the server does not let the account in: {}", said.message()))
    } else if *code == SqlState::UNDEFINED_DATABASE {
        subject.away("the server has no database of that name; correct it")
    } else if *code == SqlState::TOO_MANY_CONNECTIONS {
        subject.away("the server has no connection left; try again, or allow more there")
    } else if *code == SqlState::CANNOT_CONNECT_NOW {
        subject.away("the server is starting or stopping; try again in a moment")
    } else {
        subject.away(format_args!("the server says: {}", said.message()))
    }
}

/// The error of a prepared or running statement.
pub(super) fn said(subject: &Subject, error: &Error) -> SourceError {
    let Some(said) = error.as_db_error() else {
        let source = error.source();
        let io = source.and_then(|source| source.downcast_ref::<io::Error>());
        let is_answer = |kind| matches!(kind, ErrorKind::InvalidInput | ErrorKind::InvalidData);
        return match io {
            Some(io) if is_answer(io.kind()) => {
                subject.query(format_args!("the server's answer cannot be read: {io}"))
            }
            Some(_) => subject.lost(),
            None if error.is_closed() => subject.lost(),
            None => subject.query(source.map_or_else(|| error.to_string(), ToString::to_string)),
        };
    };
    let code = said.code();
    if is_several(said) {
        subject.several_statements()
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        subject.query("it does more than read tables and views; only a select is run")
    } else if *code == SqlState::QUERY_CANCELED {
        subject.query(format_args!("it was ended on the server: {}", said.message()))
    } else if *code == SqlState::OUT_OF_MEMORY {
        subject.too_much_memory()
    } else if is_gone(said) {
        subject.away(format_args!(
            "the server ended the connection: {}; try again in a moment",
            said.message()
        ))
    } else {
        match said.hint() {
            Some(hint) => subject.query(format_args!("{}; {hint}", said.message())),
            None => subject.query(said.message()),
        }
    }
}

/// Whether a text held several statements. The code is that of every error of syntax, and the words
/// are in the server's language: the place in the server's source is neither.
pub(super) fn is_several(said: &DbError) -> bool {
    *said.code() == SqlState::SYNTAX_ERROR
        && (said.routine() == Some("exec_parse_message")
            || said.message().contains("multiple commands"))
        // CockroachDB
        || said.message().contains("statements, expected 1")
}

/// Whether the connection ends with it.
fn is_gone(said: &DbError) -> bool {
    let code = said.code().code();
    code.starts_with("08") || code.starts_with("57P") || code.starts_with("53300")
}

/// Whether the server could not tell the type of a value from where it stands.
pub(super) fn is_untyped(error: &Error) -> bool {
    error.code().is_some_and(|code| {
        *code == SqlState::INDETERMINATE_DATATYPE
            || *code == SqlState::AMBIGUOUS_FUNCTION
            || *code == SqlState::AMBIGUOUS_PARAMETER
            || *code == SqlState::UNDEFINED_FUNCTION
    })
}
