//! The names and types of the columns of a row stream.

use std::sync::Arc;

use crate::DataType;

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name that expressions use.
    pub name: Arc<str>,
    /// The type as declared; [`DataType::Unknown`] where the source declares none.
    pub data_type: DataType,
}

impl Field {
    /// A column of a name and type.
    pub fn new(name: impl Into<Arc<str>>, data_type: DataType) -> Self {
        Self { name: name.into(), data_type }
    }
}

/// The columns of a row stream, in row order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// The columns.
    pub fields: Vec<Field>,
}

impl Schema {
    /// A schema of these columns.
    #[must_use]
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields }
    }

    /// The position of a column: by exact name, else by name in any letter case.
    #[must_use]
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| &*field.name == name).or_else(|| {
            let name = name.to_lowercase();
            self.fields.iter().position(|field| field.name.to_lowercase() == name)
        })
    }
}
