//! Values as the server sends them, in its binary format.
//!
//! Nothing is bent to fit: a date that no calendar of a report has (`infinity`, years before 1 and after
//! 9999) and a length of time with months become the text that the server itself would write; a number
//! with more digits than any here is an error.
//!
//! Times with a zone are UTC. Times of day with a zone are as they were written.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use pressroom_data::Value;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::types::Form;
use crate::decimals;
use crate::texts::Texts;

const MICROSECONDS_OF_DAY: i64 = 86_400_000_000;
/// Days from the first one of the first year to the first one of 2000, the server's day 0.
const FIRST_DAY: i64 = -730_119;
/// The first day of the year 10,000.
const LAST_DAY: i64 = 2_921_940;
/// Seconds from 1970 to 2000.
const OF_2000: i64 = 946_684_800;

/// Reads the values of one column.
#[derive(Debug)]
pub(super) struct Column {
    form: Form,
    texts: Texts,
}

/// Why some bytes are no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// They are not of the column's form.
    Form,
    /// A number, with more digits than any here has.
    Digits(String),
}

impl Column {
    pub(super) fn new(form: Form) -> Self {
        Self { form, texts: Texts::default() }
    }

    /// The value of some bytes.
    pub(super) fn read(&mut self, raw: &[u8]) -> Result<Value, Unreadable> {
        if self.form == Form::Numeric {
            return numeric(raw);
        }
        self.plain(raw).ok_or(Unreadable::Form)
    }

    fn plain(&mut self, raw: &[u8]) -> Option<Value> {
        Some(match self.form {
            Form::Text => self.text(raw),
            Form::Int4 => Value::Int(i32::from_be_bytes(raw.try_into().ok()?).into()),
            Form::Int8 => Value::Int(i64::from_be_bytes(raw.try_into().ok()?)),
            Form::Int2 => Value::Int(i16::from_be_bytes(raw.try_into().ok()?).into()),
            Form::Bool => Value::Bool(*raw.first()? != 0),
            Form::Oid => Value::Int(u32::from_be_bytes(raw.try_into().ok()?).into()),
            Form::Xid8 => {
                let number = u64::from_be_bytes(raw.try_into().ok()?);
                i64::try_from(number).map_or_else(|_| Value::Decimal(number.into()), Value::Int)
            }
            Form::Float4 => Value::Double(widened(f32::from_be_bytes(raw.try_into().ok()?))),
            Form::Float8 => Value::Double(f64::from_be_bytes(raw.try_into().ok()?)),
            Form::Numeric => return None,
            Form::Char => match raw {
                [] | [0] => self.text(b""),
                raw => self.text(raw),
            },
            Form::Jsonb => self.text(raw.strip_prefix(&[1])?),
            Form::Uuid => Value::Guid(Uuid::from_slice(raw).ok()?),
            Form::Date => date(i32::from_be_bytes(raw.try_into().ok()?)),
            Form::Timestamp => timestamp(i64::from_be_bytes(raw.try_into().ok()?)),
            Form::Time => Value::Span(TimeDelta::microseconds(i64_at(raw, 0)?)),
            Form::TimeTz => Value::Span(TimeDelta::microseconds(i64_at(raw, 0)?)),
            Form::Interval => interval(i64_at(raw, 0)?, i32_at(raw, 8)?, i32_at(raw, 12)?),
            Form::Bytes => Value::Bytes(raw.into()),
            Form::Bit => Value::Bool(*raw.get(4)? != 0),
            Form::Inet | Form::Cidr => Value::text(network(raw, self.form == Form::Cidr)?),
            Form::Void => self.text(b""),
        })
    }

    /// A database without an encoding holds whatever it was given: what is no UTF-8 of it shows as
    /// `U+FFFD`.
    fn text(&mut self, raw: &[u8]) -> Value {
        match std::str::from_utf8(raw) {
            Ok(text) => Value::Text(self.texts.share(text)),
            Err(_) => Value::Text(self.texts.share(&String::from_utf8_lossy(raw))),
        }
    }
}

fn i64_at(raw: &[u8], at: usize) -> Option<i64> {
    raw.get(at..at + 8)?.try_into().ok().map(i64::from_be_bytes)
}

fn i32_at(raw: &[u8], at: usize) -> Option<i32> {
    raw.get(at..at + 4)?.try_into().ok().map(i32::from_be_bytes)
}

