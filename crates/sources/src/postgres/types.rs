//! The server's types, and how their values come.

use pressroom_data::DataType;
use tokio_postgres::types::{Kind, Type};

/// The form of a column's values on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Bool,
    Int2,
    Int4,
    Int8,
    /// Numbers without a sign, of 32 and of 64 bits.
    Oid,
    Xid8,
    Float4,
    Float8,
    Numeric,
    Text,
    /// One byte.
    Char,
    /// Text behind the number of its version.
    Jsonb,
    Uuid,
    Date,
    Time,
    TimeTz,
    Timestamp,
    Interval,
    Bytes,
    /// A single bit.
    Bit,
    Inet,
    Cidr,
    /// Nothing at all: what a function gives that gives nothing.
    Void,
}

/// What a column is asked for as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// As it is.
    Plain(Form),
    /// Converted by the server: its own text, say, of what is not known here.
    Cast(&'static str, Form),
}

impl Way {
    pub(super) fn form(self) -> Form {
        match self {
            Self::Plain(form) | Self::Cast(_, form) => form,
        }
    }
}

/// How the values of a type come. `modifier` is what was declared behind its name, such as a length.
pub(super) fn way(declared: &Type, modifier: i32) -> Way {
    match declared.kind() {
        Kind::Domain(base) => return way(base, modifier),
        Kind::Enum(_) => return Way::Plain(Form::Text),
        _ => {}
    }
    Way::Plain(match *declared {
        Type::BOOL => Form::Bool,
        Type::INT2 => Form::Int2,
        Type::INT4 => Form::Int4,
        Type::INT8 => Form::Int8,
        Type::OID | Type::XID | Type::CID => Form::Oid,
        Type::XID8 => Form::Xid8,
        Type::FLOAT4 => Form::Float4,
        Type::FLOAT8 => Form::Float8,
        Type::NUMERIC => Form::Numeric,
        Type::TEXT
        | Type::VARCHAR
        | Type::BPCHAR
        | Type::NAME
        | Type::UNKNOWN
        | Type::JSON
        | Type::XML => Form::Text,
        Type::CHAR => Form::Char,
        Type::JSONB => Form::Jsonb,
        Type::UUID => Form::Uuid,
        Type::DATE => Form::Date,
        Type::TIME => Form::Time,
        Type::TIMETZ => Form::TimeTz,
        Type::TIMESTAMP | Type::TIMESTAMPTZ => Form::Timestamp,
        Type::INTERVAL => Form::Interval,
        Type::BYTEA => Form::Bytes,
        Type::BIT if modifier == 1 => Form::Bit,
        Type::INET => Form::Inet,
        Type::CIDR => Form::Cidr,
        Type::VOID => Form::Void,
        // How many places its numbers have is a setting of the server.
        Type::MONEY => return Way::Cast("numeric", Form::Numeric),
        _ if declared.name() == "citext" => Form::Text,
        _ => return Way::Cast("text", Form::Text),
    })
}

impl Form {
    /// The type that reports know such values as.
    pub(super) fn data_type(self) -> DataType {
        match self {
            Self::Bool | Self::Bit => DataType::Bool,
            Self::Int2 | Self::Int4 | Self::Int8 | Self::Oid | Self::Xid8 => DataType::Int,
            Self::Float4 | Self::Float8 => DataType::Double,
            Self::Numeric => DataType::Decimal,
            Self::Uuid => DataType::Guid,
            Self::Date | Self::Timestamp => DataType::DateTime,
            Self::Time | Self::TimeTz | Self::Interval => DataType::Span,
            Self::Bytes => DataType::Bytes,
            Self::Text | Self::Char | Self::Jsonb | Self::Inet | Self::Cidr | Self::Void => {
                DataType::Text
            }
        }
    }
}

/// The type that reports know a type of the catalogue as, by its own name: the same as [`way`] finds.
pub(super) fn named(name: &str, modifier: i32) -> DataType {
    match name {
        "bool" => DataType::Bool,
        "bit" if modifier == 1 => DataType::Bool,
        "int2" | "int4" | "int8" | "oid" | "xid" | "cid" | "xid8" => DataType::Int,
        "float4" | "float8" => DataType::Double,
        "numeric" | "money" => DataType::Decimal,
        "uuid" => DataType::Guid,
        "date" | "timestamp" | "timestamptz" => DataType::DateTime,
        "time" | "timetz" | "interval" => DataType::Span,
        "bytea" => DataType::Bytes,
        _ => DataType::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_and_a_statement_know_a_type_alike() {
        for declared in [
            Type::BOOL,
            Type::INT2,
            Type::INT4,
            Type::INT8,
            Type::OID,
            Type::FLOAT4,
            Type::FLOAT8,
            Type::NUMERIC,
            Type::MONEY,
            Type::TEXT,
            Type::VARCHAR,
            Type::BPCHAR,
            Type::NAME,
            Type::CHAR,
            Type::JSON,
            Type::JSONB,
            Type::XML,
            Type::UUID,
            Type::DATE,
            Type::TIME,
            Type::TIMETZ,
            Type::TIMESTAMP,
            Type::TIMESTAMPTZ,
            Type::INTERVAL,
            Type::BYTEA,
            Type::BIT,
            Type::VARBIT,
            Type::INET,
            Type::CIDR,
            Type::MACADDR,
            Type::POINT,
            Type::INT4_ARRAY,
            Type::INT4_RANGE,
        ] {
            for modifier in [-1, 1] {
                let of_statement = way(&declared, modifier).form().data_type();
                assert_eq!(of_statement, named(declared.name(), modifier), "{declared}");
            }
        }
    }
}
