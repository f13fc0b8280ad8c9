//! Addresses of files, databases and folders, as settings and flags give them.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::storage::{self, Engine};

/// Why an address is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// It is a kind of place that this build does not know.
    #[error("this build has no adapter for {scheme}; give one such as {instead}")]
    NoAdapter {
        /// What stands before the colon.
        scheme: String,
        /// What would do.
        instead: &'static str,
    },
    /// It is a kind of store that could be here, but this build was made without.
    #[error(
        "this build has no adapter for {scheme}: it was built without the feature \"{}\", and has {}",
        .engine.feature(),
        storage::built_in()
    )]
    NotBuiltIn {
        /// What stands before the colon.
        scheme: String,
        /// What it stands for.
        engine: Engine,
    },
    /// It is wrong, and may hold a password.
    #[error("{wrong}; give one such as {example}")]
    Hidden {
        /// What is wrong with it.
        wrong: &'static str,
        /// What would do.
        example: &'static str,
    },
    /// It is a bucket, and this build was made without.
    #[error(
        "this build has no adapter for s3: it was built without the feature \"s3\"; give one such as {instead}"
    )]
    NoBuckets {
        /// What would do.
        instead: &'static str,
    },
    /// One of its options is wrong.
    #[error("{key} in the address must be {expected}")]
    Option {
        /// The option's name.
        key: &'static str,
        /// What would do.
        expected: &'static str,
    },
    /// It has an option that there is not.
    #[error("there is no option {key}; an address takes {known}")]
    UnknownOption {
        /// What was given.
        key: String,
        /// What there is.
        known: &'static str,
    },
    /// It is no address, or names nothing.
    #[error("\"{text}\" is no address; give one such as {example}")]
    Shape {
        /// What was given.
        text: String,
        /// What would do.
        example: &'static str,
    },
}

/// A SQLite file: `sqlite:///absolute/path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteFile(PathBuf);

impl SqliteFile {
    const EXAMPLE: &str = "sqlite:///absolute/path";

    /// The file's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl From<PathBuf> for SqliteFile {
    fn from(path: PathBuf) -> Self {
        Self(path)
    }
}

impl FromStr for SqliteFile {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        path(text, &["sqlite", "sqlite3"], Self::EXAMPLE).map(Self)
    }
}

/// The path of an address of one of some schemes.
pub(super) fn path(
    text: &str,
    schemes: &[&str],
    example: &'static str,
) -> Result<PathBuf, PlaceError> {
    let wrong = || PlaceError::Shape { text: without_secret(text), example };
    let scheme = scheme_of(text).ok_or_else(wrong)?;
    if !schemes.contains(&&*scheme) {
        return Err(PlaceError::NoAdapter { scheme, instead: example });
    }
    let rest = text.trim().get(scheme.len() + 1..).unwrap_or_default();
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let rest = decoded(rest).ok_or_else(wrong)?;
    let bytes = rest.as_bytes();
    // `/C:/folder` is how an address writes `C:/folder`.
    let drive =
        bytes.len() > 2 && bytes[0] == b'/' && bytes[1].is_ascii_alphabetic() && bytes[2] == b':';
    let path = if drive { &rest[1..] } else { &rest };
    if path.is_empty() || path.contains('\0') { Err(wrong()) } else { Ok(path.into()) }
}

/// What stands before the colon of an address, in small letters. A single letter is a drive.
pub(super) fn scheme_of(text: &str) -> Option<String> {
    let (scheme, _) = text.trim().split_once(':')?;
    let named = |character: char| character.is_ascii_alphanumeric() || "+-.".contains(character);
    (scheme.len() >= 2 && scheme.chars().all(named)).then(|| scheme.to_ascii_lowercase())
}

/// A text whose `%20` and the like are the characters that they stand for.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// An address as a message may show it: what stands before `@` can be a password.
pub(super) fn without_secret(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<&str, &str>) {
        let got = text.parse::<SqliteFile>().map(|file| file.0.to_string_lossy().into_owned());
        let got = got.map_err(|error| error.to_string());
        assert_eq!(got, expect.map(str::to_owned).map_err(str::to_owned), "{text}");
    }

    #[test]
    fn addresses_of_files() {
        check("sqlite:///srv/store.db", Ok("/srv/store.db"));
        check("SQLite:///srv/my%20store.db", Ok("/srv/my store.db"));
        check("sqlite:///srv/100%.db", Ok("/srv/100%.db"));
        check("sqlite:///C:/pressroom/store.db", Ok("C:/pressroom/store.db"));
        check("sqlite:store.db", Ok("store.db"));
    }

    #[test]
    fn other_databases_are_told_from_mistakes() {
        let none =
            "this build has no adapter for postgres; give one such as sqlite:///absolute/path";
        check("postgres://me:secret@db/site", Err(none));
        for text in ["", "/srv/store.db", "sqlite://", "C:\\store.db"] {
            let error =
                format!("\"{text}\" is no address; give one such as sqlite:///absolute/path");
            check(text, Err(&error));
        }
        check(
            "://me:secret@db",
            Err("\"…@db\" is no address; give one such as sqlite:///absolute/path"),
        );
    }
}
