//! A session of shaping: caches, the fast path, and the public entry points.

use std::collections::BTreeSet;
use std::sync::Arc;

use harfrust::Script;

use crate::cache::{Engine, Stretch, Word, Words};
use crate::classes::{Alphabet, Class, DirectGlyph, class, slot};
use crate::face::{Face, FaceData};
use crate::layout;
use crate::library::FontLibrary;
use crate::line::{Glyph, Lines, Run, ShapedLine};
use crate::paragraph::{LayoutOptions, Paragraph, TextStyle};

/// So many different missing characters are remembered.
const MAX_MISSING: usize = 256;

/// Measures and shapes text. One session belongs to one thread: it keeps shaped words, so the cells
/// of a report, which repeat themselves, cost little more than a look-up. Memory is bounded.
pub struct Shaper {
    library: Arc<FontLibrary>,
    pub(crate) core: Core,
}

/// The part of a session that shaping changes.
#[derive(Default)]
pub(crate) struct Core {
    engine: Engine,
    words: Vec<Words>,
    missing: BTreeSet<char>,
}

impl Shaper {
    /// A session over a library.
    #[must_use]
    pub fn new(library: Arc<FontLibrary>) -> Self {
        Self { library, core: Core::default() }
    }

    /// The library.
    #[must_use]
    pub fn library(&self) -> &Arc<FontLibrary> {
        &self.library
    }

    /// The width of a text on one line, in points. Line ends count as spaces.
    pub fn measure(&mut self, text: &str, face: &Face, size: f32) -> f32 {
        match self.core.simple(face.data(), text, 0, None) {
            Some(width) => width * size,
            None => self.shape_line(text, face, size).width,
        }
    }

    /// The glyphs of a text on one line, in a left-to-right paragraph. Line ends are drawn as
    /// spaces.
    ///
    /// This is the way for short cells: Latin, Greek and Cyrillic text without tabs comes from the
    /// session's cache. All other text is shaped in full.
    pub fn shape_line(&mut self, text: &str, face: &Face, size: f32) -> ShapedLine {
        let metrics = face.metrics();
        let ascent = metrics.ascent * size;
        let height = metrics.line_height() * size;
        let mut glyphs = Vec::with_capacity(text.len());
        if let Some(width) = self.core.simple(face.data(), text, 0, Some(&mut glyphs)) {
            let width = width * size;
            if glyphs.is_empty() {
                return ShapedLine { width, ascent, height, runs: Vec::new() };
            }
            let run = Run {
                face: face.clone(),
                size,
                user: 0,
                underline: false,
                strikeout: false,
                right_to_left: false,
                offset: 0.0,
                width,
                glyphs,
            };
            return ShapedLine { width, ascent, height, runs: vec![run] };
        }
        let paragraph = Paragraph::new(text, TextStyle::new(face.clone(), size));
        let (width, runs) = layout::single_line(self, &paragraph);
        ShapedLine { width, ascent, height, runs }
    }

    /// Sets a paragraph in lines: broken at `width` points if one is given and the options say so.
    pub fn layout(
        &mut self,
        paragraph: &Paragraph<'_>,
        width: Option<f32>,
        options: &LayoutOptions,
    ) -> Lines {
        layout::layout(self, paragraph, width, options)
    }

    /// Characters that no face had (up to 256 different ones) since the session began or
    /// [`take_missing`](Self::take_missing) was called. They are drawn with the face's mark for
    /// missing characters.
    #[must_use]
    pub fn missing(&self) -> &BTreeSet<char> {
        &self.core.missing
    }

    /// Takes the missing characters out, for a warning.
    pub fn take_missing(&mut self) -> BTreeSet<char> {
        std::mem::take(&mut self.core.missing)
    }
}

impl std::fmt::Debug for Shaper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shaper").field("library", &self.library).finish_non_exhaustive()
    }
}

