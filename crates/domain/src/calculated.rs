//! Dates that are calculated when a job runs, such as `StartOfPreviousMonth`.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};

use crate::TimeZone;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word that names it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)+
                }
            }
        }
    };
}

words! {
    /// Which end of a period.
    Edge {
        /// Its first moment.
        Start
        /// Its last second.
        End
    }
}

words! {
    /// Which period, seen from the run.
    Relation {
        /// The one before.
        Previous
        /// The one in which the run is.
        Current
        /// The one after.
        Next
    }
}

words! {
    /// What a period is.
    Period {
        /// From a run of the job to the next.
        Task
        /// A day.
        Day
        /// A week.
        Week
        /// A month.
        Month
        /// A quarter of a year.
        Quarter
        /// A year.
        Year
    }
}

/// A date that is calculated when a job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalculatedDate {
    /// Which end.
    pub edge: Edge,
    /// Of which period.
    pub relation: Relation,
    /// What the period is.
    pub period: Period,
}

/// When a job ran and will run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskTimes {
    /// The run before, if there was one.
    pub previous: Option<DateTime<Utc>>,
    /// This run.
    pub current: DateTime<Utc>,
    /// The next run, if there is one.
    pub next: Option<DateTime<Utc>>,
    /// The run after that, if there is one.
    pub after_next: Option<DateTime<Utc>>,
}

impl CalculatedDate {
    /// The one of a name in any letter case.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        let name = name.trim();
        Self::all().find(|date| date.to_string().eq_ignore_ascii_case(name))
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        Edge::ALL.iter().flat_map(|&edge| {
            Relation::ALL.iter().flat_map(move |&relation| {
                Period::ALL.iter().map(move |&period| Self { edge, relation, period })
            })
        })
    }

    /// What the clocks of a zone show then. Weeks begin with a day of the week. A period ends with its
    /// last second, but for a task, which ends when the next begins. None where a task has no such
    /// neighbour, and beyond the years that a calendar holds.
    #[must_use]
    pub fn evaluate(
        self,
        times: &TaskTimes,
        zone: TimeZone,
        week_start: Weekday,
    ) -> Option<NaiveDateTime> {
        let today = zone.local(times.current).date();
        let period = match self.period {
            Period::Task => {
                let runs = [times.previous, Some(times.current), times.next, times.after_next];
                let start = match self.relation {
                    Relation::Previous => 0,
                    Relation::Current => 1,
                    Relation::Next => 2,
                };
                let place = start + usize::from(self.edge == Edge::End);
                return runs[place].map(|at| zone.local(at));
            }
            Period::Day => Some((today, Step::Days(1))),
            Period::Week => {
                let days = today.weekday().days_since(week_start);
                let start = today.checked_sub_days(Days::new(days.into()));
                start.map(|start| (start, Step::Days(7)))
            }
            Period::Month => today.with_day(1).map(|start| (start, Step::Months(1))),
            Period::Quarter => {
                let month = today.month0() / 3 * 3 + 1;
                let start = NaiveDate::from_ymd_opt(today.year(), month, 1);
                start.map(|start| (start, Step::Months(3)))
            }
            Period::Year => {
                let start = NaiveDate::from_ymd_opt(today.year(), 1, 1);
                start.map(|start| (start, Step::Months(12)))
            }
        };
        let (current, step) = period?;
        let start = match self.relation {
            Relation::Previous => step.back(current)?,
            Relation::Current => current,
            Relation::Next => step.on(current)?,
        };
        match self.edge {
            Edge::Start => start.and_hms_opt(0, 0, 0),
            Edge::End => {
                let end = step.on(start)?.and_hms_opt(0, 0, 0)?;
                end.checked_sub_signed(TimeDelta::seconds(1))
            }
        }
    }
}

impl fmt::Display for CalculatedDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Of{}{}", self.edge.word(), self.relation.word(), self.period.word())
    }
}

/// How long a period is.
#[derive(Clone, Copy)]
enum Step {
    Days(u64),
    Months(u32),
}

impl Step {
    fn on(self, date: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => date.checked_add_days(Days::new(days)),
            Self::Months(months) => date.checked_add_months(Months::new(months)),
        }
    }

    fn back(self, date: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Days(days) => date.checked_sub_days(Days::new(days)),
            Self::Months(months) => date.checked_sub_months(Months::new(months)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse::<DateTime<Utc>>().unwrap()
    }

    #[test]
    fn dates_are_found_by_name() {
        assert_eq!(CalculatedDate::all().count(), 36);
        for date in CalculatedDate::all() {
            assert_eq!(CalculatedDate::find(&date.to_string().to_lowercase()), Some(date));
        }
        for wrong in ["", "Start", "StartOfYear", "StartOfCurrentDecade", "StartOfCurrentYears"] {
            assert_eq!(CalculatedDate::find(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates_are_those_of_the_zone() {
        // In Berlin it is 1 January 2026, a Thursday, half past midnight.
        let times = TaskTimes {
            previous: Some(at("2025-12-30T23:30:00Z")),
            current: at("2025-12-31T23:30:00Z"),
            next: Some(at("2026-01-01T23:30:00Z")),
            after_next: None,
        };
        let berlin = TimeZone::find("Europe/Berlin").unwrap();
        let check = |name: &str, expect: &str| {
            let date = CalculatedDate::find(name).unwrap();
            let got = date.evaluate(&times, berlin, Weekday::Mon);
            assert_eq!(got.map(|at| at.to_string()).unwrap_or_default(), expect, "{name}");
        };
        check("StartOfCurrentDay", "2026-01-01 00:00:00");
        check("EndOfCurrentDay", "2026-01-01 23:59:59");
        check("StartOfPreviousDay", "2025-12-31 00:00:00");
        check("EndOfNextDay", "2026-01-02 23:59:59");
        check("StartOfCurrentWeek", "2025-12-29 00:00:00");
        check("EndOfPreviousWeek", "2025-12-28 23:59:59");
        check("StartOfPreviousMonth", "2025-12-01 00:00:00");
        check("EndOfNextMonth", "2026-02-28 23:59:59");
        check("StartOfPreviousQuarter", "2025-10-01 00:00:00");
        check("EndOfCurrentQuarter", "2026-03-31 23:59:59");
        check("StartOfCurrentYear", "2026-01-01 00:00:00");
        check("EndOfPreviousYear", "2025-12-31 23:59:59");
        check("StartOfPreviousTask", "2025-12-31 00:30:00");
        check("EndOfPreviousTask", "2026-01-01 00:30:00");
        check("StartOfCurrentTask", "2026-01-01 00:30:00");
        check("EndOfCurrentTask", "2026-01-02 00:30:00");
        check("StartOfNextTask", "2026-01-02 00:30:00");
        check("EndOfNextTask", "");
    }

    #[test]
    fn weeks_begin_where_they_are_told_to() {
        let times = TaskTimes {
            previous: None,
            current: at("2026-03-04T12:00:00Z"),
            next: None,
            after_next: None,
        };
        let week = CalculatedDate::find("StartOfCurrentWeek").unwrap();
        let start = |day| week.evaluate(&times, TimeZone::UTC, day).unwrap().date().to_string();
        assert_eq!(start(Weekday::Mon), "2026-03-02");
        assert_eq!(start(Weekday::Sun), "2026-03-01");
        assert_eq!(start(Weekday::Wed), "2026-03-04");
    }
}
