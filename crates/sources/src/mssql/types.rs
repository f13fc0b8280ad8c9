//! What a column of SQL Server holds.

use pressroom_data::DataType;
use pressroom_ports::ColumnInfo;
use tiberius::{Column, ColumnType};

/// The columns of a result. One without a name is called as ADO.NET calls it.
pub(crate) fn columns(sent: &[Column]) -> Vec<ColumnInfo> {
    named(sent.iter().map(|column| (column.name(), of_column(column.column_type()))))
}

/// Columns by name and type.
pub(crate) fn named<'a>(columns: impl IntoIterator<Item = (&'a str, DataType)>) -> Vec<ColumnInfo> {
    let mut unnamed = 0;
    let column = |(name, data_type): (&str, DataType)| {
        let mut name = name.to_owned();
        if name.is_empty() {
            unnamed += 1;
            name = format!("Column{unnamed}");
        }
        ColumnInfo { name, data_type }
    };
    columns.into_iter().map(column).collect()
}

/// The type of a result's column.
fn of_column(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Bit | ColumnType::Bitn => DataType::Bool,
        ColumnType::Int1
        | ColumnType::Int2
        | ColumnType::Int4
        | ColumnType::Int8
        | ColumnType::Intn => DataType::Int,
        ColumnType::Decimaln | ColumnType::Numericn | ColumnType::Money | ColumnType::Money4 => {
            DataType::Decimal
        }
        ColumnType::Float4 | ColumnType::Float8 | ColumnType::Floatn => DataType::Double,
        ColumnType::Datetime
        | ColumnType::Datetime4
        | ColumnType::Datetimen
        | ColumnType::Daten
        | ColumnType::Datetime2
        | ColumnType::DatetimeOffsetn => DataType::DateTime,
        ColumnType::Timen => DataType::Span,
        ColumnType::Guid => DataType::Guid,
        ColumnType::BigVarBin | ColumnType::BigBinary | ColumnType::Image | ColumnType::Udt => {
            DataType::Bytes
        }
        ColumnType::Null => DataType::Unknown,
        // Values of a `sql_variant` have a type each: as text they have one.
        ColumnType::BigVarChar
        | ColumnType::BigChar
        | ColumnType::NVarchar
        | ColumnType::NChar
        | ColumnType::Xml
        | ColumnType::Text
        | ColumnType::NText
        | ColumnType::SSVariant => DataType::Text,
    }
}

/// The type of a column or parameter by its declaration, such as `decimal(10,2)`.
pub(crate) fn declared(declaration: &str) -> DataType {
    let text = declaration.trim().to_ascii_lowercase();
    match text.split(['(', ' ']).next().unwrap_or_default() {
        "bit" => DataType::Bool,
        "tinyint" | "smallint" | "int" | "bigint" => DataType::Int,
        "decimal" | "numeric" | "money" | "smallmoney" => DataType::Decimal,
        "float" | "real" => DataType::Double,
        "date" | "datetime" | "datetime2" | "smalldatetime" | "datetimeoffset" => {
            DataType::DateTime
        }
        "time" => DataType::Span,
        "uniqueidentifier" => DataType::Guid,
        "binary" | "varbinary" | "image" | "timestamp" | "rowversion" | "hierarchyid"
        | "geometry" | "geography" => DataType::Bytes,
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
            ("bit", DataType::Bool),
            ("TINYINT", DataType::Int),
            ("bigint", DataType::Int),
            ("decimal(10,2)", DataType::Decimal),
            ("smallmoney", DataType::Decimal),
            ("real", DataType::Double),
            ("datetime2(7)", DataType::DateTime),
            ("datetimeoffset(7)", DataType::DateTime),
            ("time(3)", DataType::Span),
            ("uniqueidentifier", DataType::Guid),
            ("nvarchar(max)", DataType::Text),
            ("sysname", DataType::Text),
            ("xml", DataType::Text),
            ("sql_variant", DataType::Text),
            ("varbinary(16)", DataType::Bytes),
            ("timestamp", DataType::Bytes),
            ("", DataType::Unknown),
        ] {
            assert_eq!(declared(declaration), expect, "{declaration}");
        }
    }

    #[test]
    fn columns_without_a_name_get_one() {
        let columns = named([("", DataType::Int), ("n", DataType::Int), ("", DataType::Text)]);
        let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
        assert_eq!(names, ["Column1", "n", "Column2"]);
    }
}
