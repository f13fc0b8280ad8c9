//! Dates and times as callers write them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use pressroom_domain::TimeZone;

/// The years that are taken.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2200;

/// The moment of a text: RFC 3339 with an offset, or a time, or a day, of a zone.
///
/// # Errors
/// What would be right.
pub(super) fn moment(text: &str, zone: TimeZone) -> Result<DateTime<Utc>, String> {
    const EXPECTED: &str =
        "must be a date and time such as 2026-03-01T07:00:00 or 2026-03-01T07:00:00Z";
    let text = text.trim();
    let found = DateTime::parse_from_rfc3339(text)
        .map(|at| at.with_timezone(&Utc))
        .ok()
        .or_else(|| local(text).map(|local| zone.instant(local)));
    let at = found.ok_or_else(|| EXPECTED.to_owned())?;
    if YEARS.contains(&at.year()) {
        Ok(at)
    } else {
        Err(format!("must be between the years {} and {}", YEARS.start(), YEARS.end()))
    }
}

/// Whether a text is a day without a time.
pub(super) fn is_day(text: &str) -> bool {
    day(text.trim()).is_some()
}

fn local(text: &str) -> Option<NaiveDateTime> {
    const FORMS: [&str; 4] =
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"];
    let time = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    // Years beyond a calendar's cannot be moved by an offset.
    let time = time.filter(|time| (1..=9_999).contains(&time.year()));
    time.or_else(|| day(text)?.and_hms_opt(0, 0, 0))
}

fn day(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (1..=9_999).contains(&day.year()).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_moments() {
        let berlin = TimeZone::find("Europe/Berlin").unwrap();
        let check = |text: &str, expect: &str| {
            let got = match moment(text, berlin) {
                Ok(at) => at.to_rfc3339(),
                Err(error) => error,
            };
            assert!(got.contains(expect), "{text}: {got}");
        };
        check("2026-07-01T07:00:00Z", "2026-07-01T07:00:00+00:00");
        check("2026-07-01T07:00:00+02:00", "2026-07-01T05:00:00+00:00");
        check("2026-07-01T07:00:00", "2026-07-01T05:00:00+00:00");
        check(" 2026-07-01T07:00 ", "2026-07-01T05:00:00+00:00");
        check("2026-07-01 07:00:00.5", "2026-07-01T05:00:00.500+00:00");
        check("2026-01-01", "2025-12-31T23:00:00+00:00");
        check("1582-10-15", "must be between the years 1970 and 2200");
        for wrong in ["", "soon", "2026-02-30", "+262143-12-31T23:59:59", "99999-01-01", "7:00"] {
            check(wrong, "must be a date and time");
        }
        assert!(is_day(" 2026-01-01 ") && !is_day("2026-01-01T00:00"));
    }
}
