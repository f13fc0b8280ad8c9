//! Dates and times. SQL Server keeps tenths of a microsecond; what is finer is cut off.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{Date, Time, Timestamp};
use tiberius::IntoSql as _;

use crate::backend::Tds;
use crate::bind::TdsBind;
use crate::value::TdsValue;

/// The years that `date` and `datetime2` hold.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

fn held(date: NaiveDate) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    if YEARS.contains(&date.year()) {
        return Ok(());
    }
    Err(format!("{date} is outside the years 1 to 9999, which are all that SQL Server holds")
        .into())
}

/// The time of day with a leap second shown as the last moment before it, since no type holds one.
fn without_leap_second(time: NaiveTime) -> NaiveTime {
    const LAST: u32 = 999_999_999;
    if time.nanosecond() > LAST { time.with_nanosecond(LAST).unwrap_or(time) } else { time }
}

macro_rules! read {
    ($($rust:ident, $sql:ident, $name:literal;)+) => {
        $(
            impl FromSql<$sql, Tds> for $rust {
                fn from_sql(value: TdsValue<'_>) -> deserialize::Result<Self> {
                    match <$rust as tiberius::FromSql>::from_sql(value.data()) {
                        Ok(Some(moment)) => Ok(moment),
                        _ => Err(value.unexpected($name)),
                    }
                }
            }
        )+
    };
}

read! {
    NaiveDate, Date, "date";
    NaiveTime, Time, "time";
    NaiveDateTime, Timestamp, "datetime2";
}

impl ToSql<Date, Tds> for NaiveDate {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Tds>) -> serialize::Result {
        held(*self)?;
        out.set_value(TdsBind::new(self.into_sql()));
        Ok(IsNull::No)
    }
}

impl ToSql<Time, Tds> for NaiveTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Tds>) -> serialize::Result {
        out.set_value(TdsBind::new(without_leap_second(*self).into_sql()));
        Ok(IsNull::No)
    }
}

impl ToSql<Timestamp, Tds> for NaiveDateTime {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Tds>) -> serialize::Result {
        held(self.date())?;
        let moment = self.date().and_time(without_leap_second(self.time()));
        out.set_value(TdsBind::new(moment.into_sql()));
        Ok(IsNull::No)
    }
}
