//! Values of a statement's parameters, as the texts that the server reads.

use bytes::BytesMut;
use pressroom_data::{DataType, SourceError, Value, coerce};
use tokio_postgres::types::{Format, IsNull, Kind, ToSql, Type, to_sql_checked};

use super::values::{clock, moment_text};
use crate::subject::Subject;

/// A value on its way: text, or null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bound(Option<String>);

impl ToSql for Bound {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match &self.0 {
            Some(text) => {
                out.extend_from_slice(text.as_bytes());
                IsNull::No
            }
            None => IsNull::Yes,
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    to_sql_checked!();
}

/// The values of a statement's places, of these types.
pub(super) enum Fit {
    All(Vec<Bound>),
    /// Some are not exactly any value of the type that the server wants there; they are of these types
    /// themselves.
    Other(Vec<Type>),
}

/// Gives every place its value, exactly.
pub(super) fn fit(binds: &[Value], wanted: &[Type], subject: &Subject) -> Result<Fit, SourceError> {
    let (mut bound, mut others) = (Vec::with_capacity(wanted.len()), Vec::new());
    for (index, kind) in wanted.iter().enumerate() {
        let place = index + 1;
        let value = binds.get(index).ok_or_else(|| subject.no_value(place))?;
        if let Value::List(_) = value {
            return Err(subject.several_values(place));
        }
        match text_as(value, kind) {
            Some(text) => bound.push(Bound(text)),
            None => match own_type(value) {
                Some(own) if own != *kind => {
                    others.resize(wanted.len(), Type::UNKNOWN);
                    others[index] = own;
                    bound.push(Bound(None));
                }
                _ => return Err(wrong(place, value, kind, subject)),
            },
        }
    }
    Ok(if others.is_empty() { Fit::All(bound) } else { Fit::Other(others) })
}

/// The first value that is of another type than the server wants.
pub(super) fn wrong_one(binds: &[Value], wanted: &[Type], subject: &Subject) -> SourceError {
    let places = binds.iter().zip(wanted).enumerate();
    let mut wrong = places.filter(|(_, (value, kind))| text_as(value, kind).is_none());
    match wrong.next() {
        Some((index, (value, kind))) => self::wrong(index + 1, value, kind, subject),
        None => subject.query("its parameters are of types that the database does not take there"),
    }
}

fn wrong(place: usize, value: &Value, wanted: &Type, subject: &Subject) -> SourceError {
    const LONGEST: usize = 40;
    let shown = match coerce(value, DataType::Text) {
        Ok(Value::Text(text)) if text.chars().count() > LONGEST => {
            format!("\"{}…\"", text.chars().take(LONGEST).collect::<String>())
        }
        Ok(Value::Text(text)) => format!("\"{text}\""),
        _ => "of bytes".to_owned(),
    };
    subject.wrong_value(place, &shown, words(wanted))
}

/// The type of a value by itself; none where the server knows better.
pub(super) fn own_type(value: &Value) -> Option<Type> {
    Some(match value {
        Value::Bool(_) => Type::BOOL,
        Value::Int(number) if i32::try_from(*number).is_ok() => Type::INT4,
        Value::Int(_) => Type::INT8,
        Value::Decimal(_) => Type::NUMERIC,
        Value::Double(_) => Type::FLOAT8,
        Value::DateTime(_) => Type::TIMESTAMP,
        Value::Span(_) => Type::INTERVAL,
        Value::Guid(_) => Type::UUID,
        Value::Bytes(_) => Type::BYTEA,
        Value::Text(_) | Value::Null | Value::List(_) => return None,
    })
}

/// A value as the text of one of a type: the same, or none.
fn text_as(value: &Value, wanted: &Type) -> Option<Option<String>> {
    if let Kind::Domain(base) = wanted.kind() {
        return text_as(value, base);
    }
    if value.is_null() || is_blank(value) && !is_text(wanted) {
        return Some(None);
    }
    // What no value here holds came from the server as its own text.
    if let Value::Text(text) = value
        && is_own_text(text, wanted)
    {
        return Some(Some(text.to_string()));
    }
    let as_type = |data_type| coerce(value, data_type).ok().filter(|value| !value.is_null());
    Some(Some(match *wanted {
        Type::INT2 => whole(value).and_then(|it| i16::try_from(it).ok())?.to_string(),
        Type::INT4 => whole(value).and_then(|it| i32::try_from(it).ok())?.to_string(),
        Type::OID => whole(value).and_then(|it| u32::try_from(it).ok())?.to_string(),
        Type::INT8 => whole(value)?.to_string(),
        Type::NUMERIC | Type::FLOAT4 | Type::FLOAT8 | Type::MONEY => match value {
            Value::Double(number) => number.to_string(),
            value => match as_type(DataType::Decimal)? {
                Value::Decimal(number) => number.to_string(),
                _ => return invariant(value),
            },
        },
        Type::BOOL => match as_type(DataType::Bool)? {
            Value::Bool(truth) => truth.to_string(),
            _ => return None,
        },
        Type::DATE => match as_type(DataType::DateTime)? {
            Value::DateTime(moment) if moment.time() == chrono::NaiveTime::MIN => {
                moment_text(moment, false)
            }
            _ => return None,
        },
        Type::TIMESTAMP => match as_type(DataType::DateTime)? {
            Value::DateTime(moment) => moment_text(moment, true),
            _ => return None,
        },
        Type::TIMESTAMPTZ => match as_type(DataType::DateTime)? {
            // The session's zone is UTC.
            Value::DateTime(moment) => moment_text(moment, true),
            _ => return None,
        },
        Type::TIME | Type::TIMETZ => match (value, as_type(DataType::Span)) {
            (_, Some(Value::Span(span))) => clock(span.num_microseconds()?),
            (Value::DateTime(moment), _) => moment.time().format("%H:%M:%S%.f").to_string(),
            _ => return None,
        },
        Type::INTERVAL => match as_type(DataType::Span)? {
            Value::Span(span) => clock(span.num_microseconds()?),
            _ => return None,
        },
        Type::UUID => match as_type(DataType::Guid)? {
            Value::Guid(id) => id.to_string(),
            _ => return None,
        },
        Type::BYTEA => match value {
            Value::Bytes(bytes) => hexadecimal(bytes),
            _ => return None,
        },
        _ => return invariant(value),
    }))
}

/// A blank text is null, unless it is wanted as text.
fn is_blank(value: &Value) -> bool {
    value.as_text().is_some_and(|text| text.trim().is_empty())
}

fn is_text(wanted: &Type) -> bool {
    words(wanted) == wanted.name()
}

/// Whether a text may be what the server wrote of a value: a number of many digits, a day of another
/// age.
fn is_own_text(text: &str, wanted: &Type) -> bool {
    match *wanted {
        Type::NUMERIC => {
            let number = text.strip_prefix('-').unwrap_or(text);
            let is_digit = |c: char| c.is_ascii_digit() || c == '.';
            number.starts_with(|c: char| c.is_ascii_digit()) && number.chars().all(is_digit)
        }
        Type::DATE | Type::TIMESTAMP | Type::TIMESTAMPTZ | Type::INTERVAL => {
            coerce(&Value::text(text), DataType::DateTime).is_err()
                && coerce(&Value::text(text), DataType::Span).is_err()
        }
        _ => false,
    }
}

fn invariant(value: &Value) -> Option<Option<String>> {
    match coerce(value, DataType::Text).ok()? {
        Value::Text(text) => Some(Some(text.to_string())),
        _ => None,
    }
}

/// A whole number that is exactly the value.
fn whole(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Double(number) if number.fract() != 0.0 => return None,
        Value::Decimal(number) if !number.fract().is_zero() => return None,
        value => coerce(value, DataType::Int).ok()?,
    };
    if let Value::Int(number) = number { Some(number) } else { None }
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    "\\x".chars().chain(digits.map(|digit| char::from(DIGITS[usize::from(digit)]))).collect()
}

