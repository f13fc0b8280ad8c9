//! Values, schemas, row streams, cultures and .NET format strings.
//!
//! This crate names no other crate of the workspace. Everything that carries data between a
//! database, the expression language and the layout engine is one of these types.
//!
//! - [`Value`] is one cell; [`Schema`] names columns; a [`RowStream`] brings rows in batches.
//! - [`compare`], [`same`] and [`key`] are the one order, equality and hash of values: sorting,
//!   grouping and counting agree on them.
//! - [`coerce()`] and [`parse_invariant`] lead from one type to another.
//! - [`codec`] puts rows that must wait into a [`SpillFile`].
//! - [`Culture`] is how a language and region write numbers and dates (Unicode CLDR), [`Format`] and
//!   [`CompositeFormat`] are .NET's format strings.
//!
//! # Example
//!
//! ```
//! use pressroom_data::{CompositeFormat, Culture, DataType, Value, format_value, parse_invariant};
//!
//! let german = Culture::find("de-DE").unwrap_or(Culture::default());
//! let price = parse_invariant("1234.5", DataType::Decimal)?;
//! assert_eq!(format_value(&price, "c", german), "1.234,50 €");
//! assert_eq!(format_value(&price, "#,##0.0;(#,##0.0)", Culture::default()), "1,234.5");
//!
//! let due = parse_invariant("2026-03-05", DataType::DateTime)?;
//! let line = CompositeFormat::parse("{0:n2} due on {1:d MMMM}");
//! assert_eq!(line.format(&[price, due], german), "1.234,50 due on 5 März");
//! # Ok::<(), pressroom_data::CoerceError>(())
//! ```

pub mod codec;
mod coerce;
mod culture;
mod format;
mod order;
mod reader;
mod rows;
mod schema;
mod spill;
mod value;

pub use coerce::{CoerceError, coerce, parse_invariant};
pub use culture::Culture;
pub use format::{CompositeFormat, Format, display, format_value};
pub use order::{Key, compare, compare_text, key, same};
pub use reader::Reader;
pub use rows::{
    Direction, Order, Row, RowProvider, RowRequest, RowStream, Rows, SourceError, collect_rows,
};
pub use schema::{Field, Schema};
pub use spill::{MemorySpill, SpillFile, SpillStore};
pub use value::{DataType, Value};
