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

use super::places::Places;
use super::ranges;
use super::{Environment, evaluate};
use crate::{Dialect, QueryError};

/// The longest SQL of an expression, in bytes. Functions that a database lacks are written with an
/// argument at several places, so functions within functions may grow beyond all bounds.
const MAX_BYTES: usize = 1 << 20;

/// What expressions of a query are translated for.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) query: &'a str,
    pub(super) dialect: &'a dyn Dialect,
    pub(super) environment: &'a Environment<'a>,
    /// The query's parameters, then the report's.
    pub(super) parameters: &'a [(Arc<str>, Value)],
    /// Knows the columns.
    pub(super) column: &'a Columns<'a>,
    /// Knows the columns outside of aggregates, where those differ: a group has no other.
    pub(super) of_group: Option<&'a Columns<'a>>,
}

/// What a field is in SQL.
pub(super) type Columns<'a> = dyn Fn(&FieldPath) -> Result<String, QueryError> + 'a;

impl<'a> Context<'a> {
    /// A translator for a part of the query, such as its `filter`.
    pub(super) fn translator<'p>(self, part: &str, places: &'p mut Places) -> Translator<'a, 'p> {
        self.translator_at(format!("the {part} of query \"{}\"", self.query), places)
    }

    /// A translator for an expression that stands at a place.
    pub(super) fn translator_at<'p>(
        self,
        place: String,
        places: &'p mut Places,
    ) -> Translator<'a, 'p> {
        let Context { query: _, dialect, environment, parameters, column, of_group } = self;
        Translator { dialect, environment, parameters, column, of_group, places, place }
    }
}

/// Translates expressions.
pub(super) struct Translator<'a, 'p> {
    dialect: &'a dyn Dialect,
    environment: &'a Environment<'a>,
    parameters: &'a [(Arc<str>, Value)],
    column: &'a Columns<'a>,
    of_group: Option<&'a Columns<'a>>,
    places: &'p mut Places,
    /// What mistakes are in: `the filter of query "Orders"`.
    place: String,
}

/// A part in SQL.
struct Sql {
    text: String,
    kind: Kind,
    /// The value, where it is the same for every row, and its place with its type.
    constant: Option<(Value, String)>,
}

/// What a part is, as far as SQL tells it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A test. Not every database takes it for a value.
    Condition,
    /// A text, so that `+` joins.
    Text,
    /// The word `null`: what is compared with it is asked whether it is.
    Null,
    /// Anything else, or not known.
    Value,
}

impl Sql {
    fn new(text: String, kind: Kind) -> Self {
        Self { text, kind, constant: None }
    }

    fn is_moment(&self) -> bool {
        matches!(self.constant, Some((Value::DateTime(_), _)))
    }
}

impl Translator<'_, '_> {
    /// A condition as SQL; `None` where there is nothing but blanks.
    pub(super) fn condition(&mut self, text: &str) -> Result<Option<String>, QueryError> {
        let expression = parse_optional(text).map_err(|error| self.mistake(error))?;
        expression.map(|expression| self.test(expression.root())).transpose()
    }

    /// A value as SQL; `None` where there is nothing but blanks.
    pub(super) fn value(&mut self, text: &str) -> Result<Option<String>, QueryError> {
        let expression = parse_optional(text).map_err(|error| self.mistake(error))?;
        expression.map(|expression| self.operand(expression.root())).transpose()
    }

    fn mistake(&self, error: pressroom_criteria::ParseError) -> QueryError {
        QueryError::Expression { place: self.place.clone(), error }
    }

    fn refuse<T>(&self, what: impl Into<String>) -> Result<T, QueryError> {
        Err(QueryError::NotInSql { place: self.place.clone(), what: what.into() })
    }

    fn missing<T>(&self, text: Option<T>, what: impl FnOnce() -> String) -> Result<T, QueryError> {
        text.map_or_else(|| self.refuse(what()), Ok)
    }

