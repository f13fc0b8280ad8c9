//! EAN-13, EAN-8, UPC-A and UPC-E (ISO/IEC 15420).

use super::code::{Bars, Code, Shape, TextPiece, check_digit, digits, push_digits, spelled};
use super::error::BarCodeError;

/// Widths of space, bar, space, bar of a digit in the left half (number set A), and, as bar, space,
/// bar, space, in the right half (number set C). Backwards they are number set B.
const DIGITS: [&str; 10] =
    ["3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"];

/// By the first digit of an EAN-13: which digits of the left half are of number set B.
const FIRST: [[u8; 6]; 10] = [
    [0, 0, 0, 0, 0, 0],
    [0, 0, 1, 0, 1, 1],
    [0, 0, 1, 1, 0, 1],
    [0, 0, 1, 1, 1, 0],
    [0, 1, 0, 0, 1, 1],
    [0, 1, 1, 0, 0, 1],
    [0, 1, 1, 1, 0, 0],
    [0, 1, 0, 1, 0, 1],
    [0, 1, 0, 1, 1, 0],
    [0, 1, 1, 0, 1, 0],
];

/// By the check digit of a UPC-E of number system 0: which digits are of number set B. In number
/// system 1 it is the others.
const SHORT: [[u8; 6]; 10] = [
    [1, 1, 1, 0, 0, 0],
    [1, 1, 0, 1, 0, 0],
    [1, 1, 0, 0, 1, 0],
    [1, 1, 0, 0, 0, 1],
    [1, 0, 1, 1, 0, 0],
    [1, 0, 0, 1, 1, 0],
    [1, 0, 0, 0, 1, 1],
    [1, 0, 1, 0, 1, 0],
    [1, 0, 1, 0, 0, 1],
    [1, 0, 0, 1, 0, 1],
];

/// The bars at either end.
const GUARD: &str = "111";
/// The bars in the middle.
const MIDDLE: &str = "11111";

pub(super) fn ean13(text: &str) -> Result<Code, BarCodeError> {
    let number = checked("EAN-13", text, 13, "12 or 13 digits")?;
    let (left, right) = number[1..].split_at(6);
    Ok(Code {
        shape: Shape::Bars(Bars {
            widths: halves(left, &FIRST[usize::from(number[0])], right),
            quiet: (11.0, 7.0),
            tall: vec![0, 1, 14, 15, 28, 29],
            bearer: 0.0,
        }),
        texts: vec![
            piece(&number[..1], -9.0, -1.0),
            piece(left, 3.0, 45.0),
            piece(right, 50.0, 92.0),
        ],
    })
}

pub(super) fn ean8(text: &str) -> Result<Code, BarCodeError> {
    let number = checked("EAN-8", text, 8, "7 or 8 digits")?;
    let (left, right) = number.split_at(4);
    Ok(Code {
        shape: Shape::Bars(Bars {
            widths: halves(left, &[0; 6], right),
            quiet: (7.0, 7.0),
            tall: vec![0, 1, 10, 11, 20, 21],
            bearer: 0.0,
        }),
        texts: vec![piece(left, 3.0, 31.0), piece(right, 36.0, 64.0)],
    })
}

pub(super) fn upc_a(text: &str) -> Result<Code, BarCodeError> {
    let number = checked("UPC-A", text, 12, "11 or 12 digits")?;
    let (left, right) = number.split_at(6);
    Ok(Code {
        shape: Shape::Bars(Bars {
            widths: halves(left, &[0; 6], right),
            quiet: (9.0, 9.0),
            // The bars of the first and the last digit are as tall as the guards.
            tall: vec![0, 1, 2, 3, 14, 15, 26, 27, 28, 29],
            bearer: 0.0,
        }),
        texts: vec![
            piece(&number[..1], -8.0, -1.0),
            piece(&left[1..], 10.0, 45.0),
            piece(&right[..5], 50.0, 85.0),
            piece(&number[11..], 96.0, 103.0),
        ],
    })
}

