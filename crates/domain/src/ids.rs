//! Numbers and names that identify things.

use std::fmt;
use std::str::FromStr;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// Identifies a category.
    CategoryId
    /// Identifies a data model.
    DataModelId
    /// Identifies a document.
    DocumentId
    /// Identifies a revision of a document.
    RevisionId
    /// Identifies a user.
    UserId
    /// Identifies a group.
    GroupId
    /// Identifies a mail that waits to be sent.
    MailId
    /// Identifies an API key.
    ApiKeyId
    /// Identifies a job.
    JobId
    /// Identifies a run of a job.
    JobRunId
    /// Identifies a result of a job.
    JobResultId
}

/// Identifies an export: 128 random bits, shown as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExportId([u8; 16]);

/// A text that is not the id of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an export id is 32 hexadecimal digits")]
pub struct InvalidExportId;

impl ExportId {
    /// The id of these random bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for ExportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for ExportId {
    type Err = InvalidExportId;

    fn from_str(text: &str) -> Result<Self, InvalidExportId> {
        crate::hash::from_hex(text).map(Self).ok_or(InvalidExportId)
    }
}

/// Names a running server among others that share its store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeName(String);

impl NodeName {
    /// The node of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_id_reads_back_what_it_shows() {
        let id = ExportId::from_bytes(
            *b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\xfc\xfd\xfe\xff",
        );
        assert_eq!(id.to_string(), "000102030405060708090a0bfcfdfeff");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
    }

    #[test]
    fn other_texts_are_no_export_ids() {
        for text in [
            "",
            "0",
            "000102030405060708090a0bfcfdfef",
            "000102030405060708090a0bfcfdfegg",
            "+00102030405060708090a0bfcfdfeff",
            "ééééééééééééééé",
        ] {
            assert_eq!(text.parse::<ExportId>(), Err(InvalidExportId), "{text}");
        }
    }
}