    /// A part as a condition.
    pub(super) fn test(&mut self, node: &Node) -> Result<String, QueryError> {
        let sql = self.node(node)?;
        Ok(match (&sql.constant, sql.kind) {
            (Some((Value::Bool(true), _)), _) => "(1 = 1)".into(),
            (Some((Value::Bool(false), _)), _) => "(1 = 0)".into(),
            (Some((Value::Null, _)), _) => "(1 = NULL)".into(),
            (_, Kind::Condition) => sql.text,
            _ => self.dialect.condition(&self.as_value(sql)),
        })
    }

    /// A part as a value, with its type where nothing beside it tells it.
    fn operand(&mut self, node: &Node) -> Result<String, QueryError> {
        let sql = self.node(node)?;
        Ok(self.as_value(sql))
    }

    fn as_value(&self, sql: Sql) -> String {
        match (sql.constant, sql.kind) {
            (Some((_, typed)), _) => typed,
            (None, Kind::Condition) => self.dialect.truth_value(&sql.text),
            (None, _) => sql.text,
        }
    }

    /// A part that is compared with another, from which the database learns its type. It must not
    /// learn less from it than the value has: a whole number from `2.5`, a day from a moment.
    fn compared(&self, sql: Sql, other_is_constant: bool) -> String {
        match &sql.constant {
            Some((Value::Decimal(_) | Value::Double(_) | Value::DateTime(_), _)) => {
                self.as_value(sql)
            }
            Some(_) if !other_is_constant => sql.text,
            _ => self.as_value(sql),
        }
    }

    fn node(&mut self, node: &Node) -> Result<Sql, QueryError> {
        let sql = self.any_node(node)?;
        if sql.text.len() > MAX_BYTES {
            return self.refuse("an expression that becomes so long");
        }
        Ok(sql)
    }

    fn any_node(&mut self, node: &Node) -> Result<Sql, QueryError> {
        if is_constant(node) {
            return self.constant(node);
        }
        match &node.kind {
            NodeKind::Field(path) => {
                let column = self.of_group.unwrap_or(self.column);
                Ok(Sql::new(column(path)?, Kind::Value))
            }
            NodeKind::Unary { op, operand } => self.unary(*op, operand),
            NodeKind::Binary { first, rest } => {
                let mut left = self.side(first, rest.first().map(|(op, _)| *op))?;
                for (op, right) in rest {
                    let right = self.side(right, Some(*op))?;
                    left = self.binary(*op, left, right)?;
                }
                Ok(left)
            }
            NodeKind::In { operand, list } => {
                let operand = self.operand(operand)?;
                let mut values = Vec::with_capacity(list.len());
                for node in list {
                    let sql = self.node(node)?;
                    values.push(self.compared(sql, false));
                }
                Ok(match values.is_empty() {
                    true => Sql::new("(1 = 0)".into(), Kind::Condition),
                    false => {
                        Sql::new(format!("({operand} IN ({}))", values.join(", ")), Kind::Condition)
                    }
                })
            }
            NodeKind::Between { operand, low, high } => {
                let from = self.comparison(BinaryOp::GreaterOrEqual, operand, low)?;
                let to = self.comparison(BinaryOp::LessOrEqual, operand, high)?;
                Ok(Sql::new(format!("({from} AND {to})"), Kind::Condition))
            }
            NodeKind::Call { function, arguments } => self.call(function.name, arguments),
            NodeKind::Aggregate(aggregate) => {
                if aggregate.collection.is_some() || aggregate.condition.is_some() {
                    return self.refuse("an aggregate over other rows");
                }
                let of_group = self.of_group.take();
                let argument = match &aggregate.argument {
                    Some(argument) => self.operand(argument)?,
                    None => "*".to_owned(),
                };
                self.of_group = of_group;
                let function = match aggregate.kind {
                    AggregateKind::Sum => "sum(",
                    AggregateKind::Avg => "avg(",
                    AggregateKind::Min => "min(",
                    AggregateKind::Max => "max(",
                    AggregateKind::Count => "count(",
                    AggregateKind::CountDistinct => "count(DISTINCT ",
                    other => return self.refuse(other.name()),
                };
                Ok(Sql::new(format!("{function}{argument})"), Kind::Value))
            }
            NodeKind::Summary { kind, .. } => self.refuse(kind.name()),
            NodeKind::Literal(_) | NodeKind::Parameter(_) => self.constant(node),
        }
    }

