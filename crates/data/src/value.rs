//! One cell of data.

use std::sync::Arc;

use chrono::{NaiveDateTime, TimeDelta};
use rust_decimal::Decimal;
use uuid::Uuid;

/// One cell of data: what a column, a parameter or an expression holds.
///
/// Cheap to clone: long contents are shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// Every whole number type of a layout or database that fits 64 bits.
    Int(i64),
    /// An exact decimal number, such as money.
    Decimal(Decimal),
    /// A floating point number.
    Double(f64),
    /// Text.
    Text(Arc<str>),
    /// A date and time of day without a zone, as report data has it.
    DateTime(NaiveDateTime),
    /// A length of time.
    Span(TimeDelta),
    /// A globally unique identifier.
    Guid(Uuid),
    /// Bytes, such as a picture.
    Bytes(Arc<[u8]>),
    /// Several values: a multi-value parameter.
    List(Arc<[Value]>),
}

/// The type of a column, parameter or expression result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DataType {
    /// Not known before a value is seen.
    #[default]
    Unknown,
    /// [`Value::Bool`].
    Bool,
    /// [`Value::Int`].
    Int,
    /// [`Value::Decimal`].
    Decimal,
    /// [`Value::Double`].
    Double,
    /// [`Value::Text`].
    Text,
    /// [`Value::DateTime`].
    DateTime,
    /// [`Value::Span`].
    Span,
    /// [`Value::Guid`].
    Guid,
    /// [`Value::Bytes`].
    Bytes,
}

impl Value {
    /// Text from anything that becomes a shared string.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// Whether this is [`Value::Null`].
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if this is [`Value::Text`].
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The type of this value; [`DataType::Unknown`] for null and for lists.
    #[must_use]
    pub fn data_type(&self) -> DataType {
        match self {
            Self::Null | Self::List(_) => DataType::Unknown,
            Self::Bool(_) => DataType::Bool,
            Self::Int(_) => DataType::Int,
            Self::Decimal(_) => DataType::Decimal,
            Self::Double(_) => DataType::Double,
            Self::Text(_) => DataType::Text,
            Self::DateTime(_) => DataType::DateTime,
            Self::Span(_) => DataType::Span,
            Self::Guid(_) => DataType::Guid,
            Self::Bytes(_) => DataType::Bytes,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Double(value)
    }
}

impl From<Decimal> for Value {
    fn from(value: Decimal) -> Self {
        Self::Decimal(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl From<NaiveDateTime> for Value {
    fn from(value: NaiveDateTime) -> Self {
        Self::DateTime(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
