//! Numbers as decimal digits, and their rounding.

use std::fmt::Write;

use rust_decimal::Decimal;

/// A number of any type. Doubles are finite.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Int(i64),
    Decimal(Decimal),
    Double(f64),
}

/// How many digits of a double are wanted. Whole numbers and decimals always give all they have.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted {
    /// As few as read back as the same double.
    Shortest,
    /// So many after the decimal point.
    Decimals(usize),
    /// So many in all, one at least.
    Significant(usize),
}

/// The value `0.d₁d₂d₃… × 10^scale`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Digits {
    pub(super) negative: bool,
    /// ASCII; the first is not zero. Empty for zero.
    pub(super) digits: Vec<u8>,
    pub(super) scale: i32,
    /// Whether a zero keeps its minus sign, as doubles do.
    pub(super) signed_zero: bool,
}

impl Digits {
    pub(super) fn of(number: Number, wanted: Wanted) -> Self {
        match number {
            Number::Int(number) => Self::of_mantissa(number < 0, number.unsigned_abs().into(), 0),
            Number::Decimal(number) => Self::of_mantissa(
                number.is_sign_negative() && !number.is_zero(),
                number.mantissa().unsigned_abs(),
                number.scale(),
            ),
            Number::Double(number) => Self::of_double(number, wanted),
        }
    }

    fn of_mantissa(negative: bool, mantissa: u128, decimals: u32) -> Self {
        let mut buffer = [0_u8; 40];
        let mut start = buffer.len();
        // 128-bit division is slow; almost every number fits 64 bits.
        let mut high = mantissa;
        while high > u128::from(u64::MAX) {
            start -= 1;
            buffer[start] = b'0' + (high % 10) as u8;
            high /= 10;
        }
        let mut low = high as u64;
        while low > 0 {
            start -= 1;
            buffer[start] = b'0' + (low % 10) as u8;
            low /= 10;
        }
        let digits = buffer[start..].to_vec();
        let scale = digits.len() as i32 - decimals as i32;
        Self { negative, digits, scale, signed_zero: false }
    }

    fn of_double(number: f64, wanted: Wanted) -> Self {
        let size = number.abs();
        let mut text = String::with_capacity(32);
        // Writing to a String does not fail.
        let _ = match wanted {
            Wanted::Shortest => write!(text, "{size:e}"),
            Wanted::Decimals(places) => {
                // Rust rounds an exact half to even, .NET away from zero. A double can only lie
                // exactly between two neighbours if it ends one place further on: then all its
                // digits are taken, and `round` decides.
                let exact = exact_places(size);
                let places = if exact <= places + 1 { exact } else { places };
                write!(text, "{size:.places$}")
            }
            Wanted::Significant(count) => match exact_places(size) {
                exact if exact <= 30 && size < 1e40 => write!(text, "{size:.exact$}"),
                _ => write!(text, "{size:.*e}", count.saturating_sub(1)),
            },
        };
        Self::of_text(number.is_sign_negative(), &text)
    }

    /// Reads `123.45` or `1.2345e2`.
    fn of_text(negative: bool, text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        let zeros = all().take_while(|digit| *digit == b'0').count();
        let digits: Vec<u8> = all().skip(zeros).collect();
        let scale = if digits.is_empty() {
            0
        } else {
            whole.len() as i32 - zeros as i32 + exponent.parse().unwrap_or(0)
        };
        Self { negative, digits, scale, signed_zero: true }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// Keeps the first `count` digits, a half rounding away from zero, and drops trailing zeros.
    pub(super) fn round(&mut self, count: i32) {
        let keep = usize::try_from(count).unwrap_or(0);
        let up = count >= 0 && self.digits.get(keep).is_some_and(|digit| *digit >= b'5');
        self.digits.truncate(keep);
        if up {
            while self.digits.pop_if(|digit| *digit == b'9').is_some() {}
            match self.digits.last_mut() {
                Some(digit) => *digit += 1,
                None => {
                    self.digits.push(b'1');
                    self.scale += 1;
                }
            }
        } else {
            while self.digits.pop_if(|digit| *digit == b'0').is_some() {}
        }
        if self.digits.is_empty() {
            self.scale = 0;
            self.negative &= self.signed_zero;
        }
    }
}

/// How many decimal places the exact value of a double takes.
fn exact_places(size: f64) -> usize {
    let bits = size.to_bits();
    let (exponent, fraction) = ((bits >> 52) as i32, bits & ((1 << 52) - 1));
    let (exponent, mantissa) = match exponent {
        0 => (-1074, fraction),
        exponent => (exponent - 1075, fraction | 1 << 52),
    };
    if mantissa == 0 {
        return 0;
    }
    // mantissa × 2^exponent, the mantissa odd: each halving adds a decimal place.
    let exponent = exponent + mantissa.trailing_zeros() as i32;
    usize::try_from(-exponent).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_halves_of_doubles_round_away_from_zero_and_others_by_their_exact_value() {
        let cases = [
            (0.125, 2, "13"),
            (2.675, 2, "267"),
            (0.5, 0, "1"),
            (1.005, 2, "1"),
            (9.995, 2, "999"),
        ];
        for (number, places, expected) in cases {
            let mut digits = Digits::of(Number::Double(number), Wanted::Decimals(places));
            digits.round(digits.scale + places as i32);
            assert_eq!(str::from_utf8(&digits.digits), Ok(expected), "{number} to {places}");
        }
    }

    #[test]
    fn places_of_doubles() {
        for (number, expected) in
            [(0.0, 0), (1.0, 0), (0.5, 1), (0.375, 3), (1e300, 0), (5e-324, 1074)]
        {
            assert_eq!(exact_places(number), expected, "{number}");
        }
    }
}
