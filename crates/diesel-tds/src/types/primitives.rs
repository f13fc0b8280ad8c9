//! Numbers, text and bytes.

use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::{BigInt, Binary, Bool, Double, Float, Integer, SmallInt, Text};
use tiberius::ColumnData;

use crate::backend::Tds;
use crate::value::TdsValue;

/// A whole number of any width: what T-SQL counts, adds and compares comes back in a width of its
/// own choice.
fn whole(value: TdsValue<'_>, wanted: &str) -> deserialize::Result<i64> {
    match value.data() {
        ColumnData::U8(Some(number)) => Ok(i64::from(*number)),
        ColumnData::I16(Some(number)) => Ok(i64::from(*number)),
        ColumnData::I32(Some(number)) => Ok(i64::from(*number)),
        ColumnData::I64(Some(number)) => Ok(*number),
        ColumnData::Bit(Some(bit)) => Ok(i64::from(*bit)),
        ColumnData::Numeric(Some(number)) if number.scale() == 0 || number.dec_part() == 0 => {
            i64::try_from(number.int_part()).map_err(|_| value.unexpected(wanted))
        }
        _ => Err(value.unexpected(wanted)),
    }
}

/// A number with a fraction, of either width.
fn fractional(value: TdsValue<'_>, wanted: &str) -> deserialize::Result<f64> {
    match value.data() {
        ColumnData::F32(Some(number)) => Ok(f64::from(*number)),
        ColumnData::F64(Some(number)) => Ok(*number),
        ColumnData::Numeric(Some(number)) => {
            Ok(number.value() as f64 / 10_f64.powi(i32::from(number.scale())))
        }
        _ => whole(value, wanted).map(|number| number as f64),
    }
}

macro_rules! whole_numbers {
    ($($rust:ident, $sql:ident, $name:literal;)+) => {
        $(
            impl FromSql<$sql, Tds> for $rust {
                fn from_sql(value: TdsValue<'_>) -> deserialize::Result<Self> {
                    let number = whole(value, $name)?;
                    $rust::try_from(number)
                        .map_err(|_| format!("{number} is out of the range of {}", $name).into())
                }
            }
        )+
    };
}

whole_numbers! {
    i16, SmallInt, "smallint";
    i32, Integer, "int";
    i64, BigInt, "bigint";
}

impl FromSql<Bool, Tds> for bool {
    fn from_sql(value: TdsValue<'_>) -> deserialize::Result<Self> {
        whole(value, "bit").map(|number| number != 0)
    }
}

impl FromSql<Float, Tds> for f32 {
    fn from_sql(value: TdsValue<'_>) -> deserialize::Result<Self> {
        fractional(value, "real").map(|number| number as f32)
    }
}

impl FromSql<Double, Tds> for f64 {
    fn from_sql(value: TdsValue<'_>) -> deserialize::Result<Self> {
        fractional(value, "float")
    }
}

impl FromSql<Text, Tds> for String {
    fn from_sql(value: TdsValue<'_>) -> deserialize::Result<Self> {
        match value.data() {
            ColumnData::String(Some(text)) => Ok(text.as_ref().to_owned()),
            ColumnData::Xml(Some(xml)) => Ok(xml.to_string()),
            ColumnData::Guid(Some(id)) => Ok(id.to_string()),
            _ => Err(value.unexpected("text")),
        }
    }
}

impl FromSql<Binary, Tds> for Vec<u8> {
    fn from_sql(value: TdsValue<'_>) -> deserialize::Result<Self> {
        match value.data() {
            ColumnData::Binary(Some(bytes)) => Ok(bytes.as_ref().to_owned()),
            _ => Err(value.unexpected("varbinary")),
        }
    }
}

macro_rules! copied {
    ($($rust:ty, $sql:ident;)+) => {
        $(
            impl ToSql<$sql, Tds> for $rust {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Tds>) -> serialize::Result {
                    out.set_value(*self);
                    Ok(IsNull::No)
                }
            }
        )+
    };
}

copied! {
    bool, Bool;
    i16, SmallInt;
    i32, Integer;
    i64, BigInt;
    f32, Float;
    f64, Double;
}

impl ToSql<Text, Tds> for str {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Tds>) -> serialize::Result {
        out.set_value(self);
        Ok(IsNull::No)
    }
}

impl ToSql<Binary, Tds> for [u8] {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Tds>) -> serialize::Result {
        out.set_value(self);
        Ok(IsNull::No)
    }
}
