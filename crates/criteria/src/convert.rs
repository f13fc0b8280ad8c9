//! How a value of one type stands for one of another.

use std::borrow::Cow;

use chrono::{NaiveDateTime, TimeDelta};
use pressroom_data::{Culture, DataType, Value, coerce, display};

use crate::error::EvalError;
use crate::number::Number;

/// How many bytes a text may have that an expression makes.
pub(crate) const MAX_TEXT_BYTES: usize = 16 << 20;

/// A text that an expression made, if it is not too long.
pub(crate) fn made_text(text: String) -> Result<Value, EvalError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(EvalError::Limit(
            format!("the text becomes too long: more than {} MB", MAX_TEXT_BYTES >> 20).into(),
        ));
    }
    Ok(Value::text(text))
}

/// The value as a label shows it.
pub(crate) fn to_text<'a>(value: &'a Value, culture: &Culture) -> Cow<'a, str> {
    match value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed(""),
        other => Cow::Owned(display(other, culture)),
    }
}

/// The value as a number: also a text that holds one in its invariant form.
pub(crate) fn to_number(value: &Value) -> Option<Number> {
    match value {
        Value::Text(text) => parse_number(text),
        other => Number::of(other),
    }
}

/// A number in its invariant form: whole, else decimal, else floating point.
pub(crate) fn parse_number(text: &str) -> Option<Number> {
    let text = text.trim();
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
        return None;
    }
    if let Ok(number) = text.parse() {
        return Some(Number::Int(number));
    }
    if let Ok(number) = text.parse() {
        return Some(Number::Decimal(number));
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(Number::Double)
}

/// The value as a moment: also a text that holds one.
pub(crate) fn to_moment(value: &Value) -> Option<NaiveDateTime> {
    match value {
        Value::DateTime(moment) => Some(*moment),
        Value::Text(_) => match coerce(value, DataType::DateTime) {
            Ok(Value::DateTime(moment)) => Some(moment),
            _ => None,
        },
        _ => None,
    }
}

/// The value as a length of time: also a text that holds one, and the time of day of a moment.
pub(crate) fn to_span(value: &Value) -> Option<TimeDelta> {
    match value {
        Value::Span(span) => Some(*span),
        Value::DateTime(moment) => Some(moment.time() - chrono::NaiveTime::MIN),
        Value::Text(text) => match crate::syntax::parse_date_literal(text) {
            Some(Value::Span(span)) => Some(span),
            _ => None,
        },
        _ => None,
    }
}

/// The value as a truth value: also a number (0 is false), and the words.
pub(crate) fn to_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Text(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Value::Text(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        other => to_number(other).map(|number| !number.is_zero()),
    }
}

/// The type and, where it helps, the contents of a value, for messages.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(_) => "a truth value".into(),
        Value::Int(number) => format!("the number {number}"),
        Value::Decimal(number) => format!("the number {number}"),
        Value::Double(number) => format!("the number {number}"),
        Value::Text(text) => {
            let mut start: String = text.chars().take(40).collect();
            if start.len() < text.len() {
                start.push('…');
            }
            format!("the text \"{start}\"")
        }
        Value::DateTime(moment) => format!("the date {}", moment.format("%Y-%m-%d %H:%M:%S")),
        Value::Span(_) => "a length of time".into(),
        Value::Guid(_) => "a guid".into(),
        Value::Bytes(_) => "binary data".into(),
        Value::List(_) => "a list of values".into(),
    }
}
