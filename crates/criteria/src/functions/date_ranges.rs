//! Dates as seen from today: the starts of days, weeks, months and years, and whether a date lies
//! between two of them.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use pressroom_data::Value;

use super::{Args, Row, row};
use crate::calendar::first_day_of_week;
use crate::error::EvalError;

type Result<T = Value> = std::result::Result<T, EvalError>;

/// A day that is counted from today.
#[derive(Clone, Copy)]
enum Mark {
    /// So many days from today.
    Day(i64),
    /// The first day of the week so many weeks from this one.
    Week(i64),
    /// The first day of the month so many months from this one.
    Month(i32),
    /// The first day of the year so many years from this one.
    Year(i32),
    /// The same day of the month so many years from now.
    SameDay(i32),
}

use Mark::{Day, Month, SameDay, Week, Year};

/// A function that gives a mark.
macro_rules! mark {
    ($signature:literal, $doc:literal, $example:literal, $result:literal, $mark:expr) => {
        row($signature, $doc, $example, $result, |args| at(args, $mark)).asks_environment()
    };
}

/// A function that tests whether a date is at or after one mark and before another.
macro_rules! range {
    ($signature:literal, $doc:literal, $example:literal, $result:literal, $from:expr, $to:expr) => {
        row($signature, $doc, $example, $result, |args| within(args, $from, $to)).asks_environment()
    };
}

/// A function that tests for a month of any year.
macro_rules! month {
    ($signature:literal, $doc:literal, $example:literal, $result:literal, $month:literal) => {
        row($signature, $doc, $example, $result, |args| {
            Ok((args.moment(0)?.month() == $month).into())
        })
    };
}

/// A function that tests for a part of the day, in minutes from midnight.
macro_rules! hours {
    ($signature:literal, $doc:literal, $example:literal, $result:literal, $from:literal, $to:literal) => {
        row($signature, $doc, $example, $result, |args| hours(args, $from, $to))
    };
}