/// `text` has six digits, or seven with the number system, or eight with the check digit too, or it
/// is a UPC-A that has a short form.
pub(super) fn upc_e(text: &str, system: u8) -> Result<Code, BarCodeError> {
    const TAKES: &str = "6, 7 or 8 digits, or a UPC-A that can be shortened";
    let given = number("UPC-E", text)?;
    let (long, short) = match given.len() {
        6 => {
            let short: [u8; 6] = std::array::from_fn(|i| given[i]);
            (with_check(&expanded(system.min(1), short)), short)
        }
        7 | 8 => {
            if given[0] > 1 {
                return Err(BarCodeError::NoShortForm);
            }
            let short: [u8; 6] = std::array::from_fn(|i| given[i + 1]);
            let long = with_check(&expanded(given[0], short));
            if let Some(found) = given.get(7) {
                compare_check("UPC-E", *found, long[11])?;
            }
            (long, short)
        }
        11 | 12 => {
            let long = checked("UPC-E", text, 12, TAKES)?;
            let short = shortened(&long).ok_or(BarCodeError::NoShortForm)?;
            (long, short)
        }
        found => return Err(BarCodeError::Length { symbology: "UPC-E", takes: TAKES, found }),
    };
    let mut widths = Vec::with_capacity(33);
    push_digits(&mut widths, GUARD);
    for (digit, set) in short.iter().zip(SHORT[usize::from(long[11])]) {
        push_digit(&mut widths, *digit, set ^ long[0]);
    }
    push_digits(&mut widths, "111111");
    Ok(Code {
        shape: Shape::Bars(Bars {
            widths,
            quiet: (9.0, 7.0),
            tall: vec![0, 1, 14, 15, 16],
            bearer: 0.0,
        }),
        texts: vec![
            piece(&long[..1], -8.0, -1.0),
            piece(&short, 3.0, 45.0),
            piece(&long[11..], 52.0, 59.0),
        ],
    })
}

/// The first eleven digits of the UPC-A that six digits stand for.
fn expanded(system: u8, short: [u8; 6]) -> [u8; 11] {
    let [a, b, c, d, e, last] = short;
    match last {
        0..=2 => [system, a, b, last, 0, 0, 0, 0, c, d, e],
        3 => [system, a, b, c, 0, 0, 0, 0, 0, d, e],
        4 => [system, a, b, c, d, 0, 0, 0, 0, 0, e],
        _ => [system, a, b, c, d, e, 0, 0, 0, 0, last],
    }
}

/// The six digits that stand for a UPC-A, if some do.
fn shortened(long: &[u8]) -> Option<[u8; 6]> {
    let candidates = [
        [long[1], long[2], long[8], long[9], long[10], long[3]],
        [long[1], long[2], long[3], long[9], long[10], 3],
        [long[1], long[2], long[3], long[4], long[10], 4],
        [long[1], long[2], long[3], long[4], long[5], long[10]],
    ];
    candidates.into_iter().find(|short| long[0] <= 1 && expanded(long[0], *short) == long[..11])
}

/// Bars of two halves between guards; `sets` are the number sets of the left one.
fn halves(left: &[u8], sets: &[u8; 6], right: &[u8]) -> Vec<f32> {
    let mut widths = Vec::with_capacity(59);
    push_digits(&mut widths, GUARD);
    for (digit, set) in left.iter().zip(sets) {
        push_digit(&mut widths, *digit, *set);
    }
    push_digits(&mut widths, MIDDLE);
    for digit in right {
        push_digit(&mut widths, *digit, 0);
    }
    push_digits(&mut widths, GUARD);
    widths
}

fn push_digit(widths: &mut Vec<f32>, digit: u8, set: u8) {
    let from = widths.len();
    push_digits(widths, DIGITS[usize::from(digit)]);
    if set == 1 {
        widths[from..].reverse();
    }
}

fn piece(digits: &[u8], from: f32, to: f32) -> TextPiece {
    TextPiece { text: spelled(digits).into(), span: Some((from, to)) }
}

fn number(symbology: &'static str, text: &str) -> Result<Vec<u8>, BarCodeError> {
    digits(text.trim()).map_err(|found| BarCodeError::Character {
        symbology,
        takes: "digits only",
        found,
    })
}

