//! Values as the server sends them.

use chrono::{NaiveTime, Timelike};
use pressroom_data::{DataType, SourceError, Value};
use rsfbclient::SqlType;

use super::describe::Described;
use crate::decimals;
use crate::subject::Subject;
use crate::texts::Texts;

/// Reads the values of one column.
#[derive(Debug)]
pub(super) struct Column {
    described: Described,
    texts: Texts,
}

impl Column {
    pub(super) fn new(described: Described) -> Self {
        Self { described, texts: Texts::default() }
    }

    /// The value, which is of the column's type or null.
    pub(super) fn read(&mut self, sent: SqlType, subject: &Subject) -> Result<Value, SourceError> {
        let decimal = |digits: &str| {
            decimals::read(digits)
                .ok_or_else(|| subject.too_many_digits(&self.described.name, digits))
        };
        Ok(match (sent, self.described.data_type) {
            (SqlType::Null, _) => Value::Null,
            (SqlType::Integer(number), DataType::Decimal) => Value::Decimal(number.into()),
            (SqlType::Integer(number), _) => Value::Int(number),
            (SqlType::Int128(number), _) => decimal(&number.to_string())?,
            (SqlType::Floating(number), _) => Value::Double(number),
            (SqlType::Boolean(truth), _) => Value::Bool(truth),
            (SqlType::Timestamp(time), _) => Value::DateTime(time),
            (SqlType::Binary(bytes), DataType::Text) => {
                Value::Text(self.texts.share(&String::from_utf8_lossy(&bytes)))
            }
            (SqlType::Binary(bytes), _) => Value::Bytes(bytes.into()),
            (SqlType::Text(text), DataType::Bytes) => Value::Bytes(text.into_bytes().into()),
            (SqlType::Text(digits), DataType::Decimal) => decimal(&digits)?,
            (SqlType::Text(time), DataType::Span) => {
                let time: NaiveTime = time.trim().parse().map_err(|_| {
                    subject.query(format_args!(
                        "column \"{}\" holds no time of day; cast it to a varchar",
                        self.described.name
                    ))
                })?;
                Value::Span(
                    chrono::TimeDelta::seconds(time.num_seconds_from_midnight().into())
                        + chrono::TimeDelta::nanoseconds(time.nanosecond().into()),
                )
            }
            (SqlType::Text(text), _) => {
                let text = if self.described.padded { text.trim_end_matches(' ') } else { &text };
                Value::Text(self.texts.share(text))
            }
        })
    }
}
