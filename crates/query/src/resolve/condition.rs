//! Expressions of the expression language as SQL.
//!
//! A query's filter means what its database makes of it: the tool that wrote the layout sends it as
//! SQL too. So letter case, collations and the division of numbers are the database's here, unlike
//! in filters and expressions of reports.

use std::sync::Arc;

use pressroom_criteria::{
    AggregateKind, BinaryOp, FieldPath, Node, NodeKind, UnaryOp, parse_optional,
};
use pressroom_data::Value;

use super::custom::bind;
use super::{Environment, evaluate};
use crate::{Dialect, QueryError};

/// Translates expressions over columns that `column` knows.
pub(super) struct Translator<'a> {
    pub(super) dialect: &'a dyn Dialect,
    pub(super) environment: &'a Environment<'a>,
    /// The query's parameters, then the report's.
    pub(super) parameters: &'a [(Arc<str>, Value)],
    pub(super) column: &'a dyn Fn(&FieldPath) -> Result<String, QueryError>,
    pub(super) binds: &'a mut Vec<(Arc<str>, Value)>,
    /// What mistakes are in: `the filter of query "Orders"`.
    pub(super) place: String,
}

/// A part in SQL.
struct Sql {
    text: String,
    /// Whether it is a text, so that `+` joins.
    is_text: bool,
    /// The value, where it is the same for every row.
    constant: Option<Value>,
}

