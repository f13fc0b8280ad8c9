//! Names and other texts of people, within bounds.

use std::fmt;

/// A text that is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing but blanks.
    #[error("{what} must not be empty")]
    Empty {
        /// What the text was to be.
        what: &'static str,
    },
    /// More characters than fit.
    #[error("{what} has {length} characters; at most {longest} fit")]
    TooLong {
        /// What the text was to be.
        what: &'static str,
        /// Its characters.
        length: usize,
        /// How many fit.
        longest: usize,
    },
    /// A control character such as a line end.
    #[error("{what} must not hold control characters such as line ends")]
    Control {
        /// What the text was to be.
        what: &'static str,
    },
    /// Not of the shape that is asked for.
    #[error("{what} must look like {example}")]
    Shape {
        /// What the text was to be.
        what: &'static str,
        /// An example of what is right.
        example: &'static str,
    },
}

/// What a category, a document, a data model, a group or a person is called: 1 to 250 characters on
/// one line, without blanks around.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// What somebody types to sign in: 1 to 100 characters on one line, without blanks around.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserName(String);

/// A longer text about something: at most 4,000 characters, may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Description(String);

impl Name {
    /// The most characters.
    pub const LONGEST: usize = 250;

    /// A name of this text.
    ///
    /// # Errors
    /// [`InvalidText`] when it is empty, too long or has control characters.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        one_line("a name", text, Self::LONGEST).map(Self)
    }

    /// What two names share that count as the same: their lower-case letters.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl UserName {
    /// The most characters.
    pub const LONGEST: usize = 100;

    /// A user name of this text.
    ///
    /// # Errors
    /// [`InvalidText`] when it is empty, too long or has control characters.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        one_line("a user name", text, Self::LONGEST).map(Self)
    }

    /// What two user names share that count as the same: their lower-case letters.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl Description {
    /// The most characters.
    pub const LONGEST: usize = 4_000;

    /// A description of this text.
    ///
    /// # Errors
    /// [`InvalidText`] when it is too long or holds control characters other than line ends and tabs.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        several_lines("a description", text, Self::LONGEST).map(Self)
    }
}

macro_rules! texts {
    ($($name:ident)+) => {$(
        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

texts! { Name UserName Description }

pub(crate) fn one_line(
    what: &'static str,
    text: &str,
    longest: usize,
) -> Result<String, InvalidText> {
    let text = text.trim();
    if text.is_empty() {
        return Err(InvalidText::Empty { what });
    }
    bounded(what, text, longest)?;
    if text.chars().any(char::is_control) {
        return Err(InvalidText::Control { what });
    }
    Ok(text.to_owned())
}

/// A text that may have line ends and tabs.
pub(crate) fn several_lines(
    what: &'static str,
    text: &str,
    longest: usize,
) -> Result<String, InvalidText> {
    bounded(what, text, longest)?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(InvalidText::Control { what });
    }
    Ok(text.to_owned())
}

fn bounded(what: &'static str, text: &str, longest: usize) -> Result<(), InvalidText> {
    let length = text.chars().count();
    if length > longest { Err(InvalidText::TooLong { what, length, longest }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        let check = |text: &str, expect: Result<&str, &str>| {
            let got = Name::new(text).map_err(|error| error.to_string());
            assert_eq!(got.as_ref().map(Name::as_str).map_err(String::as_str), expect, "{text:?}");
        };
        check("Invoices", Ok("Invoices"));
        check("  Größe / Ñandú 漢字 ", Ok("Größe / Ñandú 漢字"));
        check(" ", Err("a name must not be empty"));
        check("a\nb", Err("a name must not hold control characters such as line ends"));
        check(&"é".repeat(250), Ok(&"é".repeat(250)));
        check(&"é".repeat(251), Err("a name has 251 characters; at most 250 fit"));
    }

    #[test]
    fn names_that_differ_by_case_share_a_key() {
        let key = |text| Name::new(text).map(|name| name.key());
        assert_eq!(key("NORTHWIND Öl"), key("Northwind öl"));
        assert_ne!(key("Northwind"), key("Northwind 2"));
    }

    #[test]
    fn descriptions_have_lines_and_may_be_empty() {
        assert!(Description::new("").is_ok());
        assert!(Description::new("one\r\ntwo\tthree").is_ok());
        assert!(Description::new("\u{0}").is_err());
        assert!(Description::new(&"x".repeat(4_001)).is_err());
    }
}
