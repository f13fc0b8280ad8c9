//! Times that were worked out by hand, and all others against a naive walk.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse::<DateTime<Utc>>().unwrap()
}

/// What a clock shows.
fn shown(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").unwrap()
}

fn zone(name: &str) -> TimeZone {
    TimeZone::find(name).unwrap()
}

fn schedule(start: DateTime<Utc>, zone: TimeZone, rule: &str) -> Schedule {
    let rule = (!rule.is_empty()).then(|| Recurrence::parse(rule).unwrap());
    Schedule::new(start, zone, rule)
}

/// The first times of a rule after a moment; all times as clocks of the zone show them.
fn check(zone_name: &str, start: &str, rule: &str, after: &str, expect: &[&str]) {
    let zone = zone(zone_name);
    let moment = |text: &str| zone.instant(shown(text));
    let schedule = schedule(moment(start), zone, rule);
    let runs = schedule.runs_after(moment(after)).take(expect.len());
    let got: Vec<String> =
        runs.map(|run| zone.local(run).format("%Y-%m-%dT%H:%M").to_string()).collect();
    assert_eq!(got, expect, "{rule}");
}

#[test]
fn without_a_rule_it_is_once() {
    let once = schedule(at("2026-03-02T09:30:00Z"), TimeZone::UTC, "");
    assert_eq!(once.next_after(at("2026-03-02T09:29:59Z")), Some(at("2026-03-02T09:30:00Z")));
    assert_eq!(once.next_after(at("2026-03-02T09:30:00Z")), None);
    assert_eq!(once.next_from(at("2026-03-02T09:30:00Z")), Some(at("2026-03-02T09:30:00Z")));
}

