//! Values of a statement's places.

use chrono::{Datelike, Timelike};
use mysql_async::{Params, Value as Bound};
use pressroom_data::{SourceError, Value};

use crate::subject::Subject;

/// The values of so many places. A value without a place is left out.
pub(crate) fn bound(
    places: usize,
    binds: &[Value],
    subject: &Subject,
) -> Result<Params, SourceError> {
    if places == 0 {
        return Ok(Params::Empty);
    }
    let bound = (1..=places).map(|place| {
        let value = binds.get(place - 1).ok_or_else(|| subject.no_value(place))?;
        one(value).ok_or_else(|| subject.several_values(place))
    });
    Ok(Params::Positional(bound.collect::<Result<_, _>>()?))
}

/// None for a list, which no single place holds.
fn one(value: &Value) -> Option<Bound> {
    Some(match value {
        Value::Null => Bound::NULL,
        Value::Bool(truth) => Bound::Int((*truth).into()),
        Value::Int(number) => Bound::Int(*number),
        Value::Double(number) => Bound::Double(*number),
        // As text: the server compares it exactly with decimal numbers.
        Value::Decimal(number) => Bound::Bytes(number.to_string().into_bytes()),
        Value::Text(text) => Bound::Bytes(text.as_bytes().to_vec()),
        Value::Guid(id) => Bound::Bytes(id.to_string().into_bytes()),
        Value::Bytes(bytes) => Bound::Bytes(bytes.to_vec()),
        Value::DateTime(time) => {
            let part = |part: u32| u8::try_from(part).unwrap_or_default();
            // The server knows years from 0 to 9999: others it finds nowhere.
            let Ok(year) = u16::try_from(time.year()) else { return Some(Bound::NULL) };
            Bound::Date(
                year,
                part(time.month()),
                part(time.day()),
                part(time.hour()),
                part(time.minute()),
                part(time.second()),
                time.nanosecond() / 1_000 % 1_000_000,
            )
        }
        Value::Span(span) => {
            let micros = span.num_microseconds()?;
            let (negative, micros) = (micros < 0, micros.unsigned_abs());
            let seconds = micros / 1_000_000;
            let part = |part: u64| u8::try_from(part).unwrap_or_default();
            Bound::Time(
                negative,
                u32::try_from(seconds / 86_400).unwrap_or(u32::MAX),
                part(seconds / 3_600 % 24),
                part(seconds / 60 % 60),
                part(seconds % 60),
                u32::try_from(micros % 1_000_000).unwrap_or_default(),
            )
        }
        Value::List(_) => return None,
    })
}