impl Core {
    /// The fast path: the width in em of a text whose characters all have a class and a glyph, and
    /// its glyphs with ranges that count from `base`. `None` for all other text; `out` then holds
    /// nothing of use.
    ///
    /// Words are shaped by the OpenType engine once and then looked up. Figures, spaces and lone
    /// marks are not kerned: columns of figures stay even, and their widths are those of GDI.
    pub(crate) fn simple(
        &mut self,
        face: &Arc<FaceData>,
        text: &str,
        base: u32,
        mut out: Option<&mut Vec<Glyph>>,
    ) -> Option<f32> {
        let direct = face.direct();
        let mut width = 0.0;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let class = class(c)?;
            let glyph = direct[slot(c)?];
            if glyph.id == 0 {
                return None;
            }
            let mut alphabet = match class {
                Class::Space | Class::Digit => {
                    width += glyph.advance;
                    push(&mut out, glyph, base, at, c);
                    continue;
                }
                Class::Mark => None,
                Class::Letter(alphabet) => Some(alphabet),
            };
            // The word: letters of one alphabet and the marks among them.
            let mut end = at + c.len_utf8();
            while let Some(&(next, c)) = chars.peek() {
                match crate::classes::class(c) {
                    Some(Class::Mark) => {}
                    Some(Class::Letter(one)) if alphabet.is_none_or(|known| known == one) => {
                        alphabet = Some(one);
                    }
                    _ => break,
                }
                if direct[slot(c)?].id == 0 {
                    return None;
                }
                end = next + c.len_utf8();
                chars.next();
            }
            let word = &text[at..end];
            let Some(alphabet) = alphabet else {
                for (inner, c) in word.char_indices() {
                    let glyph = direct[slot(c)?];
                    width += glyph.advance;
                    push(&mut out, glyph, base, at + inner, c);
                }
                continue;
            };
            let word = self.word(face, word, alphabet);
            width += word.width;
            if let Some(out) = &mut out {
                let start = base + u32::try_from(at).unwrap_or(u32::MAX);
                out.extend(word.glyphs.iter().map(|glyph| Glyph {
                    range: glyph.range.start + start..glyph.range.end + start,
                    ..*glyph
                }));
            }
        }
        Some(width)
    }

    fn word(&mut self, face: &Arc<FaceData>, text: &str, alphabet: Alphabet) -> Arc<Word> {
        let index = face.id as usize;
        if self.words.len() <= index {
            self.words.resize_with(index + 1, Words::default);
        }
        let engine = &mut self.engine;
        self.words[index].get_or_shape(text, || {
            let script = match alphabet {
                Alphabet::Latin => Script::LATIN,
                Alphabet::Greek => Script::GREEK,
                Alphabet::Cyrillic => Script::CYRILLIC,
            };
            let stretch = Stretch { before: "", text, after: "", script, right_to_left: false };
            let mut glyphs = Vec::new();
            engine.shape(face, stretch, 0, &mut glyphs);
            let width = glyphs.iter().map(|glyph| glyph.advance).sum();
            Word { glyphs: glyphs.into_boxed_slice(), width }
        })
    }

    /// Shapes a stretch in full; ranges count from `base`.
    pub(crate) fn complex(
        &mut self,
        face: &FaceData,
        stretch: Stretch<'_>,
        base: u32,
        out: &mut Vec<Glyph>,
    ) {
        self.engine.shape(face, stretch, base, out);
    }

    pub(crate) fn note_missing(&mut self, c: char) {
        if self.missing.len() < MAX_MISSING {
            self.missing.insert(c);
        }
    }
}

/// Appends the glyph of a character that stands at byte `at` of a text.
fn push(out: &mut Option<&mut Vec<Glyph>>, glyph: DirectGlyph, base: u32, at: usize, c: char) {
    if let Some(out) = out {
        let start = base + u32::try_from(at).unwrap_or(u32::MAX);
        let range = start..start + u32::try_from(c.len_utf8()).unwrap_or(1);
        let DirectGlyph { id, advance, dx } = glyph;
        out.push(Glyph { id, advance, dx, dy: 0.0, range });
    }
}
