//! Arithmetic on values.
//!
//! Whole numbers stay whole (`7 / 2` is 3), and widen to decimals where 64 bits are too few.
//! Decimals stay exact, also together with floating point numbers; what does not fit a decimal
//! becomes a floating point number. Dividing by zero gives null, as databases do. Null with
//! anything is null, except that `+` with a text joins texts and takes null as an empty one.

use std::cmp::Ordering;

use pressroom_data::{Culture, DataType, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use crate::convert;
use crate::error::EvalError;
use crate::syntax::BinaryOp;

/// A number of one of the three kinds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    Decimal(Decimal),
    Double(f64),
}

/// Two numbers of the kind that holds both.
enum Pair {
    Int(i64, i64),
    Decimal(Decimal, Decimal),
    Double(f64, f64),
}

impl Number {
    /// The number, if the value is one.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Int(number) => Some(Self::Int(*number)),
            Value::Decimal(number) => Some(Self::Decimal(*number)),
            Value::Double(number) => Some(Self::Double(*number)),
            _ => None,
        }
    }

    pub(crate) fn to_double(self) -> f64 {
        match self {
            Self::Int(number) => number as f64,
            Self::Decimal(number) => number.to_f64().unwrap_or(f64::NAN),
            Self::Double(number) => number,
        }
    }

    /// As a decimal, if it fits.
    pub(crate) fn to_decimal(self) -> Option<Decimal> {
        match self {
            Self::Int(number) => Some(number.into()),
            Self::Decimal(number) => Some(number),
            Self::Double(number) => Decimal::from_f64(number),
        }
    }

    /// As a whole number, rounded half to even, if it fits.
    pub(crate) fn to_int(self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(number),
            Self::Decimal(number) => number.round().to_i64(),
            Self::Double(number) => {
                let rounded = number.round_ties_even();
                // 2^63 is the first floating point number that is too large.
                let limit = 2.0_f64.powi(63);
                (-limit..limit).contains(&rounded).then_some(rounded as i64)
            }
        }
    }

    /// As a whole number without its fraction, if it fits.
    pub(crate) fn truncated(self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(number),
            Self::Decimal(number) => number.trunc().to_i64(),
            Self::Double(number) => Self::Double(number.trunc()).to_int(),
        }
    }

    pub(crate) fn is_zero(self) -> bool {
        match self {
            Self::Int(number) => number == 0,
            Self::Decimal(number) => number.is_zero(),
            Self::Double(number) => number == 0.0,
        }
    }

    pub(crate) fn compare(self, other: Self) -> Ordering {
        match pair(self, other) {
            Pair::Int(a, b) => a.cmp(&b),
            Pair::Decimal(a, b) => a.cmp(&b),
            Pair::Double(a, b) => a.total_cmp(&b),
        }
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(number) => Self::Int(number),
            Number::Decimal(number) => Self::Decimal(number),
            Number::Double(number) => Self::Double(number),
        }
    }
}

/// A whole number that may not fit 64 bits.
impl From<i128> for Number {
    fn from(number: i128) -> Self {
        if let Ok(small) = i64::try_from(number) {
            Self::Int(small)
        } else {
            Decimal::from_i128(number).map_or(Self::Double(number as f64), Self::Decimal)
        }
    }
}

fn pair(a: Number, b: Number) -> Pair {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => Pair::Int(a, b),
        (Number::Double(a), Number::Double(b)) => Pair::Double(a, b),
        (Number::Double(a), Number::Int(b)) => Pair::Double(a, b as f64),
        (Number::Int(a), Number::Double(b)) => Pair::Double(a as f64, b),
        (a, b) => match (a.to_decimal(), b.to_decimal()) {
            (Some(a), Some(b)) => Pair::Decimal(a, b),
            _ => Pair::Double(a.to_double(), b.to_double()),
        },
    }
}

pub(crate) fn add(a: Number, b: Number) -> Number {
    match pair(a, b) {
        Pair::Int(a, b) => Number::from(i128::from(a) + i128::from(b)),
        Pair::Decimal(x, y) => {
            decimal_or_double(x.checked_add(y), || a.to_double() + b.to_double())
        }
        Pair::Double(a, b) => Number::Double(a + b),
    }
}

pub(crate) fn subtract(a: Number, b: Number) -> Number {
    match pair(a, b) {
        Pair::Int(a, b) => Number::from(i128::from(a) - i128::from(b)),
        Pair::Decimal(x, y) => {
            decimal_or_double(x.checked_sub(y), || a.to_double() - b.to_double())
        }
        Pair::Double(a, b) => Number::Double(a - b),
    }
}

pub(crate) fn multiply(a: Number, b: Number) -> Number {
    match pair(a, b) {
        Pair::Int(a, b) => Number::from(i128::from(a) * i128::from(b)),
        Pair::Decimal(x, y) => {
            decimal_or_double(x.checked_mul(y), || a.to_double() * b.to_double())
        }
        Pair::Double(a, b) => Number::Double(a * b),
    }
}

/// `None` for a division by zero.
pub(crate) fn divide(a: Number, b: Number) -> Option<Number> {
    (!b.is_zero()).then(|| match pair(a, b) {
        Pair::Int(a, b) => Number::from(i128::from(a) / i128::from(b)),
        Pair::Decimal(x, y) => {
            decimal_or_double(x.checked_div(y), || a.to_double() / b.to_double())
        }
        Pair::Double(a, b) => Number::Double(a / b),
    })
}

/// `None` for a division by zero.
pub(crate) fn modulo(a: Number, b: Number) -> Option<Number> {
    (!b.is_zero()).then(|| match pair(a, b) {
        Pair::Int(a, b) => Number::from(i128::from(a) % i128::from(b)),
        Pair::Decimal(x, y) => {
            decimal_or_double(x.checked_rem(y), || a.to_double() % b.to_double())
        }
        Pair::Double(a, b) => Number::Double(a % b),
    })
}

