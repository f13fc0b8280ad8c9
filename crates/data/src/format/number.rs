//! Standard numeric formats: `C D E F G N P R X B`.

use std::fmt::Write;

use rust_decimal::prelude::ToPrimitive;

use super::digits::{Digits, Number, Wanted};
use crate::culture::{Culture, Groups, Signed};

/// The decimals of `F`, `N` and `P` without a precision.
const DECIMALS: usize = 2;

/// The digits a decimal can have: `G0` shows all that are not zeros at the end.
const DECIMAL_DIGITS: usize = 29;

/// A number under a standard format; a letter that no number has gives the general format.
pub(super) fn write_standard(
    number: Number,
    letter: u8,
    precision: Option<usize>,
    culture: &Culture,
    out: &mut String,
) {
    match letter.to_ascii_uppercase() {
        b'C' => write_money(number, precision, culture, out),
        b'D' => write_whole(number, precision.unwrap_or(0), culture, out),
        b'E' => write_exponential(number, letter, precision.unwrap_or(6), culture, out),
        b'F' => write_fixed_point(number, precision.unwrap_or(DECIMALS), culture, out),
        b'N' => write_grouped(number, precision.unwrap_or(DECIMALS), culture, out),
        b'P' => write_percent(number, precision.unwrap_or(DECIMALS), culture, out),
        b'X' => match bits(number) {
            Some(bits) if letter == b'X' => write_digits(out, format_args!("{bits:X}"), precision),
            Some(bits) => write_digits(out, format_args!("{bits:x}"), precision),
            None => write_general(number, b'G', None, culture, out),
        },
        b'B' => match bits(number) {
            Some(bits) => write_digits(out, format_args!("{bits:b}"), precision),
            None => write_general(number, b'G', None, culture, out),
        },
        b'G' => {
            let precision = match (precision, number) {
                (Some(0), Number::Decimal(_)) => Some(DECIMAL_DIGITS),
                (Some(0), _) => None,
                (precision, _) => precision,
            };
            write_general(number, letter, precision, culture, out);
        }
        // `r` keeps a small exponent letter, as .NET does.
        b'R' => write_general(number, if letter == b'r' { b'g' } else { b'G' }, None, culture, out),
        _ => write_general(number, b'G', None, culture, out),
    }
}

/// Not-a-number and the infinities look the same under every format.
pub(super) fn write_not_finite(number: f64, culture: &Culture, out: &mut String) {
    let symbols = &culture.number;
    if number.is_nan() {
        out.push_str(symbols.nan);
        return;
    }
    if number < 0.0 {
        out.push_str(symbols.minus);
    }
    out.push_str(symbols.infinity);
}

fn write_money(number: Number, precision: Option<usize>, culture: &Culture, out: &mut String) {
    let money = &culture.money;
    let decimals = precision.unwrap_or(money.digits.into());
    let digits = rounded(number, decimals);
    write_signed(&money.pattern, digits.negative, culture, out, |out| {
        write_fixed(
            &digits,
            decimals,
            money.decimal,
            Some((culture.number.groups, money.group)),
            out,
        );
    });
}

fn write_percent(number: Number, decimals: usize, culture: &Culture, out: &mut String) {
    let mut digits = Digits::of(number, Wanted::Decimals(decimals + 2));
    if !digits.is_zero() {
        digits.scale += 2;
    }
    digits.round(digits.scale + decimals as i32);
    write_signed(&culture.percent, digits.negative, culture, out, |out| {
        let groups = Some((culture.number.groups, culture.number.group));
        write_fixed(&digits, decimals, culture.number.decimal, groups, out);
    });
}

fn write_grouped(number: Number, decimals: usize, culture: &Culture, out: &mut String) {
    let digits = rounded(number, decimals);
    write_minus(&digits, culture, out);
    let groups = Some((culture.number.groups, culture.number.group));
    write_fixed(&digits, decimals, culture.number.decimal, groups, out);
}

fn write_fixed_point(number: Number, decimals: usize, culture: &Culture, out: &mut String) {
    let digits = rounded(number, decimals);
    write_minus(&digits, culture, out);
    write_fixed(&digits, decimals, culture.number.decimal, None, out);
}

fn write_whole(number: Number, least: usize, culture: &Culture, out: &mut String) {
    let digits = rounded(number, 0);
    if !digits.is_zero() {
        write_minus(&digits, culture, out);
    }
    let length = usize::try_from(digits.scale).unwrap_or(0).max(1);
    out.extend(std::iter::repeat_n('0', least.saturating_sub(length)));
    write_fixed(&digits, 0, culture.number.decimal, None, out);
}

fn write_exponential(
    number: Number,
    letter: u8,
    decimals: usize,
    culture: &Culture,
    out: &mut String,
) {
    let mut digits = Digits::of(number, Wanted::Significant(decimals + 1));
    digits.round(decimals as i32 + 1);
    write_minus(&digits, culture, out);
    let exponent = if digits.is_zero() { 0 } else { digits.scale - 1 };
    let mantissa = Digits { scale: 1, ..digits };
    write_fixed(&mantissa, decimals, culture.number.decimal, None, out);
    write_exponent(exponent, letter, 3, true, culture, out);
}