/// What a type is called in messages.
fn words(wanted: &Type) -> &str {
    match *wanted {
        Type::INT2 | Type::INT4 | Type::INT8 | Type::OID => "a whole number",
        Type::NUMERIC | Type::FLOAT4 | Type::FLOAT8 | Type::MONEY => "a number",
        Type::BOOL => "true or false",
        Type::DATE => "a date",
        Type::TIMESTAMP | Type::TIMESTAMPTZ => "a date and time",
        Type::TIME | Type::TIMETZ => "a time of day",
        Type::INTERVAL => "a length of time",
        Type::UUID => "an id",
        Type::BYTEA => "bytes",
        _ => wanted.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pressroom_data::parse_invariant;

    fn check(value: &Value, wanted: &Type, expect: Option<&str>) {
        let text = text_as(value, wanted).map(|text| text.unwrap_or_else(|| "NULL".into()));
        assert_eq!(text.as_deref(), expect, "{value:?} as {wanted}");
    }

    #[test]
    fn values_are_written_exactly_as_what_is_wanted() {
        let decimal = |text| parse_invariant(text, DataType::Decimal).unwrap();
        let time = |text| parse_invariant(text, DataType::DateTime).unwrap();
        check(&Value::Null, &Type::INT4, Some("NULL"));
        check(&Value::Int(5), &Type::INT4, Some("5"));
        check(&Value::Int(1 << 40), &Type::INT4, None);
        check(&Value::Double(4999.0), &Type::INT4, Some("4999"));
        check(&Value::Double(4999.5), &Type::INT4, None);
        check(&decimal("12.50"), &Type::INT8, None);
        check(&decimal("12.50"), &Type::NUMERIC, Some("12.50"));
        check(&Value::Double(0.1), &Type::NUMERIC, Some("0.1"));
        check(&Value::Double(f64::NAN), &Type::FLOAT8, Some("NaN"));
        check(&Value::Double(f64::INFINITY), &Type::FLOAT8, Some("inf"));
        check(&"12".into(), &Type::INT4, Some("12"));
        check(&"twelve".into(), &Type::INT4, None);
        check(&Value::Int(7), &Type::TEXT, Some("7"));
        check(&Value::Bool(true), &Type::BOOL, Some("true"));
        check(&Value::Int(0), &Type::BOOL, Some("false"));
        check(&time("2026-01-02"), &Type::DATE, Some("2026-01-02"));
        check(&time("2026-01-02T12:00:00"), &Type::DATE, None);
        check(&time("2026-01-02T12:00:00"), &Type::TIMESTAMPTZ, Some("2026-01-02 12:00:00"));
        check(&"2026-01-02".into(), &Type::TIMESTAMP, Some("2026-01-02 00:00:00"));
        check(&Value::Bytes([1, 255].as_slice().into()), &Type::BYTEA, Some("\\x01ff"));
        check(&"01ff".into(), &Type::BYTEA, None);
        check(&"".into(), &Type::INT4, Some("NULL"));
        check(&"".into(), &Type::TEXT, Some(""));
        check(&"0044-05-18 BC".into(), &Type::DATE, Some("0044-05-18 BC"));
        let digits = "12345678901234567890123456789012345678";
        check(&digits.into(), &Type::NUMERIC, Some(digits));
        check(
            &"{0F8FAD5B-D9CB-469F-A165-70867728950E}".into(),
            &Type::UUID,
            Some("0f8fad5b-d9cb-469f-a165-70867728950e"),
        );
    }
}
