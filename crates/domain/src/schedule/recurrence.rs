//! Recurrence rules as RFC 5545 (3.3.10) writes them.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Weekday};

/// How often something comes due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Frequency {
    /// By seconds.
    Secondly,
    /// By minutes.
    Minutely,
    /// By hours.
    Hourly,
    /// By days.
    Daily,
    /// By weeks.
    Weekly,
    /// By months.
    Monthly,
    /// By years.
    Yearly,
}

impl Frequency {
    const ALL: [(&'static str, Self); 7] = [
        ("SECONDLY", Self::Secondly),
        ("MINUTELY", Self::Minutely),
        ("HOURLY", Self::Hourly),
        ("DAILY", Self::Daily),
        ("WEEKLY", Self::Weekly),
        ("MONTHLY", Self::Monthly),
        ("YEARLY", Self::Yearly),
    ];
}

/// When a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Never,
    /// After so many times.
    Count(u32),
    /// With the last time until this moment of universal time.
    UntilUtc(NaiveDateTime),
    /// With the last time until this moment of the zone.
    UntilLocal(NaiveDateTime),
}

/// A day of the week, or the nth one of a month or year; from the end where n is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) nth: Option<i16>,
    pub(super) weekday: Weekday,
}

/// A recurrence rule, such as `FREQ=WEEKLY;BYDAY=MO,FR;BYHOUR=7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    pub(super) frequency: Frequency,
    pub(super) interval: u16,
    pub(super) end: End,
    pub(super) seconds: BTreeSet<u8>,
    pub(super) minutes: BTreeSet<u8>,
    pub(super) hours: BTreeSet<u8>,
    pub(super) days: Vec<Day>,
    pub(super) month_days: BTreeSet<i8>,
    pub(super) year_days: BTreeSet<i16>,
    pub(super) week_numbers: BTreeSet<i8>,
    pub(super) months: BTreeSet<u8>,
    pub(super) positions: BTreeSet<i16>,
    pub(super) week_start: Weekday,
    text: String,
}

/// A text that is no recurrence rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRecurrence {
    /// It is longer than any rule needs to be.
    #[error("has {length} characters; at most {} fit", Recurrence::LONGEST)]
    TooLong {
        /// Its characters.
        length: usize,
    },
    /// A part has no value, or is on a line of its own.
    #[error(
        "\"{part}\" is no part of a recurrence rule; write NAME=VALUE, divided by semicolons, such as FREQ=WEEKLY;BYDAY=MO"
    )]
    Part {
        /// The part.
        part: String,
    },
    /// A part has a name that is not known.
    #[error(
        "{name} is not known; FREQ, INTERVAL, COUNT, UNTIL, WKST and BYSECOND, BYMINUTE, BYHOUR, BYDAY, BYMONTHDAY, BYYEARDAY, BYWEEKNO, BYMONTH, BYSETPOS are"
    )]
    Unknown {
        /// The name.
        name: String,
    },
    /// A part stands twice.
    #[error("{name} stands twice")]
    Twice {
        /// Its name.
        name: String,
    },
    /// There is no frequency.
    #[error("FREQ is missing, such as FREQ=DAILY")]
    NoFrequency,
    /// A value is not one that its part takes.
    #[error("{name} takes {expected}, not \"{value}\"")]
    Value {
        /// The part's name.
        name: &'static str,
        /// The value.
        value: String,
        /// What it takes.
        expected: &'static str,
    },
    /// Parts do not go with each other.
    #[error("{0}")]
    Together(&'static str),
    /// No moment ever fits.
    #[error("no day and time fit this rule, so it never comes due")]
    Never,
}

impl Recurrence {
    /// The most characters.
    pub const LONGEST: usize = 1_000;
    /// The most times that a COUNT takes.
    pub const MOST_TIMES: u32 = 100_000;
    /// The most times in one day of rules by days and longer.
    const MOST_TIMES_OF_DAY: usize = 1_440;

