//! Why a layout is not taken, and where.

use std::fmt;

use pressroom_query::xml::XmlError;

/// Why a layout is not taken as a dashboard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// It is no XML that is taken.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// It is XML, but no dashboard that holds together.
    #[error("line {line}, column {column}: {mistake}")]
    At {
        /// The line, from 1.
        line: u32,
        /// The character in the line, from 1.
        column: u32,
        /// What is wrong there.
        mistake: Mistake,
    },
}

impl LayoutError {
    /// The line and the column, from 1, as far as they are known.
    #[must_use]
    pub fn place(&self) -> (Option<u32>, Option<u32>) {
        match self {
            Self::At { line, column, .. } | Self::Xml(XmlError::Syntax { line, column, .. }) => {
                (Some(*line), Some(*column))
            }
            Self::Xml(
                XmlError::TooDeep { line, .. }
                | XmlError::TooMany { line, .. }
                | XmlError::DocumentType { line },
            ) => (Some(*line), None),
            Self::Xml(XmlError::TooLong { .. } | XmlError::Encoding) => (None, None),
        }
    }
}

/// What does not hold together in a dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// The outermost element is another one.
    Root(String),
    /// Something that is named elsewhere has no name.
    Nameless {
        /// The element, such as `Grid`.
        element: String,
    },
    /// A component name stands twice.
    Twice {
        /// The name.
        name: String,
        /// The line of the first.
        first_line: u32,
    },
    /// A place of the layout tree does not say what stands there.
    Empty {
        /// The element, such as `LayoutItem`.
        element: String,
    },
    /// A place of the layout tree names nothing that is there.
    Dangling {
        /// The name.
        name: String,
    },
    /// Two places of the layout tree name the same.
    PlacedTwice {
        /// The name.
        name: String,
        /// The line of the first place.
        first_line: u32,
    },
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(found) if found == "XtraReportsLayoutSerializer" => {
                f.write_str("this is the layout of a report, not of a dashboard")
            }
            Self::Root(found) => {
                write!(f, "the outermost element is <{found}>; that of a dashboard is <Dashboard>")
            }
            Self::Nameless { element } => {
                write!(f, "<{element}> has no ComponentName; give it one that nothing else has")
            }
            Self::Twice { name, first_line } => write!(
                f,
                "the ComponentName \"{name}\" stands on line {first_line} already; give each its own"
            ),
            Self::Empty { element } => {
                write!(f, "<{element}> has no DashboardItem; name the item that stands there")
            }
            Self::Dangling { name } => write!(
                f,
                "the layout places \"{name}\", but no item has that ComponentName; add the item or remove its place"
            ),
            Self::PlacedTwice { name, first_line } => write!(
                f,
                "the layout places \"{name}\" on line {first_line} already; an item has one place"
            ),
        }
    }
}
