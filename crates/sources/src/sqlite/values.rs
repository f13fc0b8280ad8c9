//! Stored values as the types that columns are declared to have.
//!
//! SQLite keeps whatever it is given: a value that does not read as its column's type stays what it
//! is, and nothing is lost.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};
use pressroom_data::{DataType, Value, coerce, parse_invariant};
use rusqlite::types::ValueRef;
use uuid::Uuid;

use crate::texts::Texts;

/// Reads the values of one column.
#[derive(Debug)]
pub(crate) struct Column {
    data_type: DataType,
    texts: Texts,
}

impl Column {
    pub(crate) fn new(data_type: DataType) -> Self {
        Self { data_type, texts: Texts::default() }
    }

    pub(crate) fn read(&mut self, stored: ValueRef<'_>) -> Value {
        match (stored, self.data_type) {
            (ValueRef::Null, _) => Value::Null,
            (ValueRef::Text(text), DataType::Text | DataType::Unknown) => {
                Value::Text(self.texts.share(&String::from_utf8_lossy(text)))
            }
            (stored, data_type) => read(stored, data_type),
        }
    }
}

/// A stored value as a type, or as it is where it does not read as that.
pub(crate) fn read(stored: ValueRef<'_>, data_type: DataType) -> Value {
    match (stored, data_type) {
        (ValueRef::Integer(number), DataType::DateTime) => {
            from_unix(number).map_or(Value::Int(number), Value::DateTime)
        }
        (ValueRef::Real(number), DataType::DateTime) => {
            from_julian(number).map_or(Value::Double(number), Value::DateTime)
        }
        (ValueRef::Text(text), DataType::DateTime) => {
            let text = String::from_utf8_lossy(text);
            date_time(&text).map_or_else(|| Value::text(&*text), Value::DateTime)
        }
        (ValueRef::Text(text), DataType::Bool) => match text {
            b"T" | b"t" | b"Y" | b"y" => Value::Bool(true),
            b"F" | b"f" | b"N" | b"n" => Value::Bool(false),
            _ => as_type(plain(stored), data_type),
        },
        // A fraction in a column of whole numbers is not rounded away.
        (ValueRef::Real(number), DataType::Int) if number.fract() != 0.0 => Value::Double(number),
        (ValueRef::Blob(bytes), DataType::Guid) => match bytes.try_into() {
            // As .NET writes them: the first three parts lowest byte first.
            Ok(bytes) => Value::Guid(Uuid::from_bytes_le(bytes)),
            Err(_) => Value::Bytes(bytes.into()),
        },
        (ValueRef::Blob(bytes), DataType::Text) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::text(text),
            Err(_) => Value::Bytes(bytes.into()),
        },
        (stored, data_type) => as_type(plain(stored), data_type),
    }
}

fn plain(stored: ValueRef<'_>) -> Value {
    match stored {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Double(number),
        ValueRef::Text(text) => Value::text(&*String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.into()),
    }
}

fn as_type(value: Value, data_type: DataType) -> Value {
    match coerce(&value, data_type) {
        // Blank text in a column of another type reads as null.
        Ok(converted) => converted,
        Err(_) => value,
    }
}

/// Whole numbers are seconds since 1970, and where that would be after the year 5000, milliseconds.
fn from_unix(number: i64) -> Option<NaiveDateTime> {
    let time = if number.unsigned_abs() < 100_000_000_000 {
        DateTime::from_timestamp(number, 0)
    } else {
        DateTime::from_timestamp_millis(number)
    };
    time.map(|time| time.naive_utc())
}

/// Fractions are days since noon of 24 November 4714 BC.
fn from_julian(days: f64) -> Option<NaiveDateTime> {
    const OF_1970: f64 = 2_440_587.5;
    let milliseconds = ((days - OF_1970) * 86_400_000.0).round();
    let in_range = milliseconds.abs() < 1e15;
    in_range.then(|| DateTime::from_timestamp_millis(milliseconds as i64))?.map(|t| t.naive_utc())
}

/// The time that a text stands for. An offset behind it is left out: reports show the time that was
/// written.
fn date_time(text: &str) -> Option<NaiveDateTime> {
    if let Some(time) = iso(text.as_bytes()) {
        return Some(time);
    }
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.naive_local());
    }
    match parse_invariant(text, DataType::DateTime) {
        Ok(Value::DateTime(time)) => Some(time),
        _ => None,
    }
}

