//! Values as documents write them, and which types a column of them has.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use pressroom_data::{Culture, Value, format_value};
use rusqlite::types::Value as Stored;
use uuid::Uuid;

/// The whole numbers up to which a double holds each one.
const EXACT: i64 = 1 << 53;
/// The digits that a double always keeps.
const DIGITS: usize = 15;
/// The longest text that may be anything but text.
const LONGEST: usize = 64;

/// A value as a document writes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Null,
    Bool(bool),
    Int(i64),
    /// A number as it is written, in the invariant way.
    Number(String),
    Time(NaiveDateTime),
    Bytes(Vec<u8>),
    /// A text among values that have types: it may be a time or an id, but no number.
    Text(String),
    /// A text that stands for a value of any type.
    Written(String),
}

/// The type of a column, as it is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnType {
    Bool,
    Int,
    Decimal,
    Double,
    /// Times that are all midnight.
    Date,
    DateTime,
    Guid,
    Bytes,
    Text,
}

impl ColumnType {
    /// The declaration, which the reading side understands.
    pub(crate) const fn declaration(self) -> &'static str {
        match self {
            Self::Bool => "boolean",
            Self::Int => "integer",
            Self::Decimal => "decimal",
            Self::Double => "double",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Guid => "guid",
            Self::Bytes => "blob",
            Self::Text => "text",
        }
    }
}

/// How texts stand for values.
#[derive(Clone, Debug)]
pub(crate) struct Writing {
    decimal: &'static str,
    group: &'static str,
    dates: DateOrder,
}

/// Which part of a date comes first, beside dates that begin with the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DateOrder {
    Year,
    Day,
    Month,
}

impl Default for Writing {
    fn default() -> Self {
        Self { decimal: ".", group: "", dates: DateOrder::Year }
    }
}

impl Writing {
    /// As a culture writes them: its separators in numbers, its order in dates.
    pub(crate) fn of(culture: &'static Culture) -> Self {
        // Where the parts of a known date come out tells the order.
        let day = NaiveDate::from_ymd_opt(2001, 11, 22).unwrap_or_default();
        let shown = format_value(&Value::DateTime(day.and_time(NaiveTime::MIN)), "d", culture);
        let place = |part: &str| shown.find(part).unwrap_or(usize::MAX);
        let (month, day) = (place("11"), place("22"));
        let dates = match () {
            () if shown.starts_with("2001") => DateOrder::Year,
            () if day < month => DateOrder::Day,
            () => DateOrder::Month,
        };
        Self { decimal: culture.decimal_separator(), group: culture.group_separator(), dates }
    }

    /// A number in the invariant way, if the text is one. A code such as `007` is none.
    fn number(&self, text: &str) -> Option<String> {
        let plain = if self.decimal == "." && !text.contains(self.separator()) {
            std::borrow::Cow::Borrowed(text)
        } else {
            std::borrow::Cow::Owned(self.without_groups(text)?.replace(self.decimal, "."))
        };
        is_number(&plain).then(|| plain.into_owned())
    }

    fn separator(&self) -> &str {
        if self.group.is_empty() { "\u{0}" } else { self.group }
    }

    /// The text without separators of groups, if these stand three digits apart.
    fn without_groups(&self, text: &str) -> Option<String> {
        let (whole, rest) = match text.find(self.decimal) {
            Some(place) => text.split_at(place),
            None => (text, ""),
        };
        // People write any blank where a culture has one.
        let is_blank = self.group.chars().all(char::is_whitespace) && !self.group.is_empty();
        let whole = if is_blank { whole.replace(' ', self.group) } else { whole.to_owned() };
        let mut groups = whole.split(self.separator());
        let first = groups.next()?.to_owned();
        let mut joined = first;
        for group in groups {
            if group.len() != 3 {
                return None;
            }
            joined.push_str(group);
        }
        // A point where a comma separates decimals is no decimal point.
        (self.decimal == "." || !joined.contains('.')).then_some(joined + rest)
    }

