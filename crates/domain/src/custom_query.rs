//! Queries that authors write in a database's own SQL.

use crate::{DataModelId, InvalidText, Name, OptimisticLock};

/// A query in the SQL of a data model's database. No two of a data model are called the same, whatever
/// the letter case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomQuery {
    /// The data model that it belongs to.
    pub model: DataModelId,
    /// What it is called.
    pub name: Name,
    /// Its text.
    pub sql: SqlText,
    /// Its parameters, in order.
    pub parameters: Vec<QueryParameter>,
    /// Its lock.
    pub lock: OptimisticLock,
}

/// A query to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCustomQuery {
    /// The data model that it belongs to.
    pub model: DataModelId,
    /// What it is called.
    pub name: Name,
    /// Its text.
    pub sql: SqlText,
    /// Its parameters, in order.
    pub parameters: Vec<QueryParameter>,
}

/// A change of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomQueryUpdate {
    /// What it is called now, in any letter case.
    pub name: String,
    /// The lock that the writer saw; none writes whatever was there.
    pub expected: Option<OptimisticLock>,
    /// What it is from now on.
    pub query: NewCustomQuery,
}

/// Names one query of a data model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomQueryKey {
    /// The data model.
    pub model: DataModelId,
    /// What the query is called, in any letter case.
    pub name: String,
}

/// A parameter of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryParameter {
    /// What the text calls it.
    pub name: Name,
    /// Its type.
    pub data_type: ParameterType,
    /// Its value unless another one is given, written the same in every culture; none is null.
    pub value: Option<String>,
}

/// A text in SQL: not blank, at most 100,000 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlText(String);

impl SqlText {
    /// The most characters.
    pub const LONGEST: usize = 100_000;

    /// A text in SQL, kept as it is.
    ///
    /// # Errors
    /// [`InvalidText`] when it is blank, too long or holds a NUL.
    pub fn new(text: &str) -> Result<Self, InvalidText> {
        let what = "a query";
        if text.trim().is_empty() {
            return Err(InvalidText::Empty { what });
        }
        if text.contains('\0') {
            return Err(InvalidText::Control { what });
        }
        let length = text.chars().count();
        if length > Self::LONGEST {
            return Err(InvalidText::TooLong { what, length, longest: Self::LONGEST });
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The type of a parameter, by the names that .NET has for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterType {
    /// True or false.
    Boolean,
    /// A whole number of 8 bits.
    Byte,
    /// A whole number of 16 bits.
    Int16,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// A decimal number.
    Decimal,
    /// A floating-point number of 32 bits.
    Single,
    /// A floating-point number of 64 bits.
    Double,
    /// A text.
    String,
    /// A date and time.
    DateTime,
    /// A length of time.
    TimeSpan,
    /// A globally unique id.
    Guid,
    /// Bytes.
    ByteArray,
}

impl ParameterType {
    /// All of them, with their names.
    pub const ALL: [(Self, &str); 13] = [
        (Self::Boolean, "Boolean"),
        (Self::Byte, "Byte"),
        (Self::Int16, "Int16"),
        (Self::Int32, "Int32"),
        (Self::Int64, "Int64"),
        (Self::Decimal, "Decimal"),
        (Self::Single, "Single"),
        (Self::Double, "Double"),
        (Self::String, "String"),
        (Self::DateTime, "DateTime"),
        (Self::TimeSpan, "TimeSpan"),
        (Self::Guid, "Guid"),
        (Self::ByteArray, "ByteArray"),
    ];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("String", |(_, name)| name)
    }

    /// The type of a name in any letter case, also as `System.Int32` or with an assembly behind it.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        let text = text.split(',').next().unwrap_or_default().trim();
        let name = match text.get(..7) {
            Some(prefix) if prefix.eq_ignore_ascii_case("System.") => &text[7..],
            _ => text,
        };
        let name = if name.eq_ignore_ascii_case("Byte[]") { "ByteArray" } else { name };
        Self::ALL.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map(|(kind, _)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_go_by_their_names() {
        for (kind, name) in ParameterType::ALL {
            assert_eq!((kind.name(), ParameterType::find(name)), (name, Some(kind)));
        }
        for (text, expect) in [
            ("system.int32", Some(ParameterType::Int32)),
            ("System.String, mscorlib", Some(ParameterType::String)),
            ("System.Byte[]", Some(ParameterType::ByteArray)),
            ("System.", None),
            ("", None),
            ("größe größe", None),
        ] {
            assert_eq!(ParameterType::find(text), expect, "{text}");
        }
    }

    #[test]
    fn a_query_has_a_text() {
        assert!(SqlText::new("select 1\n-- all").is_ok());
        for text in ["", " \n", "select '\0'", &"x".repeat(SqlText::LONGEST + 1)] {
            assert!(SqlText::new(text).is_err());
        }
    }
}
