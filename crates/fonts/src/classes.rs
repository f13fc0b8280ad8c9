//! Classes of characters that need no script-aware shaping, and their glyphs by number.

use std::sync::LazyLock;

use harfrust::{Buffer, Feature, ShapeOptions, ShaperFont};
use skrifa::{Font, Tag};

/// What a character is to the fast path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// A space that keeps its advance: U+0020 and the no-break space.
    Space,
    /// A Western digit: never kerned, so that columns of figures stay even.
    Digit,
    /// A mark of punctuation, a currency sign or another symbol.
    Mark,
    /// A letter of one of the three scripts without reordering or joining.
    Letter(Alphabet),
}

/// The scripts of the fast path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    Latin,
    Greek,
    Cyrillic,
}

/// The class of a character; `None` for all that needs the full path (controls, combining marks,
/// other scripts, direction marks).
pub(crate) fn class(c: char) -> Option<Class> {
    use Alphabet::{Cyrillic, Greek, Latin};
    Some(match c {
        ' ' | '\u{A0}' => Class::Space,
        '0'..='9' => Class::Digit,
        'A'..='Z' | 'a'..='z' => Class::Letter(Latin),
        '!'..='~' => Class::Mark,
        'ª' | 'º' => Class::Letter(Latin),
        '\u{AD}' => return None,
        '¡'..='¿' | '×' | '÷' => Class::Mark,
        'À'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => Class::Letter(Latin),
        '\u{386}' | '\u{388}'..='\u{3FF}' => Class::Letter(Greek),
        '\u{483}'..='\u{489}' => return None,
        '\u{400}'..='\u{52F}' => Class::Letter(Cyrillic),
        '‐'..='―' | '‘'..='‟' | '†'..='•' | '…' | '‰' | '′' | '″' | '‹' | '›' | '⁄' => {
            Class::Mark
        }
        '₠'..='₿' | '№' | '™' | '←'..='↓' | '−' | '≈' | '≠' | '≤' | '≥' => {
            Class::Mark
        }
        _ => return None,
    })
}

const LATIN: usize = 0x530;
const LATIN_EXTENDED: usize = 0x100;
const SYMBOLS: usize = 0x270;

/// Where a character with a class stands in a face's [`direct_glyphs`].
pub(crate) fn slot(c: char) -> Option<usize> {
    let code = c as usize;
    match code {
        0..LATIN => Some(code),
        0x1E00..=0x1EFF => Some(LATIN + code - 0x1E00),
        0x2000..=0x226F => Some(LATIN + LATIN_EXTENDED + code - 0x2000),
        _ => None,
    }
}

/// A character's glyph without shaping.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DirectGlyph {
    /// The glyph's number; 0 where the face has none.
    pub(crate) id: u16,
    /// Its advance in em.
    pub(crate) advance: f32,
    /// A shift to the right in em.
    pub(crate) dx: f32,
}

/// The glyphs of all characters that have a [`slot`] and a [`class`].
pub(crate) fn direct_glyphs(font: &Font) -> Box<[DirectGlyph]> {
    let charmap = font.charmap();
    let metrics = font.glyph_metrics();
    let em = 1.0 / f32::from(font.units_per_em().max(1));
    let mut glyphs = vec![DirectGlyph::default(); LATIN + LATIN_EXTENDED + SYMBOLS];
    let codes = (0..0x530_u32).chain(0x1E00..=0x1EFF).chain(0x2000..=0x226F);
    for c in codes.filter_map(char::from_u32) {
        let (Some(slot), Some(_)) = (slot(c), class(c)) else { continue };
        let Some(glyph) = charmap.map_unicode(c) else { continue };
        if let Ok(id) = u16::try_from(glyph.to_u32()) {
            glyphs[slot] = DirectGlyph { id, advance: metrics.h_advance(glyph) * em, dx: 0.0 };
        }
    }
    even_figures(font, &mut glyphs, em);
    glyphs.into_boxed_slice()
}

/// Takes the tabular figures of a face whose plain ones differ in width, so that figures stand in
/// columns. One that is still of another width than the zero is centred in that width (the nine of
/// Caladea is such a one).
fn even_figures(font: &Font, glyphs: &mut [DirectGlyph], em: f32) {
    let figures = &mut glyphs[usize::from(b'0')..=usize::from(b'9')];
    if are_even(figures) {
        return;
    }
    let mut buffer = Buffer::new();
    buffer.push_str("0123456789");
    buffer.guess_segment_properties();
    let options = ShapeOptions::new().features(&*FIGURES);
    let shaped = harfrust::shape(&ShaperFont::new(font), &mut buffer, options);
    if shaped.is_ok() && buffer.len() == figures.len() {
        let tabular = buffer.glyph_infos().iter().zip(buffer.glyph_positions());
        for (figure, (info, position)) in figures.iter_mut().zip(tabular) {
            if let Ok(id) = u16::try_from(info.glyph_id) {
                *figure = DirectGlyph { id, advance: position.x_advance as f32 * em, dx: 0.0 };
            }
        }
    }
    let width = figures[0].advance;
    for figure in figures {
        figure.dx = (width - figure.advance) / 2.0;
        figure.advance = width;
    }
}

fn are_even(figures: &[DirectGlyph]) -> bool {
    figures.iter().all(|figure| (figure.advance - figures[0].advance).abs() < 0.0005)
}

/// What is asked of a face besides its own defaults: tabular figures.
pub(crate) static FIGURES: LazyLock<[Feature; 1]> =
    LazyLock::new(|| [Feature::new(Tag::new(b"tnum"), 1, ..)]);

/// Whether a character ends a line by force: line feed, vertical tab, form feed, carriage return,
/// next line, line separator, paragraph separator.
pub(crate) fn is_break(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character is a space at which a line may end and that then hangs over its edge.
pub(crate) fn hangs(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{1680}' | '\u{2000}'..='\u{2006}' | '\u{2008}'..='\u{200B}' | '\u{205F}' | '\u{3000}'
    ) || is_break(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_characters() {
        let cases: [(char, Option<Class>); 12] = [
            (' ', Some(Class::Space)),
            ('7', Some(Class::Digit)),
            ('%', Some(Class::Mark)),
            ('€', Some(Class::Mark)),
            ('ß', Some(Class::Letter(Alphabet::Latin))),
            ('Ω', Some(Class::Letter(Alphabet::Greek))),
            ('Ж', Some(Class::Letter(Alphabet::Cyrillic))),
            ('\u{301}', None),
            ('\u{AD}', None),
            ('\t', None),
            ('א', None),
            ('漢', None),
        ];
        for (c, expected) in cases {
            assert_eq!(class(c), expected, "{c:?}");
        }
    }

    #[test]
    fn every_class_has_a_slot() {
        for c in (0..0x11_0000).filter_map(char::from_u32) {
            assert!(class(c).is_none() || slot(c).is_some(), "{c:?}");
        }
    }
}
