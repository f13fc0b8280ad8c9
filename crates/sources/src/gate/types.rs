//! The types that values may be turned into.

use sqlparser::ast::{ArrayElemTypeDef, DataType, ObjectNamePart, TypeModifier};

use super::Syntax;
use super::error::{Forbidden, Refusal};

/// Types that the parser knows by name only.
const NAMED: &str = "\
    bpchar binary_double binary_float citext counter currency datetime2 datetimeoffset daterange \
    decfloat float hierarchyid hstore image inet int4range int8range cidr macaddr money nchar \
    ntext number numrange nvarchar2 raw serial signed smalldatetime smallmoney super time \
    timestamptz timetz tsrange tstzrange uniqueidentifier varbyte varchar2 year";

/// A type as SQL. Types that name things of the database (`regclass`) tell what there is, and those
/// of somebody's own may run anything.
pub(super) fn write(kind: &DataType, syntax: Syntax) -> Result<String, Refusal> {
    use DataType as T;
    let refused = || Refusal::from(Forbidden::Type(kind.to_string().to_lowercase()));
    match kind {
        T::Character(_)
        | T::Char(_)
        | T::CharacterVarying(_)
        | T::CharVarying(_)
        | T::Varchar(_)
        | T::Nvarchar(_)
        | T::Uuid
        | T::CharacterLargeObject(_)
        | T::CharLargeObject(_)
        | T::Clob(_)
        | T::Binary(_)
        | T::Varbinary(_)
        | T::Blob(_)
        | T::Bytes(_)
        | T::Numeric(_)
        | T::Decimal(_)
        | T::DecimalUnsigned(_)
        | T::BigNumeric(_)
        | T::BigDecimal(_)
        | T::Dec(_)
        | T::DecUnsigned(_)
        | T::Float(_)
        | T::FloatUnsigned(_)
        | T::TinyInt(_)
        | T::TinyIntUnsigned(_)
        | T::Int2(_)
        | T::Int2Unsigned(_)
        | T::SmallInt(_)
        | T::SmallIntUnsigned(_)
        | T::MediumInt(_)
        | T::MediumIntUnsigned(_)
        | T::Int(_)
        | T::Int4(_)
        | T::Int8(_)
        | T::Int64
        | T::Integer(_)
        | T::IntUnsigned(_)
        | T::Int4Unsigned(_)
        | T::IntegerUnsigned(_)
        | T::BigInt(_)
        | T::BigIntUnsigned(_)
        | T::Int8Unsigned(_)
        | T::Signed
        | T::SignedInteger
        | T::Unsigned
        | T::UnsignedInteger
        | T::Float4
        | T::Float64
        | T::Real
        | T::RealUnsigned
        | T::Float8
        | T::Double(_)
        | T::DoubleUnsigned(_)
        | T::DoublePrecision
        | T::DoublePrecisionUnsigned
        | T::Bool
        | T::Boolean
        | T::Date
        | T::Time(..)
        | T::Datetime(_)
        | T::Timestamp(..)
        | T::Interval { .. }
        | T::JSON
        | T::JSONB
        | T::Text
        | T::TinyText
        | T::MediumText
        | T::LongText
        | T::String(_)
        | T::Bytea
        | T::Bit(_)
        | T::BitVarying(_)
        | T::VarBit(_)
        | T::TsVector
        | T::TsQuery => Ok(kind.to_string()),
        T::Array(ArrayElemTypeDef::SquareBracket(inner, size)) if syntax == Syntax::Postgres => {
            let size = size.map(|size| size.to_string()).unwrap_or_default();
            Ok(format!("{}[{size}]", write(inner, syntax)?))
        }
        T::Custom(name, modifiers) => {
            let [ObjectNamePart::Identifier(own)] = name.0.as_slice() else {
                return Err(refused());
            };
            let own = own.value.to_lowercase();
            let is_long =
                syntax == Syntax::Sybase && matches!(&*own, "long varchar" | "long binary");
            if !is_long && !NAMED.split_ascii_whitespace().any(|known| known == own) {
                return Err(refused());
            }
            let numbers: Option<Vec<&str>> = modifiers
                .iter()
                .map(|modifier| match modifier {
                    TypeModifier::Number(number, false)
                        if number.bytes().all(|byte| byte.is_ascii_digit()) =>
                    {
                        Some(number.as_str())
                    }
                    TypeModifier::Identifier(max) if max.value.eq_ignore_ascii_case("max") => {
                        Some("max")
                    }
                    _ => None,
                })
                .collect();
            let numbers = numbers.ok_or_else(refused)?;
            Ok(if numbers.is_empty() { own } else { format!("{own}({})", numbers.join(", ")) })
        }
        _ => Err(refused()),
    }
}
