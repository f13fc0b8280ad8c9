//! Shaped words and shaping plans, kept by one session.

use std::collections::HashMap;
use std::sync::Arc;

use harfrust::{Buffer, Direction, Script, ShapeOptions, ShapePlan, ShaperFont, shape};

use crate::classes::FIGURES;
use crate::face::FaceData;
use crate::line::Glyph;

/// A shaped word: ranges count from its start, lengths are in em.
#[derive(Debug)]
pub(crate) struct Word {
    pub(crate) glyphs: Box<[Glyph]>,
    pub(crate) width: f32,
}

/// Longer words are shaped anew each time.
const MAX_WORD_BYTES: usize = 40;
/// So many words of a face are kept: twice as many in all, in two generations.
const MAX_WORDS: usize = 4096;
/// So many plans are kept: one for each face, script and direction.
const MAX_PLANS: usize = 256;

/// The words of one face. A generation that is full becomes the old one, and the former old one is
/// dropped, so that words in use stay.
#[derive(Default)]
pub(crate) struct Words {
    young: HashMap<Box<str>, Arc<Word>>,
    old: HashMap<Box<str>, Arc<Word>>,
}

impl Words {
    pub(crate) fn get_or_shape(&mut self, text: &str, shape: impl FnOnce() -> Word) -> Arc<Word> {
        if let Some(word) = self.young.get(text) {
            return Arc::clone(word);
        }
        let word = self.old.remove(text).unwrap_or_else(|| Arc::new(shape()));
        if text.len() <= MAX_WORD_BYTES {
            if self.young.len() >= MAX_WORDS {
                self.old = std::mem::take(&mut self.young);
            }
            self.young.insert(text.into(), Arc::clone(&word));
        }
        word
    }
}

/// A stretch of text of one face, script and direction, and what stands around it.
#[derive(Clone, Copy)]
pub(crate) struct Stretch<'a> {
    /// The text before, for letters that join.
    pub(crate) before: &'a str,
    pub(crate) text: &'a str,
    /// The text after.
    pub(crate) after: &'a str,
    pub(crate) script: Script,
    pub(crate) right_to_left: bool,
}

/// Runs the OpenType engine.
#[derive(Default)]
pub(crate) struct Engine {
    buffer: Buffer,
    plans: HashMap<(u32, Script, bool), ShapePlan>,
}

impl Engine {
    /// Appends the glyphs of a stretch in visual order; ranges are bytes of the stretch's text plus
    /// `base`.
    pub(crate) fn shape(
        &mut self,
        face: &FaceData,
        stretch: Stretch<'_>,
        base: u32,
        out: &mut Vec<Glyph>,
    ) {
        let direction =
            if stretch.right_to_left { Direction::RightToLeft } else { Direction::LeftToRight };
        if self.plans.len() >= MAX_PLANS {
            self.plans.clear();
        }
        let plan =
            self.plans.entry((face.id, stretch.script, stretch.right_to_left)).or_insert_with(
                || ShapePlan::new(&face.font, direction, Some(stretch.script), None, &*FIGURES),
            );

        let buffer = &mut self.buffer;
        buffer.reset();
        buffer.set_pre_context(stretch.before);
        for (at, c) in stretch.text.char_indices() {
            buffer.push(u32::from(drawn(c)), u32::try_from(at).unwrap_or(u32::MAX));
        }
        buffer.set_post_context(stretch.after);
        buffer.set_direction(direction);
        buffer.set_script(Some(stretch.script));
        let options = ShapeOptions::new().plan(Some(plan)).features(&*FIGURES);
        let font = ShaperFont::new(&face.font);
        let length = u32::try_from(stretch.text.len()).unwrap_or(u32::MAX);
        if shape(&font, buffer, options).is_err() {
            out.push(Glyph { id: 0, advance: 0.0, dx: 0.0, dy: 0.0, range: base..base + length });
            return;
        }

        let em = 1.0 / f32::from(face.font.units_per_em().max(1));
        let infos = buffer.glyph_infos();
        let first = out.len();
        out.extend(infos.iter().zip(buffer.glyph_positions()).map(|(info, position)| Glyph {
            id: u16::try_from(info.glyph_id).unwrap_or(0),
            advance: position.x_advance as f32 * em,
            dx: position.x_offset as f32 * em,
            dy: position.y_offset as f32 * em,
            range: info.cluster..info.cluster,
        }));
        let glyphs = &mut out[first..];
        if stretch.right_to_left {
            close_ranges(glyphs.iter_mut(), length, base);
        } else {
            close_ranges(glyphs.iter_mut().rev(), length, base);
        }
    }
}

/// Gives each glyph, from the last of the text to the first, the end of its cluster.
fn close_ranges<'a>(glyphs: impl Iterator<Item = &'a mut Glyph>, length: u32, base: u32) {
    let mut end = length;
    let mut cluster = length;
    for glyph in glyphs {
        let start = glyph.range.start;
        if start != cluster {
            end = cluster;
            cluster = start;
        }
        glyph.range = base + start..base + end;
    }
}

/// What is drawn for a character: controls draw nothing, line ends that do not count as such draw a
/// space.
fn drawn(c: char) -> char {
    match c {
        '\u{2028}' | '\u{2029}' => ' ',
        _ if crate::classes::is_break(c) => ' ',
        _ if c.is_control() => '\u{200B}',
        _ => c,
    }
}
