//! Dates and lengths of time from invariant text.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// `2026-11-24`, `2026-11-24T18:30:00.5` with `T` or a blank, and .NET's invariant `11/24/2026 18:30:00`
/// with or without `AM` and `PM`; an offset at the end does not count.
pub(super) fn parse_date_time(text: &str) -> Option<NaiveDateTime> {
    let text = without_offset(text);
    let (date, clock) = match text.split_once(['T', ' ']) {
        Some((date, clock)) => (date, parse_clock(clock.trim())?),
        None => (text, NaiveTime::MIN),
    };
    Some(parse_date(date)?.and_time(clock))
}

/// `yyyy-mm-dd`, `mm/dd/yyyy`, `yyyy/mm/dd` or `yyyymmdd`.
fn parse_date(text: &str) -> Option<NaiveDate> {
    let parts = |separator: char| {
        let mut parts = text.split(separator).map(|part| Some((digits(part, 4)?, part.len())));
        let three = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(three)
    };
    let (year, month, day) = if let Some([(year, 4), (month, 1..=2), (day, 1..=2)]) = parts('-') {
        (year, month, day)
    } else if let Some([(month, 1..=2), (day, 1..=2), (year, 4)]) = parts('/') {
        (year, month, day)
    } else if let Some([(year, 4), (month, 1..=2), (day, 1..=2)]) = parts('/') {
        (year, month, day)
    } else if text.len() == 8 {
        let all = digits(text, 8)?;
        (all / 10_000, all / 100 % 100, all % 100)
    } else {
        return None;
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.fffffff`, perhaps followed by `AM` or `PM`.
fn parse_clock(text: &str) -> Option<NaiveTime> {
    let half = text.get(text.len().saturating_sub(2)..).unwrap_or_default();
    let afternoon = half.eq_ignore_ascii_case("pm");
    let halved = afternoon || half.eq_ignore_ascii_case("am");
    let clock = if halved { text.get(..text.len() - 2)?.trim_end() } else { text };
    let (hour, rest) = clock.split_once(':')?;
    let (minute, second) = rest.split_once(':').unwrap_or((rest, "0"));
    let (second, fraction) = second.split_once('.').unwrap_or((second, ""));
    let hour = match digits(hour, 2)? {
        hour @ 1..=12 if halved => hour % 12 + if afternoon { 12 } else { 0 },
        _ if halved => return None,
        hour => hour,
    };
    NaiveTime::from_hms_nano_opt(hour, digits(minute, 2)?, digits(second, 2)?, nanos(fraction)?)
}

/// Without `Z`, or `+hh:mm` after a time of day.
fn without_offset(text: &str) -> &str {
    if let Some(text) = text.strip_suffix(['Z', 'z']) {
        return text;
    }
    let at = text.len().saturating_sub(6);
    match text.split_at_checked(at) {
        Some((before, offset))
            if before.contains(':')
                && offset.starts_with(['+', '-'])
                && offset.as_bytes().get(3) == Some(&b':') =>
        {
            before
        }
        _ => text,
    }
}

/// `[-][d.]hh:mm[:ss[.fffffff]]`, or a number of days.
pub(super) fn parse_span(text: &str) -> Option<TimeDelta> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let span = match rest.split_once(':') {
        None => TimeDelta::try_days(digits(rest, 8)?.into())?,
        Some((first, _)) => {
            let (days, clock) = match first.split_once('.') {
                Some((days, _)) => (digits(days, 8)?, rest.get(days.len() + 1..)?),
                None => (0, rest),
            };
            let clock = parse_clock(clock)?.signed_duration_since(NaiveTime::MIN);
            TimeDelta::try_days(days.into())?.checked_add(&clock)?
        }
    };
    Some(if negative { -span } else { span })
}

fn nanos(fraction: &str) -> Option<u32> {
    if fraction.is_empty() {
        return Some(0);
    }
    let length = u32::try_from(fraction.len()).ok()?;
    Some(digits(fraction, 9)? * 10_u32.pow(9_u32.checked_sub(length)?))
}

/// A number of one to `most` ASCII digits; nine at most fit.
fn digits(text: &str, most: usize) -> Option<u32> {
    let plain = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.bytes().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
}
