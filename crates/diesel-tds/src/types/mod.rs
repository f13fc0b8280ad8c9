//! Which types of T-SQL hold which of Diesel's.

#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "numeric")]
mod numeric;
mod primitives;
#[cfg(feature = "uuid")]
mod uuid;

use diesel::expression::KnownCastSqlTypeName;
use diesel::sql_types::{self, HasSqlType};
use tiberius::ColumnData;

use crate::backend::Tds;

#[cfg(feature = "uuid")]
pub use uuid::{Guid, UniqueIdentifier};

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TdsType {
    /// `bit`
    Bit,
    /// `smallint`
    SmallInt,
    /// `int`
    Int,
    /// `bigint`
    BigInt,
    /// `real`
    Real,
    /// `float`
    Float,
    /// `nvarchar`
    NVarChar,
    /// `varbinary`
    VarBinary,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `datetime2`
    DateTime2,
    /// `decimal`, `numeric`
    Numeric,
    /// `uniqueidentifier`
    UniqueIdentifier,
}

impl TdsType {
    /// NULL of this type.
    pub(crate) fn null(self) -> ColumnData<'static> {
        match self {
            Self::Bit => ColumnData::Bit(None),
            Self::SmallInt => ColumnData::I16(None),
            Self::Int => ColumnData::I32(None),
            Self::BigInt => ColumnData::I64(None),
            Self::Real => ColumnData::F32(None),
            Self::Float => ColumnData::F64(None),
            Self::NVarChar => ColumnData::String(None),
            Self::VarBinary => ColumnData::Binary(None),
            Self::Date => ColumnData::Date(None),
            Self::Time => ColumnData::Time(None),
            Self::DateTime2 => ColumnData::DateTime2(None),
            Self::Numeric => ColumnData::Numeric(None),
            Self::UniqueIdentifier => ColumnData::Guid(None),
        }
    }
}

macro_rules! types {
    ($($diesel:ident => $tds:ident, $name:literal;)+) => {
        $(
            impl HasSqlType<sql_types::$diesel> for Tds {
                fn metadata((): &mut ()) -> TdsType {
                    TdsType::$tds
                }
            }

            impl KnownCastSqlTypeName<Tds> for sql_types::$diesel {
                const SQL_TYPE_NAME: &'static str = $name;
            }
        )+
    };
}

types! {
    Bool => Bit, "bit";
    SmallInt => SmallInt, "smallint";
    Integer => Int, "int";
    BigInt => BigInt, "bigint";
    Float => Real, "real";
    Double => Float, "float";
    Text => NVarChar, "nvarchar(max)";
    Binary => VarBinary, "varbinary(max)";
    Date => Date, "date";
    Time => Time, "time";
    Timestamp => DateTime2, "datetime2";
    Numeric => Numeric, "decimal(38, 10)";
}
