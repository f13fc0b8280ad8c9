//! Code 93.

use super::code::Code;
use super::code39::{CHARACTERS, pair};
use super::error::BarCodeError;

/// The dark modules of each character, nine bits; the last four are the shifts `$ % / +`.
const PATTERNS: [u16; 47] = [
    0x114, 0x148, 0x144, 0x142, 0x128, 0x124, 0x122, 0x150, 0x112, 0x10A, // 0 to 9
    0x1A8, 0x1A4, 0x1A2, 0x194, 0x192, 0x18A, 0x168, 0x164, 0x162, 0x134, // A to J
    0x11A, 0x158, 0x14C, 0x146, 0x12C, 0x116, 0x1B4, 0x1B2, 0x1AC, 0x1A6, // K to T
    0x196, 0x19A, 0x16C, 0x166, 0x136, 0x13A, // U to Z
    0x12E, 0x1D4, 0x1D2, 0x1CA, 0x16E, 0x176, 0x1AE, // - . space $ / + %
    0x126, 0x1DA, 0x1D6, 0x132, // shifts
];

/// What a code begins and ends with.
const START_STOP: u16 = 0x15E;

/// The shifts, in the order of their values from 43.
const SHIFTS: &[u8] = b"$%/+";

const QUIET: f32 = 10.0;

pub(super) fn encode(text: &str) -> Result<Code, BarCodeError> {
    let mut values = Vec::with_capacity(text.len() * 2 + 2);
    for c in text.chars() {
        if let Some(value) = CHARACTERS.iter().position(|known| char::from(*known) == c) {
            values.push(value);
            continue;
        }
        let (shift, letter) = pair(c).ok_or(BarCodeError::Character {
            symbology: "Code 93",
            takes: "ASCII characters",
            found: c,
        })?;
        let shift = shift.and_then(|shift| SHIFTS.iter().position(|known| *known == shift));
        values.extend(shift.map(|place| place + CHARACTERS.len()));
        values.extend(CHARACTERS.iter().position(|known| *known == letter));
    }
    values.push(check(&values, 20));
    values.push(check(&values, 15));
    let mut widths = Vec::with_capacity(values.len() * 6 + 13);
    push_modules(&mut widths, START_STOP);
    for value in values {
        push_modules(&mut widths, PATTERNS[value]);
    }
    push_modules(&mut widths, START_STOP);
    // The bar that ends the code.
    widths.push(1.0);
    let shown: String = text.chars().map(|c| if c.is_ascii_control() { ' ' } else { c }).collect();
    Ok(Code::bars(widths, QUIET, &shown))
}

/// The check character: values weigh 1, 2, … from the right, and again 1 after `weights`.
fn check(values: &[usize], weights: usize) -> usize {
    let weighed =
        values.iter().rev().enumerate().map(|(place, value)| (place % weights + 1) * value);
    weighed.sum::<usize>() % PATTERNS.len()
}

/// The runs of dark and light modules of a character: three bars, three spaces.
fn push_modules(widths: &mut Vec<f32>, pattern: u16) {
    let mut last = None;
    for bit in (0..9).rev() {
        let dark = pattern >> bit & 1 == 1;
        match widths.last_mut() {
            Some(width) if last == Some(dark) => *width += 1.0,
            _ => widths.push(1.0),
        }
        last = Some(dark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_three_bars_and_three_spaces() {
        for pattern in PATTERNS.into_iter().chain([START_STOP]) {
            let mut widths = Vec::new();
            push_modules(&mut widths, pattern);
            assert_eq!(widths.len(), 6, "{pattern:#x}");
        }
    }

    #[test]
    fn the_check_characters_of_an_example() {
        // TEST93 has the check characters + and 6.
        let values: Vec<usize> = b"TEST93"
            .iter()
            .filter_map(|c| CHARACTERS.iter().position(|known| known == c))
            .collect();
        let first = check(&values, 20);
        let second = check(&[values, vec![first]].concat(), 15);
        assert_eq!((CHARACTERS[first], CHARACTERS[second]), (b'+', b'6'));
    }
}
