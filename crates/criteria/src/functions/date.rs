//! Dates and times: making, moving, measuring and taking apart.

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike,
};
use pressroom_data::Value;

use super::date_ranges::start_of_week;
use super::{Args, Row, row};
use crate::calendar::first_day_of_week;
use crate::error::EvalError;

type Result<T = Value> = std::result::Result<T, EvalError>;

pub(super) const ROWS: &[Row] = &[
    row(
        "AddDays(date: Date, days: Number) -> Date",
        "The moment so many days later.",
        "AddDays(#2026-02-27#, 1.5)",
        "#2026-02-28 12:00:00#",
        |args| add(args, DAY),
    ),
    row(
        "AddHours(date: Date, hours: Number) -> Date",
        "The moment so many hours later.",
        "AddHours(#2026-02-28 23:00:00#, 2)",
        "#2026-03-01 01:00:00#",
        |args| add(args, HOUR),
    ),
    row(
        "AddMilliSeconds(date: Date, milliseconds: Number) -> Date",
        "The moment so many milliseconds later.",
        "AddMilliSeconds(#2026-01-01#, 1500)",
        "#2026-01-01 00:00:01.5#",
        |args| add(args, MILLISECOND),
    ),
    row(
        "AddMinutes(date: Date, minutes: Number) -> Date",
        "The moment so many minutes later.",
        "AddMinutes(#2026-01-01#, -1)",
        "#2025-12-31 23:59:00#",
        |args| add(args, MINUTE),
    ),
    row(
        "AddMonths(date: Date, months: Int) -> Date",
        "The moment so many months later; in a shorter month its last day.",
        "AddMonths(#2026-01-31#, 1)",
        "#2026-02-28#",
        |args| add_months(args, 1),
    ),
    row(
        "AddSeconds(date: Date, seconds: Number) -> Date",
        "The moment so many seconds later.",
        "AddSeconds(#2026-01-01#, 90)",
        "#2026-01-01 00:01:30#",
        |args| add(args, SECOND),
    ),
    row(
        "AddTicks(date: Date, ticks: Int) -> Date",
        "The moment so many ticks of 100 nanoseconds later.",
        "AddTicks(#2026-01-01#, 10000000)",
        "#2026-01-01 00:00:01#",
        add_ticks,
    ),
    row(
        "AddTimeSpan(date: Date, time: Span) -> Date",
        "The moment a length of time later.",
        "AddTimeSpan(#2026-01-01#, #1.02:30:00#)",
        "#2026-01-02 02:30:00#",
        |args| shifted(args, Some(args.span(1)?)),
    ),
    row(
        "AddYears(date: Date, years: Int) -> Date",
        "The moment so many years later; February 29 becomes 28 in other years.",
        "AddYears(#2024-02-29#, 1)",
        "#2025-02-28#",
        |args| add_months(args, 12),
    ),
    row(
        "DateDiffDay(from: Date, to: Date) -> Int",
        "How many midnights lie between two moments.",
        "DateDiffDay(#2026-01-01 23:59:00#, #2026-01-02 00:01:00#)",
        "1",
        |args| difference(args, DAY),
    ),
    row(
        "DateDiffHour(from: Date, to: Date) -> Int",
        "How many starts of an hour lie between two moments.",
        "DateDiffHour(#2026-01-01 10:59:00#, #2026-01-01 12:00:00#)",
        "2",
        |args| difference(args, HOUR),
    ),
    row(
        "DateDiffMilliSecond(from: Date, to: Date) -> Int",
        "How many starts of a millisecond lie between two moments.",
        "DateDiffMilliSecond(#2026-01-01#, #2026-01-01 00:00:01#)",
        "1000",
        |args| difference(args, MILLISECOND),
    ),
    row(
        "DateDiffMinute(from: Date, to: Date) -> Int",
        "How many starts of a minute lie between two moments.",
        "DateDiffMinute(#2026-01-01 10:00:59#, #2026-01-01 10:01:00#)",
        "1",
        |args| difference(args, MINUTE),
    ),
    row(
        "DateDiffMonth(from: Date, to: Date) -> Int",
        "How many starts of a month lie between two moments.",
        "DateDiffMonth(#2026-01-31#, #2026-02-01#)",
        "1",
        date_diff_month,
    ),
    row(
        "DateDiffSecond(from: Date, to: Date) -> Int",
        "How many starts of a second lie between two moments.",
        "DateDiffSecond(#2026-01-01#, #2026-01-01 00:01:00#)",
        "60",
        |args| difference(args, SECOND),
    ),
    row(
        "DateDiffTick(from: Date, to: Date) -> Int",
        "How many ticks of 100 nanoseconds lie between two moments.",
        "DateDiffTick(#2026-01-01#, #2026-01-01 00:00:01#)",
        "10000000",
        |args| difference(args, TICK),
    ),
    row(
        "DateDiffYear(from: Date, to: Date) -> Int",
        "How many starts of a year lie between two moments.",
        "DateDiffYear(#2025-12-31#, #2026-01-01#)",
        "1",
        |args| Ok(i64::from(args.moment(1)?.year() - args.moment(0)?.year()).into()),
    ),
    row(
        "DateOnlyFromParts(year: Int, month: Int, day: Int) -> Date",
        "The date of a year, month and day.",
        "DateOnlyFromParts(2026, 11, 24)",
        "#2026-11-24#",
        from_parts,
    ),
    row(
        "DateTimeFromParts(year: Int, month: Int, day: Int, [hour: Int], [minute: Int], \
        [second: Int], [millisecond: Int]) -> Date",
        "The moment of a year, month, day and time of day.",
        "DateTimeFromParts(2026, 11, 24, 10, 30)",
        "#2026-11-24 10:30:00#",
        from_parts,
    ),
    row(
        "TimeOnlyFromParts(hour: Int, minute: Int, [second: Int], [millisecond: Int]) -> Span",
        "A time of day.",
        "TimeOnlyFromParts(10, 30)",
        "#10:30:00#",
        |args| Ok(Value::Span(clock(args, 0)? - NaiveTime::MIN)),
    ),
    row(
        "GetDate(date: Date) -> Date",
        "The day of a moment, without its time.",
        "GetDate([Ordered])",
        "#2026-11-20#",
        |args| truncated(args, |date, _| Some(date.and_time(NaiveTime::MIN))),
    ),
    row(
        "GetDateHour(date: Date) -> Date",
        "The start of the hour.",
        "GetDateHour([Ordered])",
        "#2026-11-20 09:00:00#",
        |args| truncated(args, |date, time| date.and_hms_opt(time.hour(), 0, 0)),
    ),
    row(
        "GetDateHourMinute(date: Date) -> Date",
        "The start of the minute.",
        "GetDateHourMinute(#2026-11-20 09:15:42#)",
        "#2026-11-20 09:15:00#",
        |args| truncated(args, |date, time| date.and_hms_opt(time.hour(), time.minute(), 0)),
    ),
    row(
        "GetDateHourMinuteSecond(date: Date) -> Date",
        "The start of the second.",
        "GetDateHourMinuteSecond(#2026-11-20 09:15:42.7#)",
        "#2026-11-20 09:15:42#",
        |args| {
            truncated(args, |date, time| {
                date.and_hms_opt(time.hour(), time.minute(), time.second())
            })
        },
    ),
    row(
        "GetDateMonthYear(date: Date) -> Date",
        "The first day of the month.",
        "GetDateMonthYear([Ordered])",
        "#2026-11-01#",
        |args| truncated(args, |date, _| date.with_day(1)?.and_hms_opt(0, 0, 0)),
    ),
    row(
        "GetDateQuarterYear(date: Date) -> Date",
        "The first day of the quarter.",
        "GetDateQuarterYear([Ordered])",
        "#2026-10-01#",
        |args| {
            truncated(args, |date, _| {
                date.with_day(1)?.with_month0(date.month0() / 3 * 3)?.and_hms_opt(0, 0, 0)
            })
        },
    ),
    row(
        "GetDateWeekYear(date: Date) -> Date",
        "The first day of the week, as the culture begins it.",
        "GetDateWeekYear([Ordered])",
        "#2026-11-15#",
        date_week_year,
    )
    .asks_environment(),
    row("GetDay(date: Date) -> Int", "The day of the month.", "GetDay([Ordered])", "20", |args| {
        part(args, |moment| moment.day())
    }),
    row(
        "GetDayOfWeek(date: Date) -> Int",
        "The day of the week, where Sunday is 0.",
        "GetDayOfWeek([Ordered])",
        "5",
        |args| part(args, |moment| moment.weekday().num_days_from_sunday()),
    ),
    row(
        "GetDayOfYear(date: Date) -> Int",
        "The day of the year, from 1.",
        "GetDayOfYear(#2026-02-01#)",
        "32",
        |args| part(args, |moment| moment.ordinal()),
    ),
    row(
        "GetHour(date: Date) -> Int",
        "The hour, from 0 to 23.",
        "GetHour([Ordered])",
        "9",
        |args| part(args, |moment| moment.hour()),
    ),
    row(
        "GetMilliSecond(date: Date) -> Int",
        "The milliseconds of the second.",
        "GetMilliSecond(#2026-01-01 00:00:00.25#)",
        "250",
        |args| part(args, |moment| moment.nanosecond() / 1_000_000 % 1000),
    ),
    row(
        "GetMinute(date: Date) -> Int",
        "The minute of the hour.",
        "GetMinute([Ordered])",
        "15",
        |args| part(args, |moment| moment.minute()),
    ),
    row("GetMonth(date: Date) -> Int", "The month, from 1.", "GetMonth([Ordered])", "11", |args| {
        part(args, |moment| moment.month())
    }),
    row(
        "GetQuarter(date: Date) -> Int",
        "The quarter of the year, from 1.",
        "GetQuarter([Ordered])",
        "4",
        |args| part(args, |moment| moment.month0() / 3 + 1),
    ),
    row(
        "GetSecond(date: Date) -> Int",
        "The second of the minute.",
        "GetSecond([Ordered])",
        "0",
        |args| part(args, |moment| moment.second()),
    ),
    row(
        "GetTimeOfDay(date: Date) -> Int",
        "The time of day in ticks of 100 nanoseconds.",
        "GetTimeOfDay(#2026-01-01 00:00:01#)",
        "10000000",
        |args| Ok(ticks(args.moment(0)?.time() - NaiveTime::MIN, TICK).into()),
    ),
    row(
        "GetWeekOfMonth(date: Date) -> Int",
        "The week of the month, from 1, where weeks begin as in the culture.",
        "GetWeekOfMonth([Ordered])",
        "3",
        week_of_month,
    )
    .asks_environment(),
    row(
        "GetWeekOfYear(date: Date) -> Int",
        "The week of the year. Where weeks begin on Monday, by ISO 8601; else the week of \
        January 1 is the first.",
        "GetWeekOfYear([Ordered])",
        "47",
        week_of_year,
    )
    .asks_environment(),
    row("GetYear(date: Date) -> Int", "The year.", "GetYear([Ordered])", "2026", |args| {
        Ok(i64::from(args.moment(0)?.year()).into())
    }),
    row(
        "HasTimePart(date: Date) -> Bool",
        "Whether the moment is not at midnight.",
        "HasTimePart([Ordered])",
        "True",
        |args| Ok((args.moment(0)?.time() != NaiveTime::MIN).into()),
    ),
    row(
        "InDateRange(date: Date, from: Date, to: Date) -> Bool",
        "Whether the moment is at least `from` and before `to`.",
        "InDateRange([Ordered], #2026-11-01#, #2026-12-01#)",
        "True",
        in_date_range,
    ),
    row(
        "InTimeRange(time: Span, from: Span, to: Span) -> Bool",
        "Whether the time of day is at least `from` and before `to`, which may be past midnight.",
        "InTimeRange([Ordered], #22:00:00#, #10:00:00#)",
        "True",
        in_time_range,
    ),
    row(
        "IsSameDay(a: Date, b: Date) -> Bool",
        "Whether both are on one day.",
        "IsSameDay([Ordered], #2026-11-20#)",
        "True",
        |args| same(args, |moment| moment.date()),
    ),
    row(
        "IsSameHour(a: Span, b: Span) -> Bool",
        "Whether both times of day are in one hour of the clock.",
        "IsSameHour([Ordered], #09:59:00#)",
        "True",
        |args| Ok((args.span(0)?.num_hours() == args.span(1)?.num_hours()).into()),
    ),
    row(
        "IsSameMonth(a: Date, b: Date) -> Bool",
        "Whether both are in one month of one year.",
        "IsSameMonth([Ordered], #2026-11-01#)",
        "True",
        |args| same(args, |moment| (moment.year(), moment.month())),
    ),
    row(
        "IsSameTime(a: Span, b: Span) -> Bool",
        "Whether both times of day are in one minute.",
        "IsSameTime([Ordered], #09:15:30#)",
        "True",
        |args| Ok((args.span(0)?.num_minutes() == args.span(1)?.num_minutes()).into()),
    ),
    row(
        "IsSameYear(a: Date, b: Date) -> Bool",
        "Whether both are in one year.",
        "IsSameYear([Ordered], #2025-11-20#)",
        "False",
        |args| same(args, |moment| moment.year()),
    ),
    row("Now() -> Date", "The date and time of day.", "Now()", "#2026-11-24 10:30:00#", |args| {
        Ok(args.scope.now().into())
    })
    .asks_environment(),
    row("Today() -> Date", "The date without a time.", "Today()", "#2026-11-24#", |args| {
        Ok(args.scope.now().date().and_time(NaiveTime::MIN).into())
    })
    .asks_environment(),
    row(
        "UtcNow() -> Date",
        "The date and time of day in coordinated universal time.",
        "UtcNow()",
        "#2026-11-24 09:30:00#",
        |args| Ok(args.scope.utc_now().into()),
    )
    .asks_environment(),
];

