//! The expression language of report layouts: parse, check, evaluate, translate.
//!
//! An expression goes through three steps. [`parse`] makes a tree of its text, [`compile`] binds
//! the names in it to the columns of rows, and [`Compiled::evaluate`] computes its value for a row.
//!
//! ```
//! use pressroom_criteria::{RowScope, compile, parse};
//! use pressroom_data::{DataType, Field, Schema, Value};
//!
//! let schema = Schema::new(vec![
//!     Field::new("Product", DataType::Text),
//!     Field::new("Quantity", DataType::Int),
//! ]);
//! let expr = parse("Iif([Quantity] > 10, Upper([Product]), [Product]) + '!'")?;
//! let compiled = compile(&expr, &schema)?;
//!
//! let row = [Value::from("Tea"), Value::from(12_i64)];
//! let scope = RowScope::new(&row, "2026-11-24T10:30:00".parse()?);
//! assert_eq!(compiled.evaluate(&scope)?, Value::from("TEA!"));
//!
//! let mistake = parse("Iff([Quantity] > 10, 1, 2)").unwrap_err();
//! assert_eq!(mistake.hint.as_deref(), Some("did you mean Iif?"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Aggregates (`[Lines].Sum([Total])`) and summaries (`sumSum([Total])`) need more rows than one.
//! The environment of an expression, a [`Scope`], is asked for their values; it finds what it must
//! compute in [`Compiled::aggregates`] and [`Compiled::summaries`], and computes it with an
//! [`Accumulator`].
//!
//! The rules of values (nulls, whole and decimal numbers, letter case) and all functions are
//! described in `docs/expressions.md`.

mod accumulate;
mod analysis;
mod calendar;
mod code;
mod comparison;
mod compile;
mod convert;
mod error;
pub mod functions;
mod like;
mod number;
mod scope;
pub mod sql;
mod syntax;
mod types;

pub use accumulate::{Accumulator, Nulls, percentage};
pub use analysis::Needs;
pub use compile::{Compiled, Compiler, compile};
pub use error::{EvalError, ParseError, Span};
pub use scope::{
    AggregateCall, Binding, ByName, Collection, Position, Resolved, ResolvedParameter, Resolver,
    RowScope, Scope, SummaryCall,
};
pub use syntax::{
    AggregateKind, AggregateNode, BinaryOp, Expr, FieldPath, Node, NodeKind, SummaryKind, UnaryOp,
    parse, parse_optional,
};