    /// The time that a text stands for, and whether it has a time of day.
    fn time(&self, text: &str) -> Option<(NaiveDateTime, bool)> {
        iso_time(text).or_else(|| {
            let (date, time) = match text.split_once([' ', 'T']) {
                Some((date, time)) => (date, Some(time)),
                None => (text, None),
            };
            let mut parts = date.split(['.', '/', '-']);
            let part = |part: Option<&str>| {
                let part = part?;
                let digits = part.bytes().all(|byte| byte.is_ascii_digit());
                (digits && !part.is_empty() && part.len() <= 4).then(|| part.parse::<u32>().ok())?
            };
            let (one, two, three) = (part(parts.next())?, part(parts.next())?, part(parts.next())?);
            let (day, month) = match self.dates {
                DateOrder::Year => return None,
                DateOrder::Day => (one, two),
                DateOrder::Month => (two, one),
            };
            let year = i32::try_from(three).ok().filter(|year| *year >= 1000)?;
            let date =
                NaiveDate::from_ymd_opt(year, month, day).filter(|_| parts.next().is_none())?;
            match time {
                None => Some((date.and_time(NaiveTime::MIN), false)),
                Some(time) => Some((date.and_time(time_of_day(time)?), true)),
            }
        })
    }
}

/// What was seen of a column: the kinds of values in it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen(u16);

impl Seen {
    const BOOL: u16 = 1;
    const INT: u16 = 2;
    /// A whole number that a double does not hold.
    const LONG: u16 = 4;
    const DECIMAL: u16 = 8;
    const DOUBLE: u16 = 16;
    /// A number that is neither a long nor a double without loss.
    const BEYOND: u16 = 32;
    const DATE: u16 = 64;
    const DATE_TIME: u16 = 128;
    const GUID: u16 = 256;
    const BYTES: u16 = 512;
    const TEXT: u16 = 1024;

    /// Looks at one more value.
    pub(crate) fn see(&mut self, cell: &Cell, writing: &Writing) {
        // Among texts everything is text.
        if self.0 & Self::TEXT != 0 {
            return;
        }
        self.0 |= match cell {
            Cell::Null => 0,
            Cell::Bool(_) => Self::BOOL,
            Cell::Int(number) => of_int(*number),
            Cell::Number(number) => of_number(number),
            Cell::Time(time) => of_time(*time, time.time() != NaiveTime::MIN),
            Cell::Bytes(_) => Self::BYTES,
            Cell::Text(text) => of_text(text, writing),
            Cell::Written(text) => of_written(text, writing),
        };
    }

    /// The type that holds every value that was seen, without loss.
    pub(crate) fn column_type(self) -> ColumnType {
        const NUMBERS: u16 = Seen::INT | Seen::LONG | Seen::DECIMAL | Seen::DOUBLE | Seen::BEYOND;
        let seen = self.0;
        let only = |kinds: u16| seen != 0 && seen & !kinds == 0;
        match () {
            () if only(Self::BOOL) => ColumnType::Bool,
            () if only(Self::INT | Self::LONG) => ColumnType::Int,
            () if only(Self::INT | Self::LONG | Self::DECIMAL) => ColumnType::Decimal,
            () if only(NUMBERS & !(Self::LONG | Self::BEYOND)) => ColumnType::Double,
            () if only(Self::DATE) => ColumnType::Date,
            () if only(Self::DATE | Self::DATE_TIME) => ColumnType::DateTime,
            () if only(Self::GUID) => ColumnType::Guid,
            () if only(Self::BYTES) => ColumnType::Bytes,
            () => ColumnType::Text,
        }
    }
}

fn of_int(number: i64) -> u16 {
    if (-EXACT..=EXACT).contains(&number) { Seen::INT } else { Seen::LONG }
}

fn of_number(number: &str) -> u16 {
    if let Ok(number) = number.parse::<i64>() {
        return of_int(number);
    }
    let (digits, exponent) = match number.split_once(['e', 'E']) {
        Some((digits, _)) => (digits, true),
        None => (number, false),
    };
    let significant = digits.trim_start_matches(['-', '0', '.']);
    let count = significant.bytes().filter(u8::is_ascii_digit).count();
    match number.parse::<f64>() {
        Ok(double) if !double.is_finite() => Seen::BEYOND,
        _ if count <= DIGITS && !exponent => Seen::DECIMAL,
        _ if count <= DIGITS => Seen::DOUBLE,
        // As many digits as tell this double from its neighbours: somebody wrote a double.
        Ok(double) if same_digits(significant, &format!("{double:?}")) => Seen::DOUBLE,
        _ => Seen::BEYOND,
    }
}

/// Whether two ways to write a number have the same digits, but for zeros at the end.
fn same_digits(one: &str, other: &str) -> bool {
    let digits = |text: &str| {
        let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        digits.trim_matches('0').to_owned()
    };
    digits(one) == digits(other)
}

fn of_time(_: NaiveDateTime, has_time: bool) -> u16 {
    if has_time { Seen::DATE_TIME } else { Seen::DATE }
}