fn u16_at(raw: &[u8], at: usize) -> Option<u16> {
    raw.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

/// The number that is written like a short one: 0.1, not 0.10000000149.
fn widened(number: f32) -> f64 {
    if number.fract() == 0.0 || !number.is_finite() {
        return number.into();
    }
    number.to_string().parse().unwrap_or_else(|_| number.into())
}

/// Digits to the base of 10,000, the first of them to the power `weight`, and how many decimal places
/// are shown.
fn numeric(raw: &[u8]) -> Result<Value, Unreadable> {
    const NEGATIVE: u16 = 0x4000;
    let part = |at| u16_at(raw, at).ok_or(Unreadable::Form);
    let (count, weight) = (usize::from(part(0)?), i32::from(part(2)?.cast_signed()));
    let (sign, scale) = (part(4)?, u32::from(part(6)? & 0x3fff));
    let is_negative = match sign {
        0 => false,
        NEGATIVE => true,
        0xd000 => return Ok(Value::Double(f64::INFINITY)),
        0xf000 => return Ok(Value::Double(f64::NEG_INFINITY)),
        _ => return Ok(Value::Double(f64::NAN)),
    };
    let digits = raw.get(8..8 + 2 * count).ok_or(Unreadable::Form)?.chunks_exact(2);
    let digits = digits.map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    if let Some(exact) = decimal(digits.clone(), weight, scale, is_negative) {
        return Ok(Value::Decimal(exact));
    }
    let digits = numeric_text(&digits.collect::<Vec<_>>(), weight, scale, is_negative);
    decimals::read(&digits).ok_or(Unreadable::Digits(digits))
}

/// The number as a decimal; none where it has more digits than one holds.
fn decimal(
    digits: impl ExactSizeIterator<Item = u16>,
    weight: i32,
    scale: u32,
    is_negative: bool,
) -> Option<Decimal> {
    let count = i32::try_from(digits.len()).ok()?;
    if count > 9 {
        return None;
    }
    let mantissa = digits.fold(0_u128, |number, digit| number * 10_000 + u128::from(digit));
    if mantissa == 0 {
        return Decimal::try_from_i128_with_scale(0, scale.min(Decimal::MAX_SCALE)).ok();
    }
    // Decimal places that the digits make; fewer than none where zeros were left out.
    let places = (count - 1 - weight) * 4;
    let shift = i32::try_from(scale).ok()? - places;
    let (mut mantissa, mut scale) = if shift >= 0 {
        match 10_u128.checked_pow(shift.unsigned_abs()).and_then(|by| mantissa.checked_mul(by)) {
            Some(mantissa) => (mantissa, scale),
            // With fewer zeros at its end.
            None if places >= 0 => (mantissa, places.unsigned_abs()),
            None => return None,
        }
    } else {
        let by = 10_u128.checked_pow(shift.unsigned_abs())?;
        // What is shown are all digits that there are.
        if mantissa % by != 0 {
            return None;
        }
        (mantissa / by, scale)
    };
    while (scale > Decimal::MAX_SCALE || mantissa >> 96 != 0) && scale > 0 && mantissa % 10 == 0 {
        (mantissa, scale) = (mantissa / 10, scale - 1);
    }
    let mantissa = i128::try_from(mantissa).ok()?;
    let mantissa = if is_negative { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}

/// All digits of a number.
fn numeric_text(digits: &[u16], weight: i32, scale: u32, is_negative: bool) -> String {
    let digit = |power: i32| {
        let place = usize::try_from(weight - power).ok();
        place.and_then(|place| digits.get(place)).copied().unwrap_or(0)
    };
    let mut whole = String::new();
    for power in (0..=weight.max(0)).rev() {
        whole.push_str(&format!("{:04}", digit(power)));
    }
    let whole = whole.trim_start_matches('0');
    let mut places = String::new();
    let wanted = scale as usize;
    let mut power = -1;
    while places.len() < wanted {
        places.push_str(&format!("{:04}", digit(power)));
        power -= 1;
    }
    places.truncate(wanted);
    let sign = if is_negative { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if wanted > 0 { "." } else { "" };
    format!("{sign}{whole}{point}{places}")
}

fn date(days: i32) -> Value {
    match days {
        i32::MAX => Value::text("infinity"),
        i32::MIN => Value::text("-infinity"),
        days => {
            let days = i64::from(days);
            if !(FIRST_DAY..LAST_DAY).contains(&days) {
                return Value::text(written(days, None));
            }
            let moment = DateTime::from_timestamp(OF_2000 + days * 86_400, 0);
            moment.map_or(Value::Null, |moment| Value::DateTime(moment.naive_utc()))
        }
    }
}

fn timestamp(microseconds: i64) -> Value {
    match microseconds {
        i64::MAX => Value::text("infinity"),
        i64::MIN => Value::text("-infinity"),
        microseconds => {
            let days = microseconds.div_euclid(MICROSECONDS_OF_DAY);
            let in_reports = (FIRST_DAY..LAST_DAY).contains(&days);
            let since_1970 = microseconds.checked_add(OF_2000 * 1_000_000);
            let moment = since_1970.and_then(DateTime::from_timestamp_micros);
            match moment {
                Some(moment) if in_reports => Value::DateTime(moment.naive_utc()),
                _ => Value::text(written(days, Some(microseconds.rem_euclid(MICROSECONDS_OF_DAY)))),
            }
        }
    }
}

/// A moment as the server writes it, in any year.
fn written(days: i64, microseconds: Option<i64>) -> String {
    /// Days after which the calendar repeats itself, and how many years that are.
    const CYCLE: i64 = 146_097;
    const YEARS: i64 = 400;
    let moment = DateTime::from_timestamp(OF_2000 + days.rem_euclid(CYCLE) * 86_400, 0);
    let date = moment.map_or(NaiveDate::MIN, |moment| moment.date_naive());
    let year = i64::from(date.year()) + days.div_euclid(CYCLE) * YEARS;
    let (year, era) = if year > 0 { (year, "") } else { (1 - year, " BC") };
    let time = microseconds.map(|it| format!(" {}", clock(it))).unwrap_or_default();
    format!("{year:04}-{:02}-{:02}{time}{era}", date.month(), date.day())
}

/// A moment as the server reads it.
pub(super) fn moment_text(moment: NaiveDateTime, with_time: bool) -> String {
    let since = moment - DateTime::from_timestamp(OF_2000, 0).unwrap_or_default().naive_utc();
    let days = since.num_seconds().div_euclid(86_400);
    let within = since - TimeDelta::days(days);
    written(days, with_time.then(|| within.num_microseconds().unwrap_or(0)))
}

/// A length of time of less than a day or of more, as hours and minutes.
pub(super) fn clock(microseconds: i64) -> String {
    let sign = if microseconds < 0 { "-" } else { "" };
    let (seconds, fraction) =
        (microseconds.unsigned_abs() / 1_000_000, microseconds.unsigned_abs() % 1_000_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{sign}{hours:02}:{minutes:02}:{seconds:02}");
    if fraction > 0 {
        text.push_str(format!(".{fraction:06}").trim_end_matches('0'));
    }
    text
}

/// A length of time; with months, which are of no one length, as text.
fn interval(microseconds: i64, days: i32, months: i32) -> Value {
    match (microseconds, days, months) {
        (i64::MAX, i32::MAX, i32::MAX) => return Value::text("infinity"),
        (i64::MIN, i32::MIN, i32::MIN) => return Value::text("-infinity"),
        _ => {}
    }
    let span = TimeDelta::days(days.into()).checked_add(&TimeDelta::microseconds(microseconds));
    if let (0, Some(span)) = (months, span) {
        return Value::Span(span);
    }
    let mut parts = Vec::new();
    let mut part = |count: i32, one: &str, many: &str| {
        if count != 0 {
            parts.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    };
    part(months / 12, "year", "years");
    part(months % 12, "mon", "mons");
    part(days, "day", "days");
    if microseconds != 0 {
        parts.push(clock(microseconds));
    }
    Value::text(parts.join(" "))
}

/// An address, and how much of it is the network's: family, bits, whether only the network counts,
/// length, bytes.
fn network(raw: &[u8], is_network: bool) -> Option<String> {
    let (bits, bytes) = (*raw.get(1)?, raw.get(4..)?);
    let (address, all): (IpAddr, u8) = match bytes.len() {
        4 => (Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?).into(), 32),
        16 => (Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into(), 128),
        _ => return None,
    };
    Some(if is_network || bits != all { format!("{address}/{bits}") } else { address.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number as the server sends it.
    fn sent(digits: &[u16], weight: i16, sign: u16, scale: u16) -> Vec<u8> {
        let head = [digits.len() as u16, weight.cast_unsigned(), sign, scale];
        head.iter().chain(digits).flat_map(|number| number.to_be_bytes()).collect()
    }

    #[test]
    fn numbers_are_exact_or_rounded_at_the_end_or_refused() {
        for (digits, weight, sign, scale, expect) in [
            (&[][..], 0, 0, 0, "Decimal(0)"),
            (&[], 0, 0, 2, "Decimal(0.00)"),
            (&[1, 5000], 0, 0, 2, "Decimal(1.50)"),
            (&[18, 4000], 0, 0x4000, 1, "Decimal(-18.4)"),
            (&[1], 2, 0, 0, "Decimal(100000000)"),
            (&[1], -1, 0, 4, "Decimal(0.0001)"),
            (&[1], -7, 0, 28, "Decimal(0.0000000000000000000000000001)"),
            (&[1], 0, 0, 38, "Decimal(1.0000000000000000000000000000)"),
            (&[1], -8, 0, 32, "Decimal(0.0000000000000000000000000000)"),
            (
                &[12, 3456, 7890, 1234, 5678, 9012, 3456, 7890, 1234, 5678],
                4,
                0,
                20,
                "Decimal(123456789012345678.90123456789)",
            ),
            (
                &[7, 9228, 1625, 1426, 4337, 5935, 4395, 335],
                7,
                0x4000,
                0,
                "Decimal(-79228162514264337593543950335)",
            ),
            (&[], 0, 0xc000, 0, "Double(NaN)"),
            (&[], 0, 0xd000, 0, "Double(inf)"),
            (&[], 0, 0xf000, 0, "Double(-inf)"),
        ] {
            let value = numeric(&sent(digits, weight, sign, scale)).unwrap();
            assert_eq!(format!("{value:?}"), expect, "{digits:?}");
        }
        let digits = "-1000000000000000000000000000000000000".to_owned();
        assert_eq!(numeric(&sent(&[1], 9, 0x4000, 0)), Err(Unreadable::Digits(digits)));
        assert_eq!(numeric(&[0, 9, 0, 0, 0, 0, 0, 0]), Err(Unreadable::Form));
    }

    #[test]
    fn days_of_every_age_are_told() {
        for (days, expect) in [
            (0, "DateTime(2000-01-01T00:00:00)"),
            (-36_526, "DateTime(1899-12-30T00:00:00)"),
            (-730_119, "DateTime(0001-01-01T00:00:00)"),
            (-730_120, "Text(\"0001-12-31 BC\")"),
            (-746_416, "Text(\"0045-05-20 BC\")"),
            (2_921_939, "DateTime(9999-12-31T00:00:00)"),
            (2_921_940, "Text(\"10000-01-01\")"),
            (i32::MAX, "Text(\"infinity\")"),
            (i32::MIN, "Text(\"-infinity\")"),
        ] {
            assert_eq!(format!("{:?}", date(days)), expect, "{days}");
        }
        let late = timestamp(i64::MAX - 1);
        assert_eq!(format!("{late:?}"), "Text(\"294277-01-09 04:00:54.775806\")");
        let moment = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f");
        for (moment, expect) in [
            (moment("2026-11-24T18:30:00"), "2026-11-24 18:30:00"),
            (moment("1899-12-30T00:00:00.25"), "1899-12-30 00:00:00.25"),
            (moment("0001-01-01T00:00:00"), "0001-01-01 00:00:00"),
        ] {
            assert_eq!(moment_text(moment.unwrap(), true), expect);
        }
    }

    #[test]
    fn lengths_of_time_with_months_are_text() {
        let day = MICROSECONDS_OF_DAY;
        for (given, expect) in [
            ((day / 2, 1, 0), "Span(TimeDelta { secs: 129600, nanos: 0 })"),
            ((-1, 0, 14), "Text(\"1 year 2 mons -00:00:00.000001\")"),
            ((3_600_000_000, 3, -1), "Text(\"-1 mons 3 days 01:00:00\")"),
        ] {
            let (microseconds, days, months) = given;
            let value = interval(microseconds, days, months);
            assert_eq!(format!("{value:?}"), expect, "{given:?}");
        }
    }

    #[test]
    fn single_numbers_are_what_they_are_written_like() {
        assert_eq!(widened(0.1).to_string(), "0.1");
        assert_eq!(widened(16_777_216.0), 16_777_216.0);
        assert!(widened(f32::NAN).is_nan());
    }

    #[test]
    fn bytes_of_a_wrong_length_are_no_value() {
        for form in [Form::Int2, Form::Int4, Form::Int8, Form::Uuid, Form::Date, Form::Interval] {
            assert_eq!(Column::new(form).read(&[1, 2, 3]), Err(Unreadable::Form), "{form:?}");
        }
    }
}
