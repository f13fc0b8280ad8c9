//! Stored values back as what they stand for.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use pressroom_domain::{BlobHash, Description, Name, Seconds, UserName};
use pressroom_ports::{Kind, StoreError};

/// A time as it is stored: microseconds since 1970.
pub fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

/// A text as it is stored and looked for: an engine may not keep a NUL, so that none does.
#[must_use]
pub fn kept_text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Reads the fields of one row; what it cannot read, it says by the row's kind and id.
#[derive(Clone, Copy)]
pub struct Reader<'a, Id> {
    /// What the row is of.
    pub kind: Kind,
    /// Which one it is.
    pub id: &'a Id,
}

impl<Id: Display> Reader<'_, Id> {
    /// What is said of a row that makes no sense.
    pub fn unreadable(self, what: impl Display) -> StoreError {
        StoreError::Unreadable { kind: self.kind, detail: format!("{}: {what}", self.id) }
    }

    /// Whatever a conversion gives.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] with the row that it stands in.
    pub fn read<T, E: Display>(self, result: Result<T, E>) -> Result<T, StoreError> {
        result.map_err(|error| self.unreadable(error))
    }

    /// The value of a word.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] with the row that it stands in.
    pub fn word<T>(
        self,
        word: &str,
        find: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        find(word).ok_or_else(|| self.unreadable(format_args!("\"{word}\" is not known")))
    }

    /// A time, from microseconds since 1970.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] with the row that it stands in.
    pub fn time(self, micros: i64) -> Result<DateTime<Utc>, StoreError> {
        DateTime::from_timestamp_micros(micros)
            .ok_or_else(|| self.unreadable(format_args!("{micros} is no time")))
    }

    /// A name.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] with the row that it stands in.
    pub fn name(self, text: &str) -> Result<Name, StoreError> {
        self.read(Name::new(text))
    }

    /// A user's name.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] with the row that it stands in.
    pub fn user_name(self, text: &str) -> Result<UserName, StoreError> {
        self.read(UserName::new(text))
    }

    /// A description.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] with the row that it stands in.
    pub fn description(self, text: &str) -> Result<Description, StoreError> {
        self.read(Description::new(text))
    }

    /// A length of time.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] with the row that it stands in.
    pub fn seconds(self, seconds: i64) -> Result<Seconds, StoreError> {
        self.read(Seconds::new("a length of time", seconds))
    }

    /// The name of bytes.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] with the row that it stands in.
    pub fn blob_hash(self, bytes: &[u8]) -> Result<BlobHash, StoreError> {
        self.read(BlobHash::try_from(bytes))
    }

    /// A count, which no store holds below 0.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] with the row that it stands in.
    pub fn count<T: TryFrom<i64>>(self, count: i64) -> Result<T, StoreError> {
        T::try_from(count).map_err(|_| self.unreadable(format_args!("{count} is no count")))
    }
}
