//! What messages are about, and the words that all engines say alike.

use std::fmt::Display;
use std::time::Duration;

use pressroom_data::SourceError;
use pressroom_domain::DataModel;

/// How long looking at a database, rather than reading rows, may take.
pub(crate) const LOOK: Duration = Duration::from_secs(15);

/// What messages are about: a query of a data model.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    model: String,
    query: String,
}

impl Subject {
    pub(crate) fn new(model: &DataModel, query: &str) -> Self {
        Self { model: model.name.to_string(), query: query.to_owned() }
    }

    /// A query on tables that are in memory.
    pub(crate) fn in_memory(query: &str) -> Self {
        Self { model: query.to_owned(), query: query.to_owned() }
    }

    /// The database cannot be reached, in words that follow the model's name.
    pub(crate) fn away(&self, message: impl Display) -> SourceError {
        SourceError::Away { source_name: self.model.clone(), message: message.to_string() }
    }

    /// The query cannot be run, in words that follow its name.
    pub(crate) fn query(&self, message: impl Display) -> SourceError {
        SourceError::Query { member: self.query.clone(), message: message.to_string() }
    }

    /// The server cannot be reached, as the machine says it.
    pub(crate) fn unreachable(&self, error: &std::io::Error) -> SourceError {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::ConnectionRefused => self.away(
                "nothing answers at its address and port; see that the server runs and the port is \
                 right",
            ),
            ErrorKind::TimedOut => self.away("it does not answer in time"),
            ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe => {
                self.away("the connection broke off; try again in a moment")
            }
            _ => self.away(format_args!("it cannot be reached: {error}")),
        }
    }

    pub(crate) fn wrong_account(&self) -> SourceError {
        self.away("the server does not let this account in; check the user name and the password")
    }

    pub(crate) fn no_such_database(&self) -> SourceError {
        self.away("the server has no database of this name, or not for this account")
    }

    pub(crate) fn no_database(&self) -> SourceError {
        self.away("its connection names no database; give one")
    }

    /// Waits for an answer of the server, for a bounded time.
    pub(crate) async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, SourceError>>,
    ) -> Result<T, SourceError> {
        let answered = tokio::time::timeout(LOOK, answer).await;
        answered.unwrap_or_else(|_| Err(self.away("it does not answer in time")))
    }

    pub(crate) fn not_only_reading(&self) -> SourceError {
        self.query("it does more than read tables and views; only a select is run")
    }

    /// A number of a column is longer than any number here can be.
    pub(crate) fn too_many_digits(&self, column: &str, digits: &str) -> SourceError {
        let shown: String = digits.chars().take(60).collect();
        self.query(format_args!(
            "column \"{column}\" holds {shown}, which has more than 28 digits; round it in the query"
        ))
    }

    /// The connection went away in the middle.
    pub(crate) fn lost(&self) -> SourceError {
        if self.query.is_empty() {
            return self.away("the connection to it was lost; try again in a moment");
        }
        self.away(format_args!(
            "the connection to it was lost while the query \"{}\" ran; try again in a moment",
            self.query
        ))
    }

    pub(crate) fn not_reading(&self) -> SourceError {
        self.query("it gives no rows; only a select is run")
    }

    pub(crate) fn several_statements(&self) -> SourceError {
        self.query("it holds more than one statement; keep one")
    }

    /// The place, from 1, of a statement has no value.
    pub(crate) fn no_value(&self, place: usize) -> SourceError {
        self.query(format_args!(
            "its parameter {place} has no value; add it to the query's parameters"
        ))
    }

    /// The place, from 1, of a statement has a list.
    pub(crate) fn several_values(&self, place: usize) -> SourceError {
        self.query(format_args!(
            "its parameter {place} has several values; use it where the query takes a list"
        ))
    }

    /// The database takes no value of this type at a place, from 1.
    pub(crate) fn wrong_value(&self, place: usize, value: &str, wanted: &str) -> SourceError {
        self.query(format_args!(
            "its parameter {place} is {value}, and the database wants {wanted}"
        ))
    }

    pub(crate) fn too_slow(&self, timeout: Duration) -> SourceError {
        SourceError::Limit(format!(
            "the query \"{}\" gave no rows for {} s; make it faster, or raise the command timeout of data model \"{}\"",
            self.query,
            timeout.as_secs_f64(),
            self.model
        ))
    }

    pub(crate) fn too_many_rows(&self, rows: u64) -> SourceError {
        SourceError::Limit(format!(
            "the query \"{}\" gives more than {rows} rows; let it choose fewer",
            self.query
        ))
    }

    pub(crate) fn too_long(&self, bytes: usize) -> SourceError {
        SourceError::Limit(format!(
            "the query \"{}\" gives a value of more than {bytes} bytes; leave it out or cut it",
            self.query
        ))
    }

    pub(crate) fn too_much_memory(&self) -> SourceError {
        SourceError::Limit(format!(
            "the query \"{}\" needs more memory than there is; let it choose less",
            self.query
        ))
    }

    pub(crate) fn row_too_long(&self) -> SourceError {
        SourceError::Limit(format!(
            "the query \"{}\" or a row of it is too long; leave long values out",
            self.query
        ))
    }
}
