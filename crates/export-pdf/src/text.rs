//! Lines of text that look alike, shown by one operator.

use std::ops::Range;

use krilla::surface::{Location, Surface};
use krilla::text::{Glyph as PdfGlyph, GlyphId};
use pressroom_page::{Color, FaceId, Glyph, GlyphRun};

use crate::faces::Face;
use crate::geometry::Area;
use crate::paint;

/// A glyph as krilla asks for it. Lengths are in em.
struct Placed {
    id: u16,
    start: u32,
    end: u32,
    advance: f32,
    dx: f32,
    dy: f32,
}

impl PdfGlyph for Placed {
    fn glyph_id(&self) -> GlyphId {
        GlyphId::new(u32::from(self.id))
    }

    fn text_range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    fn x_advance(&self, size: f32) -> f32 {
        self.advance * size
    }

    fn x_offset(&self, size: f32) -> f32 {
        self.dx * size
    }

    fn y_offset(&self, size: f32) -> f32 {
        self.dy * size
    }

    fn y_advance(&self, _size: f32) -> f32 {
        0.0
    }

    fn location(&self) -> Option<Location> {
        None
    }
}

/// Whether runs may share an operator.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Look {
    pub(crate) face: FaceId,
    pub(crate) size: f32,
    pub(crate) color: Color,
}

/// Runs of one look, one after the other: cells of a table, lines of a paragraph.
///
/// Runs on one baseline become one array of strings with the ways between them, which takes a third
/// of the bytes, and of the time to compress them, that an operator for each would.
pub(crate) struct Batch {
    look: Look,
    face: Face,
    glyphs: Vec<Placed>,
    text: String,
    /// Where the first run began.
    start: (f32, f32),
    /// The baseline of the last run.
    baseline: f32,
    /// The last run's shift up from the first, in em.
    rise: f32,
    /// Where the last glyph was drawn. Counted as krilla counts, so that rounding does not add up.
    last: f32,
    /// Where the pen stands after it.
    pen: f32,
}

impl Batch {
    pub(crate) fn new(look: Look, face: Face, start: (f32, f32)) -> Self {
        Self {
            look,
            face,
            glyphs: Vec::new(),
            text: String::new(),
            start,
            baseline: start.1,
            rise: 0.0,
            last: start.0,
            pen: start.0,
        }
    }

    pub(crate) fn look(&self) -> Look {
        self.look
    }

    /// Adds a run of which the first glyph's origin is `at`.
    pub(crate) fn push(&mut self, run: &GlyphRun, text: &str, at: (f32, f32)) {
        let new_line = at.1 != self.baseline;
        if new_line {
            self.baseline = at.1;
            self.rise = self.rise_to(at.1);
        }
        self.jump(at.0, new_line);
        let base = self.text.len() as u32;
        self.text.push_str(text);
        self.glyphs.reserve(run.glyphs.len());
        for glyph in &run.glyphs {
            let Range { start, end } = range(glyph, text);
            let advance = em(glyph.advance);
            self.glyphs.push(Placed {
                // A glyph that the font lacks is its first, which stands for what is missing.
                id: if u32::from(glyph.id) < self.face.glyphs { glyph.id } else { 0 },
                start: base + start,
                end: base + end,
                advance,
                dx: em(glyph.dx),
                dy: self.rise + em(glyph.dy),
            });
            self.last = self.pen;
            self.pen += advance * self.look.size;
        }
    }

    pub(crate) fn baseline(&self) -> f32 {
        self.baseline
    }

    /// Adds a space, unless there is one, between the last word of a line and the first of the next:
    /// who reads by structure does not see that a line ends.
    pub(crate) fn end_line(&mut self) {
        let Some((id, advance)) = self.face.space else { return };
        if self.text.is_empty() || self.text.ends_with(char::is_whitespace) {
            return;
        }
        let start = self.text.len() as u32;
        self.text.push(' ');
        let (end, dy) = (start + 1, self.rise);
        self.glyphs.push(Placed { id, start, end, advance, dx: 0.0, dy });
        self.last = self.pen;
        self.pen += advance * self.look.size;
    }

