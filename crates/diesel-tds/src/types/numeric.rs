//! Exact numbers with a fraction.

use bigdecimal::BigDecimal;
use bigdecimal::num_bigint::BigInt;
use diesel::deserialize::{self, FromSql};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Numeric;
use tiberius::ColumnData;
use tiberius::numeric::Numeric as Decimal;

use crate::backend::Tds;
use crate::bind::TdsBind;
use crate::value::TdsValue;

/// The digits that `decimal` holds.
const DIGITS: u64 = 38;

impl FromSql<Numeric, Tds> for BigDecimal {
    fn from_sql(value: TdsValue<'_>) -> deserialize::Result<Self> {
        match value.data() {
            ColumnData::Numeric(Some(number)) => {
                Ok(BigDecimal::new(BigInt::from(number.value()), i64::from(number.scale())))
            }
            ColumnData::U8(Some(number)) => Ok(BigDecimal::from(*number)),
            ColumnData::I16(Some(number)) => Ok(BigDecimal::from(*number)),
            ColumnData::I32(Some(number)) => Ok(BigDecimal::from(*number)),
            ColumnData::I64(Some(number)) => Ok(BigDecimal::from(*number)),
            ColumnData::F64(Some(number)) => Ok(BigDecimal::try_from(*number)?),
            _ => Err(value.unexpected("decimal")),
        }
    }
}

impl ToSql<Numeric, Tds> for BigDecimal {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Tds>) -> serialize::Result {
        let too_long = || format!("{self} has more digits than the {DIGITS} of a decimal");
        let number = self.normalized();
        let number =
            if number.fractional_digit_count() < 0 { number.with_scale(0) } else { number };
        let (digits, scale) = number.as_bigint_and_exponent();
        let scale = u8::try_from(scale).ok().filter(|scale| u64::from(*scale) <= DIGITS);
        let scale = scale.ok_or_else(too_long)?;
        if number.digits().max(u64::from(scale)) > DIGITS {
            return Err(too_long().into());
        }
        let value = i128::try_from(digits).map_err(|_| too_long())?;
        let value = Decimal::new_with_scale(value, scale);
        out.set_value(TdsBind::new(ColumnData::Numeric(Some(value))));
        Ok(IsNull::No)
    }
}
