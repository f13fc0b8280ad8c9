//! When something comes due, again and again: a recurrence rule from a start on, in a time zone.
//!
//! Rules by days and longer name times of day. One that does not exist, because the clocks are put
//! forward over it, is counted on from before that (02:30 is 03:30 on that day); one that exists twice,
//! because they are put back, counts the first time. Rules by hours and finer go by what the clocks
//! show.
//!
//! Work is bounded, however old a start is: no rule is walked from there, but for a `COUNT`, which has
//! a bound of its own.

mod dates;
mod recurrence;
mod steps;
#[cfg(test)]
mod tests;
mod zone;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

pub use recurrence::{Frequency, InvalidRecurrence, Recurrence};
pub use zone::{TimeZone, UnknownTimeZone};

use dates::DateRule;
use recurrence::End;
use steps::StepRule;

/// When something comes due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    start: DateTime<Utc>,
    zone: TimeZone,
    recurrence: Option<Recurrence>,
}

impl Schedule {
    /// A schedule. It starts on a whole second; without a rule, that is the only time.
    #[must_use]
    pub fn new(start: DateTime<Utc>, zone: TimeZone, recurrence: Option<Recurrence>) -> Self {
        Self { start: start.trunc_subsecs(0), zone, recurrence }
    }

    /// Whether it ever comes due, or at least says when it ends.
    ///
    /// # Errors
    /// [`InvalidRecurrence::Never`] where a rule has no end, and no moment ever fits it.
    pub fn check(&self) -> Result<(), InvalidRecurrence> {
        let endless = self.recurrence.as_ref().is_some_and(|rule| rule.end == End::Never);
        if endless && self.next_from(self.start).is_none() {
            Err(InvalidRecurrence::Never)
        } else {
            Ok(())
        }
    }

    /// When it starts.
    #[must_use]
    pub fn start(&self) -> DateTime<Utc> {
        self.start
    }

    /// Where the clocks are that it goes by.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        self.zone
    }

    /// Its rule; none is once, at the start.
    #[must_use]
    pub fn recurrence(&self) -> Option<&Recurrence> {
        self.recurrence.as_ref()
    }

    /// The first time after a moment.
    #[must_use]
    pub fn next_after(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.runs_after(after).next()
    }

    /// The first time at a moment or after it.
    #[must_use]
    pub fn next_from(&self, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.next_after(from - TimeDelta::nanoseconds(1))
    }

    /// All times after a moment, in order.
    pub fn runs_after(&self, after: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        let end = self.end();
        let next = move |after: DateTime<Utc>| {
            self.next_of_rule(after).filter(|at| end.is_none_or(|end| *at <= end))
        };
        std::iter::successors(next(after), move |at| next(*at))
    }

    fn next_of_rule(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match &self.recurrence {
            None => Some(self.start).filter(|start| *start > after),
            Some(rule) if rule.frequency < Frequency::Daily => self.steps(rule).next_after(after),
            Some(rule) => self.dates(rule).next_after(after),
        }
    }

    /// The last time, where the rule says so.
    fn end(&self) -> Option<DateTime<Utc>> {
        let rule = self.recurrence.as_ref()?;
        match rule.end {
            End::Never => None,
            End::UntilUtc(at) => Some(at.and_utc()),
            End::UntilLocal(at) => Some(self.zone.instant(at)),
            End::Count(count) => {
                let last = if rule.frequency < Frequency::Daily {
                    self.steps(rule).nth(count)
                } else {
                    self.dates(rule).nth(count)
                };
                // A rule that fits nothing has ended before it starts.
                Some(last.unwrap_or(self.start - TimeDelta::seconds(1)))
            }
        }
    }

    fn steps<'a>(&self, rule: &'a Recurrence) -> StepRule<'a> {
        let start = self.zone.local(self.start);
        StepRule { rule, start, zone: self.zone, start_at: self.start }
    }

    fn dates<'a>(&self, rule: &'a Recurrence) -> DateRule<'a> {
        DateRule { rule, start: self.zone.local(self.start), zone: self.zone }
    }
}
