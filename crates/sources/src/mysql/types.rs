//! What a column of MySQL holds.

use mysql_async::Column;
use mysql_async::consts::{ColumnFlags, ColumnType};
use pressroom_data::DataType;

/// The character set of columns that hold bytes rather than texts.
const BINARY: u16 = 63;

/// The type of a result's column.
pub(crate) fn of_column(column: &Column) -> DataType {
    let is_binary = column.character_set() == BINARY;
    match column.column_type() {
        // `bool` is a name for a whole number of one digit.
        ColumnType::MYSQL_TYPE_TINY if column.column_length() == 1 => DataType::Bool,
        ColumnType::MYSQL_TYPE_BIT if column.column_length() == 1 => DataType::Bool,
        ColumnType::MYSQL_TYPE_TINY
        | ColumnType::MYSQL_TYPE_SHORT
        | ColumnType::MYSQL_TYPE_INT24
        | ColumnType::MYSQL_TYPE_LONG
        | ColumnType::MYSQL_TYPE_YEAR
        | ColumnType::MYSQL_TYPE_BIT => DataType::Int,
        // Beyond 64 bits with a sign, decimal numbers go on.
        ColumnType::MYSQL_TYPE_LONGLONG if column.flags().contains(ColumnFlags::UNSIGNED_FLAG) => {
            DataType::Decimal
        }
        ColumnType::MYSQL_TYPE_LONGLONG => DataType::Int,
        ColumnType::MYSQL_TYPE_DECIMAL | ColumnType::MYSQL_TYPE_NEWDECIMAL => DataType::Decimal,
        ColumnType::MYSQL_TYPE_FLOAT | ColumnType::MYSQL_TYPE_DOUBLE => DataType::Double,
        ColumnType::MYSQL_TYPE_DATE
        | ColumnType::MYSQL_TYPE_NEWDATE
        | ColumnType::MYSQL_TYPE_DATETIME
        | ColumnType::MYSQL_TYPE_DATETIME2
        | ColumnType::MYSQL_TYPE_TIMESTAMP
        | ColumnType::MYSQL_TYPE_TIMESTAMP2 => DataType::DateTime,
        ColumnType::MYSQL_TYPE_TIME | ColumnType::MYSQL_TYPE_TIME2 => DataType::Span,
        ColumnType::MYSQL_TYPE_GEOMETRY => DataType::Bytes,
        ColumnType::MYSQL_TYPE_ENUM | ColumnType::MYSQL_TYPE_SET | ColumnType::MYSQL_TYPE_JSON => {
            DataType::Text
        }
        ColumnType::MYSQL_TYPE_NULL => DataType::Unknown,
        _ if is_binary => DataType::Bytes,
        _ => DataType::Text,
    }
}

/// The type of a column or parameter by its declaration, such as `decimal(10,2) unsigned`.
pub(crate) fn declared(declaration: &str) -> DataType {
    let text = declaration.to_ascii_lowercase();
    let base = text.split(['(', ' ']).next().unwrap_or_default();
    let of_one = text.starts_with("tinyint(1)") || text.starts_with("bit(1)");
    match base {
        "bool" | "boolean" => DataType::Bool,
        "tinyint" | "bit" if of_one => DataType::Bool,
        "bigint" if text.contains("unsigned") => DataType::Decimal,
        "tinyint" | "smallint" | "mediumint" | "int" | "integer" | "bigint" | "year" | "bit" => {
            DataType::Int
        }
        "decimal" | "numeric" | "dec" | "fixed" => DataType::Decimal,
        "float" | "double" | "real" => DataType::Double,
        "date" | "datetime" | "timestamp" => DataType::DateTime,
        "time" => DataType::Span,
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" | "geometry"
        | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring"
        | "multipolygon" | "geometrycollection" => DataType::Bytes,
        // MariaDB's own; it comes as text.
        "uuid" => DataType::Guid,
        "" => DataType::Unknown,
        _ => DataType::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_understood() {
        for (declaration, expect) in [
            ("tinyint(1)", DataType::Bool),
            ("tinyint(4)", DataType::Int),
            ("int(10) unsigned", DataType::Int),
            ("bigint(20) unsigned", DataType::Decimal),
            ("bit(8)", DataType::Int),
            ("decimal(10,2)", DataType::Decimal),
            ("double", DataType::Double),
            ("datetime(6)", DataType::DateTime),
            ("time", DataType::Span),
            ("varchar(40)", DataType::Text),
            ("enum('a','b')", DataType::Text),
            ("longtext", DataType::Text),
            ("json", DataType::Text),
            ("varbinary(16)", DataType::Bytes),
            ("longblob", DataType::Bytes),
        ] {
            assert_eq!(declared(declaration), expect, "{declaration}");
        }
    }
}
