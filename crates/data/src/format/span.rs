//! Formats of lengths of time, standard (`c g G`) and custom.

use chrono::TimeDelta;

use super::date::{put, write_fraction, write_short_fraction};
use crate::Culture;

/// The parts of a length of time, without its sign.
struct Parts {
    negative: bool,
    days: u64,
    hours: u64,
    minutes: u64,
    seconds: u64,
    nanos: u32,
}

impl Parts {
    fn of(span: TimeDelta) -> Self {
        let negative = span < TimeDelta::zero();
        let span = span.abs();
        let seconds = span.num_seconds().unsigned_abs();
        Self {
            negative,
            days: seconds / 86_400,
            hours: seconds / 3_600 % 24,
            minutes: seconds / 60 % 60,
            seconds: seconds % 60,
            nanos: span.subsec_nanos().unsigned_abs(),
        }
    }

    fn put_clock(&self, hour_digits: usize, out: &mut String) {
        put(out, self.hours, hour_digits);
        out.push(':');
        put(out, self.minutes, 2);
        out.push(':');
        put(out, self.seconds, 2);
    }
}

/// A length of time under a standard format; a letter that is none gives `c`.
pub(super) fn write_standard(span: TimeDelta, letter: u8, culture: &Culture, out: &mut String) {
    let parts = Parts::of(span);
    if parts.negative {
        out.push_str(if matches!(letter, b'g' | b'G') { culture.number.minus } else { "-" });
    }
    match letter {
        b'g' => {
            if parts.days > 0 {
                put(out, parts.days, 1);
                out.push(':');
            }
            parts.put_clock(1, out);
            if parts.nanos >= 100 {
                out.push_str(culture.number.decimal);
                write_short_fraction(parts.nanos, 7, out);
            }
        }
        b'G' => {
            put(out, parts.days, 1);
            out.push(':');
            parts.put_clock(2, out);
            out.push_str(culture.number.decimal);
            write_fraction(parts.nanos, 7, out);
        }
        _ => {
            if parts.days > 0 {
                put(out, parts.days, 1);
                out.push('.');
            }
            parts.put_clock(2, out);
            if parts.nanos >= 100 {
                out.push('.');
                write_fraction(parts.nanos, 7, out);
            }
        }
    }
}

/// A length of time under a custom format. It never shows the sign, as in .NET; letters that .NET
/// refuses without quotes stand for themselves, and `H` is `h`.
pub(super) fn write_custom(span: TimeDelta, spec: &str, out: &mut String) {
    let parts = Parts::of(span);
    let mut at = 0;
    while let Some(first) = spec[at..].chars().next() {
        let run = spec.as_bytes()[at..].iter().take_while(|byte| **byte as char == first).count();
        let run = run.max(1);
        let mut length = run;
        match first {
            'd' => put(out, parts.days, run.min(8)),
            'h' | 'H' => put(out, parts.hours, run.min(2)),
            'm' => put(out, parts.minutes, run.min(2)),
            's' => put(out, parts.seconds, run.min(2)),
            'f' => write_fraction(parts.nanos, run, out),
            'F' => {
                write_short_fraction(parts.nanos, run, out);
            }
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
            '%' => {}
            other => {
                out.push(other);
                length = other.len_utf8();
            }
        }
        at += length;
    }
}
