//! Codabar.

use super::code::{Code, push_wide_narrow, ratio};
use super::error::BarCodeError;

/// The characters; the last four start and stop a code.
const CHARACTERS: &str = "0123456789-$:/.+ABCD";

/// Four bars and three spaces of each, a set bit is wide.
const PATTERNS: [u16; 20] = [
    0x03, 0x06, 0x09, 0x60, 0x12, 0x42, 0x21, 0x24, 0x30, 0x48, // 0 to 9
    0x0C, 0x18, 0x45, 0x51, 0x54, 0x15, // - $ : / . +
    0x1A, 0x29, 0x0B, 0x0E, // A to D
];

const QUIET: f32 = 10.0;

/// Encodes a text that stands between its own `A` to `D`, or else between `ends`.
pub(super) fn encode(text: &str, ends: (char, char), wide: f32) -> Result<Code, BarCodeError> {
    let wide = ratio(wide);
    let is_end = |c: char| matches!(c, 'A'..='D');
    let capitals = text.trim().to_ascii_uppercase();
    let mut inner = capitals.chars();
    let (start, body, stop) = match (inner.next(), inner.next_back()) {
        (Some(start), Some(stop)) if is_end(start) && is_end(stop) => (start, inner.as_str(), stop),
        _ => (ends.0, capitals.as_str(), ends.1),
    };
    let mut widths = Vec::with_capacity(capitals.len() * 8 + 16);
    for c in std::iter::once(start).chain(body.chars()).chain([stop]) {
        if !widths.is_empty() {
            widths.push(1.0);
        }
        push_wide_narrow(&mut widths, pattern(c)?, 7, wide);
    }
    if let Some(found) = body.chars().find(|c| is_end(*c)) {
        return Err(unknown(found));
    }
    Ok(Code::bars(widths, QUIET, body))
}

fn pattern(c: char) -> Result<u16, BarCodeError> {
    CHARACTERS.find(c).map(|place| PATTERNS[place]).ok_or_else(|| unknown(c))
}

fn unknown(found: char) -> BarCodeError {
    BarCodeError::Character { symbology: "Codabar", takes: "0 to 9 and - $ : / . +", found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::Shape;

    #[test]
    fn a_known_pattern() {
        let code = encode("1", ('A', 'B'), 3.0).expect("valid");
        let Shape::Bars(bars) = &code.shape else { panic!("not bars") };
        let spelled: String =
            bars.widths.iter().map(|w| if *w > 1.0 { 'w' } else { 'n' }).collect();
        assert_eq!(spelled, "nnwwnwnnnnnnwwnnnwnwnnw");
    }

    #[test]
    fn a_text_may_bring_its_start_and_stop() {
        assert_eq!(encode("A40156B", ('C', 'D'), 3.0), encode("40156", ('A', 'B'), 3.0));
        assert_eq!(
            encode("4A5", ('A', 'A'), 3.0).expect_err("a start in the middle").to_string(),
            "Codabar takes 0 to 9 and - $ : / . +, not 'A'"
        );
    }
}