pub(super) const ROWS: &[Row] = &[
    mark!(
        "LocalDateTimeDayAfterTomorrow() -> Date",
        "The day after tomorrow.",
        "LocalDateTimeDayAfterTomorrow()",
        "#2026-11-26#",
        Day(2)
    ),
    mark!(
        "LocalDateTimeLastMonth() -> Date",
        "The first day of the previous month.",
        "LocalDateTimeLastMonth()",
        "#2026-10-01#",
        Month(-1)
    ),
    mark!(
        "LocalDateTimeLastWeek() -> Date",
        "The first day of the previous week.",
        "LocalDateTimeLastWeek()",
        "#2026-11-15#",
        Week(-1)
    ),
    mark!(
        "LocalDateTimeLastYear() -> Date",
        "The first day of the previous year.",
        "LocalDateTimeLastYear()",
        "#2025-01-01#",
        Year(-1)
    ),
    mark!(
        "LocalDateTimeNextMonth() -> Date",
        "The first day of the next month.",
        "LocalDateTimeNextMonth()",
        "#2026-12-01#",
        Month(1)
    ),
    mark!(
        "LocalDateTimeNextWeek() -> Date",
        "The first day of the next week.",
        "LocalDateTimeNextWeek()",
        "#2026-11-29#",
        Week(1)
    ),
    mark!(
        "LocalDateTimeNextYear() -> Date",
        "The first day of the next year.",
        "LocalDateTimeNextYear()",
        "#2027-01-01#",
        Year(1)
    ),
    row(
        "LocalDateTimeNow() -> Date",
        "The date and time of day.",
        "LocalDateTimeNow()",
        "#2026-11-24 10:30:00#",
        |args| Ok(args.scope.now().into()),
    )
    .asks_environment(),
    mark!(
        "LocalDateTimeThisMonth() -> Date",
        "The first day of this month.",
        "LocalDateTimeThisMonth()",
        "#2026-11-01#",
        Month(0)
    ),
    mark!(
        "LocalDateTimeThisWeek() -> Date",
        "The first day of this week, as the culture begins it.",
        "LocalDateTimeThisWeek()",
        "#2026-11-22#",
        Week(0)
    ),
    mark!(
        "LocalDateTimeThisYear() -> Date",
        "The first day of this year.",
        "LocalDateTimeThisYear()",
        "#2026-01-01#",
        Year(0)
    ),
    mark!("LocalDateTimeToday() -> Date", "Today.", "LocalDateTimeToday()", "#2026-11-24#", Day(0)),
    mark!(
        "LocalDateTimeTomorrow() -> Date",
        "Tomorrow.",
        "LocalDateTimeTomorrow()",
        "#2026-11-25#",
        Day(1)
    ),
    mark!(
        "LocalDateTimeTwoMonthsAway() -> Date",
        "The first day of the month after the next.",
        "LocalDateTimeTwoMonthsAway()",
        "#2027-01-01#",
        Month(2)
    ),
    mark!(
        "LocalDateTimeTwoWeeksAway() -> Date",
        "The first day of the week after the next.",
        "LocalDateTimeTwoWeeksAway()",
        "#2026-12-06#",
        Week(2)
    ),
    mark!(
        "LocalDateTimeTwoYearsAway() -> Date",
        "The first day of the year after the next.",
        "LocalDateTimeTwoYearsAway()",
        "#2028-01-01#",
        Year(2)
    ),
    mark!(
        "LocalDateTimeYearBeforeToday() -> Date",
        "The same day one year ago.",
        "LocalDateTimeYearBeforeToday()",
        "#2025-11-24#",
        SameDay(-1)
    ),
    mark!(
        "LocalDateTimeYesterday() -> Date",
        "Yesterday.",
        "LocalDateTimeYesterday()",
        "#2026-11-23#",
        Day(-1)
    ),
    range!(
        "IsToday(date: Date) -> Bool",
        "Whether the date is today.",
        "IsToday(Now())",
        "True",
        Day(0),
        Day(1)
    ),
    range!(
        "IsYesterday(date: Date) -> Bool",
        "Whether it is yesterday.",
        "IsYesterday(#2026-11-23 18:00:00#)",
        "True",
        Day(-1),
        Day(0)
    ),
    range!(
        "IsTomorrow(date: Date) -> Bool",
        "Whether it is tomorrow.",
        "IsTomorrow(#2026-11-25#)",
        "True",
        Day(1),
        Day(2)
    ),
    range!(
        "IsThisWeek(date: Date) -> Bool",
        "Whether it is in this week.",
        "IsThisWeek(#2026-11-22#)",
        "True",
        Week(0),
        Week(1)
    ),
    range!(
        "IsLastWeek(date: Date) -> Bool",
        "Whether it is in the previous week.",
        "IsLastWeek([Ordered])",
        "True",
        Week(-1),
        Week(0)
    ),
    range!(
        "IsNextWeek(date: Date) -> Bool",
        "Whether it is in the next week.",
        "IsNextWeek(#2026-11-29#)",
        "True",
        Week(1),
        Week(2)
    ),
    range!(
        "IsThisMonth(date: Date) -> Bool",
        "Whether it is in this month.",
        "IsThisMonth([Ordered])",
        "True",
        Month(0),
        Month(1)
    ),
    range!(
        "IsLastMonth(date: Date) -> Bool",
        "Whether it is in the previous month.",
        "IsLastMonth([Ordered])",
        "False",
        Month(-1),
        Month(0)
    ),
    range!(
        "IsPriorMonth(date: Date) -> Bool",
        "The same.",
        "IsPriorMonth(#2026-10-31#)",
        "True",
        Month(-1),
        Month(0)
    ),
    range!(
        "IsNextMonth(date: Date) -> Bool",
        "Whether it is in the next month.",
        "IsNextMonth(#2026-12-24#)",
        "True",
        Month(1),
        Month(2)
    ),
    range!(
        "IsThisYear(date: Date) -> Bool",
        "Whether it is in this year.",
        "IsThisYear([Ordered])",
        "True",
        Year(0),
        Year(1)
    ),
    range!(
        "IsLastYear(date: Date) -> Bool",
        "Whether it is in the previous year.",
        "IsLastYear(#2025-12-31#)",
        "True",
        Year(-1),
        Year(0)
    ),
    range!(
        "IsNextYear(date: Date) -> Bool",
        "Whether it is in the next year.",
        "IsNextYear(#2027-01-01#)",
        "True",
        Year(1),
        Year(2)
    ),
    range!(
        "IsYearToDate(date: Date) -> Bool",
        "Whether it is in this year and not after today.",
        "IsYearToDate([Ordered])",
        "True",
        Year(0),
        Day(1)
    ),
    range!(
        "IsOutlookIntervalToday(date: Date) -> Bool",
        "Whether it is today.",
        "IsOutlookIntervalToday(#2026-11-24#)",
        "True",
        Day(0),
        Day(1)
    ),
    range!(
        "IsOutlookIntervalTomorrow(date: Date) -> Bool",
        "Whether it is tomorrow.",
        "IsOutlookIntervalTomorrow(#2026-11-25#)",
        "True",
        Day(1),
        Day(2)
    ),
    range!(
        "IsOutlookIntervalYesterday(date: Date) -> Bool",
        "Whether it is yesterday.",
        "IsOutlookIntervalYesterday(#2026-11-23#)",
        "True",
        Day(-1),
        Day(0)
    ),
    range!(
        "IsOutlookIntervalEarlierThisWeek(date: Date) -> Bool",
        "Whether it is in this week, before yesterday.",
        "IsOutlookIntervalEarlierThisWeek(#2026-11-22#)",
        "True",
        Week(0),
        Day(-1)
    ),
    range!(
        "IsOutlookIntervalLaterThisWeek(date: Date) -> Bool",
        "Whether it is in this week, after tomorrow.",
        "IsOutlookIntervalLaterThisWeek(#2026-11-28#)",
        "True",
        Day(2),
        Week(1)
    ),
    range!(
        "IsOutlookIntervalLastWeek(date: Date) -> Bool",
        "Whether it is in the previous week.",
        "IsOutlookIntervalLastWeek([Ordered])",
        "True",
        Week(-1),
        Week(0)
    ),
    range!(
        "IsOutlookIntervalNextWeek(date: Date) -> Bool",
        "Whether it is in the next week.",
        "IsOutlookIntervalNextWeek(#2026-11-30#)",
        "True",
        Week(1),
        Week(2)
    ),
    range!(
        "IsOutlookIntervalEarlierThisMonth(date: Date) -> Bool",
        "Whether it is in this month, before the previous week.",
        "IsOutlookIntervalEarlierThisMonth(#2026-11-03#)",
        "True",
        Month(0),
        Week(-1)
    ),
    range!(
        "IsOutlookIntervalLaterThisMonth(date: Date) -> Bool",
        "Whether it is in this month, after the next week.",
        "IsOutlookIntervalLaterThisMonth(#2026-11-30#)",
        "False",
        Week(2),
        Month(1)
    ),
    range!(
        "IsOutlookIntervalEarlierThisYear(date: Date) -> Bool",
        "Whether it is in this year, before this month.",
        "IsOutlookIntervalEarlierThisYear(#2026-03-01#)",
        "True",
        Year(0),
        Month(0)
    ),
    range!(
        "IsOutlookIntervalLaterThisYear(date: Date) -> Bool",
        "Whether it is in this year, after this month.",
        "IsOutlookIntervalLaterThisYear(#2026-12-31#)",
        "True",
        Month(1),
        Year(1)
    ),
    row(
        "IsOutlookIntervalPriorThisYear(date: Date) -> Bool",
        "Whether it is before this year.",
        "IsOutlookIntervalPriorThisYear(#2025-12-31#)",
        "True",
        |args| Ok((args.moment(0)? < moment(args, Year(0))?).into()),
    )
    .asks_environment(),
    row(
        "IsOutlookIntervalBeyondThisYear(date: Date) -> Bool",
        "Whether it is after this year.",
        "IsOutlookIntervalBeyondThisYear(#2027-01-01#)",
        "True",
        |args| Ok((args.moment(0)? >= moment(args, Year(1))?).into()),
    )
    .asks_environment(),
    month!(
        "IsJanuary(date: Date) -> Bool",
        "Whether it is in a January.",
        "IsJanuary(#2026-01-31#)",
        "True",
        1
    ),
    month!(
        "IsFebruary(date: Date) -> Bool",
        "Whether it is in a February.",
        "IsFebruary([Ordered])",
        "False",
        2
    ),
    month!(
        "IsMarch(date: Date) -> Bool",
        "Whether it is in a March.",
        "IsMarch(#2026-03-01#)",
        "True",
        3
    ),
    month!(
        "IsApril(date: Date) -> Bool",
        "Whether it is in an April.",
        "IsApril(#2026-04-01#)",
        "True",
        4
    ),
    month!(
        "IsMay(date: Date) -> Bool",
        "Whether it is in a May.",
        "IsMay(#2026-05-01#)",
        "True",
        5
    ),
    month!(
        "IsJune(date: Date) -> Bool",
        "Whether it is in a June.",
        "IsJune(#2026-06-01#)",
        "True",
        6
    ),
    month!(
        "IsJuly(date: Date) -> Bool",
        "Whether it is in a July.",
        "IsJuly(#2026-07-01#)",
        "True",
        7
    ),
    month!(
        "IsAugust(date: Date) -> Bool",
        "Whether it is in an August.",
        "IsAugust(#2026-08-01#)",
        "True",
        8
    ),
    month!(
        "IsSeptember(date: Date) -> Bool",
        "Whether it is in a September.",
        "IsSeptember(#2026-09-01#)",
        "True",
        9
    ),
    month!(
        "IsOctober(date: Date) -> Bool",
        "Whether it is in an October.",
        "IsOctober(#2026-10-01#)",
        "True",
        10
    ),
    month!(
        "IsNovember(date: Date) -> Bool",
        "Whether it is in a November.",
        "IsNovember([Ordered])",
        "True",
        11
    ),
    month!(
        "IsDecember(date: Date) -> Bool",
        "Whether it is in a December.",
        "IsDecember([Ordered])",
        "False",
        12
    ),
    hours!(
        "BeforeMidday(time: Span) -> Bool",
        "Whether the time of day is before 12:00.",
        "BeforeMidday([Ordered])",
        "True",
        0,
        720
    ),
    hours!(
        "AfterMidday(time: Span) -> Bool",
        "Whether it is 12:00 or later.",
        "AfterMidday([Ordered])",
        "False",
        720,
        1440
    ),
    hours!(
        "IsMorning(time: Span) -> Bool",
        "Whether it is from 6:00 to before 12:00.",
        "IsMorning([Ordered])",
        "True",
        360,
        720
    ),
    hours!(
        "IsAfternoon(time: Span) -> Bool",
        "Whether it is from 12:00 to before 18:00.",
        "IsAfternoon(#17:59:00#)",
        "True",
        720,
        1080
    ),
    hours!(
        "IsEvening(time: Span) -> Bool",
        "Whether it is from 18:00 to before 21:00.",
        "IsEvening(#18:00:00#)",
        "True",
        1080,
        1260
    ),
    hours!(
        "IsNight(time: Span) -> Bool",
        "Whether it is 21:00 or later, or before 9:00.",
        "IsNight(#02:00:00#)",
        "True",
        1260,
        540
    ),
    hours!(
        "IsLunchTime(time: Span) -> Bool",
        "Whether it is from 13:00 to before 14:00.",
        "IsLunchTime(#13:30:00#)",
        "True",
        780,
        840
    ),
    hours!(
        "IsWorkTime(time: Span) -> Bool",
        "Whether it is from 9:00 to before 18:00.",
        "IsWorkTime([Ordered])",
        "True",
        540,
        1080
    ),
    hours!(
        "IsFreeTime(time: Span) -> Bool",
        "Whether it is not from 9:00 to before 18:00.",
        "IsFreeTime(#20:00:00#)",
        "True",
        1080,
        540
    ),
    row(
        "IsThisHour(time: Span) -> Bool",
        "Whether it is in this hour of the clock.",
        "IsThisHour(#10:59:00#)",
        "True",
        |args| hour(args, 0),
    )
    .asks_environment(),
    row(
        "IsLastHour(time: Span) -> Bool",
        "Whether it is in the hour before.",
        "IsLastHour([Ordered])",
        "True",
        |args| hour(args, -1),
    )
    .asks_environment(),
    row(
        "IsNextHour(time: Span) -> Bool",
        "Whether it is in the hour after.",
        "IsNextHour(#11:00:00#)",
        "True",
        |args| hour(args, 1),
    )
    .asks_environment(),
];

