//! Time zones, and where a time of day is on the line of time.

use std::fmt;

use chrono::{DateTime, NaiveDateTime, Offset, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{GapInfo, TZ_VARIANTS, Tz};

/// A time zone of the IANA database, such as `Europe/Berlin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeZone(Tz);

/// A name that no time zone has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTimeZone {
    name: String,
    near: Vec<&'static str>,
}

impl fmt::Display for UnknownTimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is no time zone of the IANA database; ", self.name)?;
        match self.near.as_slice() {
            [] => f.write_str("write it as Europe/Berlin or America/New_York"),
            near => write!(f, "did you mean {}?", near.join(" or ")),
        }
    }
}

impl std::error::Error for UnknownTimeZone {}

impl TimeZone {
    /// Universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// How many near names an error tells.
    const MOST_NEAR: usize = 3;
    /// The longest name that is looked at, in characters; those that exist have 32.
    const LONGEST: usize = 64;

    /// The zone of a name in any letter case.
    ///
    /// # Errors
    /// [`UnknownTimeZone`], with names that are near.
    pub fn find(name: &str) -> Result<Self, UnknownTimeZone> {
        let name = name.trim();
        let found = TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(name));
        found.copied().map(Self).ok_or_else(|| UnknownTimeZone {
            name: name.chars().take(Self::LONGEST).collect(),
            near: near(name),
        })
    }

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What a clock on a wall there shows.
    #[must_use]
    pub fn local(self, at: DateTime<Utc>) -> NaiveDateTime {
        at.naive_utc() + TimeDelta::seconds(self.offset(at))
    }

    /// When a clock on a wall there shows a time. Where it does so twice, because it is put back, the
    /// first; where it never does, because it is put forward, the time is counted on from before that
    /// (RFC 5545, 3.3.5): 02:30 in the missing hour is 03:30.
    #[must_use]
    pub fn instant(self, local: NaiveDateTime) -> DateTime<Utc> {
        if let Some(first) = self.0.from_local_datetime(&local).earliest() {
            return first.with_timezone(&Utc);
        }
        let before = GapInfo::new(&local, &self.0).and_then(|gap| gap.begin);
        let offset = before.map_or(0, |(_, offset)| offset.fix().local_minus_utc());
        local.and_utc() - TimeDelta::seconds(offset.into())
    }

    /// How many seconds its clocks are ahead of universal time.
    pub(super) fn offset(self, at: DateTime<Utc>) -> i64 {
        self.0.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc().into()
    }

    /// The first moment after `from` and until `to` at which the clocks are put forward or back.
    pub(super) fn next_change(
        self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let offset = self.offset(from);
        let mut same = from;
        // Clocks are not put forward and back again within a day.
        while same < to {
            let mut changed = (same + TimeDelta::days(1)).min(to);
            if self.offset(changed) == offset {
                same = changed;
                continue;
            }
            while changed - same > TimeDelta::seconds(1) {
                let middle = same + TimeDelta::seconds((changed - same).num_seconds() / 2);
                if self.offset(middle) == offset {
                    same = middle;
                } else {
                    changed = middle;
                }
            }
            return Some(changed);
        }
        None
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Names that somebody may have meant, best first.
fn near(name: &str) -> Vec<&'static str> {
    let wanted = plain(name);
    if wanted.is_empty() || wanted.len() > TimeZone::LONGEST {
        return Vec::new();
    }
    let place = wanted.rsplit('/').next().unwrap_or_default().to_owned();
    let mut found: Vec<(usize, usize, &'static str)> = TZ_VARIANTS
        .iter()
        .filter_map(|zone| {
            let known = plain(zone.name());
            let known_place = known.rsplit('/').next().unwrap_or_default();
            let far = distance(&known, &wanted).min(distance(known_place, &place) + 1);
            (far <= 1 + place.len() / 4).then_some((far, known.len(), zone.name()))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, _, name)| name).take(TimeZone::MOST_NEAR).collect()
}

/// A name as people vary it: in lower case, with `_` for blanks.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// How many letters have to be put in, left out or changed (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (number, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = number + 1;
        for (place, known) in other.iter().enumerate() {
            let change = diagonal + usize::from(letter != *known);
            diagonal = row[place + 1];
            row[place + 1] = change.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn zones_are_found_in_any_letter_case() {
        for name in ["Europe/Berlin", "europe/berlin", " EUROPE/BERLIN "] {
            assert_eq!(TimeZone::find(name).map(TimeZone::name), Ok("Europe/Berlin"), "{name}");
        }
        assert_eq!(TimeZone::find("UTC"), Ok(TimeZone::UTC));
    }

    #[test]
    fn an_unknown_zone_names_those_that_are_near() {
        let check = |name: &str, expect: &str| {
            let error = TimeZone::find(name).unwrap_err().to_string();
            assert!(error.contains(expect), "{error}");
        };
        check("Berlin", "did you mean Europe/Berlin");
        check("Europe/Berln", "did you mean Europe/Berlin");
        check("America/New York", "did you mean America/New_York");
        check("new york", "America/New_York");
        check("", "write it as Europe/Berlin");
        check("W. Europe Standard Time", "write it as Europe/Berlin");
        check(&"x".repeat(100_000), "is no time zone");
    }

    #[test]
    fn a_time_of_day_is_a_moment() {
        let berlin = TimeZone::find("Europe/Berlin").unwrap();
        let check = |text: &str, expect: &str| {
            assert_eq!(berlin.instant(local(text)).to_rfc3339(), expect, "{text}");
        };
        check("2026-03-29T01:59:59", "2026-03-29T00:59:59+00:00");
        // The clocks are put forward from 02:00 to 03:00.
        check("2026-03-29T02:30:00", "2026-03-29T01:30:00+00:00");
        check("2026-03-29T03:00:00", "2026-03-29T01:00:00+00:00");
        // They are put back from 03:00 to 02:00.
        check("2026-10-25T02:30:00", "2026-10-25T00:30:00+00:00");
        check("2026-10-25T03:00:00", "2026-10-25T02:00:00+00:00");
        assert_eq!(
            berlin.local(local("2026-10-25T01:30:00").and_utc()),
            local("2026-10-25T02:30:00")
        );
        // A whole day was left out.
        let apia = TimeZone::find("Pacific/Apia").unwrap();
        let moved = apia.instant(local("2011-12-30T12:00:00"));
        assert_eq!(apia.local(moved), local("2011-12-31T12:00:00"));
    }

    #[test]
    fn changes_of_the_clock_are_found() {
        let berlin = TimeZone::find("Europe/Berlin").unwrap();
        let at = |text: &str| local(text).and_utc();
        let next = |from, to| berlin.next_change(at(from), at(to));
        let change = Some(at("2026-03-29T01:00:00"));
        assert_eq!(next("2026-01-01T00:00:00", "2026-12-31T00:00:00"), change);
        assert_eq!(next("2026-03-29T00:59:59", "2026-03-29T01:00:00"), change);
        assert_eq!(next("2026-03-29T01:00:00", "2026-05-01T00:00:00"), None);
        assert_eq!(
            TimeZone::UTC.next_change(at("2000-01-01T00:00:00"), at("2030-01-01T00:00:00")),
            None
        );
    }
}
