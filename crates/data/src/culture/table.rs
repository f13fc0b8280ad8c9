//! The table of cultures: `data/cultures.tsv`, each row read when it is first asked for.

use std::sync::{LazyLock, OnceLock};

use super::{Culture, DateNames, DatePatterns, Groups, Money, Months, NumberSymbols, Signed};

static TEXT: &str = include_str!("../../data/cultures.tsv");

/// A row of the table and, once asked for, its culture.
struct Entry {
    name: &'static str,
    row: &'static str,
    culture: OnceLock<Culture>,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let rows = TEXT.lines().filter(|line| !line.starts_with('#'));
    let entries = rows.map(|row| Entry {
        name: row.split('\t').next().unwrap_or_default(),
        row,
        culture: OnceLock::new(),
    });
    let mut entries: Vec<Entry> = entries.collect();
    entries.sort_by_cached_key(|entry| entry.name.to_ascii_lowercase());
    entries
});

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ENTRIES.iter().map(|entry| entry.name)
}

pub(super) fn get(name: &str) -> Option<&'static Culture> {
    let entry = entry(name)?;
    if let Some(culture) = entry.culture.get() {
        return Some(culture);
    }
    let culture = read(entry)?;
    Some(entry.culture.get_or_init(|| culture))
}

#[cfg(test)]
pub(super) fn parse(name: &str) -> Option<Culture> {
    read(entry(name)?)
}

fn entry(name: &str) -> Option<&'static Entry> {
    let lower = |text: &'static str| text.bytes().map(|byte| byte.to_ascii_lowercase());
    let wanted = || name.bytes().map(|byte| byte.to_ascii_lowercase());
    let at = ENTRIES.binary_search_by(|entry| lower(entry.name).cmp(wanted())).ok()?;
    ENTRIES.get(at)
}

/// `None` only for a damaged table, which a test rules out.
fn read(entry: &Entry) -> Option<Culture> {
    const COLUMNS: usize = 16;
    let mut columns = split::<COLUMNS>(entry.row, '\t')?;
    if !columns[1].is_empty() {
        let parent = split::<COLUMNS>(self::entry(columns[1])?.row, '\t')?;
        for (own, inherited) in columns.iter_mut().zip(parent).skip(2) {
            if own.is_empty() {
                *own = inherited;
            }
        }
    }
    let [name, _, symbols, groups, money, percent, patterns, separators, periods, era, rest @ ..] =
        columns;
    let [days, short_days, months, short_months, genitive, short_genitive] = rest;
    let [decimal, group, minus, plus, percent_sign, per_mille, nan, infinity] = list(symbols)?;
    let [symbol, digits, money_decimal, money_group, positive, negative] = list(money)?;
    let [percent_positive, percent_negative] = list(percent)?;
    let [short_date, long_date, short_time, long_time, month_day, year_month] = list(patterns)?;
    let [separator, time_separator] = list(separators)?;
    let [am, pm] = list(periods)?;
    let [era, year_offset] = list(era)?;
    let (first, others) = groups.split_once(',').unwrap_or((groups, groups));
    Some(Culture {
        name,
        number: NumberSymbols {
            decimal,
            group,
            minus,
            plus,
            percent: percent_sign,
            per_mille,
            nan,
            infinity,
            groups: Groups { first: first.parse().ok()?, rest: others.parse().ok()? },
        },
        money: Money {
            symbol,
            digits: digits.parse().ok()?,
            decimal: money_decimal,
            group: money_group,
            pattern: Signed { positive, negative },
        },
        percent: Signed { positive: percent_positive, negative: percent_negative },
        date: DateNames {
            separator,
            time_separator,
            am,
            pm,
            era,
            year_offset: year_offset.parse().ok()?,
            days: list(days)?,
            short_days: list(short_days)?,
            months: Months { alone: list(months)?, genitive: list(genitive) },
            short_months: Months { alone: list(short_months)?, genitive: list(short_genitive) },
        },
        pattern: DatePatterns {
            short_date,
            long_date,
            short_time,
            long_time,
            month_day,
            year_month,
        },
    })
}

fn list<const N: usize>(column: &'static str) -> Option<[&'static str; N]> {
    split(column, '|')
}

/// Exactly `N` parts.
fn split<const N: usize>(text: &'static str, separator: char) -> Option<[&'static str; N]> {
    let mut parts = [""; N];
    let mut found = 0;
    for part in text.split(separator) {
        *parts.get_mut(found)? = part;
        found += 1;
    }
    (found == N).then_some(parts)
}

/// .NET's own, not CLDR's.
pub(super) static INVARIANT: Culture = Culture {
    name: "",
    number: NumberSymbols {
        decimal: ".",
        group: ",",
        minus: "-",
        plus: "+",
        percent: "%",
        per_mille: "‰",
        nan: "NaN",
        infinity: "Infinity",
        groups: Groups { first: 3, rest: 3 },
    },
    money: Money {
        symbol: "¤",
        digits: 2,
        decimal: ".",
        group: ",",
        pattern: Signed { positive: "$#", negative: "($#)" },
    },
    percent: Signed { positive: "# %", negative: "-# %" },
    date: DateNames {
        separator: "/",
        time_separator: ":",
        am: "AM",
        pm: "PM",
        era: "A.D.",
        year_offset: 0,
        days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
        short_days: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
        months: Months {
            alone: [
                "January",
                "February",
                "March",
                "April",
                "May",
                "June",
                "July",
                "August",
                "September",
                "October",
                "November",
                "December",
            ],
            genitive: None,
        },
        short_months: Months {
            alone: [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ],
            genitive: None,
        },
    },
    pattern: DatePatterns {
        short_date: "MM/dd/yyyy",
        long_date: "dddd, dd MMMM yyyy",
        short_time: "HH:mm",
        long_time: "HH:mm:ss",
        month_day: "MMMM dd",
        year_month: "yyyy MMMM",
    },
};
