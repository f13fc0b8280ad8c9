//! Rules by days and longer: which days they name, and at which times of day.
//!
//! Days are those that the `rrule` crate gives for the rule without its times, walked in universal
//! time, which has no clock changes. Where a day's time is on the line of time is decided in one place,
//! [`TimeZone::instant`].

use chrono::{DateTime, Days, Month, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use rrule::{NWeekday, RRule};

use super::recurrence::{Frequency, Recurrence};
use super::zone::TimeZone;

/// A rule by days and longer, from its start on.
#[derive(Clone, Copy)]
pub(super) struct DateRule<'a> {
    pub(super) rule: &'a Recurrence,
    /// What the clocks of the zone show at the start, to the second.
    pub(super) start: NaiveDateTime,
    pub(super) zone: TimeZone,
}

impl DateRule<'_> {
    /// The first time after a moment.
    pub(super) fn next_after(self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let times = self.times();
        // Clocks that are put forward, by a day at most, can move a time of an earlier day here.
        let from = self.zone.local(after).date().checked_sub_days(Days::new(2))?;
        let mut first: Option<(DateTime<Utc>, NaiveDate)> = None;
        for date in self.dates(from.max(self.start.date())) {
            if first.is_some_and(|(_, found)| date > found + Days::new(1)) {
                break;
            }
            for at in self.on(date, &times) {
                let moment = self.zone.instant(at);
                if moment > after && first.is_none_or(|(best, _)| moment < best) {
                    first = Some((moment, first.map_or(date, |(_, found)| found)));
                }
            }
        }
        first.map(|(moment, _)| moment)
    }

    /// The time that is the nth from the start; the last one where there are fewer.
    pub(super) fn nth(self, count: u32) -> Option<DateTime<Utc>> {
        let times = self.times();
        let all = self.dates(self.start.date()).flat_map(|date| self.on(date, &times));
        all.take(count as usize).last().map(|at| self.zone.instant(at))
    }

    /// The times of a day, from the start on.
    fn on(self, date: NaiveDate, times: &[NaiveTime]) -> impl Iterator<Item = NaiveDateTime> {
        let all = times.iter().map(move |time| date.and_time(*time));
        all.filter(move |at| *at >= self.start)
    }

    fn times(self) -> Vec<NaiveTime> {
        let start = self.start;
        let or_start = |set: &std::collections::BTreeSet<u8>, start: u32| -> Vec<u32> {
            if set.is_empty() { vec![start] } else { set.iter().copied().map(u32::from).collect() }
        };
        let hours = or_start(&self.rule.hours, start.hour());
        let minutes = or_start(&self.rule.minutes, start.minute());
        let seconds = or_start(&self.rule.seconds, start.second());
        let mut times = Vec::with_capacity(hours.len() * minutes.len() * seconds.len());
        for hour in hours {
            for minute in &minutes {
                times.extend(
                    seconds
                        .iter()
                        .filter_map(|second| NaiveTime::from_hms_opt(hour, *minute, *second)),
                );
            }
        }
        times
    }

    /// The days from one on, in order.
    fn dates(self, from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let start = self.anchor(from).and_time(NaiveTime::MIN).and_utc();
        let start = start.with_timezone(&rrule::Tz::UTC);
        // The rule was checked when it was read; what this refuses names no day.
        let set = self.days_only().build(start).ok();
        let days = set.map(|set| (&set.limit()).into_iter());
        let dates = days.into_iter().flatten().map(|day| day.date_naive());
        dates.filter(move |date| *date >= from)
    }

    /// A day from which the walk to `from` is short, and finds the same days as from the start.
    fn anchor(self, from: NaiveDate) -> NaiveDate {
        let period = match self.rule.frequency {
            Frequency::Daily => i64::from(self.rule.interval),
            Frequency::Weekly => 7 * i64::from(self.rule.interval),
            // Decades have some hundred months; and a start on the 31st is not in each of them.
            _ => return self.start.date(),
        };
        let start = self.start.date();
        let periods = ((from - start).num_days() / period - 1).max(0);
        u64::try_from(periods * period)
            .ok()
            .and_then(|days| start.checked_add_days(Days::new(days)))
            .unwrap_or(start)
    }

    fn days_only(self) -> RRule<rrule::Unvalidated> {
        let rule = self.rule;
        let frequency = match rule.frequency {
            Frequency::Yearly => rrule::Frequency::Yearly,
            Frequency::Monthly => rrule::Frequency::Monthly,
            Frequency::Weekly => rrule::Frequency::Weekly,
            _ => rrule::Frequency::Daily,
        };
        let months: Vec<Month> =
            rule.months.iter().filter_map(|month| Month::try_from(*month).ok()).collect();
        let days = rule.days.iter().map(|day| NWeekday::new(day.nth, day.weekday)).collect();
        RRule::new(frequency)
            .interval(rule.interval)
            .week_start(rule.week_start)
            .by_month(&months)
            .by_month_day(rule.month_days.iter().copied().collect())
            .by_year_day(rule.year_days.iter().copied().collect())
            .by_week_no(rule.week_numbers.iter().copied().collect())
            .by_weekday(days)
            .by_set_pos(rule.positions.iter().copied().map(i32::from).collect())
            .by_hour(vec![0])
            .by_minute(vec![0])
            .by_second(vec![0])
    }
}
