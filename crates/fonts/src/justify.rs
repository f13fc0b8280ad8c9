//! Lines that fill the width.

use crate::line::{Glyph, Run};

/// Widens the spaces of a line by `room` points in all, or the gaps between ideographs where it has
/// no spaces; `false` if it has neither.
pub(crate) fn stretch_spaces(runs: &mut [Run], text: &str, room: f32) -> bool {
    let spaces = count(runs, text, is_space);
    let (test, gaps): (fn(char) -> bool, usize) = if spaces > 0 {
        (is_space, spaces)
    } else {
        (is_ideograph, count(runs, text, is_ideograph).saturating_sub(1))
    };
    if gaps == 0 {
        return false;
    }
    let extra = room / gaps as f32;
    let mut left = gaps;
    let mut x = 0.0;
    for run in runs {
        run.offset = x;
        for glyph in &mut run.glyphs {
            if left > 0 && run.size > 0.0 && stands_for(glyph, text, test) {
                glyph.advance += extra / run.size;
                run.width += extra;
                left -= 1;
            }
        }
        x += run.width;
    }
    true
}

fn count(runs: &[Run], text: &str, test: fn(char) -> bool) -> usize {
    runs.iter().flat_map(|run| &run.glyphs).filter(|glyph| stands_for(glyph, text, test)).count()
}

fn stands_for(glyph: &Glyph, text: &str, test: fn(char) -> bool) -> bool {
    text.get(glyph.range.start as usize..).is_some_and(|rest| rest.starts_with(test))
}

fn is_space(c: char) -> bool {
    c == ' ' || c == '\u{A0}'
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}