const TICK: i64 = 100;
const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MILLISECOND;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The first argument, moved.
fn shifted(args: &Args<'_>, by: Option<TimeDelta>) -> Result {
    by.and_then(|by| args.moment(0).map(|moment| moment.checked_add_signed(by)).transpose())
        .transpose()?
        .filter(|moment| (1..=9999).contains(&moment.year()))
        .map(Value::DateTime)
        .ok_or_else(|| args.out_of_range())
}

/// The first argument, moved by units of so many nanoseconds.
fn add(args: &Args<'_>, unit: i64) -> Result {
    let by = args.double(1)? * unit as f64;
    // Whole microseconds: a double of days is not more exact than that.
    let microseconds = (by / 1_000.0).round();
    let fits = microseconds.abs() < 4e17;
    shifted(args, fits.then(|| TimeDelta::microseconds(microseconds as i64)))
}

fn add_ticks(args: &Args<'_>) -> Result {
    let ticks = args.int(1)?;
    let seconds = TimeDelta::try_seconds(ticks.div_euclid(10_000_000));
    let rest = TimeDelta::nanoseconds(ticks.rem_euclid(10_000_000) * TICK);
    shifted(args, seconds.and_then(|seconds| seconds.checked_add(&rest)))
}

fn add_months(args: &Args<'_>, unit: i64) -> Result {
    let moment = args.moment(0)?;
    let by = args.int(1)?.saturating_mul(unit);
    let months =
        u32::try_from(by.unsigned_abs()).map(Months::new).map_err(|_| args.out_of_range())?;
    let moved =
        if by < 0 { moment.checked_sub_months(months) } else { moment.checked_add_months(months) };
    moved
        .filter(|moment| (1..=9999).contains(&moment.year()))
        .map(Value::DateTime)
        .ok_or_else(|| args.out_of_range())
}

