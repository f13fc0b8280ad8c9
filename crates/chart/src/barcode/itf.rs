//! Interleaved 2 of 5 (ISO/IEC 16390) and ITF-14.

use super::code::{Code, Shape, TextPiece, check_digit, digits, push_digits, ratio, spelled};
use super::error::BarCodeError;

/// The elements of a digit, first in the highest of five bits; a set bit is wide.
const DIGITS: [u8; 10] =
    [0b00110, 0b10001, 0b01001, 0b11000, 0b00101, 0b10100, 0b01100, 0b00011, 0b10010, 0b01010];

const QUIET: f32 = 10.0;

/// The height of the bars along the top and the bottom of an ITF-14.
const BEARER: f32 = 2.0;

pub(super) fn interleaved(text: &str, check: bool, wide: f32) -> Result<Code, BarCodeError> {
    let mut number = number("Interleaved 2 of 5", text)?;
    if check {
        number.push(check_digit(&number));
    }
    // Digits come in pairs: one in the bars, one in the spaces.
    if number.len() % 2 == 1 {
        number.insert(0, 0);
    }
    Ok(Code::bars(widths(&number, wide), QUIET, &spelled(&number)))
}

pub(super) fn itf14(text: &str, wide: f32) -> Result<Code, BarCodeError> {
    const NAME: &str = "ITF-14";
    let mut number = number(NAME, text)?;
    if number.len() > 14 {
        return Err(BarCodeError::Length {
            symbology: NAME,
            takes: "13 or 14 digits",
            found: number.len(),
        });
    }
    if number.len() == 14 {
        let (found, expected) = (number[13], check_digit(&number[..13]));
        if found != expected {
            let spelled = |digit| char::from(b'0' + digit);
            return Err(BarCodeError::CheckDigit {
                symbology: NAME,
                found: spelled(found),
                expected: spelled(expected),
            });
        }
    } else {
        let mut padded = vec![0; 13 - number.len()];
        padded.append(&mut number);
        padded.push(check_digit(&padded));
        number = padded;
    }
    let mut code = Code::bars(widths(&number, wide), QUIET, "");
    if let Shape::Bars(bars) = &mut code.shape {
        bars.bearer = BEARER;
    }
    // As the standard sets the number: packaging level, company and item, check digit.
    let all = spelled(&number);
    let shown = format!("{} {} {} {}", &all[..1], &all[1..8], &all[8..13], &all[13..]);
    code.texts = vec![TextPiece { text: shown.into(), span: None }];
    Ok(code)
}

fn widths(number: &[u8], wide: f32) -> Vec<f32> {
    let wide = ratio(wide);
    let mut widths = Vec::with_capacity(number.len() * 5 + 7);
    push_digits(&mut widths, "1111");
    for pair in number.chunks_exact(2) {
        let (bars, spaces) = (DIGITS[usize::from(pair[0])], DIGITS[usize::from(pair[1])]);
        for bit in (0..5).rev() {
            for pattern in [bars, spaces] {
                widths.push(if pattern >> bit & 1 == 1 { wide } else { 1.0 });
            }
        }
    }
    widths.extend([wide, 1.0, 1.0]);
    widths
}

fn number(symbology: &'static str, text: &str) -> Result<Vec<u8>, BarCodeError> {
    let number = digits(text.trim()).map_err(|found| BarCodeError::Character {
        symbology,
        takes: "digits only",
        found,
    })?;
    if number.is_empty() { Err(BarCodeError::Empty { symbology }) } else { Ok(number) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled_widths(code: &Code) -> String {
        let Shape::Bars(bars) = &code.shape else { panic!("not bars") };
        bars.widths.iter().map(|width| if *width > 1.0 { 'w' } else { 'n' }).collect()
    }

    #[test]
    fn two_digits_share_bars_and_spaces() {
        let code = interleaved("38", false, 3.0).expect("valid");
        assert_eq!(spelled_widths(&code), "nnnnwwwnnnnwnnwnn");
        assert_eq!(code.text(), "38");
    }

    #[test]
    fn an_odd_number_begins_with_a_zero() {
        assert_eq!(interleaved("123", false, 3.0).expect("valid").text(), "0123");
        assert_eq!(interleaved("123", true, 3.0).expect("valid").text(), "1236");
    }

    #[test]
    fn a_trade_unit_has_fourteen_digits() {
        assert_eq!(itf14("1540014128876", 2.5).expect("valid").text(), "1 5400141 28876 3");
        assert_eq!(itf14("15400141288763", 2.5).expect("valid").text(), "1 5400141 28876 3");
        assert!(matches!(itf14("15400141288764", 2.5), Err(BarCodeError::CheckDigit { .. })));
    }
}
