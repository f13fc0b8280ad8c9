//! Rules by hours, minutes and seconds.
//!
//! A moment belongs to such a rule when the clock on a wall of the zone shows a time of the rule. So
//! every six hours from midnight is 0, 6, 12 and 18 o'clock on every day of the year; where the clocks
//! are put back, what is shown twice comes twice; and what is left out where they are put forward is
//! made up for once, at that moment.
//!
//! The `rrule` crate is wrong about such rules around clock changes, and walks from the start. Here
//! nothing walks: the first step after a moment is calculated, and days, hours and minutes that the rule
//! leaves out are stepped over as a whole.

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Timelike, Utc};

use super::recurrence::{Frequency, Recurrence};
use super::zone::TimeZone;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A rule by hours and finer, from its start on.
#[derive(Clone, Copy)]
pub(super) struct StepRule<'a> {
    pub(super) rule: &'a Recurrence,
    /// What the clocks of the zone show at the start, to the second.
    pub(super) start: NaiveDateTime,
    pub(super) zone: TimeZone,
    /// The start itself.
    pub(super) start_at: DateTime<Utc>,
}

impl StepRule<'_> {
    /// The farthest that is looked: the 29th of February comes on each day of the week within.
    const HORIZON: i64 = 41 * 366 * DAY;
    /// The most steps that are looked at before a rule counts as one that nothing fits.
    const MOST_STEPS: u32 = 200_000;

    /// The first time after a moment.
    pub(super) fn next_after(self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let after = after.max(self.start_at - TimeDelta::seconds(1));
        let mut from = moment(after.timestamp() + 1)?;
        loop {
            let offset = self.zone.offset(from);
            let shown = self.next_shown(from.timestamp() + offset)?;
            let found = moment(shown - offset)?;
            // As long as the clocks run evenly, that is it.
            let Some(change) = self.zone.next_change(from, found) else { return Some(found) };
            // Put forward over it: made up for at once.
            if shown < change.timestamp() + self.zone.offset(change) {
                return Some(change);
            }
            from = change;
        }
    }

    /// The time that is the nth from the start; the last one where there are fewer.
    pub(super) fn nth(self, count: u32) -> Option<DateTime<Utc>> {
        let first = self.next_after(self.start_at - TimeDelta::seconds(1));
        let all = std::iter::successors(first, |at| self.next_after(*at));
        all.take(count as usize).last()
    }

    /// The first time of the rule from one on, both as clocks show them: in seconds, as if they were of
    /// universal time.
    fn next_shown(self, from: i64) -> Option<i64> {
        let start = self.start.and_utc().timestamp();
        let from = from.max(start);
        let rule = self.rule;
        let unit = match rule.frequency {
            Frequency::Hourly => HOUR,
            Frequency::Minutely => MINUTE,
            _ => 1,
        };
        let within = self.within(unit);
        let (first, every) = (start.div_euclid(unit), i64::from(rule.interval));
        // The first step that does not begin before a time.
        let align = |seconds: i64| {
            let least = seconds.div_euclid(unit) + i64::from(seconds.rem_euclid(unit) > 0);
            least + (first - least).rem_euclid(every)
        };
        // Even a step that began before may have something left.
        let least = from.div_euclid(unit);
        let mut step = least + (first - least).rem_euclid(every);
        for _ in 0..Self::MOST_STEPS {
            let seconds = step * unit;
            if seconds > from + Self::HORIZON {
                return None;
            }
            let shown = moment(seconds)?.naive_utc();
            if !self.fits_day(shown) {
                step = align((seconds.div_euclid(DAY) + 1) * DAY);
            } else if !fits(&rule.hours, shown.hour()) {
                step = align((seconds.div_euclid(HOUR) + 1) * HOUR);
            } else if unit < HOUR && !fits(&rule.minutes, shown.minute()) {
                step = align((seconds.div_euclid(MINUTE) + 1) * MINUTE);
            } else if unit == 1 && !fits(&rule.seconds, shown.second()) {
                step += every;
            } else {
                let found = within.iter().map(|more| seconds + more).find(|at| *at >= from);
                if found.is_some() {
                    return found;
                }
                step += every;
            }
        }
        None
    }

    /// What comes due within a step, in seconds from its beginning.
    fn within(self, unit: i64) -> Vec<i64> {
        let or_start = |set: &std::collections::BTreeSet<u8>, start: u32| -> Vec<i64> {
            if set.is_empty() {
                vec![start.into()]
            } else {
                set.iter().copied().map(i64::from).collect()
            }
        };
        let seconds = || or_start(&self.rule.seconds, self.start.second());
        match unit {
            1 => vec![0],
            MINUTE => seconds(),
            _ => {
                let minutes = or_start(&self.rule.minutes, self.start.minute());
                let all = minutes.iter().flat_map(|minute| {
                    seconds().into_iter().map(move |second| minute * MINUTE + second)
                });
                all.collect()
            }
        }
    }

    fn fits_day(self, at: NaiveDateTime) -> bool {
        let rule = self.rule;
        let weekday = at.weekday();
        let (day, ordinal) = (at.day(), at.ordinal());
        let days_of_month = u32::from(at.num_days_in_month());
        let days_of_year = if at.date().leap_year() { 366 } else { 365 };
        fits(&rule.months, at.month())
            && (rule.days.is_empty() || rule.days.iter().any(|known| known.weekday == weekday))
            && (rule.month_days.is_empty()
                || rule.month_days.iter().any(|n| counts(i64::from(*n), day, days_of_month)))
            && (rule.year_days.is_empty()
                || rule.year_days.iter().any(|n| counts(i64::from(*n), ordinal, days_of_year)))
    }
}

/// Whether a number, which counts from the end where it is negative, is this one of so many.
fn counts(number: i64, this: u32, of: u32) -> bool {
    let this = i64::from(this);
    number == this || number == this - i64::from(of) - 1
}

fn fits(set: &std::collections::BTreeSet<u8>, value: u32) -> bool {
    set.is_empty() || u8::try_from(value).is_ok_and(|value| set.contains(&value))
}

fn moment(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}
