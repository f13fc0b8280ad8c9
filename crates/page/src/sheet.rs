//! What a sheet is: columns, and rows of cells with typed values.

/// What a sheet is called and which columns it has; its rows come one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetInfo {
    /// What it is called.
    pub title: String,
    /// When and by whom it was made, in words.
    pub made: String,
    /// Its columns, from left to right.
    pub columns: Vec<SheetColumn>,
}

/// A column of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetColumn {
    /// What stands at its head.
    pub name: String,
    /// Its share of the width, in any unit; 0 counts as 1.
    pub weight: u16,
    /// Where its cells stand.
    pub align: SheetAlign,
}

impl SheetColumn {
    /// A column whose cells stand at the left.
    pub fn new(name: impl Into<String>, weight: u16) -> Self {
        Self { name: name.into(), weight, align: SheetAlign::Left }
    }

    /// The same, with cells at the right: for numbers.
    #[must_use]
    pub fn right(self) -> Self {
        Self { align: SheetAlign::Right, ..self }
    }
}

/// Where the cells of a column stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SheetAlign {
    /// At the left.
    #[default]
    Left,
    /// At the right.
    Right,
}

/// The value of a cell. A format may show a number otherwise than a text of the same digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A whole number.
    Int(i64),
    /// A text: somebody's words, never a formula.
    Text(String),
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => Ok(()),
            Self::Int(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}