impl Translator<'_> {
    /// An expression as SQL; `None` where there is nothing but blanks.
    pub(super) fn translate(&mut self, text: &str) -> Result<Option<String>, QueryError> {
        let expression = parse_optional(text)
            .map_err(|error| QueryError::Expression { place: self.place.clone(), error })?;
        expression.map(|expression| Ok(self.node(expression.root())?.text)).transpose()
    }

    fn refuse<T>(&self, what: impl Into<String>) -> Result<T, QueryError> {
        Err(QueryError::NotInSql { place: self.place.clone(), what: what.into() })
    }

    fn node(&mut self, node: &Node) -> Result<Sql, QueryError> {
        if is_constant(node) {
            return self.constant(node);
        }
        let plain = |text| Sql { text, is_text: false, constant: None };
        match &node.kind {
            NodeKind::Field(path) => Ok(plain((self.column)(path)?)),
            NodeKind::Unary { op, operand } => {
                let operand = self.node(operand)?.text;
                Ok(plain(match op {
                    UnaryOp::Not => format!("(NOT {operand})"),
                    UnaryOp::Negate => format!("(-{operand})"),
                    UnaryOp::BitNot => format!("(~{operand})"),
                    UnaryOp::IsNull => format!("({operand} IS NULL)"),
                }))
            }
            NodeKind::Binary { first, rest } => {
                let mut left = self.node(first)?;
                for (op, right) in rest {
                    let right = self.node(right)?;
                    left = self.binary(*op, left, right)?;
                }
                Ok(left)
            }
            NodeKind::In { operand, list } => {
                let operand = self.node(operand)?.text;
                let list: Result<Vec<String>, QueryError> =
                    list.iter().map(|node| Ok(self.node(node)?.text)).collect();
                Ok(plain(format!("({operand} IN ({}))", list?.join(", "))))
            }
            NodeKind::Between { operand, low, high } => {
                let from = self.node(operand)?;
                let low = self.node(low)?;
                let from = self.binary(BinaryOp::GreaterOrEqual, from, low)?.text;
                let to = self.node(operand)?;
                let high = self.node(high)?;
                let to = self.binary(BinaryOp::LessOrEqual, to, high)?.text;
                Ok(plain(format!("({from} AND {to})")))
            }
            NodeKind::Call { function, arguments } => self.call(function.name, arguments),
            NodeKind::Aggregate(aggregate) => {
                if aggregate.collection.is_some() || aggregate.condition.is_some() {
                    return self.refuse("an aggregate over other rows");
                }
                let argument = match &aggregate.argument {
                    Some(argument) => self.node(argument)?.text,
                    None => "*".to_owned(),
                };
                let function = match aggregate.kind {
                    AggregateKind::Sum => "sum",
                    AggregateKind::Avg => "avg",
                    AggregateKind::Min => "min",
                    AggregateKind::Max => "max",
                    AggregateKind::Count => "count",
                    AggregateKind::CountDistinct => {
                        return Ok(plain(format!("count(DISTINCT {argument})")));
                    }
                    other => return self.refuse(other.name()),
                };
                Ok(plain(format!("{function}({argument})")))
            }
            NodeKind::Summary { kind, .. } => self.refuse(kind.name()),
            NodeKind::Literal(_) | NodeKind::Parameter(_) => self.constant(node),
        }
    }

    /// A part without fields is evaluated now, and its value bound.
    fn constant(&mut self, node: &Node) -> Result<Sql, QueryError> {
        let name: Arc<str> = match &node.kind {
            NodeKind::Parameter(name) => Arc::clone(name),
            _ => "".into(),
        };
        let place = || self.place.clone();
        let value = match &node.kind {
            NodeKind::Literal(value) => value.clone(),
            _ => evaluate(&node.to_string(), self.parameters, self.environment, &place)?,
        };
        let is_text = matches!(value, Value::Text(_));
        let bound = match &value {
            Value::DateTime(moment) => self.dialect.bound_moment(*moment),
            Value::List(values) => Value::List(
                values
                    .iter()
                    .map(|value| match value {
                        Value::DateTime(moment) => self.dialect.bound_moment(*moment),
                        value => value.clone(),
                    })
                    .collect(),
            ),
            value => value.clone(),
        };
        Ok(Sql {
            text: bind(&name, &bound, self.binds, self.dialect),
            is_text,
            constant: Some(value),
        })
    }

    fn binary(&mut self, op: BinaryOp, left: Sql, right: Sql) -> Result<Sql, QueryError> {
        let is_comparison = matches!(
            op,
            BinaryOp::Equal
                | BinaryOp::NotEqual
                | BinaryOp::Less
                | BinaryOp::LessOrEqual
                | BinaryOp::Greater
                | BinaryOp::GreaterOrEqual
        );
        let (mut a, mut b) = (left.text, right.text);
        if is_comparison
            && (is_moment(left.constant.as_ref()) || is_moment(right.constant.as_ref()))
        {
            for (constant, text) in [(&left.constant, &mut a), (&right.constant, &mut b)] {
                if !is_moment(constant.as_ref()) {
                    *text = self.dialect.moment(text);
                }
            }
        }
        let joins = op == BinaryOp::Add && (left.is_text || right.is_text);
        let text = match op {
            BinaryOp::Add if joins => self.dialect.concat(&[a, b]),
            BinaryOp::Or => format!("({a} OR {b})"),
            BinaryOp::And => format!("({a} AND {b})"),
            BinaryOp::Like => format!("({a} LIKE {b})"),
            BinaryOp::BitXor => return self.refuse("^"),
            op => format!("({a} {} {b})", op.symbol()),
        };
        Ok(Sql { text, is_text: joins, constant: None })
    }

    fn call(&mut self, name: &str, arguments: &[Node]) -> Result<Sql, QueryError> {
        let mut sql = Vec::with_capacity(arguments.len());
        for argument in arguments {
            sql.push(self.node(argument)?.text);
        }
        let text = match (name, sql.as_slice()) {
            ("Iif", [conditions @ .., otherwise]) if conditions.len() % 2 == 0 => {
                let cases: String = conditions
                    .chunks(2)
                    .map(|pair| format!(" WHEN {} THEN {}", pair[0], pair[1]))
                    .collect();
                format!("(CASE{cases} ELSE {otherwise} END)")
            }
            ("IsNull", [value]) => format!("({value} IS NULL)"),
            ("IsNull", [value, instead]) => format!("coalesce({value}, {instead})"),
            ("IsNullOrEmpty", [value]) => format!("({value} IS NULL OR {value} = '')"),
            ("Concat", parts) => self.dialect.concat(parts),
            (name, arguments) => match self.dialect.function(name, arguments) {
                Some(text) => text,
                None => return self.refuse(format!("the function {name}")),
            },
        };
        let is_text = matches!(
            name,
            "Concat" | "Lower" | "Upper" | "Trim" | "Replace" | "Substring" | "ToStr"
        );
        Ok(Sql { text, is_text, constant: None })
    }
}

fn is_moment(constant: Option<&Value>) -> bool {
    matches!(constant, Some(Value::DateTime(_)))
}

/// Whether a part has the same value for every row.
fn is_constant(node: &Node) -> bool {
    let mut is_constant = true;
    node.walk(&mut |node| {
        is_constant &= !matches!(
            node.kind,
            NodeKind::Field(_) | NodeKind::Aggregate(_) | NodeKind::Summary { .. }
        );
    });
    is_constant
}
