//! What the server and the network say, in Diesel's words.

use std::io::ErrorKind;

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};
use tiberius::error::{Error as TdsError, TokenError};

/// Numbers of SQL Server's messages.
mod number {
    /// A primary key or unique constraint is broken.
    pub(super) const UNIQUE_CONSTRAINT: u32 = 2627;
    /// A unique index is broken.
    pub(super) const UNIQUE_INDEX: u32 = 2601;
    /// A foreign key or check constraint is broken.
    pub(super) const CONSTRAINT: u32 = 547;
    /// NULL where a column takes none.
    pub(super) const NOT_NULL: u32 = 515;
    /// Chosen as the victim of a deadlock.
    pub(super) const DEADLOCK: u32 = 1205;
    /// Another transaction wrote a row, or changed a table, that this one read in a snapshot; and the
    /// same of tables in memory.
    pub(super) const SNAPSHOT_CONFLICTS: [u32; 5] = [3960, 3961, 41302, 41305, 41325];
    /// The database is read-only.
    pub(super) const READ_ONLY: u32 = 3906;
    /// A value that is no condition stands where one is wanted.
    pub(super) const NO_CONDITION: u32 = 4145;
}

/// From this class on the server closes the connection.
const FATAL_CLASS: u8 = 20;

/// What SQL Server said about a statement.
#[derive(Debug)]
struct Information {
    message: String,
    /// `Msg 2627, Level 14, State 1, Line 1`, as the server's own tools write it.
    details: Option<String>,
    hint: Option<&'static str>,
    constraint: Option<String>,
    table: Option<String>,
}

impl Information {
    /// Where no server said anything.
    fn plain(message: String) -> Self {
        Self { message, details: None, hint: None, constraint: None, table: None }
    }
}

impl DatabaseErrorInformation for Information {
    fn message(&self) -> &str {
        &self.message
    }

    fn details(&self) -> Option<&str> {
        self.details.as_deref()
    }

    fn hint(&self) -> Option<&str> {
        self.hint
    }

    fn table_name(&self) -> Option<&str> {
        self.table.as_deref()
    }

    fn column_name(&self) -> Option<&str> {
        None
    }

    fn constraint_name(&self) -> Option<&str> {
        self.constraint.as_deref()
    }

    fn statement_position(&self) -> Option<i32> {
        None
    }
}

/// The number of the server's message that an error is about, as in `sys.messages`.
///
/// For what Diesel has no kind for, such as 1222, a lock that was not had in time. Errors that did not
/// come from the server have none.
///
/// ```no_run
/// # use diesel::prelude::*;
/// # fn ask(conn: &mut diesel_tds::TdsConnection) -> QueryResult<()> {
/// match diesel::sql_query("UPDATE [jobs] SET [tries] = 0").execute(conn) {
///     Err(error) if diesel_tds::message_number(&error) == Some(1222) => println!("later"),
///     other => println!("{} rows", other?),
/// }
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn message_number(error: &Error) -> Option<u32> {
    let Error::DatabaseError(_, information) = error else { return None };
    let (number, _) = information.details()?.strip_prefix("Msg ")?.split_once(',')?;
    number.parse().ok()
}

/// An error, and whether the connection can go on after it.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) fatal: bool,
}

impl Failure {
    pub(super) fn of(error: TdsError) -> Self {
        match error {
            TdsError::Server(said) => {
                let fatal = said.class() >= FATAL_CLASS;
                Self { error: from_server(&said, fatal), fatal }
            }
            other => Self { error: closed(unreadable(&other)), fatal: true },
        }
    }
}

/// The connection is closed, or has to be.
pub(super) fn closed(reason: String) -> Error {
    let information = Information::plain(reason);
    Error::DatabaseError(DatabaseErrorKind::ClosedConnection, Box::new(information))
}

/// More parameters than a statement may have.
pub(super) fn too_many_binds(binds: usize, most: usize) -> Error {
    let message = format!(
        "a statement takes at most {most} parameters on SQL Server, and this one has {binds}: \
         divide its rows or its list of values"
    );
    Error::QueryBuilderError(message.into())
}

