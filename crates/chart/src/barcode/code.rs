//! What an encoder gives: bars or cells, and the text for people.

use std::sync::Arc;

/// An encoded text.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// What is printed.
    pub shape: Shape,
    /// What people read below or above it, check digits included, where they are customary.
    pub texts: Vec<TextPiece>,
}

/// The shape of a code.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Bars and spaces in a line.
    Bars(Bars),
    /// A square of cells.
    Cells(Cells),
}

/// Bars and spaces in a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bars {
    /// The widths of a bar, a space, a bar and so on, in modules; ends with a bar.
    pub widths: Vec<f32>,
    /// The empty space that readers need at the left and the right, in modules.
    pub quiet: (f32, f32),
    /// The bars, counted from 0, that reach down between the digits, as in EAN.
    pub tall: Vec<usize>,
    /// The height of the bars along the top and the bottom, in modules; 0 is none.
    pub bearer: f32,
}

/// A square of cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    /// How many cells a side has.
    pub side: usize,
    /// Which are dark, row by row.
    pub dark: Vec<bool>,
    /// The empty space that readers need around, in modules.
    pub quiet: f32,
}

/// A piece of the text for people.
#[derive(Clone, Debug, PartialEq)]
pub struct TextPiece {
    /// The characters.
    pub text: Arc<str>,
    /// Where the piece is centred, in modules from the first bar: for texts that belong to a part
    /// of the code. `None` is a text that goes with the whole code.
    pub span: Option<(f32, f32)>,
}

impl Code {
    /// A code of bars with one text.
    pub(super) fn bars(widths: Vec<f32>, quiet: f32, text: &str) -> Self {
        let bars = Bars { widths, quiet: (quiet, quiet), ..Bars::default() };
        Self { shape: Shape::Bars(bars), texts: vec![TextPiece { text: text.into(), span: None }] }
    }

    /// The whole text for people.
    #[must_use]
    pub fn text(&self) -> String {
        self.texts.iter().map(|piece| &*piece.text).collect()
    }
}

impl Bars {
    /// The width of all bars and spaces, in modules, without the empty space around.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.widths.iter().sum()
    }
}

impl Cells {
    /// Whether a cell is dark; those outside are not.
    #[must_use]
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        column < self.side && row < self.side && self.dark[row * self.side + column]
    }
}

/// The widths that a row of digits spells, as tables of symbologies print them: `"211"` is a bar of
/// two modules, a space and a bar of one.
pub(super) fn push_digits(widths: &mut Vec<f32>, pattern: &str) {
    widths.extend(pattern.bytes().map(|digit| f32::from(digit.saturating_sub(b'0'))));
}

/// The widths that the bits of a pattern of `elements` spell, the first element in the highest bit:
/// a set bit is wide.
pub(super) fn push_wide_narrow(widths: &mut Vec<f32>, pattern: u16, elements: u32, wide: f32) {
    widths.extend((0..elements).rev().map(|bit| if pattern >> bit & 1 == 1 { wide } else { 1.0 }));
}

/// Keeps a ratio of wide to narrow in the range that readers expect.
pub(super) fn ratio(ratio: f32) -> f32 {
    if ratio.is_finite() { ratio.clamp(2.0, 3.0) } else { 2.5 }
}

/// The digits of a text; `None` at the first character that is none.
pub(super) fn digits(text: &str) -> Result<Vec<u8>, char> {
    text.chars().map(|c| c.to_digit(10).and_then(|d| u8::try_from(d).ok()).ok_or(c)).collect()
}

/// The check digit (modulo 10, weights 3 and 1 from the right) that EAN, UPC and ITF share.
pub(super) fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| u32::from(*digit) * if place % 2 == 0 { 3 } else { 1 })
        .sum();
    ((10 - sum % 10) % 10) as u8
}

/// Digits as characters.
pub(super) fn spelled(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}