/// `YYYY-MM-DD`, then `HH:MM:SS` behind a blank or `T`, then a fraction: nearly every text.
fn iso(text: &[u8]) -> Option<NaiveDateTime> {
    let number = |range: std::ops::Range<usize>| {
        text.get(range)?.iter().try_fold(0_u32, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'))
        })
    };
    let is = |index: usize, wanted: &[u8]| text.get(index).is_some_and(|c| wanted.contains(c));
    if !is(4, b"-") || !is(7, b"-") {
        return None;
    }
    let year = i32::try_from(number(0..4)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(5..7)?, number(8..10)?)?;
    if text.len() == 10 {
        return date.and_hms_opt(0, 0, 0);
    }
    if !is(10, b" T") || !is(13, b":") || !is(16, b":") {
        return None;
    }
    let time = date.and_hms_opt(number(11..13)?, number(14..16)?, number(17..19)?)?;
    match text.len() {
        19 => Some(time),
        21..=29 if is(19, b".") => {
            let digits = u32::try_from(text.len() - 20).ok()?;
            let nanoseconds = number(20..text.len())? * 10_u32.pow(9 - digits);
            time.checked_add_signed(TimeDelta::nanoseconds(nanoseconds.into()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn check(stored: ValueRef<'_>, data_type: DataType, expect: &str) {
        assert_eq!(format!("{:?}", read(stored, data_type)), expect, "{stored:?} as {data_type:?}");
    }

    fn text(text: &str) -> ValueRef<'_> {
        ValueRef::Text(text.as_bytes())
    }

    #[test]
    fn times_are_read_from_every_way_to_write_them() {
        for stored in [
            text("2026-11-24 18:30:00"),
            text("2026-11-24T18:30:00"),
            text("2026-11-24T18:30:00.000"),
            text("2026-11-24T18:30:00Z"),
            text("2026-11-24T18:30:00+02:00"),
            text("2026-11-24 18:30"),
            ValueRef::Integer(1_795_545_000),
            ValueRef::Integer(1_795_545_000_000),
            ValueRef::Real(2_461_369.270_833_333_5),
        ] {
            check(stored, DataType::DateTime, "DateTime(2026-11-24T18:30:00)");
        }
        check(text("2026-11-24"), DataType::DateTime, "DateTime(2026-11-24T00:00:00)");
        check(
            text("2026-11-24 18:30:00.1234567"),
            DataType::DateTime,
            "DateTime(2026-11-24T18:30:00.123456700)",
        );
        for stored in ["soon", "2026-13-01", "2026-02-30", "2026-1-1x"] {
            check(text(stored), DataType::DateTime, &format!("Text({stored:?})"));
        }
    }

    #[test]
    fn values_become_what_their_column_is_declared_to_be() {
        check(ValueRef::Integer(1), DataType::Bool, "Bool(true)");
        check(text("N"), DataType::Bool, "Bool(false)");
        check(text("true"), DataType::Bool, "Bool(true)");
        check(ValueRef::Real(18.4), DataType::Decimal, "Decimal(18.4)");
        check(ValueRef::Integer(18), DataType::Decimal, "Decimal(18)");
        check(text("18.40"), DataType::Decimal, "Decimal(18.40)");
        check(ValueRef::Integer(2), DataType::Double, "Double(2.0)");
        check(ValueRef::Real(2.0), DataType::Int, "Int(2)");
        check(ValueRef::Integer(7), DataType::Text, "Text(\"7\")");
        let id = "Guid(0f8fad5b-d9cb-469f-a165-70867728950e)";
        check(text("{0F8FAD5B-D9CB-469F-A165-70867728950E}"), DataType::Guid, id);
        let bytes = [
            0x5b, 0xad, 0x8f, 0x0f, 0xcb, 0xd9, 0x9f, 0x46, 0xa1, 0x65, 0x70, 0x86, 0x77, 0x28,
            0x95, 0x0e,
        ];
        check(ValueRef::Blob(&bytes), DataType::Guid, id);
    }

    #[test]
    fn what_does_not_read_as_its_type_stays_what_it_is() {
        check(ValueRef::Real(2.5), DataType::Int, "Double(2.5)");
        check(text("many"), DataType::Int, "Text(\"many\")");
        check(text("n/a"), DataType::Decimal, "Text(\"n/a\")");
        check(ValueRef::Blob(&[1, 2]), DataType::Guid, "Bytes([1, 2])");
        check(ValueRef::Blob(&[0xff]), DataType::Text, "Bytes([255])");
        check(ValueRef::Null, DataType::Int, "Null");
    }

    #[test]
    fn texts_that_come_again_are_shared() {
        let mut column = Column::new(DataType::Text);
        let mut read = |stored| match column.read(text(stored)) {
            Value::Text(text) => text,
            other => panic!("{other:?}"),
        };
        let (first, _, again) = (read("Germany"), read("Mexico"), read("Germany"));
        assert!(Arc::ptr_eq(&first, &again));
        assert_eq!(&*read(""), "");
    }
}
