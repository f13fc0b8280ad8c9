//! Values as the server sends them.

use chrono::{NaiveDate, TimeDelta};
use mysql_async::Value as Sent;
use pressroom_data::{DataType, SourceError, Value, parse_invariant};

use crate::decimals;
use crate::subject::Subject;
use crate::texts::Texts;

/// Reads the values of one column.
#[derive(Debug)]
pub(crate) struct Column {
    name: String,
    data_type: DataType,
    texts: Texts,
}

impl Column {
    pub(crate) fn new(name: &str, data_type: DataType) -> Self {
        Self { name: name.to_owned(), data_type, texts: Texts::default() }
    }

    /// The value, which is of the column's type or null.
    pub(crate) fn read(&mut self, sent: Sent, subject: &Subject) -> Result<Value, SourceError> {
        Ok(match (sent, self.data_type) {
            (Sent::NULL, _) => Value::Null,
            (Sent::Int(number), DataType::Bool) => Value::Bool(number != 0),
            (Sent::UInt(number), DataType::Bool) => Value::Bool(number != 0),
            (Sent::Int(number), DataType::Decimal) => Value::Decimal(number.into()),
            (Sent::UInt(number), DataType::Decimal) => Value::Decimal(number.into()),
            (Sent::Int(number), _) => Value::Int(number),
            (Sent::UInt(number), _) => match i64::try_from(number) {
                Ok(number) => Value::Int(number),
                Err(_) => Value::Decimal(number.into()),
            },
            // The shortest digits that mean the same: 0.1 stays 0.1.
            (Sent::Float(number), _) => {
                number.to_string().parse().map_or(Value::Null, Value::Double)
            }
            (Sent::Double(number), _) => Value::Double(number),
            (Sent::Date(0, ..) | Sent::Date(_, 0, ..) | Sent::Date(_, _, 0, ..), _) => Value::Null,
            (Sent::Date(year, month, day, hour, minute, second, micros), _) => {
                NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
                    .and_then(|date| {
                        date.and_hms_micro_opt(hour.into(), minute.into(), second.into(), micros)
                    })
                    .map_or(Value::Null, Value::DateTime)
            }
            (Sent::Time(negative, days, hours, minutes, seconds, micros), _) => {
                let seconds = i64::from(days) * 86_400
                    + i64::from(hours) * 3_600
                    + i64::from(minutes) * 60
                    + i64::from(seconds);
                let span = TimeDelta::seconds(seconds) + TimeDelta::microseconds(micros.into());
                Value::Span(if negative { -span } else { span })
            }
            (Sent::Bytes(bytes), DataType::Bytes) => Value::Bytes(bytes.into()),
            // A bit field: its bytes, highest first.
            (Sent::Bytes(bytes), DataType::Bool) => {
                Value::Bool(bytes.iter().any(|byte| *byte != 0))
            }
            (Sent::Bytes(bytes), DataType::Int) => Value::Int(bits(&bytes)),
            (Sent::Bytes(bytes), DataType::Decimal) => {
                let digits = String::from_utf8_lossy(&bytes);
                decimals::read(&digits)
                    .ok_or_else(|| subject.too_many_digits(&self.name, &digits))?
            }
            (Sent::Bytes(bytes), DataType::Guid) => {
                let text = String::from_utf8_lossy(&bytes);
                parse_invariant(&text, DataType::Guid).unwrap_or_else(|_| Value::text(&*text))
            }
            (Sent::Bytes(bytes), _) => {
                Value::Text(self.texts.share(&String::from_utf8_lossy(&bytes)))
            }
        })
    }
}

fn bits(bytes: &[u8]) -> i64 {
    let bits = bytes.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    i64::from_ne_bytes(bits.to_ne_bytes())
}
