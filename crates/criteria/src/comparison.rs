//! Comparing values: by value across the kinds of number, texts without regard to letter case,
//! a text with another type by what the text says.

use std::borrow::Cow;
use std::cmp::Ordering;

use pressroom_data::{DataType, Value, coerce, compare, same};

use crate::convert::{self, describe};
use crate::error::EvalError;
use crate::number::Number;
use crate::syntax::BinaryOp;

/// A comparison operator; `None` if either side is null.
pub(crate) fn apply(op: BinaryOp, a: &Value, b: &Value) -> Result<Option<bool>, EvalError> {
    if a.is_null() || b.is_null() {
        return Ok(None);
    }
    Ok(Some(match op {
        BinaryOp::Equal => equal(a, b)?,
        BinaryOp::NotEqual => !equal(a, b)?,
        BinaryOp::Less => order(a, b)?.is_lt(),
        BinaryOp::LessOrEqual => order(a, b)?.is_le(),
        BinaryOp::Greater => order(a, b)?.is_gt(),
        _ => order(a, b)?.is_ge(),
    }))
}

/// Whether two values that are not null are equal. Values that cannot be compared are not.
pub(crate) fn equal(a: &Value, b: &Value) -> Result<bool, EvalError> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Ok(a == b),
        (Value::Text(x), Value::Text(y)) => Ok(x == y || same(a, b)),
        (Value::DateTime(a), Value::DateTime(b)) => Ok(a == b),
        (Value::Bool(a), Value::Bool(b)) => Ok(a == b),
        (Value::List(_), _) | (_, Value::List(_)) => {
            Err(EvalError::types("a list of values cannot be compared with one value; use In"))
        }
        _ => Ok(align(a, b).is_some_and(|(a, b)| same(&a, &b))),
    }
}

/// The order of two values that are not null.
pub(crate) fn order(a: &Value, b: &Value) -> Result<Ordering, EvalError> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => return Ok(a.cmp(b)),
        (Value::DateTime(a), Value::DateTime(b)) => return Ok(a.cmp(b)),
        (Value::Decimal(a), Value::Decimal(b)) => return Ok(a.cmp(b)),
        _ => {}
    }
    match align(a, b) {
        Some((a, b)) if same(&a, &b) => Ok(Ordering::Equal),
        Some((a, b)) => Ok(compare(&a, &b)),
        None => Err(EvalError::types(format!(
            "{} cannot be compared with {}",
            describe(a),
            describe(b)
        ))),
    }
}

/// Both values in one type, if there is one that both can be read as.
fn align<'a>(a: &'a Value, b: &'a Value) -> Option<(Cow<'a, Value>, Cow<'a, Value>)> {
    let (own, other) = (kind(a.data_type()), kind(b.data_type()));
    if own == other {
        return Some((Cow::Borrowed(a), Cow::Borrowed(b)));
    }
    match (own, other) {
        (DataType::Text, _) => Some((Cow::Owned(read(a, b)?), Cow::Borrowed(b))),
        (_, DataType::Text) => Some((Cow::Borrowed(a), Cow::Owned(read(b, a)?))),
        (DataType::Bool, DataType::Double) => Some((Cow::Owned(bit(a)), Cow::Borrowed(b))),
        (DataType::Double, DataType::Bool) => Some((Cow::Borrowed(a), Cow::Owned(bit(b)))),
        _ => None,
    }
}

/// One type for all numbers.
fn kind(data_type: DataType) -> DataType {
    match data_type {
        DataType::Int | DataType::Decimal => DataType::Double,
        other => other,
    }
}

/// A text read as a value of the other's type.
pub(crate) fn read(text: &Value, other: &Value) -> Option<Value> {
    match other {
        Value::Int(_) | Value::Decimal(_) | Value::Double(_) => {
            convert::to_number(text).map(Value::from)
        }
        Value::Bool(_) => convert::to_bool(text).map(Value::Bool),
        Value::Span(_) => convert::to_span(text).map(Value::Span),
        _ => coerce(text, other.data_type()).ok().filter(|value| !value.is_null()),
    }
}

fn bit(value: &Value) -> Value {
    Number::Int(i64::from(matches!(value, Value::Bool(true)))).into()
}

/// Whether a value is among others: a list stands for its values. `None` if nothing matches and a
/// null took part.
pub(crate) fn is_in<'a>(
    value: &Value,
    among: impl Iterator<Item = &'a Value>,
) -> Result<Option<bool>, EvalError> {
    let mut saw_null = false;
    for candidate in among {
        match candidate {
            Value::Null => saw_null = true,
            Value::List(values) => {
                for one in values.iter() {
                    if one.is_null() {
                        saw_null = true;
                    } else if !matches!(one, Value::List(_)) && equal(value, one)? {
                        return Ok(Some(true));
                    }
                }
            }
            other => {
                if equal(value, other)? {
                    return Ok(Some(true));
                }
            }
        }
    }
    Ok((!saw_null).then_some(false))
}
