//! Values, schemas, row streams, cultures and .NET format strings.
//!
//! This crate names no other crate of the workspace. Everything that carries data between a
//! database, the expression language and the layout engine is one of these types.

mod rows;
mod schema;
mod spill;
mod value;

pub use rows::{
    Direction, Order, Row, RowProvider, RowRequest, RowStream, Rows, SourceError, collect_rows,
};
pub use schema::{Field, Schema};
pub use spill::{MemorySpill, SpillFile, SpillStore};
pub use value::{DataType, Value};
