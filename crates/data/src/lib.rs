//! Values, schemas, row streams, cultures and .NET format strings.
//!
//! This crate names no other crate of the workspace. Everything that carries data between a
//! database, the expression language and the layout engine is one of these types.

pub mod codec;
mod coerce;
mod culture;
mod format;
mod order;
mod rows;
mod schema;
mod spill;
mod value;

pub use coerce::{CoerceError, coerce, parse_invariant};
pub use culture::Culture;
pub use format::{CompositeFormat, Format, display, format_value};
pub use order::{Key, compare, compare_text, key, same};
pub use rows::{
    Direction, Order, Row, RowProvider, RowRequest, RowStream, Rows, SourceError, collect_rows,
};
pub use schema::{Field, Schema};
pub use spill::{MemorySpill, SpillFile, SpillStore};
pub use value::{DataType, Value};
