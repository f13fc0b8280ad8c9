//! Expressions and what they are bound to.

use std::fmt;

/// The text of an expression, and where the layout has it. It is parsed by whoever evaluates it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Expression {
    /// The text.
    pub text: String,
    /// The line of the layout on which it stands, from 1; 0 where that is not known.
    pub line: u32,
}

impl Expression {
    /// An expression that stands on a line of the layout.
    pub fn new(text: impl Into<String>, line: u32) -> Self {
        Self { text: text.into(), line }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// When a binding is evaluated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BindingEvent {
    /// Before the element is laid out, once per row.
    #[default]
    BeforePrint,
    /// When the element is on a page whose number is known.
    PrintOnPage,
}

/// A property that an expression sets. The older form of bindings, a field and a format, is brought
/// to this form when a layout is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    /// When.
    pub event: BindingEvent,
    /// The property, such as `Text`, `Visible`, `ImageSource` or `Font.Bold`.
    pub property: String,
    /// Its value.
    pub expression: Expression,
}

/// The binding of a property among `bindings`.
#[must_use]
pub fn binding<'a>(bindings: &'a [Binding], property: &str) -> Option<&'a Binding> {
    bindings.iter().find(|binding| binding.property.eq_ignore_ascii_case(property))
}