/// A number of `length` digits with its check digit: numbers without it get it, and zeros at the
/// left that data has lost.
fn checked(
    symbology: &'static str,
    text: &str,
    length: usize,
    takes: &'static str,
) -> Result<Vec<u8>, BarCodeError> {
    let number = number(symbology, text)?;
    if number.len() > length || number.is_empty() {
        return Err(BarCodeError::Length { symbology, takes, found: number.len() });
    }
    if number.len() == length {
        compare_check(symbology, number[length - 1], check_digit(&number[..length - 1]))?;
        return Ok(number);
    }
    let mut padded = vec![0; length - 1 - number.len()];
    padded.extend(number);
    Ok(with_check(&padded))
}

fn with_check(digits: &[u8]) -> Vec<u8> {
    let mut number = digits.to_vec();
    number.push(check_digit(digits));
    number
}

fn compare_check(symbology: &'static str, found: u8, expected: u8) -> Result<(), BarCodeError> {
    let spelled = |digit: u8| char::from(b'0' + digit);
    if found == expected {
        return Ok(());
    }
    Err(BarCodeError::CheckDigit { symbology, found: spelled(found), expected: spelled(expected) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::barcode::{Symbology, encode};

    /// The modules of a code: `1` is dark.
    fn modules(code: &Code) -> String {
        let Shape::Bars(bars) = &code.shape else { panic!("not bars") };
        bars.widths
            .iter()
            .enumerate()
            .map(|(place, width)| if place % 2 == 0 { "1" } else { "0" }.repeat(*width as usize))
            .collect()
    }

    fn check(symbology: &Symbology, text: &str, shown: &str, length: usize) {
        let code = encode(symbology, text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(code.text(), shown, "{text}");
        assert_eq!(modules(&code).len(), length, "{text}");
    }

    #[test]
    fn check_digits_are_those_that_are_published() {
        check(&Symbology::Ean13, "400638133393", "4006381333931", 95);
        check(&Symbology::Ean13, "9780201379624", "9780201379624", 95);
        check(&Symbology::Ean8, "7351353", "73513537", 67);
        check(&Symbology::UpcA, "03600029145", "036000291452", 95);
        // A number that lost its zeros at the left.
        check(&Symbology::UpcA, "3600029145", "036000291452", 95);
        check(&Symbology::UpcE { system: 0 }, "654321", "06543217", 51);
        check(&Symbology::UpcE { system: 0 }, "425261", "04252614", 51);
        check(&Symbology::UpcE { system: 0 }, "042100005264", "04252614", 51);
        check(&Symbology::UpcE { system: 0 }, "04252614", "04252614", 51);
    }

    #[test]
    fn an_ean_13_module_by_module() {
        let code = ean13("4006381333931").expect("valid");
        assert_eq!(
            modules(&code),
            "10100011010100111010111101111010001001011001101010100001010000101000010111010010000101100110101"
        );
    }

    #[test]
    fn a_upc_a_is_the_ean_with_a_zero() {
        assert_eq!(
            modules(&upc_a("036000291452").expect("valid")),
            modules(&ean13("0036000291452").expect("valid"))
        );
    }

    #[test]
    fn wrong_numbers_are_told() {
        let told = |symbology, text| encode(&symbology, text).expect_err(text).to_string();
        assert_eq!(told(Symbology::Ean13, "40063A133393"), "EAN-13 takes digits only, not 'A'");
        assert_eq!(
            told(Symbology::Ean8, "123456789"),
            "EAN-8 takes 7 or 8 digits, not 9 characters"
        );
        assert_eq!(
            told(Symbology::Ean13, "4006381333932"),
            "the check digit of EAN-13 is 2, but should be 1"
        );
        assert_eq!(
            told(Symbology::UpcE { system: 0 }, "036000291452"),
            "the number has no short form as UPC-E; use UPC-A"
        );
    }

    #[test]
    fn short_forms_and_long_ones_belong_together() {
        for last in 0..10 {
            let short = [4, 2, 5, 2, 6, last];
            let long = with_check(&expanded(0, short));
            let again = shortened(&long).expect("was short");
            assert_eq!(expanded(0, again), long[..11]);
        }
    }
}
