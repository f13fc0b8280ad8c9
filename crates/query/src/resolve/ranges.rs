//! Tests of a date against today, as two moments that are known before a query runs.

/// A range of dates: from the first expression on, before the second.
pub(super) type Range = (&'static str, &'static str);

const TODAY: &str = "LocalDateTimeToday()";
const TOMORROW: &str = "LocalDateTimeTomorrow()";
const AFTER_TOMORROW: &str = "LocalDateTimeDayAfterTomorrow()";
const YESTERDAY: &str = "LocalDateTimeYesterday()";
const THIS_WEEK: &str = "LocalDateTimeThisWeek()";
const LAST_WEEK: &str = "LocalDateTimeLastWeek()";
const NEXT_WEEK: &str = "LocalDateTimeNextWeek()";
const TWO_WEEKS_AWAY: &str = "AddDays(LocalDateTimeNextWeek(), 7)";
const THIS_MONTH: &str = "LocalDateTimeThisMonth()";
const LAST_MONTH: &str = "LocalDateTimeLastMonth()";
const NEXT_MONTH: &str = "LocalDateTimeNextMonth()";
const TWO_MONTHS_AWAY: &str = "AddMonths(LocalDateTimeNextMonth(), 1)";
const THIS_YEAR: &str = "LocalDateTimeThisYear()";
const LAST_YEAR: &str = "LocalDateTimeLastYear()";
const NEXT_YEAR: &str = "LocalDateTimeNextYear()";
const TWO_YEARS_AWAY: &str = "AddYears(LocalDateTimeNextYear(), 1)";

/// The range that a function tests for.
pub(super) fn range(function: &str) -> Option<Range> {
    Some(match function {
        "IsToday" | "IsOutlookIntervalToday" => (TODAY, TOMORROW),
        "IsTomorrow" | "IsOutlookIntervalTomorrow" => (TOMORROW, AFTER_TOMORROW),
        "IsYesterday" | "IsOutlookIntervalYesterday" => (YESTERDAY, TODAY),
        "IsThisWeek" => (THIS_WEEK, NEXT_WEEK),
        "IsLastWeek" | "IsOutlookIntervalLastWeek" => (LAST_WEEK, THIS_WEEK),
        "IsNextWeek" | "IsOutlookIntervalNextWeek" => (NEXT_WEEK, TWO_WEEKS_AWAY),
        "IsThisMonth" => (THIS_MONTH, NEXT_MONTH),
        "IsLastMonth" | "IsPriorMonth" => (LAST_MONTH, THIS_MONTH),
        "IsNextMonth" => (NEXT_MONTH, TWO_MONTHS_AWAY),
        "IsThisYear" => (THIS_YEAR, NEXT_YEAR),
        "IsLastYear" => (LAST_YEAR, THIS_YEAR),
        "IsNextYear" => (NEXT_YEAR, TWO_YEARS_AWAY),
        "IsYearToDate" => (THIS_YEAR, TOMORROW),
        "IsOutlookIntervalEarlierThisWeek" => (THIS_WEEK, YESTERDAY),
        "IsOutlookIntervalLaterThisWeek" => (AFTER_TOMORROW, NEXT_WEEK),
        "IsOutlookIntervalEarlierThisMonth" => (THIS_MONTH, LAST_WEEK),
        "IsOutlookIntervalLaterThisMonth" => (TWO_WEEKS_AWAY, NEXT_MONTH),
        "IsOutlookIntervalEarlierThisYear" => (THIS_YEAR, THIS_MONTH),
        "IsOutlookIntervalLaterThisYear" => (NEXT_MONTH, NEXT_YEAR),
        _ => return None,
    })
}

/// The month of any year that a function tests for.
pub(super) fn month(function: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "IsJanuary",
        "IsFebruary",
        "IsMarch",
        "IsApril",
        "IsMay",
        "IsJune",
        "IsJuly",
        "IsAugust",
        "IsSeptember",
        "IsOctober",
        "IsNovember",
        "IsDecember",
    ];
    (1..).zip(MONTHS).find(|(_, name)| *name == function).map(|(number, _)| number)
}