/// Whole units of so many nanoseconds in a length of time, rounded down.
fn ticks(span: TimeDelta, unit: i64) -> i64 {
    let nanoseconds =
        i128::from(span.num_seconds()) * 1_000_000_000 + i128::from(span.subsec_nanos());
    nanoseconds.div_euclid(i128::from(unit)).clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

/// The number of boundaries between units that lie between both arguments.
fn difference(args: &Args<'_>, unit: i64) -> Result {
    // Counted from a midnight, so that days and hours begin where the clock has them.
    let since = |moment: NaiveDateTime| ticks(moment - DateTime::UNIX_EPOCH.naive_utc(), unit);
    Ok(since(args.moment(1)?).saturating_sub(since(args.moment(0)?)).into())
}

fn date_diff_month(args: &Args<'_>) -> Result {
    let months = |moment: NaiveDateTime| i64::from(moment.year()) * 12 + i64::from(moment.month());
    Ok((months(args.moment(1)?) - months(args.moment(0)?)).into())
}

/// An argument as a part of a date or time; 0 if it is not there.
fn given(args: &Args<'_>, index: usize) -> Result<u32> {
    if index >= args.len() {
        return Ok(0);
    }
    u32::try_from(args.int(index)?).map_err(|_| args.out_of_range())
}

/// The hour, minute, second and millisecond from argument `first` on.
fn clock(args: &Args<'_>, first: usize) -> Result<NaiveTime> {
    let [hour, minute, second, milli] = [0, 1, 2, 3].map(|offset| given(args, first + offset));
    let milli = if args.len() > first + 3 { milli? } else { 0 };
    let second = if args.len() > first + 2 { second? } else { 0 };
    NaiveTime::from_hms_milli_opt(hour?, minute?, second, milli).ok_or_else(|| args.out_of_range())
}

fn from_parts(args: &Args<'_>) -> Result {
    let year = i32::try_from(args.int(0)?).ok().filter(|year| (1..=9999).contains(year));
    let date = year.ok_or_else(|| args.out_of_range()).and_then(|year| {
        NaiveDate::from_ymd_opt(year, given(args, 1)?, given(args, 2)?)
            .ok_or_else(|| args.out_of_range())
    })?;
    Ok(date.and_time(clock(args, 3)?).into())
}

fn part(args: &Args<'_>, part: fn(NaiveDateTime) -> u32) -> Result {
    Ok(i64::from(part(args.moment(0)?)).into())
}

fn same<T: PartialEq>(args: &Args<'_>, part: fn(NaiveDateTime) -> T) -> Result {
    Ok((part(args.moment(0)?) == part(args.moment(1)?)).into())
}

fn truncated(
    args: &Args<'_>,
    truncate: fn(NaiveDate, NaiveTime) -> Option<NaiveDateTime>,
) -> Result {
    let moment = args.moment(0)?;
    truncate(moment.date(), moment.time()).map(Value::DateTime).ok_or_else(|| args.out_of_range())
}

fn date_week_year(args: &Args<'_>) -> Result {
    let first = first_day_of_week(args.culture());
    start_of_week(args.moment(0)?.date(), first)
        .map(|day| day.and_time(NaiveTime::MIN).into())
        .ok_or_else(|| args.out_of_range())
}

fn week_of_month(args: &Args<'_>) -> Result {
    let date = args.moment(0)?.date();
    let first = first_day_of_week(args.culture());
    let start = date.checked_sub_days(Days::new(date.day0().into())).unwrap_or(date);
    let before = start.weekday().days_since(first);
    Ok(i64::from((date.day0() + before) / 7 + 1).into())
}

fn week_of_year(args: &Args<'_>) -> Result {
    let date = args.moment(0)?.date();
    let first = first_day_of_week(args.culture());
    if first == chrono::Weekday::Mon {
        return Ok(i64::from(date.iso_week().week()).into());
    }
    let january = date.checked_sub_days(Days::new(date.ordinal0().into())).unwrap_or(date);
    let before = january.weekday().days_since(first);
    Ok(i64::from((date.ordinal0() + before) / 7 + 1).into())
}

fn in_date_range(args: &Args<'_>) -> Result {
    let moment = args.moment(0)?;
    Ok((moment >= args.moment(1)? && moment < args.moment(2)?).into())
}

fn in_time_range(args: &Args<'_>) -> Result {
    let (time, from, to) = (args.span(0)?, args.span(1)?, args.span(2)?);
    let is_in = if from <= to { time >= from && time < to } else { time >= from || time < to };
    Ok(is_in.into())
}
