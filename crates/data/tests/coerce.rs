//! Values as another type.

use chrono::{NaiveDate, TimeDelta};
use pressroom_data::{DataType, Value, coerce, parse_invariant};
use uuid::Uuid;

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().expect(text))
}

fn time(year: i32, month: u32, day: u32, hour: u32, minute: u32, second: u32) -> Value {
    NaiveDate::from_ymd_opt(year, month, day)
        .and_then(|day| day.and_hms_opt(hour, minute, second))
        .into()
}

#[test]
fn invariant_texts() {
    let span = TimeDelta::hours(18) + TimeDelta::minutes(30);
    for (text, to, expected) in [
        ("true", DataType::Bool, Value::Bool(true)),
        ("False", DataType::Bool, Value::Bool(false)),
        ("1", DataType::Bool, Value::Bool(true)),
        (" -42 ", DataType::Int, Value::Int(-42)),
        ("+7", DataType::Int, Value::Int(7)),
        ("3.0", DataType::Int, Value::Int(3)),
        ("1234.50", DataType::Decimal, decimal("1234.50")),
        ("1.5e3", DataType::Decimal, decimal("1500")),
        ("1.5e9", DataType::Double, Value::Double(1.5e9)),
        ("2026-03-05", DataType::DateTime, time(2026, 3, 5, 0, 0, 0)),
        ("2026-03-05T18:30:00", DataType::DateTime, time(2026, 3, 5, 18, 30, 0)),
        ("2026-03-05T18:30:00Z", DataType::DateTime, time(2026, 3, 5, 18, 30, 0)),
        ("2026-03-05T18:30:00.000+02:00", DataType::DateTime, time(2026, 3, 5, 18, 30, 0)),
        ("2026-03-05 18:30", DataType::DateTime, time(2026, 3, 5, 18, 30, 0)),
        ("2026-3-5", DataType::DateTime, time(2026, 3, 5, 0, 0, 0)),
        ("2026/03/05", DataType::DateTime, time(2026, 3, 5, 0, 0, 0)),
        ("20260305", DataType::DateTime, time(2026, 3, 5, 0, 0, 0)),
        ("03/05/2026", DataType::DateTime, time(2026, 3, 5, 0, 0, 0)),
        ("03/05/2026 18:30:00", DataType::DateTime, time(2026, 3, 5, 18, 30, 0)),
        ("3/5/2026 6:30:00 PM", DataType::DateTime, time(2026, 3, 5, 18, 30, 0)),
        ("18:30", DataType::Span, Value::Span(span)),
        ("-18:30:00", DataType::Span, Value::Span(-span)),
        (
            "2.18:30:00.5",
            DataType::Span,
            Value::Span(span + TimeDelta::days(2) + TimeDelta::milliseconds(500)),
        ),
        ("3", DataType::Span, Value::Span(TimeDelta::days(3))),
        ("{00000000-0000-0000-0000-000000000001}", DataType::Guid, Value::Guid(Uuid::from_u128(1))),
        ("  as it is ", DataType::Text, Value::from("  as it is ")),
        ("x", DataType::Unknown, Value::from("x")),
        ("", DataType::Int, Value::Null),
    ] {
        assert_eq!(parse_invariant(text, to), Ok(expected), "{text:?} as {to:?}");
    }
}

#[test]
fn texts_that_are_refused_say_how_to_write_them() {
    for (text, to, message) in [
        ("maybe", DataType::Bool, "\"maybe\" is not a truth value; write it true or false"),
        ("ten", DataType::Int, "\"ten\" is not a whole number of 64 bits; write it like -42"),
        ("1.5", DataType::Int, "\"1.5\" is not a whole number of 64 bits; write it like -42"),
        (
            "99999999999999999999",
            DataType::Int,
            "99999999999999999999 is too large for a whole number of 64 bits; choose a wider type",
        ),
        ("1,5", DataType::Decimal, "\"1,5\" is not a decimal number; write it like 1234.56"),
        (
            "2026-02-30",
            DataType::DateTime,
            "\"2026-02-30\" is not a date; write it like 2026-11-24 or 2026-11-24T18:30:00",
        ),
        (
            "25:61",
            DataType::Span,
            "\"25:61\" is not a length of time; write it like 18:30:00 or 2.18:30:00 for 2 days more",
        ),
        ("inf", DataType::Double, "\"inf\" is not a number; write it like 1234.56 or 1.5e9"),
    ] {
        let error = parse_invariant(text, to).expect_err(text);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn conversions() {
    for (value, to, expected) in [
        (Value::Null, DataType::Int, Value::Null),
        (Value::Double(2.5), DataType::Int, Value::Int(2)),
        (Value::Double(3.5), DataType::Int, Value::Int(4)),
        (decimal("2.5"), DataType::Int, Value::Int(2)),
        (decimal("0.1"), DataType::Double, Value::Double(0.1)),
        (Value::Double(0.1), DataType::Decimal, decimal("0.1")),
        (Value::Int(5), DataType::Decimal, decimal("5")),
        (Value::Int(2), DataType::Bool, Value::Bool(true)),
        (Value::Bool(true), DataType::Int, Value::Int(1)),
        (Value::from("7"), DataType::Int, Value::Int(7)),
        (decimal("1.50"), DataType::Text, Value::from("1.50")),
        (Value::Bool(true), DataType::Text, Value::from("True")),
        (time(2026, 3, 5, 0, 0, 0), DataType::Text, Value::from("2026-03-05")),
        (time(2026, 3, 5, 18, 30, 0), DataType::Text, Value::from("2026-03-05T18:30:00")),
    ] {
        assert_eq!(coerce(&value, to), Ok(expected), "{value:?} to {to:?}");
    }
}

#[test]
fn conversions_that_are_refused() {
    for (value, to, message) in [
        (
            Value::Double(1e19),
            DataType::Int,
            "1E+19 is too large for a whole number of 64 bits; choose a wider type",
        ),
        (
            Value::Int(1),
            DataType::DateTime,
            "a whole number of 64 bits cannot become a date; choose another type for it",
        ),
        (
            Value::List([].into()),
            DataType::Text,
            "a list of values cannot become a text; choose another type for it",
        ),
    ] {
        assert_eq!(coerce(&value, to).expect_err(message).to_string(), message);
    }
}