    /// The rule of a text, with or without `RRULE:` before it.
    ///
    /// # Errors
    /// [`InvalidRecurrence`].
    pub fn parse(text: &str) -> Result<Self, InvalidRecurrence> {
        let text = text.trim();
        let length = text.chars().count();
        if length > Self::LONGEST {
            return Err(InvalidRecurrence::TooLong { length });
        }
        let mut rule = Self {
            frequency: Frequency::Daily,
            interval: 1,
            end: End::Never,
            seconds: BTreeSet::new(),
            minutes: BTreeSet::new(),
            hours: BTreeSet::new(),
            days: Vec::new(),
            month_days: BTreeSet::new(),
            year_days: BTreeSet::new(),
            week_numbers: BTreeSet::new(),
            months: BTreeSet::new(),
            positions: BTreeSet::new(),
            week_start: Weekday::Mon,
            text: text.to_owned(),
        };
        let mut seen = BTreeSet::new();
        for part in parts(text) {
            let wrong = || InvalidRecurrence::Part { part: part.to_owned() };
            let (name, value) = part.split_once('=').ok_or_else(wrong)?;
            let name = name.trim().to_ascii_uppercase();
            rule.take(&name, value.trim())?;
            if !seen.insert(name.clone()) {
                return Err(InvalidRecurrence::Twice { name });
            }
        }
        if !seen.contains("FREQ") {
            return Err(InvalidRecurrence::NoFrequency);
        }
        rule.check(&seen)?;
        Ok(rule)
    }

    /// The text, as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How often it comes due.
    #[must_use]
    pub fn frequency(&self) -> Frequency {
        self.frequency
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), InvalidRecurrence> {
        match name {
            "FREQ" => {
                let named = |(known, _): &&(&str, _)| value.eq_ignore_ascii_case(known);
                let expected = "SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY";
                let found = Frequency::ALL.iter().find(named);
                self.frequency = found.ok_or_else(|| wrong("FREQ", value, expected))?.1;
            }
            "INTERVAL" => {
                self.interval = number("INTERVAL", value, 1, 32_000, "1 to 32000")?;
            }
            "COUNT" => {
                let count = number("COUNT", value, 1, i64::from(Self::MOST_TIMES), "1 to 100000")?;
                self.end(End::Count(count))?;
            }
            "UNTIL" => self.end(until(value)?)?,
            "WKST" => {
                self.week_start = weekday(value).ok_or_else(|| wrong("WKST", value, DAYS))?;
            }
            "BYSECOND" => self.seconds = numbers("BYSECOND", value, 0, 59, "0 to 59")?,
            "BYMINUTE" => self.minutes = numbers("BYMINUTE", value, 0, 59, "0 to 59")?,
            "BYHOUR" => self.hours = numbers("BYHOUR", value, 0, 23, "0 to 23")?,
            "BYMONTH" => self.months = numbers("BYMONTH", value, 1, 12, "1 to 12")?,
            "BYMONTHDAY" => {
                self.month_days = around("BYMONTHDAY", value, 31, "1 to 31 or -31 to -1")?;
            }
            "BYYEARDAY" => {
                self.year_days = around("BYYEARDAY", value, 366, "1 to 366 or -366 to -1")?;
            }
            "BYWEEKNO" => {
                self.week_numbers = around("BYWEEKNO", value, 53, "1 to 53 or -53 to -1")?;
            }
            "BYSETPOS" => {
                self.positions = around("BYSETPOS", value, 366, "1 to 366 or -366 to -1")?;
            }
            "BYDAY" => {
                for text in value.split(',') {
                    let day = day(text.trim()).ok_or_else(|| wrong("BYDAY", text, DAYS))?;
                    if !self.days.contains(&day) {
                        self.days.push(day);
                    }
                }
            }
            other => return Err(InvalidRecurrence::Unknown { name: other.to_owned() }),
        }
        Ok(())
    }

    fn end(&mut self, end: End) -> Result<(), InvalidRecurrence> {
        if self.end != End::Never {
            return Err(InvalidRecurrence::Together("COUNT and UNTIL exclude each other"));
        }
        self.end = end;
        Ok(())
    }

