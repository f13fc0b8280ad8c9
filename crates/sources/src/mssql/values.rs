//! Values as the server sends them.

use std::fmt::Write;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use pressroom_data::{DataType, SourceError, Value, coerce};
use rust_decimal::Decimal;
use tiberius::ColumnData;
use tiberius::numeric::Numeric;
use tiberius::time::{Date, Time};

use crate::decimals;
use crate::subject::Subject;
use crate::texts::Texts;

/// From here on a floating point number does not tell ten thousandths apart.
const EXACT_MONEY: f64 = 549_755_813_888.0;

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
    pub(crate) fn read(
        &mut self,
        sent: ColumnData<'static>,
        subject: &Subject,
    ) -> Result<Value, SourceError> {
        let value = match sent {
            ColumnData::Bit(Some(truth)) => Value::Bool(truth),
            ColumnData::U8(Some(number)) => Value::Int(number.into()),
            ColumnData::I16(Some(number)) => Value::Int(number.into()),
            ColumnData::I32(Some(number)) => Value::Int(number.into()),
            ColumnData::I64(Some(number)) => Value::Int(number),
            // The shortest digits that mean the same: 0.1 stays 0.1.
            ColumnData::F32(Some(number)) => {
                number.to_string().parse().map_or(Value::Null, Value::Double)
            }
            ColumnData::F64(Some(number)) if self.data_type == DataType::Decimal => {
                self.money(number, subject)?
            }
            ColumnData::F64(Some(number)) => Value::Double(number),
            ColumnData::Numeric(Some(number)) => self.number(number, subject)?,
            ColumnData::String(Some(text)) => Value::Text(self.texts.share(&text)),
            ColumnData::Xml(Some(xml)) => Value::text(xml.to_string()),
            ColumnData::Guid(Some(id)) => Value::Guid(id),
            ColumnData::Binary(Some(bytes)) => Value::Bytes(bytes.into_owned().into()),
            ColumnData::Date(Some(day)) => at(date(day), TimeDelta::zero()),
            ColumnData::Time(Some(time)) => Value::Span(span(time)),
            ColumnData::DateTime2(Some(moment)) => at(date(moment.date()), span(moment.time())),
            // It travels in UTC, with the offset beside it.
            ColumnData::DateTimeOffset(Some(moment)) => {
                let moment = moment.datetime2();
                at(date(moment.date()), span(moment.time()))
            }
            ColumnData::DateTime(Some(moment)) => {
                at(days(1900, moment.days().into()), shown(moment.seconds_fragments()))
            }
            ColumnData::SmallDateTime(Some(moment)) => {
                let minutes = TimeDelta::minutes(moment.seconds_fragments().into());
                at(days(1900, moment.days().into()), minutes)
            }
            _ => Value::Null,
        };
        Ok(match (self.data_type, &value) {
            (DataType::Text, Value::Bytes(bytes)) => Value::text(hexadecimal(bytes)),
            // Of a column whose values have a type each.
            (DataType::Text, other) => coerce(other, DataType::Text).unwrap_or(value),
            _ => value,
        })
    }

    fn number(&self, number: Numeric, subject: &Subject) -> Result<Value, SourceError> {
        let exact = Decimal::try_from_i128_with_scale(number.value(), number.scale().into());
        if let Ok(exact) = exact {
            return Ok(Value::Decimal(exact));
        }
        let digits = digits(number);
        decimals::read(&digits).ok_or_else(|| subject.too_many_digits(&self.name, &digits))
    }

    /// An amount, which the driver gives as a floating point number.
    fn money(&self, number: f64, subject: &Subject) -> Result<Value, SourceError> {
        let read = Decimal::from_f64_retain(number).filter(|_| number.abs() < EXACT_MONEY);
        let Some(read) = read else {
            return Err(subject.query(format_args!(
                "column \"{}\" holds an amount too great for its type; cast it to decimal(19, 4) in \
                 the query",
                self.name
            )));
        };
        let mut amount = read.round_dp(4);
        amount.rescale(4);
        Ok(Value::Decimal(amount))
    }
}

/// The digits of a number with a point.
fn digits(number: Numeric) -> String {
    let sign = if number.value() < 0 { "-" } else { "" };
    let scale = usize::from(number.scale());
    let all = format!("{:0>width$}", number.value().unsigned_abs(), width = scale + 1);
    let (whole, part) = all.split_at(all.len() - scale);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 + bytes.len() * 2);
    text.push_str("0x");
    for byte in bytes {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02X}");
    }
    text
}

fn days(year: i32, days: i64) -> Option<NaiveDate> {
    NaiveDate::from_yo_opt(year, 1)?.checked_add_signed(TimeDelta::try_days(days)?)
}

fn date(date: Date) -> Option<NaiveDate> {
    days(1, date.days().into())
}

/// A time of a day.
fn span(time: Time) -> TimeDelta {
    let nanos = 10_u64.saturating_pow(9_u32.saturating_sub(time.scale().into()));
    let nanos = time.increments().saturating_mul(nanos);
    TimeDelta::nanoseconds(i64::try_from(nanos).unwrap_or_default())
}

/// Three hundredths of a second to the millisecond, as they are shown everywhere.
fn shown(parts: u32) -> TimeDelta {
    TimeDelta::milliseconds((i64::from(parts) * 10 + 1) / 3)
}

/// Null where there is no such moment.
fn at(date: Option<NaiveDate>, since_midnight: TimeDelta) -> Value {
    let midnight = date.map(NaiveDateTime::from);
    let moment = midnight.and_then(|midnight| midnight.checked_add_signed(since_midnight));
    moment.map_or(Value::Null, Value::DateTime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_all_of_their_digits() {
        for (value, scale, expect) in [
            (0, 0, "0"),
            (-5, 3, "-0.005"),
            (12_345, 2, "123.45"),
            (12_345, 0, "12345"),
            (1, 38, "0.00000000000000000000000000000000000001"),
        ] {
            assert_eq!(digits(Numeric::new_with_scale(value, scale)), expect);
        }
    }

    #[test]
    fn every_part_of_a_second_of_datetime_is_as_it_is_shown() {
        for (parts, expect) in
            [(0, 0), (1, 3), (2, 7), (3, 10), (299, 997), (25_919_999, 86_399_997)]
        {
            assert_eq!(shown(parts), TimeDelta::milliseconds(expect), "{parts}");
        }
    }
}
