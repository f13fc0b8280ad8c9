//! The canonical text of a tree.

use std::fmt::{self, Display, Formatter, Write};

use pressroom_data::Value;

use super::ast::{AggregateNode, BinaryOp, FieldPath, NOT, Node, NodeKind, TEST, UNARY, UnaryOp};
use super::lexer::{is_keyword, is_name};

/// Binds tighter than every operator.
const OPERAND: u8 = u8::MAX;

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.kind {
            NodeKind::Literal(value) => literal(value, f),
            NodeKind::Parameter(name) => parameter(name, f),
            NodeKind::Field(path) => path.fmt(f),
            NodeKind::Unary { op: UnaryOp::IsNull, operand } => {
                operand.at_least(TEST, f)?;
                f.write_str(" Is Null")
            }
            NodeKind::Unary { op: UnaryOp::Not, operand } => {
                f.write_str("Not ")?;
                operand.at_least(NOT, f)
            }
            NodeKind::Unary { op: UnaryOp::Negate, operand } => {
                f.write_char('-')?;
                operand.at_least(UNARY, f)
            }
            NodeKind::Unary { op: UnaryOp::BitNot, operand } => {
                f.write_char('~')?;
                operand.at_least(UNARY, f)
            }
            NodeKind::Binary { first, rest } => binary(first, rest, f),
            NodeKind::In { operand, list } => {
                operand.at_least(TEST, f)?;
                f.write_str(" In ")?;
                arguments(list, f)
            }
            NodeKind::Between { operand, low, high } => {
                operand.at_least(TEST, f)?;
                write!(f, " Between ({low}, {high})")
            }
            NodeKind::Call { function, arguments: list } => {
                f.write_str(function.name)?;
                arguments(list, f)
            }
            NodeKind::Aggregate(aggregate) => aggregate.fmt(f),
            NodeKind::Summary { kind, argument } => {
                f.write_str(kind.name())?;
                optional_argument(argument.as_deref(), f)
            }
        }
    }
}

impl Node {
    fn precedence(&self) -> u8 {
        match &self.kind {
            NodeKind::Unary { op: UnaryOp::IsNull, .. }
            | NodeKind::In { .. }
            | NodeKind::Between { .. } => TEST,
            NodeKind::Unary { op: UnaryOp::Not, .. } => NOT,
            NodeKind::Unary { .. } => UNARY,
            NodeKind::Binary { rest, .. } => {
                rest.first().map_or(OPERAND, |(op, _)| op.precedence())
            }
            _ => OPERAND,
        }
    }

    /// Writes the node, in brackets if it binds less tightly than its place asks.
    fn at_least(&self, precedence: u8, f: &mut Formatter<'_>) -> fmt::Result {
        if self.precedence() < precedence { write!(f, "({self})") } else { self.fmt(f) }
    }
}

fn binary(first: &Node, rest: &[(BinaryOp, Node)], f: &mut Formatter<'_>) -> fmt::Result {
    let precedence = rest.first().map_or(0, |(op, _)| op.precedence());
    // A test such as `x Is Null` may stand first among comparisons: it is read as their start.
    let first_may_be_test = !matches!(first.kind, NodeKind::Binary { .. });
    first.at_least(if first_may_be_test { precedence } else { precedence + 1 }, f)?;
    for (op, operand) in rest {
        write!(f, " {} ", op.symbol())?;
        operand.at_least(precedence + 1, f)?;
    }
    Ok(())
}

fn arguments(list: &[Node], f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char('(')?;
    for (index, node) in list.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        node.fmt(f)?;
    }
    f.write_char(')')
}

fn optional_argument(argument: Option<&Node>, f: &mut Formatter<'_>) -> fmt::Result {
    match argument {
        Some(argument) => write!(f, "({argument})"),
        None => f.write_str("()"),
    }
}

impl Display for AggregateNode {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.collection {
            Some(path) => path.fmt(f)?,
            None => f.write_str("[]")?,
        }
        if let Some(condition) = &self.condition {
            write!(f, "[{condition}]")?;
        }
        write!(f, ".{}", self.kind.name())?;
        optional_argument(self.argument.as_ref(), f)
    }
}

impl Display for FieldPath {
    /// The path in square brackets, with what needs it escaped.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('[')?;
        for _ in 0..self.parents() {
            f.write_str("^.")?;
        }
        for (index, segment) in self.segments().iter().enumerate() {
            if index > 0 {
                f.write_char('.')?;
            }
            escaped(segment, f)?;
        }
        f.write_char(']')
    }
}

fn escaped(name: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for (at, c) in name.char_indices() {
        match c {
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            ']' | '[' | '\\' | '.' => write!(f, "\\{c}")?,
            // At the start these would be read as the parent row or as a parameter.
            '^' | '?' if at == 0 => write!(f, "\\{c}")?,
            c => f.write_char(c)?,
        }
    }
    Ok(())
}

fn parameter(name: &str, f: &mut Formatter<'_>) -> fmt::Result {
    if is_name(name) && !is_keyword(name) {
        write!(f, "?{name}")
    } else {
        f.write_str("[Parameters.")?;
        escaped(name, f)?;
        f.write_char(']')
    }
}

fn literal(value: &Value, f: &mut Formatter<'_>) -> fmt::Result {
    match value {
        Value::Null => f.write_char('?'),
        Value::Bool(true) => f.write_str("True"),
        Value::Bool(false) => f.write_str("False"),
        Value::Int(number) => write!(f, "{number}"),
        Value::Decimal(number) => write!(f, "{number}m"),
        Value::Double(number) => write!(f, "{number:?}"),
        Value::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
        Value::DateTime(moment) => write!(f, "#{}#", moment.format("%Y-%m-%d %H:%M:%S%.f")),
        Value::Span(span) => {
            let sign = if *span < chrono::TimeDelta::zero() { "-" } else { "" };
            let span = span.abs();
            let (seconds, fraction) = (span.num_seconds(), span.subsec_nanos());
            write!(
                f,
                "#{sign}{}.{:02}:{:02}:{:02}",
                seconds / 86_400,
                seconds / 3_600 % 24,
                seconds / 60 % 60,
                seconds % 60
            )?;
            if fraction != 0 {
                write!(f, ".{fraction:09}")?;
            }
            f.write_char('#')
        }
        Value::Guid(guid) => write!(f, "{{{guid}}}"),
        // No literal makes these: they only come from rows and parameters.
        Value::Bytes(_) | Value::List(_) => f.write_char('?'),
    }
}
