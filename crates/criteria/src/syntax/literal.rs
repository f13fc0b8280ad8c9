//! The values of literals.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use pressroom_data::Value;
use rust_decimal::Decimal;

/// A whole number, or a decimal one where 64 bits are too few.
pub(super) fn whole(digits: &str) -> Option<Value> {
    digits.parse().ok().map(Value::Int).or_else(|| decimal(digits))
}

/// A decimal number, also with an exponent.
pub(super) fn decimal(digits: &str) -> Option<Value> {
    let number =
        if digits.contains(['e', 'E']) { Decimal::from_scientific(digits) } else { digits.parse() };
    number.ok().map(Value::Decimal)
}

/// The value between two `#`: a date, a date with a time, or a length of time.
pub(crate) fn parse_date_literal(text: &str) -> Option<Value> {
    let text = text.trim();
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (days, clock) = match unsigned.split_once('.') {
        Some((days, clock)) if clock.contains(':') => (days.parse::<u32>().ok()?, clock),
        _ => (0, unsigned),
    };
    if let Some(seconds) = clock_seconds(clock) {
        return TimeDelta::try_days(days.into())
            .and_then(|days| days.checked_add(&seconds))
            .map(|span| Value::Span(span * sign));
    }
    let (date, time) = match text.split_once([' ', 'T']) {
        Some((date, time)) => (date, Some(time.trim())),
        None => (text, None),
    };
    let date = ["%Y-%m-%d", "%m/%d/%Y", "%Y/%m/%d"]
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(date, format).ok())?;
    let time = match time {
        None => NaiveTime::MIN,
        Some(time) => {
            let time = time.trim_end_matches('Z');
            ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p"]
                .iter()
                .find_map(|format| NaiveTime::parse_from_str(time, format).ok())?
        }
    };
    Some(Value::DateTime(NaiveDateTime::new(date, time)))
}

/// `hh:mm` or `hh:mm:ss` with an optional fraction, as a length of time below a day.
fn clock_seconds(text: &str) -> Option<TimeDelta> {
    if !text.contains(':') || text.contains([' ', '-', '/']) {
        return None;
    }
    ["%H:%M:%S%.f", "%H:%M"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(text, format).ok())
        .map(|time| time - NaiveTime::MIN)
}
