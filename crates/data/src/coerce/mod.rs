//! Values as another type, and values from their invariant text.

mod time;

use chrono::NaiveTime;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use uuid::Uuid;

use crate::{Culture, DataType, Value, display};

use time::{parse_date_time, parse_span};

/// Why a value has no form of the wanted type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CoerceError {
    /// The text does not read as the type.
    #[error("\"{text}\" is not {wanted}; write it {example}")]
    Text {
        /// The text, shortened where long.
        text: String,
        /// What was wanted, with its article: `a whole number`.
        wanted: &'static str,
        /// How such a value is written.
        example: &'static str,
    },
    /// The number does not fit.
    #[error("{value} is too large for {wanted}; choose a wider type")]
    Range {
        /// The value as text.
        value: String,
        /// What was wanted.
        wanted: &'static str,
    },
    /// Nothing leads from one type to the other.
    #[error("{from} cannot become {wanted}; choose another type for it")]
    Kind {
        /// What there was.
        from: &'static str,
        /// What was wanted.
        wanted: &'static str,
    },
}

/// The value as a type. Null stays null; every type becomes text in its invariant form.
///
/// Fractions become whole numbers by rounding half to even, as .NET's conversions do.
///
/// # Errors
/// See [`CoerceError`].
pub fn coerce(value: &Value, to: DataType) -> Result<Value, CoerceError> {
    if value.is_null() || to == DataType::Unknown || value.data_type() == to {
        return Ok(value.clone());
    }
    match (value, to) {
        (Value::Text(text), to) => parse_invariant(text, to),
        (Value::List(_), _) | (_, DataType::Bytes) => Err(kind(value, to)),
        (value, DataType::Text) => Ok(Value::text(invariant_text(value))),
        (Value::Bool(truth), DataType::Int) => Ok(Value::Int((*truth).into())),
        (Value::Bool(truth), DataType::Decimal) => {
            Ok(Value::Decimal(if *truth { Decimal::ONE } else { Decimal::ZERO }))
        }
        (Value::Bool(truth), DataType::Double) => Ok(Value::Double((*truth).into())),
        (Value::Int(number), DataType::Bool) => Ok(Value::Bool(*number != 0)),
        (Value::Int(number), DataType::Decimal) => Ok(Value::Decimal((*number).into())),
        (Value::Int(number), DataType::Double) => Ok(Value::Double(*number as f64)),
        (Value::Decimal(number), DataType::Bool) => Ok(Value::Bool(!number.is_zero())),
        (Value::Decimal(number), DataType::Int) => {
            number.round().to_i64().map(Value::Int).ok_or_else(|| range(value, to))
        }
        (Value::Decimal(number), DataType::Double) => {
            // Through text: the nearest double, which arithmetic conversion does not promise.
            let nearest = number.to_string().parse().ok();
            nearest.map(Value::Double).ok_or_else(|| range(value, to))
        }
        (Value::Double(number), DataType::Bool) => Ok(Value::Bool(*number != 0.0)),
        (Value::Double(number), DataType::Int) => {
            double_to_int(*number).map(Value::Int).ok_or_else(|| range(value, to))
        }
        (Value::Double(number), DataType::Decimal) => {
            double_to_decimal(*number).map(Value::Decimal).ok_or_else(|| range(value, to))
        }
        _ => Err(kind(value, to)),
    }
}