pub(crate) fn negate(number: Number) -> Number {
    match number {
        Number::Int(number) => Number::from(-i128::from(number)),
        Number::Decimal(number) => Number::Decimal(-number),
        Number::Double(number) => Number::Double(-number),
    }
}

fn decimal_or_double(exact: Option<Decimal>, widened: impl FnOnce() -> f64) -> Number {
    exact.map_or_else(|| Number::Double(widened()), Number::Decimal)
}

/// An arithmetic or bitwise operator on two values.
pub(crate) fn apply(
    op: BinaryOp,
    a: &Value,
    b: &Value,
    culture: &Culture,
) -> Result<Value, EvalError> {
    if op == BinaryOp::Add && (matches!(a, Value::Text(_)) || matches!(b, Value::Text(_))) {
        return concat(a, b, culture);
    }
    if a.is_null() || b.is_null() {
        return Ok(Value::Null);
    }
    match op {
        BinaryOp::Add | BinaryOp::Subtract => {
            if let Some(result) = shift(op, a, b) {
                return result;
            }
        }
        BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor => return bitwise(op, a, b),
        _ => {}
    }
    let (x, y) = (operand(op, a)?, operand(op, b)?);
    Ok(match op {
        BinaryOp::Add => Some(add(x, y)),
        BinaryOp::Subtract => Some(subtract(x, y)),
        BinaryOp::Multiply => Some(multiply(x, y)),
        BinaryOp::Divide => divide(x, y),
        _ => modulo(x, y),
    }
    .map_or(Value::Null, Value::from))
}

fn operand(op: BinaryOp, value: &Value) -> Result<Number, EvalError> {
    convert::to_number(value).ok_or_else(|| {
        EvalError::types(format!(
            "\"{}\" needs numbers, not {}",
            op.symbol(),
            convert::describe(value)
        ))
    })
}

fn concat(a: &Value, b: &Value, culture: &Culture) -> Result<Value, EvalError> {
    match (a, b) {
        (Value::Null, text) | (text, Value::Null) => Ok(text.clone()),
        _ => {
            let mut text = convert::to_text(a, culture).into_owned();
            text.push_str(&convert::to_text(b, culture));
            convert::made_text(text)
        }
    }
}

/// `+` and `-` where a moment or a length of time takes part; `None` for other types.
fn shift(op: BinaryOp, a: &Value, b: &Value) -> Option<Result<Value, EvalError>> {
    let out_of_range = || EvalError::range("the date or time is out of range");
    Some(match (a, op, b) {
        (Value::DateTime(a), BinaryOp::Subtract, Value::DateTime(b)) => Ok(Value::Span(*a - *b)),
        (Value::DateTime(moment), BinaryOp::Add, Value::Span(span))
        | (Value::Span(span), BinaryOp::Add, Value::DateTime(moment)) => {
            moment.checked_add_signed(*span).map(Value::DateTime).ok_or_else(out_of_range)
        }
        (Value::DateTime(moment), BinaryOp::Subtract, Value::Span(span)) => {
            moment.checked_sub_signed(*span).map(Value::DateTime).ok_or_else(out_of_range)
        }
        (Value::Span(a), BinaryOp::Add, Value::Span(b)) => {
            a.checked_add(b).map(Value::Span).ok_or_else(out_of_range)
        }
        (Value::Span(a), BinaryOp::Subtract, Value::Span(b)) => {
            a.checked_sub(b).map(Value::Span).ok_or_else(out_of_range)
        }
        _ => return None,
    })
}

fn bitwise(op: BinaryOp, a: &Value, b: &Value) -> Result<Value, EvalError> {
    if let (Value::Bool(a), Value::Bool(b)) = (a, b) {
        return Ok(Value::Bool(match op {
            BinaryOp::BitAnd => a & b,
            BinaryOp::BitOr => a | b,
            _ => a ^ b,
        }));
    }
    let whole = |value: &Value| {
        convert::to_number(value)
            .and_then(|number| {
                number.truncated().filter(|int| Number::Int(*int).compare(number).is_eq())
            })
            .ok_or_else(|| {
                EvalError::types(format!(
                    "\"{}\" needs whole numbers, not {}",
                    op.symbol(),
                    convert::describe(value)
                ))
            })
    };
    let (a, b) = (whole(a)?, whole(b)?);
    Ok(Value::Int(match op {
        BinaryOp::BitAnd => a & b,
        BinaryOp::BitOr => a | b,
        _ => a ^ b,
    }))
}

/// The type that an arithmetic operator gives for operands of these types, where it is known.
pub(crate) fn result_type(op: BinaryOp, a: DataType, b: DataType) -> DataType {
    use DataType as T;
    match (op, a, b) {
        (BinaryOp::Add, T::Text, _) | (BinaryOp::Add, _, T::Text) => T::Text,
        (_, T::Unknown, _) | (_, _, T::Unknown) => T::Unknown,
        (BinaryOp::Subtract, T::DateTime, T::DateTime) => T::Span,
        (BinaryOp::Add | BinaryOp::Subtract, T::DateTime, _) | (BinaryOp::Add, _, T::DateTime) => {
            T::DateTime
        }
        (_, T::Span, T::Span) => T::Span,
        (_, T::Bool, T::Bool) => T::Bool,
        (_, T::Decimal, _) | (_, _, T::Decimal) => T::Decimal,
        (_, T::Double, _) | (_, _, T::Double) => T::Double,
        (_, T::Int, T::Int) => T::Int,
        _ => T::Unknown,
    }
}