    /// The value of a part without fields.
    pub(super) fn evaluated(&self, node: &Node) -> Result<Value, QueryError> {
        let place = || self.place.clone();
        match &node.kind {
            NodeKind::Literal(value) => Ok(value.clone()),
            _ => evaluate(&node.to_string(), self.parameters, self.environment, &place),
        }
    }

    /// A part without fields is evaluated now, and its value bound.
    fn constant(&mut self, node: &Node) -> Result<Sql, QueryError> {
        let name: Arc<str> = match &node.kind {
            NodeKind::Parameter(name) => Arc::clone(name),
            _ => "".into(),
        };
        let value = self.evaluated(node)?;
        let mut sql = self.bound(&name, value);
        if matches!(node.kind, NodeKind::Literal(Value::Null)) {
            sql.kind = Kind::Null;
        }
        Ok(sql)
    }

    fn bound(&mut self, name: &Arc<str>, value: Value) -> Sql {
        let values = match &value {
            Value::List(values) if !values.is_empty() => values.to_vec(),
            Value::List(_) => vec![Value::Null],
            value => vec![value.clone()],
        };
        let (mut places, mut typed) = (Vec::new(), Vec::new());
        for value in values {
            let bound = match &value {
                Value::DateTime(moment) => self.dialect.bound_moment(*moment),
                value => value.clone(),
            };
            let place = self.places.bind(name, &bound);
            typed.push(self.dialect.typed(&place, &bound));
            places.push(place);
        }
        let kind = if matches!(value, Value::Text(_)) { Kind::Text } else { Kind::Value };
        Sql { text: places.join(", "), kind, constant: Some((value, typed.join(", "))) }
    }

    fn unary(&mut self, op: UnaryOp, operand: &Node) -> Result<Sql, QueryError> {
        Ok(match op {
            UnaryOp::Not => {
                let text = format!("(NOT {})", self.test(operand)?);
                Sql::new(text, Kind::Condition)
            }
            UnaryOp::IsNull => {
                let text = format!("({} IS NULL)", self.operand(operand)?);
                Sql::new(text, Kind::Condition)
            }
            UnaryOp::Negate => Sql::new(format!("(-{})", self.operand(operand)?), Kind::Value),
            UnaryOp::BitNot => {
                let operand = self.operand(operand)?;
                let text = self.missing(self.dialect.bit_not(&operand), || "~".into())?;
                Sql::new(text, Kind::Value)
            }
        })
    }

    /// A side of an operator: a condition beside `And` and `Or`.
    fn side(&mut self, node: &Node, op: Option<BinaryOp>) -> Result<Sql, QueryError> {
        match op {
            Some(BinaryOp::And | BinaryOp::Or) => Ok(Sql::new(self.test(node)?, Kind::Condition)),
            _ => self.node(node),
        }
    }

    fn comparison(&mut self, op: BinaryOp, a: &Node, b: &Node) -> Result<String, QueryError> {
        let (a, b) = (self.node(a)?, self.node(b)?);
        Ok(self.binary(op, a, b)?.text)
    }

