//! The one order of values: sorting, grouping and hashing agree on it.
//!
//! # Rules
//! - Nulls come first, then truth values, numbers, dates, spans, ids, texts, bytes and lists.
//! - Numbers compare by value, whatever their type. A double counts as the shortest decimal that
//!   reads back as it, so the double 0.1 equals the decimal 0.1. Not-a-number comes before every
//!   number.
//! - Texts compare by the root collation of Unicode (CLDR) without regard to letter case; texts that
//!   tie there compare by their lower-case letters, and at last by their exact characters.

mod number;
mod text;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use chrono::{NaiveDateTime, TimeDelta};
use uuid::Uuid;

use crate::Value;

use number::Number;
pub use text::compare_text;
use text::{fold, same_text};

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
