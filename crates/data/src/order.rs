//! The one order of values: sorting, grouping and hashing agree on it.
//!
//! # Rules
//! - Nulls come first, then truth values, numbers, dates, spans, ids, texts, bytes and lists.
//! - Numbers compare by value, whatever their type. A double counts as the shortest decimal that
//!   reads back as it, so the double 0.1 equals the decimal 0.1. Not-a-number comes before every
//!   number.
//! - Texts compare by the root collation of Unicode (CLDR) without regard to letter case; texts that
//!   tie there compare by their lower-case letters, and at last by their exact characters.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono::{NaiveDateTime, TimeDelta};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Value;

/// The total order of values; see the rules at the top of this module.
#[must_use]
pub fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Decimal(a), Value::Decimal(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => compare_text(a, b),
        (Value::DateTime(a), Value::DateTime(b)) => a.cmp(b),
        (Value::Span(a), Value::Span(b)) => a.cmp(b),
        (Value::Guid(a), Value::Guid(b)) => a.cmp(b),
        (Value::Bytes(a), Value::Bytes(b)) => a.cmp(b),
        (Value::List(a), Value::List(b)) => compare_lists(a, b),
        _ => match (Number::of(a), Number::of(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => rank(a).cmp(&rank(b)),
        },
    }
}

/// The order of two texts that [`compare`] uses, for a database that can sort by it.
#[must_use]
pub fn compare_text(a: &str, b: &str) -> Ordering {
    fold(a).cmp(&fold(b)).then_with(|| a.cmp(b))
}

/// Whether two values belong to one group: equal numbers of any type, equal texts in any letter case.
///
/// Values that are the same stand side by side when sorted by [`compare`].
#[must_use]
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a == b || same_text(a, b),
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(&**b).all(|(a, b)| same(a, b))
        }
        _ => compare(a, b).is_eq(),
    }
}

/// The hashable identity of a value: two keys are equal where [`same`] holds.
#[must_use]
pub fn key(value: &Value) -> Key {
    Key(match value {
        Value::Null => KeyKind::Null,
        Value::Bool(truth) => KeyKind::Bool(*truth),
        Value::Text(text) => KeyKind::Text(match fold(text) {
            Cow::Borrowed(_) => text.clone(),
            Cow::Owned(folded) => folded.into(),
        }),
        Value::DateTime(time) => KeyKind::DateTime(*time),
        Value::Span(span) => KeyKind::Span(*span),
        Value::Guid(id) => KeyKind::Guid(*id),
        Value::Bytes(bytes) => KeyKind::Bytes(bytes.clone()),
        Value::List(values) => KeyKind::List(values.iter().map(key).collect()),
        Value::Int(_) | Value::Decimal(_) | Value::Double(_) => {
            Number::of(value).map_or(KeyKind::Null, KeyKind::Number)
        }
    })
}

/// The hashable identity of a value, made by [`key`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key(KeyKind);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum KeyKind {
    Null,
    Bool(bool),
    Number(Number),
    Text(Arc<str>),
    DateTime(NaiveDateTime),
    Span(TimeDelta),
    Guid(Uuid),
    Bytes(Arc<[u8]>),
    List(Box<[Key]>),
}

fn compare_lists(a: &[Value], b: &[Value]) -> Ordering {
    let unequal = a.iter().zip(b).map(|(a, b)| compare(a, b)).find(|order| order.is_ne());
    unequal.unwrap_or_else(|| a.len().cmp(&b.len()))
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Int(_) | Value::Decimal(_) | Value::Double(_) => 2,
        Value::DateTime(_) => 3,
        Value::Span(_) => 4,
        Value::Guid(_) => 5,
        Value::Text(_) => 6,
        Value::Bytes(_) => 7,
        Value::List(_) => 8,
    }
}

/// Lower case, letter by letter; borrowed where nothing changes.
fn fold(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c.to_lowercase().eq([c])) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().flat_map(char::to_lowercase).collect())
    }
}

fn same_text(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}

/// A number of any type as `±digits × 10^exponent` without trailing zeros, so that equal numbers
/// are equal structures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    NotANumber,
    Infinite { negative: bool },
    Finite { negative: bool, digits: u128, exponent: i32 },
}

impl Number {
    fn of(value: &Value) -> Option<Self> {
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
            return Self::NotANumber;
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
            Self::NotANumber => (-2 * BEYOND - 1, 0),
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
