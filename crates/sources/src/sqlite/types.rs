//! What a declared type means.
//!
//! SQLite takes any word as a type; people write those of the servers they know.

use pressroom_data::DataType;

/// The type of a column by its declaration, such as `nvarchar(40)`.
pub(crate) fn declared(declaration: &str) -> DataType {
    let base = declaration.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
    let starts = |words: &[&str]| words.iter().any(|word| base.starts_with(word));
    let holds = |words: &[&str]| words.iter().any(|word| base.contains(word));
    match &*base {
        "bit" | "bool" | "boolean" | "logical" | "yesno" => DataType::Bool,
        "date" => DataType::DateTime,
        "time" => DataType::Span,
        "guid" | "uniqueidentifier" | "uuid" => DataType::Guid,
        "long" | "serial" | "bigserial" | "counter" | "year" => DataType::Int,
        "single" => DataType::Double,
        _ if starts(&["datetime", "smalldatetime", "timestamp"]) => DataType::DateTime,
        _ if starts(&["decimal", "numeric", "number", "money", "smallmoney", "currency"]) => {
            DataType::Decimal
        }
        // From here on in the order in which SQLite itself looks.
        _ if holds(&["int"]) => DataType::Int,
        _ if holds(&["char", "clob", "text", "string", "memo", "xml", "json"]) => DataType::Text,
        _ if holds(&["blob", "binary", "image", "bytea"]) => DataType::Bytes,
        _ if holds(&["real", "floa", "doub"]) => DataType::Double,
        _ => DataType::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_of_many_servers_are_understood() {
        for (declaration, expect) in [
            ("integer", DataType::Int),
            ("UNSIGNED BIG INT", DataType::Int),
            ("smallint", DataType::Int),
            ("nvarchar(40)", DataType::Text),
            ("text(1073741823)", DataType::Text),
            ("CHARACTER VARYING(20)", DataType::Text),
            ("datetime", DataType::DateTime),
            ("datetime2(7)", DataType::DateTime),
            ("TIMESTAMP WITH TIME ZONE", DataType::DateTime),
            ("date", DataType::DateTime),
            ("time", DataType::Span),
            ("numeric", DataType::Decimal),
            ("DECIMAL(10, 2)", DataType::Decimal),
            ("money", DataType::Decimal),
            ("bit", DataType::Bool),
            ("BOOLEAN", DataType::Bool),
            ("real", DataType::Double),
            ("double precision", DataType::Double),
            ("uniqueidentifier", DataType::Guid),
            ("blob(2147483647)", DataType::Bytes),
            ("varbinary(max)", DataType::Bytes),
            ("", DataType::Unknown),
            ("geometry", DataType::Unknown),
        ] {
            assert_eq!(declared(declaration), expect, "{declaration}");
        }
    }
}