/// The transaction that the server has ended already.
pub(super) fn transaction_ended() -> Error {
    let message = "the server rolled back this transaction after an earlier error: nothing more \
                   can be done in it";
    let information = Information::plain(message.to_owned());
    Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(information))
}

fn from_server(said: &TokenError, fatal: bool) -> Error {
    let message = said.message().to_owned();
    let kind = match said.code() {
        number::UNIQUE_CONSTRAINT | number::UNIQUE_INDEX => DatabaseErrorKind::UniqueViolation,
        // "The INSERT statement conflicted with the CHECK constraint …"
        number::CONSTRAINT if message.to_ascii_uppercase().contains("CHECK") => {
            DatabaseErrorKind::CheckViolation
        }
        number::CONSTRAINT => DatabaseErrorKind::ForeignKeyViolation,
        number::NOT_NULL => DatabaseErrorKind::NotNullViolation,
        number::DEADLOCK => DatabaseErrorKind::SerializationFailure,
        number if number::SNAPSHOT_CONFLICTS.contains(&number) => {
            DatabaseErrorKind::SerializationFailure
        }
        number::READ_ONLY => DatabaseErrorKind::ReadOnlyTransaction,
        _ if fatal => DatabaseErrorKind::ClosedConnection,
        _ => DatabaseErrorKind::Unknown,
    };
    let hint = (said.code() == number::NO_CONDITION)
        .then_some("a bit column is a value, no condition: compare it, as in `active.eq(true)`");
    let information = Information {
        constraint: named(&message, &["constraint", "index"]),
        table: named(&message, &["object", "table"]),
        details: Some(format!(
            "Msg {}, Level {}, State {}, Line {}",
            said.code(),
            said.class(),
            said.state(),
            said.line()
        )),
        hint,
        message,
    };
    Error::DatabaseError(kind, Box::new(information))
}

/// The quoted name after one of the words.
fn named(message: &str, words: &[&str]) -> Option<String> {
    words.iter().find_map(|word| {
        let mut rest = message;
        loop {
            rest = &rest[rest.find(word)? + word.len()..];
            let after = rest.trim_start();
            if let Some(quote) = after.chars().next().filter(|mark| matches!(mark, '\'' | '"')) {
                let name = &after[1..];
                return name.find(quote).map(|end| name[..end].to_owned());
            }
        }
    })
}

/// What happened on the way, and what that means.
fn unreadable(error: &TdsError) -> String {
    match error {
        TdsError::Io { kind: ErrorKind::TimedOut | ErrorKind::WouldBlock, .. } => {
            "the database server did not answer in time".to_owned()
        }
        TdsError::Io { kind: ErrorKind::UnexpectedEof, .. } => {
            "the database server closed the connection".to_owned()
        }
        TdsError::Io { message, .. } => {
            format!("the connection to the database server broke: {message}")
        }
        other => format!("the database server's answer could not be read: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn names_are_read_out_of_messages() {
        let unique = "Violation of UNIQUE KEY constraint 'users_name'. Cannot insert duplicate key \
                      in object 'dbo.users'. The duplicate key value is (ann).";
        let foreign = "The DELETE statement conflicted with the REFERENCE constraint \
                       \"posts_user\". The conflict occurred in database \"blog\", table \
                       \"dbo.posts\", column 'user_id'.";
        let index = "Cannot insert duplicate key row in object 'dbo.users' with unique index \
                     'users_mail'. The duplicate key value is (a@b.c).";
        for (message, constraint, table) in [
            (unique, Some("users_name"), Some("dbo.users")),
            (foreign, Some("posts_user"), Some("dbo.posts")),
            (index, Some("users_mail"), Some("dbo.users")),
            ("Invalid object name 'x'.", None, None),
            ("constraint 'cut", None, None),
            ("", None, None),
        ] {
            assert_eq!(
                named(message, &["constraint", "index"]).as_deref(),
                constraint,
                "{message}"
            );
            if table.is_some() {
                assert_eq!(named(message, &["object", "table"]).as_deref(), table, "{message}");
            }
        }
    }
}