    /// What RFC 5545 says about parts that do not go together, and the bounds of this server.
    fn check(&self, seen: &BTreeSet<String>) -> Result<(), InvalidRecurrence> {
        use Frequency::{Daily, Monthly, Weekly, Yearly};
        let frequency = self.frequency;
        let nth = self.days.iter().any(|day| day.nth.is_some());
        let by = seen.iter().filter(|name| name.starts_with("BY")).count();
        let times = [&self.hours, &self.minutes, &self.seconds];
        let times_of_day: usize = times.map(|set| set.len().max(1)).iter().product();
        let rules = [
            (
                !self.month_days.is_empty() && frequency == Weekly,
                "BYMONTHDAY does not go with FREQ=WEEKLY",
            ),
            (
                !self.year_days.is_empty() && matches!(frequency, Daily | Weekly | Monthly),
                "BYYEARDAY does not go with FREQ=DAILY, WEEKLY and MONTHLY",
            ),
            (
                !self.week_numbers.is_empty() && frequency != Yearly,
                "BYWEEKNO goes with FREQ=YEARLY only",
            ),
            (
                nth && !matches!(frequency, Monthly | Yearly),
                "BYDAY with a number, such as 2MO, goes with FREQ=MONTHLY and YEARLY only",
            ),
            (
                nth && !self.week_numbers.is_empty(),
                "BYDAY with a number, such as 2MO, does not go with BYWEEKNO",
            ),
            (
                !self.positions.is_empty() && by < 2,
                "BYSETPOS chooses among what another part gives, such as BYDAY",
            ),
            (
                !self.positions.is_empty() && (frequency < Daily || times_of_day > 1),
                "BYSETPOS chooses among days here: it goes with FREQ=DAILY and longer, and with one time of day",
            ),
            (
                frequency >= Daily && times_of_day > Self::MOST_TIMES_OF_DAY,
                "BYHOUR, BYMINUTE and BYSECOND give more than 1440 times a day; use FREQ=MINUTELY or FREQ=SECONDLY",
            ),
        ];
        let broken = rules.iter().find(|(broken, _)| *broken);
        broken.map_or(Ok(()), |(_, message)| Err(InvalidRecurrence::Together(message)))
    }
}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The parts of a rule, without `RRULE:` and without an empty last one.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let prefix = text.get(..6).filter(|prefix| prefix.eq_ignore_ascii_case("RRULE:"));
    let text = if prefix.is_some() { &text[6..] } else { text };
    text.trim_end_matches(';').split(';').map(str::trim)
}

const DAYS: &str = "days such as MO, TU, WE, TH, FR, SA, SU, or 2MO and -1FR";

fn wrong(name: &'static str, value: &str, expected: &'static str) -> InvalidRecurrence {
    InvalidRecurrence::Value { name, value: value.to_owned(), expected }
}

fn number<T: TryFrom<i64>>(
    name: &'static str,
    value: &str,
    least: i64,
    most: i64,
    expected: &'static str,
) -> Result<T, InvalidRecurrence> {
    let number = value.trim().parse().ok().filter(|number| (least..=most).contains(number));
    number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| wrong(name, value, expected))
}

fn numbers<T: TryFrom<i64> + Ord>(
    name: &'static str,
    value: &str,
    least: i64,
    most: i64,
    expected: &'static str,
) -> Result<BTreeSet<T>, InvalidRecurrence> {
    value.split(',').map(|text| number(name, text, least, most, expected)).collect()
}

/// Numbers that count from the start, or from the end where they are negative.
fn around<T: TryFrom<i64> + Ord + Default>(
    name: &'static str,
    value: &str,
    most: i64,
    expected: &'static str,
) -> Result<BTreeSet<T>, InvalidRecurrence> {
    let numbers = numbers(name, value, -most, most, expected)?;
    if numbers.contains(&T::default()) { Err(wrong(name, value, expected)) } else { Ok(numbers) }
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match &*text.to_ascii_uppercase() {
        "MO" => Weekday::Mon,
        "TU" => Weekday::Tue,
        "WE" => Weekday::Wed,
        "TH" => Weekday::Thu,
        "FR" => Weekday::Fri,
        "SA" => Weekday::Sat,
        "SU" => Weekday::Sun,
        _ => return None,
    })
}

fn day(text: &str) -> Option<Day> {
    let (nth, weekday_text) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let weekday = weekday(weekday_text)?;
    let nth = match nth {
        "" => None,
        nth => Some(nth.parse().ok().filter(|nth: &i16| *nth != 0 && (-53..=53).contains(nth))?),
    };
    Some(Day { nth, weekday })
}

