//! Expressions of a layout, bound to the rows of a level.

use std::sync::Arc;

use pressroom_criteria::Compiled;

/// An expression and the level of rows in whose light it is evaluated.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    /// `None` if the text is not a valid expression; that has been told already.
    pub(crate) compiled: Option<Compiled>,
    /// The level, counted from the report's own, which is 0.
    pub(crate) depth: usize,
    /// Where it stands, for messages: `label "total", Text`.
    pub(crate) place: Arc<str>,
}