    /// Draws all that was added.
    pub(crate) fn draw(&self, surface: &mut Surface<'_>) {
        if self.glyphs.is_empty() {
            return;
        }
        surface.set_stroke(None);
        surface.set_fill(Some(paint::fill(self.look.color)));
        let start = krilla::geom::Point::from_xy(self.start.0, self.start.1);
        let font = self.face.font.clone();
        surface.draw_glyphs(start, &self.glyphs, font, &self.text, self.look.size, false);
    }

    /// The shift up, in em, that brings krilla to a baseline, to the last bit if it can be had.
    fn rise_to(&self, y: f32) -> f32 {
        let size = self.look.size;
        let rise = (self.start.1 - y) / size;
        nearby(rise).find(|rise| self.start.1 - rise * size == y).unwrap_or(rise)
    }

    /// Brings the pen to `x` by a longer (or shorter) advance of the last glyph.
    fn jump(&mut self, x: f32, new_line: bool) {
        let Some(glyph) = self.glyphs.last_mut() else { return };
        if self.pen == x {
            return;
        }
        let size = self.look.size;
        let natural = glyph.advance;
        if new_line {
            let advance = (x - self.last) / size;
            glyph.advance =
                nearby(advance).find(|advance| self.last + advance * size == x).unwrap_or(advance);
        } else {
            let way = (x - self.pen) / size;
            glyph.advance = short_way(natural, way, self.face.units_per_em);
        }
        self.pen = self.last + glyph.advance * size;
    }
}

/// A value and the floats next to it.
fn nearby(value: f32) -> impl Iterator<Item = f32> {
    [
        value,
        value.next_up(),
        value.next_down(),
        value.next_up().next_up(),
        value.next_down().next_down(),
    ]
    .into_iter()
}

/// The advance that is `way` longer than `natural`, but for at most two thousandths of an em (which
/// no one sees): so that the number in the file, thousandths of an em, comes out whole if it can.
/// The steps are those by which krilla reckons, so that the rounding is the same.
fn short_way(natural: f32, way: f32, units_per_em: f32) -> f32 {
    let thousandths = (way * 1000.0).round();
    let advance = |off: f32| natural + (thousandths + off) / 1000.0;
    [0.0, 1.0, -1.0, 2.0, -2.0]
        .into_iter()
        .map(advance)
        .find(|advance| {
            let units = advance * units_per_em - natural * units_per_em;
            (units / units_per_em * 1000.0).fract() == 0.0
        })
        .unwrap_or_else(|| advance(0.0))
}

/// A length in em that can be reckoned with.
fn em(value: f32) -> f32 {
    if value.is_finite() { value.clamp(-1000.0, 1000.0) } else { 0.0 }
}

/// The bytes that a glyph stands for; nothing where the text has no such bytes.
fn range(glyph: &Glyph, text: &str) -> Range<u32> {
    let Range { start, end } = glyph.range;
    if text.get(start as usize..end as usize).is_some() { start..end } else { 0..0 }
}

/// Whether the glyphs go against the order of the characters, as in Hebrew or Arabic.
pub(crate) fn is_backwards(run: &GlyphRun) -> bool {
    match (run.glyphs.first(), run.glyphs.last()) {
        (Some(first), Some(last)) => first.range.start > last.range.start,
        _ => false,
    }
}

/// How far a run's pen goes, in points.
pub(crate) fn width(run: &GlyphRun) -> f32 {
    run.glyphs.iter().map(|glyph| em(glyph.advance)).sum::<f32>() * run.size.0
}

/// The box that a run's letters lie in.
pub(crate) fn area(face: &Face, size: f32, at: (f32, f32), width: f32) -> Area {
    Area {
        left: at.0.min(at.0 + width),
        top: at.1 - face.ascent * size,
        right: at.0.max(at.0 + width),
        bottom: at.1 + face.descent * size,
    }
}

#[cfg(test)]
mod tests {
    use super::short_way;

    #[test]
    fn ways_are_whole_thousandths_where_the_rounding_allows() {
        for (natural, way) in [(0.556_152_34, 3.217_592), (0.25, 12.345_678), (0.3, -1.2)] {
            let advance = short_way(natural, way, 2048.0);
            assert!((advance - natural - way).abs() < 0.0026, "{natural} {way}");
            let number = (advance * 2048.0 - natural * 2048.0) / 2048.0 * 1000.0;
            assert_eq!(number.fract(), 0.0, "{number}");
        }
    }
}