fn of_text(text: &str, writing: &Writing) -> u16 {
    if text.len() > LONGEST {
        return Seen::TEXT;
    }
    if let Some((time, has_time)) = writing.time(text) {
        return of_time(time, has_time);
    }
    if guid(text).is_some() { Seen::GUID } else { Seen::TEXT }
}

fn of_written(text: &str, writing: &Writing) -> u16 {
    let text = text.trim();
    match () {
        () if text.is_empty() => 0,
        () if text.len() > LONGEST => Seen::TEXT,
        () if truth(text).is_some() => Seen::BOOL,
        () => match writing.number(text) {
            Some(number) => of_number(&number),
            None => of_text(text, writing),
        },
    }
}

/// Whether a text is a number in the invariant way, as people write numbers and not codes.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let code = whole.len() > 1 && whole.starts_with('0');
    digits(whole)
        && !code
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| {
            let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            digits(exponent) && exponent.len() <= 3
        })
}

fn truth(text: &str) -> Option<bool> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn guid(text: &str) -> Option<Uuid> {
    let bare = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
    (bare.len() == 36).then(|| Uuid::try_parse(bare).ok())?
}

/// `2026-11-24`, and with a time of day behind a blank or `T`; an offset behind it is left out: reports
/// show the time that was written.
fn iso_time(text: &str) -> Option<(NaiveDateTime, bool)> {
    let bytes = text.as_bytes();
    let is_date = bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' && text.is_ascii();
    if !is_date {
        return None;
    }
    let (date, time) = text.split_at(10);
    let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
    if time.is_empty() {
        return Some((date.and_time(NaiveTime::MIN), false));
    }
    let time = time.strip_prefix(['T', 't', ' '])?;
    Some((date.and_time(time_of_day(time)?), true))
}

/// `18:30`, `18:30:00` or `18:30:00.123`, and an offset.
fn time_of_day(text: &str) -> Option<NaiveTime> {
    let text = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let text = match text.rfind(['+', '-']) {
        Some(place) => {
            let offset = text.get(place + 1..)?;
            let plausible = matches!(offset.len(), 2 | 4 | 5)
                && offset.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
            plausible.then(|| text[..place].trim_end())?
        }
        None => text,
    };
    ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok())
}

/// A value as a column keeps it. What is none of the column's type stays the text that it is.
pub(crate) fn stored(cell: Cell, column: ColumnType, writing: &Writing) -> Stored {
    match (cell, column) {
        (Cell::Null, _) => Stored::Null,
        (Cell::Bool(truth), ColumnType::Text) => Stored::Text(truth.to_string()),
        (Cell::Bool(truth), _) => Stored::Integer(truth.into()),
        (Cell::Int(number), ColumnType::Text) => Stored::Text(number.to_string()),
        (Cell::Int(number), _) => Stored::Integer(number),
        (Cell::Number(number), column) => number_stored(number, column),
        (Cell::Time(time), column) => Stored::Text(written_time(time, column)),
        (Cell::Bytes(bytes), _) => Stored::Blob(bytes),
        (Cell::Text(text), ColumnType::Text) => Stored::Text(text),
        (Cell::Written(text), ColumnType::Text) => Stored::Text(text),
        (Cell::Text(text) | Cell::Written(text), column) => {
            text_stored(text.trim(), column, writing).unwrap_or(Stored::Text(text))
        }
    }
}

fn number_stored(number: String, column: ColumnType) -> Stored {
    if column == ColumnType::Text {
        return Stored::Text(number);
    }
    match (number.parse::<i64>(), number.parse::<f64>()) {
        (Ok(number), _) => Stored::Integer(number),
        (_, Ok(double)) => Stored::Real(double),
        _ => Stored::Text(number),
    }
}

fn text_stored(text: &str, column: ColumnType, writing: &Writing) -> Option<Stored> {
    if text.is_empty() {
        return Some(Stored::Null);
    }
    match column {
        ColumnType::Bool => match text {
            "1" => Some(true),
            "0" => Some(false),
            text => truth(text),
        }
        .map(|truth| Stored::Integer(truth.into())),
        ColumnType::Int | ColumnType::Decimal | ColumnType::Double => {
            writing.number(text).map(|number| number_stored(number, column))
        }
        ColumnType::Date | ColumnType::DateTime => {
            writing.time(text).map(|(time, _)| Stored::Text(written_time(time, column)))
        }
        ColumnType::Guid => guid(text).map(|id| Stored::Text(id.to_string())),
        ColumnType::Bytes | ColumnType::Text => None,
    }
}

