//! Values of a statement's parameters.

use pressroom_data::{DataType, SourceError, Value, coerce};
use pressroom_ports::Bind;
use rusqlite::Statement;
use rusqlite::types::Value as Bound;

use super::error::Subject;
use super::times::Style;

/// Gives every parameter its value. One without a value is an error, a value without a parameter is
/// left out.
pub(crate) fn bind(
    statement: &mut Statement<'_>,
    binds: &[Bind],
    style: Style,
    subject: &Subject,
) -> Result<(), SourceError> {
    let mut nameless = binds.iter().filter(|bind| bind.name.is_empty());
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).map(str::to_owned);
        let bind = match &name {
            None => nameless.next(),
            Some(name) => binds
                .iter()
                .find(|bind| *bind.name == **name)
                .or_else(|| binds.iter().find(|bind| bind.name.eq_ignore_ascii_case(name))),
        };
        let shown = name.as_deref().unwrap_or("?");
        let Some(bind) = bind else {
            return Err(subject.query(format_args!(
                "its parameter {shown} has no value; add it to the query's parameters"
            )));
        };
        let Some(value) = bound(&bind.value, style) else {
            return Err(subject.query(format_args!(
                "its parameter {shown} has several values; use it where the query takes a list"
            )));
        };
        statement.raw_bind_parameter(index, value).map_err(|error| subject.error(&error))?;
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
