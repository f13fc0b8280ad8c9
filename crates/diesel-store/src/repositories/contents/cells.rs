//! Values of columns as cells, and back.

use pressroom_ports::{Cell, StoreError};

use super::unreadable;

/// A value of a column.
pub(super) trait Value: Sized {
    fn into_cell(self) -> Cell;

    /// None where the cell holds another kind of value.
    fn of_cell(cell: &Cell) -> Option<Self>;
}

macro_rules! value {
    ($Type:ty, $Cell:ident) => {
        impl Value for $Type {
            fn into_cell(self) -> Cell {
                Cell::$Cell(self)
            }

            fn of_cell(cell: &Cell) -> Option<Self> {
                match cell {
                    Cell::$Cell(value) => Some(value.clone()),
                    _ => None,
                }
            }
        }
    };
}

value!(i64, Integer);
value!(bool, Truth);
value!(String, Text);
value!(Vec<u8>, Bytes);

impl<T: Value> Value for Option<T> {
    fn into_cell(self) -> Cell {
        self.map_or(Cell::Null, T::into_cell)
    }

    fn of_cell(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::of_cell(cell).map(Some),
        }
    }
}

/// The value of a column in a row of another store.
pub(super) fn value<T: Value>(
    cell: Option<&Cell>,
    table: &str,
    column: &str,
) -> Result<T, StoreError> {
    cell.and_then(T::of_cell)
        .ok_or_else(|| unreadable(table, &format!("the column {column} holds no such value")))
}
