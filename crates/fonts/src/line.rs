//! Finished lines.

use std::ops::{Index, Range};
use std::sync::Arc;

use crate::face::Face;

/// One glyph. Lengths are in em (multiply by the run's size).
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// The glyph's number in the face; 0 is the face's mark for a missing character.
    pub id: u16,
    /// How far the pen moves.
    pub advance: f32,
    /// A shift to the right.
    pub dx: f32,
    /// A shift upwards.
    pub dy: f32,
    /// The bytes of the line's text that this glyph stands for. The glyphs of one cluster have the
    /// same range.
    pub range: Range<u32>,
}

/// Glyphs of one face and look that follow each other, in visual order.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The face.
    pub face: Face,
    /// The font size in points.
    pub size: f32,
    /// The style's user value.
    pub user: u32,
    /// Whether a line is drawn below it.
    pub underline: bool,
    /// Whether a line is drawn through it.
    pub strikeout: bool,
    /// Whether it is read from right to left.
    pub right_to_left: bool,
    /// From the line's start to the first glyph's pen, in points.
    pub offset: f32,
    /// The sum of the advances, in points.
    pub width: f32,
    /// The glyphs.
    pub glyphs: Vec<Glyph>,
}

/// A single line: what a short cell needs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShapedLine {
    /// The sum of the advances in points, spaces at the ends included.
    pub width: f32,
    /// From the line's top to its baseline, in points.
    pub ascent: f32,
    /// The height of the line in points.
    pub height: f32,
    /// The runs, from left to right. Glyph ranges are bytes of the text that was shaped.
    pub runs: Vec<Run>,
}

/// A line of a paragraph. Places are in points from the top left of the paragraph's box.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The characters that are drawn, in logical order: without the spaces and line ends that hang
    /// at its end, and with an ellipsis or hyphen where one was added. Glyph ranges count in it.
    pub text: Arc<str>,
    /// The bytes of the paragraph's text that the line takes up, hanging spaces and line end
    /// included. The sources of all lines follow each other without gaps, unless text was trimmed.
    pub source: Range<usize>,
    /// The left end of the text.
    pub x: f32,
    /// The top of the line.
    pub top: f32,
    /// The baseline.
    pub baseline: f32,
    /// The width of the text.
    pub width: f32,
    /// From this line's top to the next one's.
    pub height: f32,
    /// Whether it ends at a line end of the text, or at the text's end.
    pub ends_paragraph: bool,
    /// Whether its paragraph is read from right to left.
    pub right_to_left: bool,
    /// The runs, from left to right; their offsets count from [`x`](Self::x).
    pub runs: Vec<Run>,
}

/// The lines of a paragraph, from the top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lines {
    pub(crate) lines: Vec<Line>,
    pub(crate) trimmed: bool,
}

impl Lines {
    /// How many there are. Text without a character has one empty line.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines from the top.
    pub fn iter(&self) -> std::slice::Iter<'_, Line> {
        self.lines.iter()
    }

    /// A line by its number from 0.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Line> {
        self.lines.get(index)
    }

    /// The width of the widest line, in points.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.lines.iter().map(|line| line.width).fold(0.0, f32::max)
    }

    /// The height of all lines, in points.
    #[must_use]
    pub fn height(&self) -> f32 {
        match (self.lines.first(), self.lines.last()) {
            (Some(first), Some(last)) => last.top + last.height - first.top,
            _ => 0.0,
        }
    }

    /// Whether a trimming took text away.
    #[must_use]
    pub fn is_trimmed(&self) -> bool {
        self.trimmed
    }

    /// How many whole lines from line `first` on fit into a height in points. A hundredth of a
    /// point too much is let pass, since heights of boxes are rounded.
    #[must_use]
    pub fn fit(&self, first: usize, height: f32) -> usize {
        let Some(top) = self.get(first).map(|line| line.top) else { return 0 };
        self.lines[first..]
            .iter()
            .take_while(|line| line.top + line.height - top <= height + TOLERANCE)
            .count()
    }

    /// Cuts before a line: what is above stays, the rest is returned with its first line at the
    /// top.
    #[must_use]
    pub fn split_off(&mut self, at: usize) -> Self {
        let mut rest = self.lines.split_off(at.min(self.lines.len()));
        if let Some(top) = rest.first().map(|line| line.top) {
            for line in &mut rest {
                line.top -= top;
                line.baseline -= top;
            }
        }
        Self { lines: rest, trimmed: self.trimmed }
    }
}

/// How much too long or high is let pass, in points.
pub(crate) const TOLERANCE: f32 = 0.01;

impl Index<usize> for Lines {
    type Output = Line;

    fn index(&self, index: usize) -> &Line {
        &self.lines[index]
    }
}

impl IntoIterator for Lines {
    type Item = Line;
    type IntoIter = std::vec::IntoIter<Line>;

    fn into_iter(self) -> Self::IntoIter {
        self.lines.into_iter()
    }
}

impl<'a> IntoIterator for &'a Lines {
    type Item = &'a Line;
    type IntoIter = std::slice::Iter<'a, Line>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
