//! Stored values back as what they stand for.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use diesel::sqlite::SqliteConnection;
use pressroom_domain::{BlobHash, Description, Name, Seconds, UserName};
use pressroom_ports::{Kind, StoreError};

/// The connection that every query of this crate runs on.
pub(crate) type Connection = SqliteConnection;

/// A time as it is stored: microseconds since 1970.
pub(crate) fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

/// Reads the fields of one row; what it cannot read, it says by the row's kind and id.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a, Id> {
    pub(crate) kind: Kind,
    pub(crate) id: &'a Id,
}

impl<Id: Display> Reader<'_, Id> {
    pub(crate) fn unreadable(self, what: impl Display) -> StoreError {
        StoreError::Unreadable { kind: self.kind, detail: format!("{}: {what}", self.id) }
    }

    /// Whatever a conversion gives.
    pub(crate) fn read<T, E: Display>(self, result: Result<T, E>) -> Result<T, StoreError> {
        result.map_err(|error| self.unreadable(error))
    }

    /// The value of a word.
    pub(crate) fn word<T>(
        self,
        word: &str,
        find: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        find(word).ok_or_else(|| self.unreadable(format_args!("\"{word}\" is not known")))
    }

    pub(crate) fn time(self, micros: i64) -> Result<DateTime<Utc>, StoreError> {
        DateTime::from_timestamp_micros(micros)
            .ok_or_else(|| self.unreadable(format_args!("{micros} is no time")))
    }

    pub(crate) fn name(self, text: &str) -> Result<Name, StoreError> {
        self.read(Name::new(text))
    }

    pub(crate) fn user_name(self, text: &str) -> Result<UserName, StoreError> {
        self.read(UserName::new(text))
    }

    pub(crate) fn description(self, text: &str) -> Result<Description, StoreError> {
        self.read(Description::new(text))
    }

    pub(crate) fn seconds(self, seconds: i64) -> Result<Seconds, StoreError> {
        self.read(Seconds::new("a length of time", seconds))
    }

    pub(crate) fn blob_hash(self, bytes: &[u8]) -> Result<BlobHash, StoreError> {
        self.read(BlobHash::try_from(bytes))
    }

    /// A count, which no store holds below 0.
    pub(crate) fn count<T: TryFrom<i64>>(self, count: i64) -> Result<T, StoreError> {
        T::try_from(count).map_err(|_| self.unreadable(format_args!("{count} is no count")))
    }
}
