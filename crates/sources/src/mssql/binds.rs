//! Values of a statement's places.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use pressroom_data::{SourceError, Value};
use tiberius::numeric::Numeric;
use tiberius::time::{Date, DateTime, DateTime2, Time};
use tiberius::{ColumnData, Query};

use crate::subject::Subject;

/// The most that the server takes, without the two that the driver adds.
const MOST: usize = 2_098;
/// Digits of a second that are sent.
const SCALE: u8 = 7;
/// Such parts of a second.
const TICK_NANOS: i64 = 100;

/// The values of a statement, each of a type.
#[derive(Debug, Default)]
pub(crate) struct Binds(Vec<Bind>);

#[derive(Debug)]
struct Bind {
    sent: ColumnData<'static>,
    is_null: bool,
}

impl Binds {
    pub(crate) fn new(values: &[Value], subject: &Subject) -> Result<Self, SourceError> {
        if values.len() > MOST {
            return Err(subject.query(format_args!(
                "it has {} parameters, and SQL Server takes {MOST} at most; choose fewer values",
                values.len()
            )));
        }
        let one = |(place, value)| one(place + 1, value, subject);
        values.iter().enumerate().map(one).collect::<Result<_, _>>().map(Self)
    }

    /// A statement with these values. A null needs a type too, and the driver sends it without one: so
    /// a text goes in its place, which the statement takes away again before anything else.
    pub(crate) fn query(self, sql: &str) -> Query<'static> {
        let nulls = self.0.iter().enumerate().filter(|(_, bind)| bind.is_null);
        let mut text: String =
            nulls.map(|(place, _)| format!("SET @P{} = NULL; ", place + 1)).collect();
        text.push_str(sql);
        let mut query = Query::new(text);
        for bind in self.0 {
            query.bind(bind.sent);
        }
        query
    }

    /// The places with their types, as a procedure of the server wants to be told them.
    pub(crate) fn declared(&self) -> String {
        let declared = self.0.iter().enumerate().map(|(place, bind)| {
            let kind = match &bind.sent {
                ColumnData::Bit(_) => "bit".to_owned(),
                ColumnData::I64(_) => "bigint".to_owned(),
                ColumnData::F64(_) => "float(53)".to_owned(),
                ColumnData::Numeric(Some(number)) => {
                    format!("numeric({}, {})", number.precision(), number.scale())
                }
                ColumnData::Guid(_) => "uniqueidentifier".to_owned(),
                ColumnData::Binary(_) => "varbinary(max)".to_owned(),
                ColumnData::DateTime(_) => "datetime".to_owned(),
                ColumnData::DateTime2(_) => "datetime2".to_owned(),
                ColumnData::Time(_) => "time".to_owned(),
                _ => "nvarchar(max)".to_owned(),
            };
            format!("@P{} {kind}", place + 1)
        });
        declared.collect::<Vec<_>>().join(", ")
    }
}

fn one(place: usize, value: &Value, subject: &Subject) -> Result<Bind, SourceError> {
    let sent = match value {
        Value::Null => None,
        Value::Bool(truth) => Some(ColumnData::Bit(Some(*truth))),
        Value::Int(number) => Some(ColumnData::I64(Some(*number))),
        // It knows no number without end.
        Value::Double(number) if !number.is_finite() => None,
        Value::Double(number) => Some(ColumnData::F64(Some(*number))),
        Value::Decimal(number) => {
            let scale = u8::try_from(number.scale()).unwrap_or_default();
            let number = Numeric::new_with_scale(number.mantissa(), scale);
            Some(ColumnData::Numeric(Some(number)))
        }
        Value::Text(text) => Some(ColumnData::String(Some(text.to_string().into()))),
        Value::Guid(id) => Some(ColumnData::Guid(Some(*id))),
        Value::Bytes(bytes) => Some(ColumnData::Binary(Some(bytes.to_vec().into()))),
        Value::DateTime(time) => moment(*time),
        Value::Span(span) => match ticks(*span) {
            Some(ticks) => Some(ColumnData::Time(Some(Time::new(ticks, SCALE)))),
            None => {
                let told = format!("{} s long", span.as_seconds_f64());
                return Err(subject.wrong_value(place, &told, "a time of a day"));
            }
        },
        Value::List(_) => return Err(subject.several_values(place)),
    };
    let is_null = sent.is_none();
    Ok(Bind { sent: sent.unwrap_or(ColumnData::String(Some("".into()))), is_null })
}

/// The server knows years from 1 to 9999: others it finds nowhere.
fn moment(time: NaiveDateTime) -> Option<ColumnData<'static>> {
    let days = |from: i32| {
        let start = NaiveDate::from_yo_opt(from, 1)?;
        Some(time.date().signed_duration_since(start).num_days())
    };
    let since_midnight = time.time().signed_duration_since(chrono::NaiveTime::MIN);
    let millis = time.nanosecond() / 1_000_000;
    // What `datetime` holds ends so, and is more than it shows: a value of it is found again only as
    // one of its own.
    if millis > 0
        && time.nanosecond().is_multiple_of(1_000_000)
        && [0, 3, 7].contains(&(millis % 10))
        && (1753..=9999).contains(&time.year())
    {
        let days = i32::try_from(days(1900)?).ok()?;
        let parts = (since_midnight.num_milliseconds() * 3 + 5) / 10;
        return Some(ColumnData::DateTime(Some(DateTime::new(days, u32::try_from(parts).ok()?))));
    }
    if !(1..=9999).contains(&time.year()) {
        return None;
    }
    let date = Date::new(u32::try_from(days(1)?).ok()?);
    let time = Time::new(ticks(since_midnight)?, SCALE);
    Some(ColumnData::DateTime2(Some(DateTime2::new(date, time))))
}

/// A time of a day; `None` where it is none.
fn ticks(span: TimeDelta) -> Option<u64> {
    let is_of_day = span >= TimeDelta::zero() && span < TimeDelta::days(1);
    let nanos = span.num_nanoseconds().filter(|_| is_of_day)?;
    u64::try_from(nanos / TICK_NANOS).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_go_as_what_finds_them_again() {
        let sent = |text: &str| moment(text.parse().unwrap());
        assert!(matches!(sent("2026-03-05T10:00:00"), Some(ColumnData::DateTime2(_))));
        assert!(matches!(sent("2026-03-05T10:00:00.0033333"), Some(ColumnData::DateTime2(_))));
        assert!(matches!(sent("2026-03-05T10:00:00.001"), Some(ColumnData::DateTime2(_))));
        assert!(matches!(sent("0001-01-01T10:00:00.003"), Some(ColumnData::DateTime2(_))));
        let of_datetime =
            |days, parts| Some(ColumnData::DateTime(Some(DateTime::new(days, parts))));
        assert_eq!(sent("1900-01-02T00:00:00.003"), of_datetime(1, 1));
        assert_eq!(sent("1900-01-02T00:00:00.007"), of_datetime(1, 2));
        assert_eq!(sent("1900-01-02T23:59:59.997"), of_datetime(1, 25_919_999));
        assert_eq!(sent("+10000-01-01T00:00:00"), None);
    }
}