fn until(value: &str) -> Result<End, InvalidRecurrence> {
    const EXPECTED: &str = "a date or a time such as 20261231 or 20261231T235959Z";
    let fail = || wrong("UNTIL", value, EXPECTED);
    let (text, utc) = match value.strip_suffix(['Z', 'z']) {
        Some(text) => (text, true),
        None => (value, false),
    };
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(date, 8) || !time.is_none_or(|time| digits(time, 6)) {
        return Err(fail());
    }
    let date = NaiveDate::parse_from_str(date, "%Y%m%d").map_err(|_| fail())?;
    Ok(match time {
        Some(time) => {
            let at = date.and_time(NaiveTime::parse_from_str(time, "%H%M%S").map_err(|_| fail())?);
            if utc { End::UntilUtc(at) } else { End::UntilLocal(at) }
        }
        // A day counts to its end, wherever that is.
        None => End::UntilLocal(date.and_hms_opt(23, 59, 59).ok_or_else(fail)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let got = Recurrence::parse(text).map_err(|error| error.to_string());
        match (got, expect) {
            (Ok(rule), "") => assert_eq!(rule.as_str(), text.trim()),
            (Ok(_), _) => panic!("{text} is taken"),
            (Err(error), "") => panic!("{text}: {error}"),
            (Err(error), expect) => assert!(error.contains(expect), "{text}: {error}"),
        }
    }

    #[test]
    fn rules_are_read() {
        for text in [
            "FREQ=DAILY",
            "RRULE:FREQ=DAILY;INTERVAL=2",
            "rrule:freq=weekly;byday=mo,fr;",
            "FREQ=MONTHLY;BYDAY=-1FR,2MO;BYHOUR=7;BYMINUTE=0,30",
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;WKST=SU",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=MINUTELY;INTERVAL=5;COUNT=10",
            " FREQ=DAILY ; UNTIL=20261231T235959Z ",
            "FREQ=DAILY;UNTIL=20261231",
        ] {
            check(text, "");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, expect) in [
            ("DAILY", "\"DAILY\" is no part of a recurrence rule"),
            ("INTERVAL=2", "FREQ is missing"),
            ("FREQ=FORTNIGHTLY", "FREQ takes SECONDLY"),
            ("FREQ=DAILY;FREQ=DAILY", "FREQ stands twice"),
            ("FREQ=DAILY;BYEASTER=1", "BYEASTER is not known"),
            ("FREQ=DAILY;INTERVAL=0", "INTERVAL takes 1 to 32000, not \"0\""),
            ("FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL takes"),
            ("FREQ=DAILY;COUNT=1000000", "COUNT takes 1 to 100000"),
            ("FREQ=DAILY;COUNT=1;UNTIL=20261231", "exclude each other"),
            ("FREQ=DAILY;UNTIL=2026-12-31", "UNTIL takes a date"),
            ("FREQ=DAILY;UNTIL=20261331", "UNTIL takes a date"),
            ("FREQ=DAILY;BYHOUR=24", "BYHOUR takes 0 to 23, not \"24\""),
            ("FREQ=DAILY;BYHOUR=", "BYHOUR takes 0 to 23"),
            ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY takes 1 to 31"),
            ("FREQ=WEEKLY;BYDAY=XX", "BYDAY takes days such as MO"),
            ("FREQ=WEEKLY;BYDAY=é", "BYDAY takes days such as MO"),
            ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY with a number"),
            ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY does not go"),
            ("FREQ=DAILY;BYYEARDAY=1", "BYYEARDAY does not go"),
            ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO goes"),
            ("FREQ=DAILY;BYSETPOS=1", "BYSETPOS chooses among what"),
            ("FREQ=HOURLY;BYMINUTE=1,2;BYSETPOS=1", "BYSETPOS chooses among days"),
            ("FREQ=DAILY\nEXDATE=20260101", "FREQ takes"),
            ("", "is no part"),
        ] {
            check(text, expect);
        }
        check(&format!("FREQ=DAILY;X={}", "9".repeat(100_000)), "at most 1000 fit");
        let all: Vec<String> = (0..60).map(|number| number.to_string()).collect();
        let all = all.join(",");
        check(&format!("FREQ=DAILY;BYMINUTE={all};BYSECOND={all}"), "more than 1440 times a day");
    }
}