fn at(args: &Args<'_>, mark: Mark) -> Result {
    moment(args, mark).map(Value::DateTime)
}

fn within(args: &Args<'_>, from: Mark, to: Mark) -> Result {
    let date = args.moment(0)?;
    Ok((date >= moment(args, from)? && date < moment(args, to)?).into())
}

fn moment(args: &Args<'_>, mark: Mark) -> Result<NaiveDateTime> {
    day(args.scope.now().date(), mark, first_day_of_week(args.culture()))
        .map(|day| day.and_time(NaiveTime::MIN))
        .ok_or_else(|| args.out_of_range())
}

fn day(today: NaiveDate, mark: Mark, first: Weekday) -> Option<NaiveDate> {
    match mark {
        Day(days) => today.checked_add_signed(TimeDelta::days(days)),
        Week(weeks) => start_of_week(today, first)?.checked_add_signed(TimeDelta::weeks(weeks)),
        Month(months) => add_months(today.with_day(1)?, months),
        Year(years) => add_months(today.with_ordinal(1)?, years * 12),
        SameDay(years) => add_months(today, years * 12),
    }
}

fn add_months(date: NaiveDate, months: i32) -> Option<NaiveDate> {
    let by = Months::new(months.unsigned_abs());
    if months < 0 { date.checked_sub_months(by) } else { date.checked_add_months(by) }
}

/// The first day of the week of a date.
pub(super) fn start_of_week(date: NaiveDate, first: Weekday) -> Option<NaiveDate> {
    date.checked_sub_days(Days::new(date.weekday().days_since(first).into()))
}

/// Whether the time of day is at least `from` and before `to`, which may be past midnight.
fn hours(args: &Args<'_>, from: i64, to: i64) -> Result {
    let minute = args.span(0)?.num_minutes().rem_euclid(24 * 60);
    let is_in =
        if from <= to { minute >= from && minute < to } else { minute >= from || minute < to };
    Ok(is_in.into())
}

fn hour(args: &Args<'_>, offset: i64) -> Result {
    let now = (args.scope.now().time() - NaiveTime::MIN).num_hours();
    Ok((args.span(0)?.num_hours().rem_euclid(24) == (now + offset).rem_euclid(24)).into())
}
