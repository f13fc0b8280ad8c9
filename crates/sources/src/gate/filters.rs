//! Row filters.

use pressroom_data::Value;

/// Which rows of a table a reader may see.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Filter {
    /// A condition over the table's columns, hidden ones too, in the SQL of its database. Columns
    /// stand alone or after the table's own name.
    pub(crate) condition: String,
    /// The values of its places.
    pub(crate) values: Vec<Value>,
}