    fn binary(&mut self, op: BinaryOp, left: Sql, right: Sql) -> Result<Sql, QueryError> {
        let no_form = || op.symbol().to_owned();
        let is_comparison = is_comparison(op);
        if let (BinaryOp::Equal | BinaryOp::NotEqual, Some(tested)) =
            (op, beside_null(&left, &right))
        {
            let not = if op == BinaryOp::Equal { "" } else { "NOT " };
            let tested = if tested { left } else { right };
            let text = format!("({} IS {not}NULL)", self.as_value(tested));
            return Ok(Sql::new(text, Kind::Condition));
        }
        let joins = op == BinaryOp::Add && (left.kind == Kind::Text || right.kind == Kind::Text);
        let are_conditions = matches!(op, BinaryOp::And | BinaryOp::Or);
        let with_moment = is_comparison && (left.is_moment() || right.is_moment());
        let (a_is_constant, b_is_constant) = (left.constant.is_some(), right.constant.is_some());
        let side = |sql: Sql, other_is_constant: bool| {
            let is_moment = sql.is_moment();
            let text = match is_comparison || op == BinaryOp::Like {
                _ if are_conditions => sql.text,
                true => self.compared(sql, other_is_constant),
                false => self.as_value(sql),
            };
            if with_moment && !is_moment { self.dialect.moment(&text) } else { text }
        };
        let (a, b) = (side(left, b_is_constant), side(right, a_is_constant));
        if joins {
            return Ok(Sql::new(self.dialect.concat(&[a, b]), Kind::Text));
        }
        let text = self.missing(self.dialect.operator(op, &a, &b), no_form)?;
        let is_condition = is_comparison || are_conditions || op == BinaryOp::Like;
        Ok(Sql::new(text, if is_condition { Kind::Condition } else { Kind::Value }))
    }

    fn call(&mut self, name: &str, arguments: &[Node]) -> Result<Sql, QueryError> {
        match (name, arguments) {
            ("Iif", [branches @ .., otherwise]) if branches.len() % 2 == 0 => {
                return self.choice(branches, otherwise);
            }
            ("InRange", [value, from, to]) => {
                let from = self.comparison(BinaryOp::GreaterOrEqual, value, from)?;
                let to = self.comparison(BinaryOp::LessOrEqual, value, to)?;
                return Ok(Sql::new(format!("({from} AND {to})"), Kind::Condition));
            }
            ("InDateRange", [value, from, to]) => {
                let from = self.comparison(BinaryOp::GreaterOrEqual, value, from)?;
                let to = self.comparison(BinaryOp::Less, value, to)?;
                return Ok(Sql::new(format!("({from} AND {to})"), Kind::Condition));
            }
            ("StartsWith", [text, start]) if is_constant(start) => {
                if let Some(sql) = self.starts_with(text, start)? {
                    return Ok(sql);
                }
            }
            (name, [date]) => {
                if let Some((from, to)) = ranges::range(name) {
                    return self.in_range(date, from, to);
                }
            }
            _ => {}
        }
        let mut sql = Vec::with_capacity(arguments.len());
        for argument in arguments {
            sql.push(self.operand(argument)?);
        }
        let text = match (name, sql.as_slice()) {
            ("IsNull", [value]) => format!("({value} IS NULL)"),
            ("IsNull", [value, instead]) => self.dialect.or_else(value, instead),
            ("IsNullOrEmpty", [value]) => format!("({value} IS NULL OR {value} = '')"),
            ("Concat", parts) if !parts.is_empty() => self.dialect.concat(parts),
            ("IsSameDay" | "IsSameMonth" | "IsSameYear", [a, b]) => {
                let start = match name {
                    "IsSameDay" => "GetDate",
                    "IsSameMonth" => "GetDateMonthYear",
                    _ => "GetYear",
                };
                let (a, b) = (self.function(start, &[a])?, self.function(start, &[b])?);
                format!("({a} = {b})")
            }
            (name, [date]) if ranges::month(name).is_some() => {
                let month = ranges::month(name).unwrap_or_default();
                format!("({} = {month})", self.function("GetMonth", &[date])?)
            }
            (name, arguments) => self.missing(self.dialect.function(name, arguments), || {
                format!("the function {name}")
            })?,
        };
        let kind = match name {
            "Concat" | "Lower" | "Upper" | "Trim" | "TrimStart" | "TrimEnd" | "Replace"
            | "Substring" | "ToStr" | "PadLeft" | "PadRight" | "Reverse" | "Insert" | "Remove"
            | "Char" => Kind::Text,
            "IsNullOrEmpty" | "Contains" | "StartsWith" | "EndsWith" | "IsSameDay"
            | "IsSameMonth" | "IsSameYear" => Kind::Condition,
            "IsNull" if arguments.len() == 1 => Kind::Condition,
            name if ranges::month(name).is_some() => Kind::Condition,
            _ => Kind::Value,
        };
        Ok(Sql::new(text, kind))
    }