fn written_time(time: NaiveDateTime, column: ColumnType) -> String {
    match column {
        ColumnType::Date if time.time() == NaiveTime::MIN => time.format("%Y-%m-%d").to_string(),
        _ => time.format("%Y-%m-%d %H:%M:%S%.f").to_string(),
    }
}

/// The time of a count of days since 30 December 1899, as spreadsheets have it.
pub(crate) fn of_serial(days: f64) -> Option<NaiveDateTime> {
    let milliseconds = (days * 86_400_000.0).round();
    if !milliseconds.is_finite() || milliseconds.abs() >= 1e15 {
        return None;
    }
    // 25,569 days lie between that day and 1970.
    DateTime::from_timestamp_millis(milliseconds as i64 - 25_569 * 86_400_000)
        .map(|time| time.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cells: &[Cell], expect: ColumnType) {
        let mut seen = Seen::default();
        cells.iter().for_each(|cell| seen.see(cell, &Writing::default()));
        assert_eq!(seen.column_type(), expect, "{cells:?}");
    }

    fn written(texts: &[&str], expect: ColumnType) {
        let cells: Vec<Cell> = texts.iter().map(|text| Cell::Written((*text).into())).collect();
        check(&cells, expect);
    }

    #[test]
    fn the_type_holds_every_value() {
        written(&["1", "-20", ""], ColumnType::Int);
        written(&["9223372036854775807"], ColumnType::Int);
        written(&["1", "2.50"], ColumnType::Decimal);
        written(&["1.5", "1e5"], ColumnType::Double);
        written(&["0.30000000000000004"], ColumnType::Double);
        written(&["true", "False"], ColumnType::Bool);
        written(&["2026-11-24", ""], ColumnType::Date);
        written(&["2026-11-24", "2026-11-24T18:30:00Z"], ColumnType::DateTime);
        written(&["0F8FAD5B-D9CB-469F-A165-70867728950E"], ColumnType::Guid);
        written(&["", " "], ColumnType::Text);
        written(&[], ColumnType::Text);
    }

    #[test]
    fn what_would_lose_something_is_text() {
        written(&["12345678901234567890"], ColumnType::Text);
        written(&["0.1234567890123456789012"], ColumnType::Text);
        written(&["9007199254740993", "1e5"], ColumnType::Text);
        written(&["1e999"], ColumnType::Text);
        written(&["007", "8"], ColumnType::Text);
        written(&["+49 30"], ColumnType::Text);
        written(&["1", "n/a"], ColumnType::Text);
        written(&["1", "true"], ColumnType::Text);
        written(&["2026-02-30"], ColumnType::Text);
        check(&[Cell::Int(1), Cell::Text("2".into())], ColumnType::Text);
        check(&[Cell::Text("5".into())], ColumnType::Text);
    }

    #[test]
    fn numbers_and_dates_of_cultures() {
        let check = |culture: &str, text: &str, expect: &str| {
            let writing = Writing::of(Culture::find(culture).unwrap());
            let mut seen = Seen::default();
            let cell = Cell::Written(text.into());
            seen.see(&cell, &writing);
            let column = seen.column_type();
            let told = format!("{column:?} {:?}", stored(cell, column, &writing));
            assert_eq!(told, expect, "{culture} {text}");
        };
        check("de-DE", "1.234,56", "Decimal Real(1234.56)");
        check("de-DE", "-1234,5", "Decimal Real(-1234.5)");
        check("de-DE", "1.5", "Text Text(\"1.5\")");
        check("de-DE", "24.11.2026", "Date Text(\"2026-11-24\")");
        check("de-DE", "24.11.2026 18:30", "DateTime Text(\"2026-11-24 18:30:00\")");
        check("de-DE", "2026-11-24", "Date Text(\"2026-11-24\")");
        check("en-US", "1,234.5", "Decimal Real(1234.5)");
        check("en-US", "1,2", "Text Text(\"1,2\")");
        check("en-US", "11/24/2026", "Date Text(\"2026-11-24\")");
        check("en-GB", "24/11/2026", "Date Text(\"2026-11-24\")");
    }

    #[test]
    fn serial_numbers_of_days() {
        let time = |days| of_serial(days).unwrap().to_string();
        assert_eq!(time(46350.0), "2026-11-24 00:00:00");
        assert_eq!(time(46350.75), "2026-11-24 18:00:00");
        assert_eq!(time(1.0), "1899-12-31 00:00:00");
        assert_eq!(of_serial(f64::NAN), None);
        assert_eq!(of_serial(1e300), None);
    }
}
