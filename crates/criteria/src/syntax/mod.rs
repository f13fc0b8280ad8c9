//! From text to a tree and back.

mod ast;
mod lexer;
mod parser;
mod print;

pub use ast::{
    AggregateKind, AggregateNode, BinaryOp, Expr, FieldPath, Node, NodeKind, SummaryKind, UnaryOp,
};
pub(crate) use lexer::parse_date_literal;
pub use parser::{parse, parse_optional};
