//! Numbers of different types on one number line.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use rust_decimal::Decimal;

use crate::Value;

/// A number of any type as `±digits × 10^exponent` without trailing zeros, so that equal numbers
/// are equal structures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    NaN,
    Infinite { negative: bool },
    Finite { negative: bool, digits: u128, exponent: i32 },
}

impl Number {
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Int(number) => {
                Some(Self::finite(*number < 0, u128::from(number.unsigned_abs()), 0))
            }
            Value::Decimal(number) => Some(Self::of_decimal(number)),
            Value::Double(number) => Some(Self::of_double(*number)),
            _ => None,
        }
    }

    fn of_decimal(number: &Decimal) -> Self {
        let exponent = -i32::try_from(number.scale()).unwrap_or(0);
        Self::finite(number.is_sign_negative(), number.mantissa().unsigned_abs(), exponent)
    }

    fn of_double(number: f64) -> Self {
        if number.is_nan() {
            return Self::NaN;
        }
        if number.is_infinite() {
            return Self::Infinite { negative: number < 0.0 };
        }
        // `{:e}` gives the shortest digits that read back as the number: at most 17 of them.
        let text = format!("{:e}", number.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = whole.bytes().chain(fraction.bytes());
        let digits = digits.fold(0, |sum, digit| sum * 10 + u128::from(digit - b'0'));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let places = i32::try_from(fraction.len()).unwrap_or(0);
        Self::finite(number < 0.0, digits, exponent - places)
    }

    fn finite(negative: bool, mut digits: u128, mut exponent: i32) -> Self {
        if digits == 0 {
            return Self::Finite { negative: false, digits: 0, exponent: 0 };
        }
        while digits.is_multiple_of(10) {
            digits /= 10;
            exponent += 1;
        }
        Self::Finite { negative, digits, exponent }
    }

    /// Position on the number line in coarse steps, then digits aligned to 30 places.
    fn rank(self) -> (i32, i128) {
        const BEYOND: i32 = 10_000;
        match self {
            Self::NaN => (-2 * BEYOND - 1, 0),
            Self::Infinite { negative: true } => (-2 * BEYOND, 0),
            Self::Infinite { negative: false } => (2 * BEYOND, 0),
            Self::Finite { digits: 0, .. } => (0, 0),
            Self::Finite { negative, digits, exponent } => {
                let length = digits.ilog10();
                let aligned = digits * 10_u128.pow(30 - length.min(30));
                let aligned = i128::try_from(aligned).unwrap_or(i128::MAX);
                let magnitude = BEYOND + exponent + i32::try_from(length).unwrap_or(0);
                if negative { (-magnitude, -aligned) } else { (magnitude, aligned) }
            }
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rank().hash(state);
    }
}
