//! Values of a statement's parameters.

use pressroom_data::{DataType, SourceError, Value, coerce};
use rusqlite::Statement;
use rusqlite::types::Value as Bound;

use super::times::Style;
use crate::subject::Subject;

/// Gives every place its value. One without a value is an error, a value without a place is left out.
pub(crate) fn bind(
    statement: &mut Statement<'_>,
    binds: &[Value],
    style: Style,
    subject: &Subject,
) -> Result<(), SourceError> {
    for index in 1..=statement.parameter_count() {
        let Some(value) = binds.get(index - 1) else {
            return Err(subject.no_value(index));
        };
        let Some(value) = bound(value, style) else {
            return Err(subject.several_values(index));
        };
        statement
            .raw_bind_parameter(index, value)
            .map_err(|error| super::error::said(subject, &error))?;
    }
    Ok(())
}

/// None for a list, which no single parameter holds.
fn bound(value: &Value, style: Style) -> Option<Bound> {
    Some(match value {
        Value::Null => Bound::Null,
        Value::Bool(truth) => Bound::Integer((*truth).into()),
        Value::Int(number) => Bound::Integer(*number),
        Value::Double(number) => Bound::Real(*number),
        // SQLite has no decimal numbers: whole ones go as such, so that they compare exactly.
        Value::Decimal(number) if number.fract().is_zero() => match coerce(value, DataType::Int) {
            Ok(Value::Int(number)) => Bound::Integer(number),
            _ => real(value)?,
        },
        Value::Decimal(_) => real(value)?,
        Value::Text(text) => Bound::Text(text.to_string()),
        Value::DateTime(time) => style.write(*time),
        Value::Guid(id) => Bound::Text(id.to_string()),
        Value::Bytes(bytes) => Bound::Blob(bytes.to_vec()),
        Value::Span(_) => match coerce(value, DataType::Text) {
            Ok(Value::Text(text)) => Bound::Text(text.to_string()),
            _ => return None,
        },
        Value::List(_) => return None,
    })
}

fn real(value: &Value) -> Option<Bound> {
    match coerce(value, DataType::Double) {
        Ok(Value::Double(number)) => Some(Bound::Real(number)),
        _ => None,
    }
}