/// The shortest of fixed point and exponent; `precision` counts significant digits.
fn write_general(
    number: Number,
    letter: u8,
    precision: Option<usize>,
    culture: &Culture,
    out: &mut String,
) {
    /// So many digits a double shows before it takes an exponent.
    const DOUBLE: usize = 15;
    let mut digits = Digits::of(number, precision.map_or(Wanted::Shortest, Wanted::Significant));
    let most = match (precision, number) {
        (Some(count), _) => {
            digits.round(count as i32);
            count
        }
        (None, Number::Double(_)) => {
            digits.round(digits.digits.len() as i32);
            digits.digits.len().max(DOUBLE)
        }
        // Whole numbers and decimals show all their digits, zeros at the end too.
        (None, _) => usize::MAX,
    };
    write_minus(&digits, culture, out);
    let scientific = !digits.is_zero()
        && most != usize::MAX
        && (digits.scale > most as i32 || digits.scale < -3);
    let point = if scientific { 1 } else { digits.scale };
    let decimals = usize::try_from(digits.digits.len() as i32 - point).unwrap_or(0);
    let exponent = digits.scale - 1;
    write_fixed(&Digits { scale: point, ..digits }, decimals, culture.number.decimal, None, out);
    if scientific {
        let letter = if letter == b'g' { b'e' } else { b'E' };
        write_exponent(exponent, letter, 2, true, culture, out);
    }
}

fn rounded(number: Number, decimals: usize) -> Digits {
    let mut digits = Digits::of(number, Wanted::Decimals(decimals));
    digits.round(digits.scale + decimals as i32);
    digits
}

fn write_minus(digits: &Digits, culture: &Culture, out: &mut String) {
    if digits.negative {
        out.push_str(culture.number.minus);
    }
}

/// A pattern such as `-# $` with its parts filled in.
fn write_signed(
    pattern: &Signed,
    negative: bool,
    culture: &Culture,
    out: &mut String,
    number: impl Fn(&mut String),
) {
    for part in if negative { pattern.negative } else { pattern.positive }.chars() {
        match part {
            '#' => number(out),
            '-' => out.push_str(culture.number.minus),
            '$' => out.push_str(culture.money.symbol),
            '%' => out.push_str(culture.number.percent),
            other => out.push(other),
        }
    }
}

/// The size of a number with so many decimals.
fn write_fixed(
    digits: &Digits,
    decimals: usize,
    point: &str,
    groups: Option<(Groups, &str)>,
    out: &mut String,
) {
    let whole = usize::try_from(digits.scale).unwrap_or(0);
    let mut source =
        digits.digits.iter().map(|digit| char::from(*digit)).chain(std::iter::repeat('0'));
    if whole == 0 {
        out.push('0');
    }
    for left in (0..whole).rev() {
        out.extend(source.next());
        if let Some((groups, separator)) = groups
            && groups.is_boundary(left)
        {
            out.push_str(separator);
        }
    }
    if decimals > 0 {
        out.push_str(point);
        let zeros = usize::try_from(-digits.scale).unwrap_or(0).min(decimals);
        out.extend(std::iter::repeat_n('0', zeros));
        out.extend(source.take(decimals - zeros));
    }
}

impl Groups {
    /// Whether a separator stands before the last `left` digits of a whole number.
    pub(super) fn is_boundary(self, left: usize) -> bool {
        let (first, rest) = (usize::from(self.first), usize::from(self.rest));
        first > 0
            && left >= first
            && (left == first || (rest > 0 && (left - first).is_multiple_of(rest)))
    }
}

pub(super) fn write_exponent(
    exponent: i32,
    letter: u8,
    least: usize,
    plus: bool,
    culture: &Culture,
    out: &mut String,
) {
    out.push(char::from(letter));
    if exponent < 0 {
        out.push_str(culture.number.minus);
    } else if plus {
        out.push_str(culture.number.plus);
    }
    // Writing to a String does not fail.
    let _ = write!(out, "{:0least$}", exponent.unsigned_abs());
}

fn write_digits(out: &mut String, digits: std::fmt::Arguments<'_>, least: Option<usize>) {
    let digits = digits.to_string();
    out.extend(std::iter::repeat_n('0', least.unwrap_or(0).saturating_sub(digits.len())));
    out.push_str(&digits);
}

/// The two's complement of a whole number: 32 bits where it fits them, as most columns are.
fn bits(number: Number) -> Option<u64> {
    let number = match number {
        Number::Int(number) => number,
        Number::Decimal(number) => number.fract().is_zero().then(|| number.to_i64())??,
        Number::Double(number) => {
            (number.fract() == 0.0 && number.abs() < 9e18).then_some(number as i64)?
        }
    };
    Some(match i32::try_from(number) {
        Ok(number) => number.cast_unsigned().into(),
        Err(_) => number.cast_unsigned(),
    })
}
