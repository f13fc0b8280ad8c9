//! What messages are about, and the words that all engines say alike.

use std::fmt::Display;
use std::time::Duration;

use pressroom_data::SourceError;
use pressroom_domain::DataModel;

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

    /// The database cannot be reached, in words that follow the model's name.
    pub(crate) fn away(&self, message: impl Display) -> SourceError {
        SourceError::Away { source_name: self.model.clone(), message: message.to_string() }
    }

    /// The query cannot be run, in words that follow its name.
    pub(crate) fn query(&self, message: impl Display) -> SourceError {
        SourceError::Query { member: self.query.clone(), message: message.to_string() }
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
