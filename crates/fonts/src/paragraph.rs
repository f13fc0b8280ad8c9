//! What is set in lines, and how.

use std::ops::Range;

use crate::face::Face;

/// How a stretch of text looks.
#[derive(Clone, Debug, PartialEq)]
pub struct TextStyle {
    /// The face.
    pub face: Face,
    /// The font size in points.
    pub size: f32,
    /// Handed through to the runs: a colour's number, say.
    pub user: u32,
    /// Whether a line is drawn below it.
    pub underline: bool,
    /// Whether a line is drawn through it.
    pub strikeout: bool,
}

impl TextStyle {
    /// Plain text of a face and size in points.
    #[must_use]
    pub fn new(face: Face, size: f32) -> Self {
        Self { face, size, user: 0, underline: false, strikeout: false }
    }
}

/// A stretch of a paragraph that looks otherwise than the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// The bytes of the paragraph's text. Ends inside a character are moved to its start.
    pub range: Range<usize>,
    /// Its look.
    pub style: TextStyle,
}

/// Text to be set in lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Paragraph<'a> {
    /// The text. Line ends of any kind start a new line.
    pub text: &'a str,
    /// The look of all that no span covers.
    pub style: TextStyle,
    /// Stretches of another look, in the order of the text. Where two overlap the first one holds.
    pub spans: Vec<Span>,
}

impl<'a> Paragraph<'a> {
    /// Text of one look.
    #[must_use]
    pub fn new(text: &'a str, style: TextStyle) -> Self {
        Self { text, style, spans: Vec::new() }
    }
}

/// Where lines stand in the width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right edge.
    Right,
    /// At both edges: spaces are stretched, but not on a line that ends a paragraph, which stands
    /// where its direction starts.
    Justify,
}

/// The direction that a paragraph is read in: it orders runs of both directions, punctuation
/// between them, and tabs. It does not choose the alignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// As its first letter has it.
    Auto,
    /// From left to right.
    #[default]
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

/// What happens to text that does not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Trimming {
    /// Nothing: it is all there, and whoever draws it clips it.
    #[default]
    None,
    /// It ends after the last letter that fits.
    Character,
    /// It ends after the last word that fits.
    Word,
    /// It ends after the last letter that fits, with an ellipsis.
    EllipsisCharacter,
    /// It ends after the last word that fits, with an ellipsis.
    EllipsisWord,
}

/// How a paragraph is set.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutOptions {
    /// Whether lines are broken at the width. If not, only line ends in the text start a line.
    pub wrap: bool,
    /// Whether line ends in the text start a new line. If not, they are drawn as spaces.
    pub hard_breaks: bool,
    /// Where lines stand. Without a width, lines stand in the width of the longest.
    pub align: Align,
    /// The direction of reading.
    pub direction: Direction,
    /// What happens to lines that are too long, and to lines below `max_height`.
    pub trimming: Trimming,
    /// The height in points into which lines must fit; counts only with a trimming. The first line
    /// is always kept.
    pub max_height: Option<f32>,
    /// From one tab stop to the next, in points; `None` is eight spaces of the paragraph's style.
    pub tab_width: Option<f32>,
}

impl Default for LayoutOptions {
    fn default() -> Self {
        Self {
            wrap: true,
            hard_breaks: true,
            align: Align::Left,
            direction: Direction::LeftToRight,
            trimming: Trimming::None,
            max_height: None,
            tab_width: None,
        }
    }
}
