//! Addresses of databases and folders, as settings and flags give them.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use figment::value::Value;

use super::value::Setting;

/// Why an address is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// It is a kind of place that this build does not know.
    #[error("this build has no adapter for {scheme}; {instead} is what it has")]
    NoAdapter {
        /// What stands before the colon.
        scheme: String,
        /// What would do.
        instead: &'static str,
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

/// A folder: `file:///absolute/folder`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(PathBuf);

impl SqliteFile {
    const EXAMPLE: &str = "sqlite:///absolute/path";

    /// The file's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Folder {
    const EXAMPLE: &str = "file:///absolute/folder";

    /// The folder's path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl FromStr for SqliteFile {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        path(text, &["sqlite", "sqlite3"], Self::EXAMPLE).map(Self)
    }
}

impl FromStr for Folder {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        path(text, &["file"], Self::EXAMPLE).map(Self)
    }
}

/// The path of an address of one of some schemes.
fn path(text: &str, schemes: &[&str], example: &'static str) -> Result<PathBuf, PlaceError> {
    let wrong = || PlaceError::Shape { text: without_secret(text), example };
    let (scheme, rest) = text.trim().split_once(':').ok_or_else(wrong)?;
    let named = |character: char| character.is_ascii_alphanumeric() || "+-.".contains(character);
    if scheme.len() < 2 || !scheme.chars().all(named) {
        return Err(wrong());
    }
    if !schemes.iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        let scheme = scheme.to_ascii_lowercase();
        return Err(PlaceError::NoAdapter { scheme, instead: example });
    }
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let rest = decoded(rest).ok_or_else(wrong)?;
    let bytes = rest.as_bytes();
    // `/C:/folder` is how an address writes `C:/folder`.
    let drive =
        bytes.len() > 2 && bytes[0] == b'/' && bytes[1].is_ascii_alphabetic() && bytes[2] == b':';
    let path = if drive { &rest[1..] } else { &rest };
    if path.is_empty() || path.contains('\0') { Err(wrong()) } else { Ok(path.into()) }
}

/// A text whose `%20` and the like are the characters that they stand for.
fn decoded(text: &str) -> Option<String> {
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
fn without_secret(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => text.to_owned(),
    }
}

macro_rules! setting {
    ($Type:ident, $scheme:literal) => {
        impl Setting for $Type {
            fn read(value: &Value) -> Result<Self, String> {
                let text = String::read(value)?;
                text.parse().map_err(|error: PlaceError| format!("{}: {error}", Self::EXAMPLE))
            }

            fn show(&self) -> Option<String> {
                Some(format!("{:?}", format!(concat!($scheme, "://{}"), self.0.display())))
            }
        }
    };
}

setting!(SqliteFile, "sqlite");
setting!(Folder, "file");

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
        let none = "this build has no adapter for postgres; sqlite:///absolute/path is what it has";
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
