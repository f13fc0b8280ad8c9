//! Directions inside a line.

use unicode_bidi::{Level, ParagraphBidiInfo};

use crate::paragraph::Direction;

/// Embedding levels of a text without line ends.
#[derive(Debug)]
pub(crate) struct Levels {
    /// The paragraph's own level: 0 from left to right, 1 from right to left.
    pub(crate) base: u8,
    /// A level for each byte; `None` if all have the base level.
    levels: Option<Vec<Level>>,
}

impl Levels {
    /// All from left to right.
    pub(crate) const LEFT_TO_RIGHT: Self = Self { base: 0, levels: None };

    /// Resolves the levels by the Unicode Bidirectional Algorithm (UAX #9).
    pub(crate) fn resolve(text: &str, direction: Direction) -> Self {
        let one_way = text.chars().all(|c| (c as u32) < FIRST_RIGHT_TO_LEFT || is_one_way(c));
        if one_way && direction != Direction::RightToLeft {
            return Self::LEFT_TO_RIGHT;
        }
        let base = match direction {
            Direction::Auto => None,
            Direction::LeftToRight => Some(Level::ltr()),
            Direction::RightToLeft => Some(Level::rtl()),
        };
        let info = ParagraphBidiInfo::new(text, base);
        let base = info.paragraph_level;
        let mixed = info.levels.iter().any(|level| *level != base);
        Self { base: base.number(), levels: mixed.then_some(info.levels) }
    }

    /// The level at a byte.
    pub(crate) fn at(&self, byte: usize) -> u8 {
        self.levels.as_ref().and_then(|levels| levels.get(byte)).map_or(self.base, Level::number)
    }
}

const FIRST_RIGHT_TO_LEFT: u32 = 0x590;

/// Whether a character from U+0590 on surely has no right-to-left meaning.
fn is_one_way(c: char) -> bool {
    !matches!(c,
        '\u{590}'..='\u{8FF}'
        | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// The visual order of pieces with these levels: rule L2 of UAX #9.
pub(crate) fn visual_order(levels: &[u8]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..levels.len()).collect();
    let highest = levels.iter().copied().max().unwrap_or(0);
    let lowest_odd = levels.iter().copied().filter(|level| level % 2 == 1).min();
    let Some(lowest_odd) = lowest_odd else { return order };
    for level in (lowest_odd..=highest).rev() {
        let mut at = 0;
        while at < order.len() {
            if levels[order[at]] < level {
                at += 1;
                continue;
            }
            let end =
                (at..order.len()).find(|next| levels[order[*next]] < level).unwrap_or(order.len());
            order[at..end].reverse();
            at = end;
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_reordered_from_the_highest_level_down() {
        let cases: [(&[u8], &[usize]); 5] = [
            (&[], &[]),
            (&[0, 0], &[0, 1]),
            (&[1, 1, 1], &[2, 1, 0]),
            (&[0, 1, 1, 0], &[0, 2, 1, 3]),
            (&[1, 2, 2, 1], &[3, 1, 2, 0]),
        ];
        for (levels, expected) in cases {
            assert_eq!(visual_order(levels), expected, "{levels:?}");
        }
    }

    #[test]
    fn text_of_one_direction_needs_no_levels() {
        assert!(Levels::resolve("plain – text 漢字", Direction::Auto).levels.is_none());
        assert_eq!(Levels::resolve("שלום", Direction::Auto).base, 1);
        assert_eq!(Levels::resolve("a", Direction::RightToLeft).at(0), 2);
    }
}
