//! Code 39 (ISO/IEC 16388).

use super::code::{Code, push_wide_narrow, ratio};
use super::error::BarCodeError;

/// The characters by their value for the check character.
pub(super) const CHARACTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// Five bars and four spaces of each, a set bit is wide.
const PATTERNS: [u16; 43] = [
    0x034, 0x121, 0x061, 0x160, 0x031, 0x130, 0x070, 0x025, 0x124, 0x064, // 0 to 9
    0x109, 0x049, 0x148, 0x019, 0x118, 0x058, 0x00D, 0x10C, 0x04C, 0x01C, // A to J
    0x103, 0x043, 0x142, 0x013, 0x112, 0x052, 0x007, 0x106, 0x046, 0x016, // K to T
    0x181, 0x0C1, 0x1C0, 0x091, 0x190, 0x0D0, 0x085, 0x184, 0x0C4, 0x0A8, // U to $
    0x0A2, 0x08A, 0x02A, // / + %
];

/// What a code begins and ends with, written as an asterisk.
const START_STOP: u16 = 0x094;

const QUIET: f32 = 10.0;

pub(super) fn encode(
    text: &str,
    extended: bool,
    check: bool,
    wide: f32,
) -> Result<Code, BarCodeError> {
    let wide = ratio(wide);
    // Asterisks around the text are the start and stop, which every code has anyway.
    let inner = text.strip_prefix('*').and_then(|rest| rest.strip_suffix('*')).unwrap_or(text);
    if inner.is_empty() {
        return Err(BarCodeError::Empty { symbology: "Code 39" });
    }
    let shown = if extended { inner.to_owned() } else { inner.to_ascii_uppercase() };
    let mut values = Vec::with_capacity(shown.len() * 2 + 1);
    for c in shown.chars() {
        if extended {
            let (shift, letter) = pair(c).ok_or(BarCodeError::Character {
                symbology: "Code 39 extended",
                takes: "ASCII characters",
                found: c,
            })?;
            values.extend(shift.and_then(|shift| value(char::from(shift))));
            values.extend(value(char::from(letter)));
        } else {
            values.push(value(c).ok_or(BarCodeError::Character {
                symbology: "Code 39",
                takes: "A to Z, 0 to 9 and - . $ / + %",
                found: c,
            })?);
        }
    }
    if check {
        values.push(values.iter().sum::<usize>() % CHARACTERS.len());
    }
    let mut widths = Vec::with_capacity(values.len() * 10 + 20);
    push_wide_narrow(&mut widths, START_STOP, 9, wide);
    for value in values {
        widths.push(1.0);
        push_wide_narrow(&mut widths, PATTERNS[value], 9, wide);
    }
    widths.push(1.0);
    push_wide_narrow(&mut widths, START_STOP, 9, wide);
    Ok(Code::bars(widths, QUIET, &shown))
}

fn value(c: char) -> Option<usize> {
    CHARACTERS.iter().position(|known| char::from(*known) == c)
}

/// How a character of ASCII is written in Code 39 and Code 93: one of four shifts, where it needs
/// one, and a character.
pub(super) fn pair(c: char) -> Option<(Option<u8>, u8)> {
    let byte = u8::try_from(c).ok()?;
    let shifted = |shift: u8, first: u8, letter: u8| Some((Some(shift), letter + (byte - first)));
    match byte {
        0 => Some((Some(b'%'), b'U')),
        1..=26 => shifted(b'$', 1, b'A'),
        27..=31 => shifted(b'%', 27, b'A'),
        b'!'..=b',' => shifted(b'/', b'!', b'A'),
        b'/' => Some((Some(b'/'), b'O')),
        b':' => Some((Some(b'/'), b'Z')),
        b' ' | b'-' | b'.' | b'0'..=b'9' | b'A'..=b'Z' => Some((None, byte)),
        b';'..=b'?' => shifted(b'%', b';', b'F'),
        b'@' => Some((Some(b'%'), b'V')),
        b'['..=b'_' => shifted(b'%', b'[', b'K'),
        b'`' => Some((Some(b'%'), b'W')),
        b'a'..=b'z' => shifted(b'+', b'a', b'A'),
        b'{'..=127 => shifted(b'%', b'{', b'P'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::Shape;

    fn widths(text: &str, extended: bool, check: bool) -> Vec<f32> {
        match encode(text, extended, check, 3.0).expect(text).shape {
            Shape::Bars(bars) => bars.widths,
            Shape::Cells(_) => panic!("not bars"),
        }
    }

    #[test]
    fn every_character_has_three_wide_elements_of_nine() {
        for pattern in PATTERNS.into_iter().chain([START_STOP]) {
            assert_eq!(pattern.count_ones(), 3, "{pattern:#x}");
        }
        let mut different = PATTERNS.to_vec();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), 43);
    }

    #[test]
    fn a_known_pattern() {
        // *A*: narrow and wide elements as the standard prints them.
        let spelled: String =
            widths("A", false, false).iter().map(|w| if *w > 1.0 { 'w' } else { 'n' }).collect();
        assert_eq!(spelled, "nwnnwnwnnnwnnnnwnnwnnwnnwnwnn");
    }

    #[test]
    fn the_check_character_is_the_sum() {
        // The values of CODE39 are 12, 24, 13, 14, 3 and 9: 75 modulo 43 is 32, the letter W.
        assert_eq!(widths("CODE39", false, true), widths("CODE39W", false, false));
    }

    #[test]
    fn small_letters_are_pairs_or_capitals() {
        assert_eq!(widths("a/", true, false), widths("+A/O", false, false));
        assert_eq!(widths("ab", false, false), widths("AB", false, false));
        assert_eq!(
            encode("AÄ", false, false, 3.0).map_err(|e| e.to_string()).unwrap_err(),
            "Code 39 takes A to Z, 0 to 9 and - . $ / + %, not 'Ä'"
        );
    }
}