    fn function(&self, name: &str, arguments: &[&String]) -> Result<String, QueryError> {
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).clone()).collect();
        self.missing(self.dialect.function(name, &arguments), || format!("the function {name}"))
    }

    /// The value of the first condition that holds.
    fn choice(&mut self, branches: &[Node], otherwise: &Node) -> Result<Sql, QueryError> {
        let mut is_text = false;
        let mut choices = Vec::with_capacity(branches.len() / 2);
        for pair in branches.chunks(2) {
            let condition = self.test(&pair[0])?;
            let value = self.node(&pair[1])?;
            is_text |= value.kind == Kind::Text;
            choices.push((condition, self.as_value(value)));
        }
        let otherwise = self.node(otherwise)?;
        is_text |= otherwise.kind == Kind::Text;
        let text = self.dialect.choice(&choices, &self.as_value(otherwise));
        Ok(Sql::new(text, if is_text { Kind::Text } else { Kind::Value }))
    }

    /// A start that is known, as a pattern: an index can find it.
    fn starts_with(&mut self, text: &Node, start: &Node) -> Result<Option<Sql>, QueryError> {
        let place = || self.place.clone();
        let start = evaluate(&start.to_string(), self.parameters, self.environment, &place)?;
        let Value::Text(start) = start else { return Ok(None) };
        let Some(pattern) = self.dialect.start_pattern(&start) else { return Ok(None) };
        let text = self.operand(text)?;
        let place = self.places.bind(&"".into(), &Value::from(pattern));
        let sql = format!("({text} LIKE {place} ESCAPE '!')");
        Ok(Some(Sql::new(sql, Kind::Condition)))
    }

    fn in_range(&mut self, date: &Node, from: &str, to: &str) -> Result<Sql, QueryError> {
        let mut test = |op: BinaryOp, moment: &str| -> Result<String, QueryError> {
            let place = || self.place.clone();
            let moment = evaluate(moment, &[], self.environment, &place)?;
            let (date, moment) = (self.node(date)?, self.bound(&"".into(), moment));
            Ok(self.binary(op, date, moment)?.text)
        };
        let from = test(BinaryOp::GreaterOrEqual, from)?;
        let to = test(BinaryOp::Less, to)?;
        Ok(Sql::new(format!("({from} AND {to})"), Kind::Condition))
    }
}

/// Whether it is the left side that is tested for null; `None` where neither is.
fn beside_null(left: &Sql, right: &Sql) -> Option<bool> {
    match (left.kind == Kind::Null, right.kind == Kind::Null) {
        (false, true) => Some(true),
        (true, false) => Some(false),
        _ => None,
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    matches!(
        op,
        BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual
    )
}

/// Whether a part has the same value for every row.
pub(super) fn is_constant(node: &Node) -> bool {
    let mut is_constant = true;
    node.walk(&mut |node| {
        is_constant &= !matches!(
            node.kind,
            NodeKind::Field(_) | NodeKind::Aggregate(_) | NodeKind::Summary { .. }
        );
    });
    is_constant
}

/// Whether an expression computes one value for a group.
pub(super) fn has_aggregate(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |node| found |= matches!(node.kind, NodeKind::Aggregate(_)));
    found
}
