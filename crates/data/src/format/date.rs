//! Date and time formats, standard and custom.

use std::fmt::Write;

use chrono::{Datelike, NaiveDateTime, Timelike};

use crate::culture::{Culture, Months};

/// A date under a standard format; a letter that is none is a custom format of that letter if there
/// is such a part of a date, and else the general format.
pub(super) fn write_standard(time: NaiveDateTime, letter: u8, culture: &Culture, out: &mut String) {
    let invariant = Culture::invariant();
    let pattern = &culture.pattern;
    let mut write = |parts: &[&str]| {
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                out.push(' ');
            }
            write_custom(time, part, culture, out);
        }
    };
    match letter {
        b'd' => write(&[pattern.short_date]),
        b'D' => write(&[pattern.long_date]),
        b'f' => write(&[pattern.long_date, pattern.short_time]),
        b'F' | b'U' => write(&[pattern.long_date, pattern.long_time]),
        b'g' => write(&[pattern.short_date, pattern.short_time]),
        b'm' | b'M' => write(&[pattern.month_day]),
        b't' => write(&[pattern.short_time]),
        b'T' => write(&[pattern.long_time]),
        b'y' | b'Y' => write(&[pattern.year_month]),
        b'o' | b'O' => write_custom(time, "yyyy-MM-ddTHH:mm:ss.fffffff", invariant, out),
        b'r' | b'R' => write_custom(time, "ddd, dd MMM yyyy HH:mm:ss 'GMT'", invariant, out),
        b's' => write_custom(time, "yyyy-MM-ddTHH:mm:ss", invariant, out),
        b'u' => write_custom(time, "yyyy-MM-dd HH:mm:ss'Z'", invariant, out),
        b'h' | b'H' | b'z' | b'K' => write(&[char::from(letter).encode_utf8(&mut [0; 4])]),
        _ => write(&[pattern.short_date, pattern.long_time]),
    }
}

/// A date under a custom format.
pub(super) fn write_custom(time: NaiveDateTime, spec: &str, culture: &Culture, out: &mut String) {
    let names = &culture.date;
    let mut at = 0;
    while let Some(first) = spec[at..].chars().next() {
        let run = spec.as_bytes()[at..].iter().take_while(|byte| **byte as char == first).count();
        let run = run.max(1);
        let mut length = run;
        match first {
            'd' => match run {
                1 | 2 => put(out, time.day().into(), run),
                3 => out.push_str(day(&names.short_days, time)),
                _ => out.push_str(day(&names.days, time)),
            },
            'M' => match run {
                1 | 2 => put(out, time.month().into(), run),
                3 => out.push_str(month(&names.short_months, time, spec, at, run)),
                _ => out.push_str(month(&names.months, time, spec, at, run)),
            },
            'y' => {
                let year = i64::from(time.year()) + i64::from(names.year_offset);
                if year < 0 {
                    out.push_str(culture.number.minus);
                }
                match run {
                    1 | 2 => put(out, year.unsigned_abs() % 100, run),
                    _ => put(out, year.unsigned_abs(), run.min(20)),
                }
            }
            'g' => out.push_str(names.era),
            'h' => put(out, time.hour12().1.into(), run.min(2)),
            'H' => put(out, time.hour().into(), run.min(2)),
            'm' => put(out, time.minute().into(), run.min(2)),
            's' => put(out, time.second().into(), run.min(2)),
            'f' => write_fraction(fraction(time), run, out),
            'F' => {
                // Without digits the point before them goes too.
                if !write_short_fraction(fraction(time), run, out) && out.ends_with('.') {
                    out.pop();
                }
            }
            't' => {
                let designator = if time.hour() < 12 { names.am } else { names.pm };
                match run {
                    1 => out.extend(designator.chars().next()),
                    _ => out.push_str(designator),
                }
            }
            'z' => out.push_str(["+0", "+00", "+00:00"][run.min(3) - 1]),
            'K' => {}
            ':' => (0..run).for_each(|_| out.push_str(names.time_separator)),
            '/' => (0..run).for_each(|_| out.push_str(names.separator)),
            '\'' | '"' => {
                let inside = &spec[at + 1..];
                let end = inside.find(first);
                out.push_str(&inside[..end.unwrap_or(inside.len())]);
                length = end.map_or(inside.len() + 1, |end| end + 2);
            }
            '\\' => {
                let escaped = spec[at + 1..].chars().next();
                out.extend(escaped);
                length = 1 + escaped.map_or(0, char::len_utf8);
            }
            // Only there to make a single letter a custom format.
            '%' => {}
            other => {
                out.push(other);
                length = other.len_utf8();
            }
        }
        at += length;
    }
}

/// Nanoseconds within the second; a leap second counts as its last instant.
fn fraction(time: NaiveDateTime) -> u32 {
    time.nanosecond().min(999_999_999)
}

/// `count` digits of a second's fraction, seven at most.
pub(super) fn write_fraction(nanos: u32, count: usize, out: &mut String) {
    out.push_str(&format!("{nanos:09}")[..count.min(7)]);
}

/// The same without zeros at the end; whether any digit was left.
pub(super) fn write_short_fraction(nanos: u32, count: usize, out: &mut String) -> bool {
    let digits = format!("{nanos:09}");
    let digits = digits[..count.min(7)].trim_end_matches('0');
    out.push_str(digits);
    !digits.is_empty()
}

/// At least `width` digits.
pub(super) fn put(out: &mut String, number: u64, width: usize) {
    if number < 100 && width <= 2 {
        if width == 2 || number >= 10 {
            out.push(char::from(b'0' + (number / 10) as u8));
        }
        out.push(char::from(b'0' + (number % 10) as u8));
    } else {
        // Writing to a String does not fail.
        let _ = write!(out, "{number:0width$}");
    }
}

fn day<'a>(names: &[&'a str; 7], time: NaiveDateTime) -> &'a str {
    names[time.weekday().num_days_from_sunday() as usize]
}

fn month<'a>(names: &Months, time: NaiveDateTime, spec: &'a str, at: usize, run: usize) -> &'a str
where
    'static: 'a,
{
    let names = match &names.genitive {
        Some(genitive) if has_day(spec.as_bytes(), at, run) => genitive,
        _ => &names.alone,
    };
    names[time.month0() as usize]
}

/// Whether the nearest `d`s on either side of a month are the day's number, not its name.
fn has_day(spec: &[u8], at: usize, run: usize) -> bool {
    let numbers = |count: usize| (1..=2).contains(&count);
    let before = &spec[..at];
    let until = before.iter().rposition(|byte| *byte == b'd').map_or(0, |last| last + 1);
    let count = before[..until].iter().rev().take_while(|byte| **byte == b'd').count();
    let after = spec[at + run..].iter().skip_while(|byte| **byte != b'd');
    numbers(count) || numbers(after.take_while(|byte| **byte == b'd').count())
}
