//! From text to a tree and back.

mod ast;
mod kinds;
mod lexer;
mod literal;
mod parser;
mod paths;
mod print;

pub use ast::{AggregateNode, BinaryOp, Expr, FieldPath, Node, NodeKind, UnaryOp};
pub use kinds::{AggregateKind, SummaryKind};
pub(crate) use literal::parse_date_literal;
pub use parser::{parse, parse_optional};