/// The value that an invariant text stands for: how parameters arrive on a command line or in an
/// HTTP request, and how layouts store values.
///
/// Dates are written `2026-11-24`, `2026-11-24T18:30:00` or, as .NET's invariant culture writes
/// them, `11/24/2026 18:30:00`; an offset from UTC is left out of account, because values have no
/// zone. Blanks around the text do not count, except for [`DataType::Text`]. An empty text is null for
/// every other type.
///
/// # Errors
/// [`CoerceError::Text`] and [`CoerceError::Range`].
pub fn parse_invariant(text: &str, to: DataType) -> Result<Value, CoerceError> {
    if matches!(to, DataType::Text | DataType::Unknown) {
        return Ok(Value::text(text));
    }
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(Value::Null);
    }
    let parsed = match to {
        DataType::Bool => parse_bool(trimmed).map(Value::Bool),
        DataType::Int => parse_int(trimmed)?.map(Value::Int),
        DataType::Decimal => parse_decimal(trimmed).map(Value::Decimal),
        DataType::Double => parse_double(trimmed).map(Value::Double),
        DataType::DateTime => parse_date_time(trimmed).map(Value::DateTime),
        DataType::Span => parse_span(trimmed).map(Value::Span),
        DataType::Guid => Uuid::parse_str(trimmed.trim_matches(['(', ')'])).ok().map(Value::Guid),
        DataType::Bytes | DataType::Text | DataType::Unknown => None,
    };
    parsed.ok_or_else(|| {
        let (wanted, example) = words(to);
        CoerceError::Text { text: shorten(trimmed), wanted, example }
    })
}

fn invariant_text(value: &Value) -> String {
    match value {
        Value::DateTime(time) if time.time() == NaiveTime::MIN => {
            time.format("%Y-%m-%d").to_string()
        }
        Value::DateTime(time) => time.format("%Y-%m-%dT%H:%M:%S%.f").to_string(),
        value => display(value, Culture::invariant()),
    }
}

fn parse_bool(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("true") || is("1") || is("yes") {
        Some(true)
    } else if is("false") || is("0") || is("no") {
        Some(false)
    } else {
        None
    }
}

fn parse_int(text: &str) -> Result<Option<i64>, CoerceError> {
    if let Ok(number) = text.parse() {
        return Ok(Some(number));
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(CoerceError::Range { value: shorten(text), wanted: words(DataType::Int).0 });
    }
    // "3.0" is a whole number that another program wrote with a point.
    let number = parse_decimal(text).filter(|number| number.fract().is_zero());
    Ok(number.and_then(|number| number.to_i64()))
}

fn parse_decimal(text: &str) -> Option<Decimal> {
    if text.contains('_') {
        return None;
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    if text.contains(['e', 'E']) {
        return Decimal::from_scientific(text).ok();
    }
    text.parse().ok()
}

fn parse_double(text: &str) -> Option<f64> {
    let number: f64 = match text {
        "NaN" => f64::NAN,
        "Infinity" | "∞" => f64::INFINITY,
        "-Infinity" | "-∞" => f64::NEG_INFINITY,
        text if text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) =>
        {
            text.parse().ok()?
        }
        _ => return None,
    };
    Some(number)
}

fn double_to_int(number: f64) -> Option<i64> {
    let number = number.round_ties_even();
    // 2^63 itself is the first double that is too large.
    (-(2_f64.powi(63))..2_f64.powi(63)).contains(&number).then_some(number as i64)
}

/// By 15 significant digits, as .NET converts, so that 0.1 becomes 0.1.
fn double_to_decimal(number: f64) -> Option<Decimal> {
    Decimal::from_f64(number)
}

fn words(data_type: DataType) -> (&'static str, &'static str) {
    match data_type {
        DataType::Unknown => ("a value", "as text"),
        DataType::Bool => ("a truth value", "true or false"),
        DataType::Int => ("a whole number of 64 bits", "like -42"),
        DataType::Decimal => ("a decimal number", "like 1234.56"),
        DataType::Double => ("a number", "like 1234.56 or 1.5e9"),
        DataType::Text => ("a text", "as it is"),
        DataType::DateTime => ("a date", "like 2026-11-24 or 2026-11-24T18:30:00"),
        DataType::Span => ("a length of time", "like 18:30:00 or 2.18:30:00 for 2 days more"),
        DataType::Guid => ("an id", "like 0f8fad5b-d9cb-469f-a165-70867728950e"),
        DataType::Bytes => ("a run of bytes", "in the database"),
    }
}

fn kind(value: &Value, to: DataType) -> CoerceError {
    let from = match value {
        Value::List(_) => "a list of values",
        value => words(value.data_type()).0,
    };
    CoerceError::Kind { from, wanted: words(to).0 }
}

fn range(value: &Value, to: DataType) -> CoerceError {
    CoerceError::Range { value: invariant_text(value), wanted: words(to).0 }
}

fn shorten(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
