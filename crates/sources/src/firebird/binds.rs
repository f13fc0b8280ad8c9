//! Values of a statement's places.

use chrono::{Datelike, NaiveTime};
use pressroom_data::{SourceError, Value};
use rsfbclient::SqlType;

use crate::subject::Subject;

/// The values of all places, in order.
pub(super) fn bound(binds: &[Value], subject: &Subject) -> Result<Vec<SqlType>, SourceError> {
    let bound = binds
        .iter()
        .enumerate()
        .map(|(index, value)| one(value).ok_or_else(|| subject.several_values(index + 1)));
    bound.collect()
}

/// None for a list, which no single place holds.
fn one(value: &Value) -> Option<SqlType> {
    Some(match value {
        Value::Null => SqlType::Null,
        Value::Bool(truth) => SqlType::Boolean(*truth),
        Value::Int(number) => SqlType::Integer(*number),
        Value::Double(number) => SqlType::Floating(*number),
        // As text: the server reads it exactly.
        Value::Decimal(number) => SqlType::Text(number.to_string()),
        Value::Text(text) => SqlType::Text(text.to_string()),
        Value::Guid(id) => SqlType::Text(id.to_string()),
        Value::Bytes(bytes) => SqlType::Binary(bytes.to_vec()),
        // The server knows years from 1 to 9999: others it finds nowhere.
        Value::DateTime(time) if !(1..=9999).contains(&time.year()) => SqlType::Null,
        Value::DateTime(time) => SqlType::Timestamp(*time),
        // A time of day; a longer span is found nowhere.
        Value::Span(span) => {
            match (NaiveTime::MIN.overflowing_add_signed(*span), span.num_days()) {
                ((time, 0), 0) => SqlType::Text(time.format("%H:%M:%S%.3f").to_string()),
                _ => SqlType::Null,
            }
        }
        Value::List(_) => return None,
    })
}
