//! What can be wrong with an expression: its text, or what happens when it is evaluated.

use std::fmt;

/// A range of bytes in the text of an expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// From the start of `self` to the end of `other`.
    pub(crate) fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

/// A mistake in the text of an expression, found while it was read or while its names and types
/// were checked: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The bytes of the text that are at fault.
    pub span: Span,
    /// The line where they start, from 1.
    pub line: usize,
    /// The character of that line, from 1.
    pub column: usize,
    /// What is wrong, in lowercase without a full stop.
    pub message: String,
    /// What would be right, where that can be told.
    pub hint: Option<String>,
}

impl ParseError {
    /// A mistake at a place of `text`.
    pub(crate) fn new(text: &str, span: Span, message: impl Into<String>) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            span,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: message.into(),
            hint: None,
        }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn with_optional_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {}, column {})", self.message, self.line, self.column)?;
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ParseError {}

/// Why an expression has no result for a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// An operator or function does not take a value of this type.
    #[error("{0}")]
    Type(Box<str>),
    /// A result does not fit its type, such as a date after the year 9999.
    #[error("{0}")]
    Range(Box<str>),
    /// A field that the rows do not have.
    #[error("there is no field \"{0}\" here")]
    UnknownField(Box<str>),
    /// A parameter that the report does not have.
    #[error("there is no parameter \"{0}\"; add it to the report or remove it from the expression")]
    UnknownParameter(Box<str>),
    /// Something that this place of a report does not offer, such as a summary in a filter.
    #[error("{0} cannot be used here")]
    Unavailable(Box<str>),
    /// A limit was reached.
    #[error("{0}")]
    Limit(Box<str>),
    /// The environment failed to supply a value.
    #[error("{0}")]
    Scope(Box<str>),
}

impl EvalError {
    pub(crate) fn types(message: impl Into<Box<str>>) -> Self {
        Self::Type(message.into())
    }

    pub(crate) fn range(message: impl Into<Box<str>>) -> Self {
        Self::Range(message.into())
    }
}

/// The name among `known` that `given` was probably meant to be.
pub(crate) fn closest<'a>(
    given: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if given.chars().count() > 64 {
        return None;
    }
    let given = given.to_lowercase();
    let allowed = 1 + given.chars().count() / 4;
    known
        .into_iter()
        .filter(|name| name.len() <= 256)
        .map(|name| (edits(&given, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The number of inserted, deleted or replaced characters between two words, where a swap of two
/// neighbours is one edit (the optimal string alignment distance).
fn edits(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut current = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(current[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut last, current);
    }
    last[b.len()]
}