#[test]
fn days_weeks_months_and_years() {
    let start = "2026-01-31T07:00";
    let check = |rule, after, expect: &[&str]| check("Europe/Berlin", start, rule, after, expect);
    check("FREQ=DAILY", "2026-03-02T07:00", &["2026-03-03T07:00", "2026-03-04T07:00"]);
    check("FREQ=DAILY;INTERVAL=3", "2026-02-01T00:00", &["2026-02-03T07:00", "2026-02-06T07:00"]);
    check(
        "FREQ=DAILY;BYHOUR=7,19;BYMINUTE=30",
        "2026-01-01T00:00",
        &["2026-01-31T07:30", "2026-01-31T19:30", "2026-02-01T07:30"],
    );
    check("FREQ=WEEKLY;BYDAY=MO,FR", "2026-03-02T07:00", &["2026-03-06T07:00", "2026-03-09T07:00"]);
    check("FREQ=WEEKLY;INTERVAL=2", "2026-02-01T00:00", &["2026-02-14T07:00", "2026-02-28T07:00"]);
    // Months without a 31st have none.
    check("FREQ=MONTHLY", "2026-01-31T07:00", &["2026-03-31T07:00", "2026-05-31T07:00"]);
    check(
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "2026-01-31T07:00",
        &["2026-02-28T07:00", "2026-03-31T07:00"],
    );
    check("FREQ=MONTHLY;BYDAY=-1FR", "2026-02-01T00:00", &["2026-02-27T07:00", "2026-03-27T07:00"]);
    check(
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "2026-02-01T00:00",
        &["2026-02-27T07:00", "2026-03-31T07:00"],
    );
    check("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-02-01T00:00", &["2028-02-29T07:00"]);
    check("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "2026-02-01T00:00", &["2027-01-04T07:00"]);
}

#[test]
fn ends() {
    let start = "2026-01-01T07:00";
    let check = |rule: &str, expect: &[&str]| {
        let zone = zone("Europe/Berlin");
        let schedule = schedule(zone.instant(shown(start)), zone, rule);
        let from = schedule.start() - TimeDelta::seconds(1);
        let told = |run| zone.local(run).format("%m-%dT%H:%M").to_string();
        let got: Vec<String> = schedule.runs_after(from).map(told).collect();
        assert_eq!(got, expect, "{rule}");
        assert_eq!(schedule.next_after(at("2030-01-01T00:00:00Z")), None, "{rule}");
    };
    check("FREQ=DAILY;COUNT=2", &["01-01T07:00", "01-02T07:00"]);
    check("FREQ=DAILY;BYHOUR=6,8;COUNT=3", &["01-01T08:00", "01-02T06:00", "01-02T08:00"]);
    check("FREQ=HOURLY;INTERVAL=5;COUNT=3", &["01-01T07:00", "01-01T12:00", "01-01T17:00"]);
    check("FREQ=DAILY;UNTIL=20260102", &["01-01T07:00", "01-02T07:00"]);
    // 07:00 in Berlin is 06:00 UTC.
    check("FREQ=DAILY;UNTIL=20260102T060000Z", &["01-01T07:00", "01-02T07:00"]);
    check("FREQ=DAILY;UNTIL=20260102T055959Z", &["01-01T07:00"]);
    check("FREQ=DAILY;UNTIL=20260102T065959", &["01-01T07:00"]);
    check("FREQ=DAILY;UNTIL=20250102", &[]);
    check("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", &[]);
}

#[test]
fn days_across_clock_changes() {
    // Put forward from 02:00 to 03:00 on 29 March, put back from 03:00 to 02:00 on 25 October.
    let check = |rule, after, expect: &[&str]| {
        check("Europe/Berlin", "2020-01-01T02:30", rule, after, expect);
    };
    check(
        "FREQ=DAILY",
        "2026-03-27T12:00",
        &["2026-03-28T02:30", "2026-03-29T03:30", "2026-03-30T02:30"],
    );
    check("FREQ=DAILY;BYHOUR=2,3", "2026-03-28T12:00", &["2026-03-29T03:30", "2026-03-30T02:30"]);
    let berlin = zone("Europe/Berlin");
    let daily = schedule(at("2020-01-01T01:30:00Z"), berlin, "FREQ=DAILY");
    let runs: Vec<_> = daily.runs_after(at("2026-10-24T12:00:00Z")).take(2).collect();
    assert_eq!(runs, [at("2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z")], "the first only");
}

#[test]
fn hours_and_minutes_across_clock_changes() {
    let berlin = zone("Europe/Berlin");
    let runs = |rule: &str, after: &str, count: usize| -> Vec<String> {
        let midnight = schedule(at("2019-12-31T23:00:00Z"), berlin, rule);
        let runs = midnight.runs_after(at(after)).take(count);
        runs.map(|run| run.format("%d %H:%M").to_string()).collect()
    };
    // Every hour stays every hour.
    let hourly = runs("FREQ=HOURLY", "2026-03-28T23:30:00Z", 3);
    assert_eq!(hourly, ["29 00:00", "29 01:00", "29 02:00"]);
    let hourly = runs("FREQ=HOURLY", "2026-10-24T23:30:00Z", 3);
    assert_eq!(hourly, ["25 00:00", "25 01:00", "25 02:00"]);
    let often = runs("FREQ=MINUTELY;INTERVAL=20", "2026-03-29T00:30:00Z", 3);
    assert_eq!(often, ["29 00:40", "29 01:00", "29 01:20"]);
    // Every six hours from midnight stays at 0, 6, 12 and 18 o'clock.
    let six = runs("FREQ=HOURLY;INTERVAL=6", "2026-03-28T23:30:00Z", 3);
    assert_eq!(six, ["29 04:00", "29 10:00", "29 16:00"]);
    let six = runs("FREQ=HOURLY;INTERVAL=6", "2026-10-24T22:30:00Z", 2);
    assert_eq!(six, ["25 05:00", "25 11:00"]);
    // 02:00 does not exist on that day: made up for when the clocks are put forward.
    let two = runs("FREQ=HOURLY;BYHOUR=2;BYMINUTE=15", "2026-03-28T23:30:00Z", 2);
    assert_eq!(two, ["29 01:00", "30 00:15"]);
    // 02:15 is shown twice.
    let two = runs("FREQ=HOURLY;BYHOUR=2;BYMINUTE=15", "2026-10-24T23:30:00Z", 3);
    assert_eq!(two, ["25 00:15", "25 01:15", "26 01:15"]);
    let rare = "FREQ=HOURLY;BYMONTH=10;BYMONTHDAY=25;BYHOUR=2";
    assert_eq!(runs(rare, "2026-10-24T23:30:00Z", 3), ["25 00:00", "25 01:00", "25 00:00"]);
}

#[test]
fn other_zones_change_otherwise() {
    // Half an hour, in the other half of the year.
    check(
        "Australia/Lord_Howe",
        "2026-01-01T02:15",
        "FREQ=DAILY",
        "2026-10-03T12:00",
        &["2026-10-04T02:45", "2026-10-05T02:15"],
    );
    // A day that never was.
    check(
        "Pacific/Apia",
        "2011-12-01T10:00",
        "FREQ=DAILY",
        "2011-12-29T12:00",
        &["2011-12-31T10:00", "2012-01-01T10:00"],
    );
    check(
        "Pacific/Apia",
        "2011-12-01T10:00",
        "FREQ=HOURLY;INTERVAL=12",
        "2011-12-29T12:00",
        &["2011-12-29T22:00", "2011-12-31T00:00", "2011-12-31T10:00"],
    );
}

#[test]
fn old_rules_and_odd_ones_take_no_time() {
    let started = std::time::Instant::now();
    let new_york = zone("America/New_York");
    for rule in [
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;INTERVAL=31999;BYHOUR=3",
        "FREQ=HOURLY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=DAILY;INTERVAL=2;BYHOUR=1,2,3;BYMINUTE=0,10,20,30,40,50",
        "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,TU,WE",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=DAILY;COUNT=20000",
        "FREQ=MINUTELY;INTERVAL=5;COUNT=100000;BYHOUR=3",
    ] {
        let old = schedule(at("2016-02-03T04:05:06Z"), new_york, rule);
        assert!(old.next_after(at("2026-03-02T09:30:00Z")).is_some(), "{rule}");
    }
    let parse = |rule: &str| Recurrence::parse(rule).unwrap();
    for never in [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=5",
        "FREQ=SECONDLY;INTERVAL=2;BYSECOND=5",
    ] {
        let start = at("2016-02-03T00:00:00Z");
        let schedule = Schedule::new(start, TimeZone::UTC, Some(parse(never)));
        assert_eq!(schedule.check(), Err(InvalidRecurrence::Never), "{never}");
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
}

/// A rule and its meaning, told in another way: whether a time of a clock belongs to it.
#[derive(Clone, Debug)]
struct Told {
    rule: String,
    every: i64,
    unit: Unit,
    /// Nothing, or days of the week from Monday.
    weekdays: Vec<u32>,
    /// Nothing, or days of the month.
    month_days: Vec<u32>,
    hours: Vec<u32>,
    minutes: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
}

fn told() -> impl Strategy<Value = Told> {
    let unit = prop_oneof![
        Just(Unit::Minute),
        Just(Unit::Hour),
        Just(Unit::Day),
        Just(Unit::Week),
        Just(Unit::Month)
    ];
    let some = |most: u32| {
        prop_oneof![Just(Vec::new()), prop::collection::vec(0..most, 1..4)].prop_map(|mut list| {
            list.sort_unstable();
            list.dedup();
            list
        })
    };
    (unit, 1_i64..20, some(7), some(28), some(24), some(60)).prop_map(
        |(unit, every, weekdays, month_days, hours, minutes)| {
            let month_days: Vec<u32> = match unit {
                Unit::Week => Vec::new(),
                _ => month_days.iter().map(|day| day + 1).collect(),
            };
            let frequency = match unit {
                Unit::Minute => "MINUTELY",
                Unit::Hour => "HOURLY",
                Unit::Day => "DAILY",
                Unit::Week => "WEEKLY",
                Unit::Month => "MONTHLY",
            };
            let mut rule = format!("FREQ={frequency};INTERVAL={every}");
            let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
            let mut add = |name: &str, list: Vec<String>| {
                if !list.is_empty() {
                    rule = format!("{rule};{name}={}", list.join(","));
                }
            };
            let numbers = |list: &[u32]| list.iter().map(u32::to_string).collect::<Vec<_>>();
            add("BYDAY", weekdays.iter().map(|day| names[*day as usize].to_owned()).collect());
            add("BYMONTHDAY", numbers(&month_days));
            add("BYHOUR", numbers(&hours));
            add("BYMINUTE", numbers(&minutes));
            Told { rule, every, unit, weekdays, month_days, hours, minutes }
        },
    )
}

impl Told {
    /// Whether a day belongs to it.
    fn names_day(&self, start: NaiveDate, day: NaiveDate) -> bool {
        let monday =
            |day: NaiveDate| day.num_days_from_ce() - day.weekday().num_days_from_monday() as i32;
        let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
        let step = match self.unit {
            Unit::Day => (day - start).num_days() % self.every == 0,
            Unit::Week => i64::from((monday(day) - monday(start)) / 7) % self.every == 0,
            Unit::Month => (months(day) - months(start)) % self.every == 0,
            Unit::Minute | Unit::Hour => true,
        };
        let weekday = day.weekday().num_days_from_monday();
        let of_week = match (self.unit, &*self.weekdays) {
            (Unit::Week, []) => day.weekday() == start.weekday(),
            (_, []) => true,
            (_, list) => list.contains(&weekday),
        };
        let of_month = match (self.unit, &*self.month_days) {
            (Unit::Month, []) if self.weekdays.is_empty() => day.day() == start.day(),
            (_, []) => true,
            (_, list) => list.contains(&day.day()),
        };
        step && of_week && of_month
    }

    /// Whether a time of a clock belongs to it.
    fn names(&self, start: NaiveDateTime, shown: NaiveDateTime) -> bool {
        let or = |list: &[u32], value: u32, else_: bool| {
            if list.is_empty() { else_ } else { list.contains(&value) }
        };
        let units = |seconds: i64| {
            shown.and_utc().timestamp().div_euclid(seconds)
                - start.and_utc().timestamp().div_euclid(seconds)
        };
        let (same_hour, same_minute) =
            (shown.hour() == start.hour(), shown.minute() == start.minute());
        let time = match self.unit {
            Unit::Minute => {
                units(60) % self.every == 0
                    && or(&self.hours, shown.hour(), true)
                    && or(&self.minutes, shown.minute(), true)
            }
            Unit::Hour => {
                units(3_600) % self.every == 0
                    && or(&self.hours, shown.hour(), true)
                    && or(&self.minutes, shown.minute(), same_minute)
            }
            _ => {
                or(&self.hours, shown.hour(), same_hour)
                    && or(&self.minutes, shown.minute(), same_minute)
            }
        };
        shown >= start
            && time
            && shown.second() == start.second()
            && self.names_day(start.date(), shown.date())
    }
}

/// All times between two moments by looking at every minute.
fn walk(
    told: &Told,
    zone: TimeZone,
    start: DateTime<Utc>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Vec<DateTime<Utc>> {
    let shown_start = zone.local(start);
    let mut runs = Vec::new();
    let seconds = i64::from(start.second());
    let day = TimeDelta::days(1);
    let first = (from - day).timestamp().div_euclid(60) * 60 + seconds;
    if matches!(told.unit, Unit::Minute | Unit::Hour) {
        for at in (first..=to.timestamp()).step_by(60) {
            let at = DateTime::from_timestamp(at, 0).unwrap();
            let minute = TimeDelta::minutes(1);
            let before = zone.local(at - minute);
            let mut named = at >= start && told.names(shown_start, zone.local(at));
            // Times that the clocks left out since the minute before.
            let mut left_out = before + minute;
            while left_out < zone.local(at) {
                named |= at > start && told.names(shown_start, left_out);
                left_out += minute;
            }
            if named {
                runs.push(at);
            }
        }
    } else {
        let mut shown = zone.local(DateTime::from_timestamp(first, 0).unwrap());
        while shown <= zone.local(to) + day {
            if told.names(shown_start, shown) {
                runs.push(zone.instant(shown));
            }
            shown += TimeDelta::minutes(1);
        }
        runs.sort_unstable();
        runs.dedup();
    }
    runs.retain(|run| *run > from && *run <= to);
    runs
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn rules_find_what_a_naive_walk_finds(
        told in told(),
        place in prop::sample::select(vec!["Europe/Berlin", "America/New_York", "UTC"]),
        start_days in 0_i64..400,
        start_minutes in 0_i64..1_440,
        near in prop::sample::select(vec!["2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", "2026-11-01T06:00:00Z", "2026-03-08T07:00:00Z", "2026-07-01T00:00:00Z"]),
        before_hours in 0_i64..80,
    ) {
        let zone = zone(place);
        let from = at(near) - TimeDelta::hours(before_hours);
        let start = at("2026-01-01T00:00:00Z") - TimeDelta::days(start_days) + TimeDelta::minutes(start_minutes);
        let to = from + TimeDelta::days(6);
        let schedule = schedule(start, zone, &told.rule);
        let got: Vec<_> = schedule.runs_after(from).take_while(|run| *run <= to).collect();
        prop_assert_eq!(got, walk(&told, zone, start, from, to), "{}", told.rule);
    }

    #[test]
    fn any_text_is_a_rule_or_none(text in "[A-Z=;,0-9TZ-]{0,60}", free: String) {
        let _ = Recurrence::parse(&format!("FREQ=DAILY;{text}"));
        let _ = Recurrence::parse(&free);
        let _ = TimeZone::find(&free);
    }
}
