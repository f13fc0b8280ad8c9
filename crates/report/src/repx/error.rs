//! Why a layout is not taken.

use pressroom_query::xml::XmlError;

/// Why a layout is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// It is not XML that is accepted.
    #[error("the layout cannot be read: {0}")]
    Xml(#[from] XmlError),
    /// It is the older form, a program text.
    #[error(
        "the layout is in the older form, which is C# text; open it in the report designer, save it as XML (.repx) and use that file"
    )]
    ProgramText,
    /// It is XML of another kind.
    #[error(
        "the file is XML, but its outermost element is <{root}>, so it is no report layout{}",
        if root == "Dashboard" { "; it is a dashboard" } else { "" }
    )]
    NotAReport {
        /// The name of the outermost element.
        root: String,
    },
    /// References lead back to where they start.
    #[error(
        "line {line}: the reference {property}=\"{reference}\" leads back to itself; remove one of the references on its way"
    )]
    Circular {
        /// Where.
        line: u32,
        /// The attribute.
        property: String,
        /// Its value.
        reference: String,
    },
    /// A sub-report contains itself.
    #[error("line {line}: the sub-report \"{name}\" contains itself; give it another report")]
    ContainsItself {
        /// Where.
        line: u32,
        /// The control's name.
        name: String,
    },
    /// Sub-reports are within each other too deeply.
    #[error(
        "line {line}: sub-reports are nested more than {limit} deep; put fewer reports into each other"
    )]
    TooManySubreports {
        /// Where.
        line: u32,
        /// The deepest that is taken.
        limit: usize,
    },
    /// Controls are within each other too deeply.
    #[error(
        "line {line}: controls are nested more than {limit} deep; put fewer containers into each other"
    )]
    TooDeep {
        /// Where.
        line: u32,
        /// The deepest that is taken.
        limit: usize,
    },
    /// There are too many controls, counting each use of a sub-report.
    #[error("line {line}: there are more than {limit} controls; split the report")]
    TooMany {
        /// Where.
        line: u32,
        /// The number that is taken.
        limit: usize,
    },
}
