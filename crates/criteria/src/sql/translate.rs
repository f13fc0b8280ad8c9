//! From a tree to SQL.

use std::borrow::Cow;

use pressroom_data::{DataType, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Column, Columns, Dialect, Fragment, NotTranslatable, Split};
use crate::comparison;
use crate::compile::compile;
use crate::functions::Purity;
use crate::number::Number;
use crate::scope::{ByName, Scope};
use crate::syntax::{BinaryOp, Expr, Node, NodeKind, UnaryOp};

/// A whole condition as SQL. Parts without fields (such as `AddDays(Today(), -7)`) are evaluated
/// now, with `scope`.
///
/// # Errors
/// The reason why the condition, or a part of it, means something else in SQL.
pub fn translate(
    expr: &Expr,
    dialect: &dyn Dialect,
    columns: &dyn Columns,
    scope: &dyn Scope,
) -> Result<Fragment, NotTranslatable> {
    let mut translator = Translator { dialect, columns, scope, values: Vec::new() };
    let sql = translator.condition(expr.root())?;
    Ok(Fragment { sql, values: translator.values })
}

/// The part of a filter that the database can do, and what is left: of conditions that are joined
/// by `And`, each goes one way or the other.
pub fn split(
    expr: &Expr,
    dialect: &dyn Dialect,
    columns: &dyn Columns,
    scope: &dyn Scope,
) -> Split {
    let mut translator = Translator { dialect, columns, scope, values: Vec::new() };
    let mut pushed = Vec::new();
    let mut rest = Vec::new();
    for node in conjuncts(expr.root()) {
        let bound = translator.values.len();
        match translator.condition(node) {
            Ok(sql) => pushed.push(sql),
            Err(_) => {
                translator.values.truncate(bound);
                rest.push(node.clone());
            }
        }
    }
    let pushed = (!pushed.is_empty())
        .then(|| Fragment { sql: pushed.join(" AND "), values: translator.values });
    Split { pushed, rest: conjunction(rest, expr) }
}

fn conjuncts(root: &Node) -> Vec<&Node> {
    match &root.kind {
        NodeKind::Binary { first, rest }
            if rest.iter().all(|(op, _)| *op == BinaryOp::And) && !rest.is_empty() =>
        {
            std::iter::once(&**first).chain(rest.iter().map(|(_, node)| node)).collect()
        }
        _ => vec![root],
    }
}

fn conjunction(nodes: Vec<Node>, whole: &Expr) -> Option<Expr> {
    let mut nodes = nodes.into_iter();
    let first = nodes.next()?;
    let rest: Vec<_> = nodes.map(|node| (BinaryOp::And, node)).collect();
    let span = whole.root.span;
    let root = if rest.is_empty() {
        first
    } else {
        Node::new(NodeKind::Binary { first: Box::new(first), rest }, span)
    };
    Some(Expr { root, text: whole.text.clone() })
}

struct Translator<'a> {
    dialect: &'a dyn Dialect,
    columns: &'a dyn Columns,
    scope: &'a dyn Scope,
    values: Vec<Value>,
}

type Sql = Result<String, NotTranslatable>;

fn refuse<T>(reason: impl Into<String>) -> Result<T, NotTranslatable> {
    Err(NotTranslatable(reason.into()))
}

impl Translator<'_> {
    /// A truth value: in brackets, unless it is a single test.
    fn condition(&mut self, node: &Node) -> Sql {
        if is_constant(node) {
            return match self.constant(node)? {
                Value::Bool(truth) => Ok(if truth { "(1 = 1)" } else { "(1 = 0)" }.into()),
                Value::Null => Ok("(1 = NULL)".into()),
                _ => refuse("a condition must be a truth value"),
            };
        }
        match &node.kind {
            NodeKind::Binary { first, rest } => self.binary(first, rest),
            NodeKind::Unary { op: UnaryOp::Not, operand } => {
                Ok(format!("(NOT {})", self.condition(operand)?))
            }
            NodeKind::Unary { op: UnaryOp::IsNull, operand } => {
                let column = self.column(operand)?;
                Ok(format!("({} IS NULL)", column.sql))
            }
            NodeKind::In { operand, list } => self.is_in(operand, list),
            NodeKind::Between { operand, low, high } => {
                let from = self.compare(BinaryOp::GreaterOrEqual, operand, low)?;
                let to = self.compare(BinaryOp::LessOrEqual, operand, high)?;
                Ok(format!("({from} AND {to})"))
            }
            NodeKind::Field(_) => {
                let column = self.column(node)?;
                match column.data_type {
                    DataType::Bool => Ok(self.dialect.condition(&column.sql)),
                    _ => refuse("a condition must be a truth value"),
                }
            }
            _ => refuse("functions and operators on columns are computed in memory"),
        }
    }

    fn binary(&mut self, first: &Node, rest: &[(BinaryOp, Node)]) -> Sql {
        let joint = match rest {
            [(BinaryOp::And, _), ..] => " AND ",
            [(BinaryOp::Or, _), ..] => " OR ",
            [(op, second)] => return self.compare(*op, first, second),
            _ => return refuse("comparisons in a row are compared in memory"),
        };
        let mut terms = vec![self.condition(first)?];
        for (_, node) in rest {
            terms.push(self.condition(node)?);
        }
        Ok(format!("({})", terms.join(joint)))
    }

    fn compare(&mut self, op: BinaryOp, left: &Node, right: &Node) -> Sql {
        let symbol = match op {
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual => op.symbol(),
            _ => return refuse(format!("\"{}\" is computed in memory", op.symbol())),
        };
        let is_null = |node: &Node| matches!(node.kind, NodeKind::Literal(Value::Null));
        let is_equality = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        if is_equality && (is_null(left) || is_null(right)) {
            let column = self.column(if is_null(right) { left } else { right })?;
            let not = if op == BinaryOp::Equal { "" } else { "NOT " };
            return Ok(format!("({} IS {not}NULL)", column.sql));
        }
        match (&left.kind, &right.kind) {
            (NodeKind::Field(_), NodeKind::Field(_)) => {
                let (a, b) = (self.column(left)?, self.column(right)?);
                let is_numeric = |column: &Column| column.data_type == DataType::Int;
                if a.data_type != b.data_type || !(is_numeric(&a) || a.data_type == DataType::Text)
                {
                    return refuse("columns of these types are compared in memory");
                }
                let collation = self.collation(a.data_type)?;
                Ok(format!("({} {symbol} {}{collation})", a.sql, b.sql))
            }
            (NodeKind::Field(_), _) => {
                let column = self.column(left)?;
                let value = self.constant(right)?;
                if let Some(sql) = self.text_equality(op, &column, &value)? {
                    return Ok(sql);
                }
                let (sql, value, collation) = self.operands(&column, value, is_equality)?;
                let nan_holds = matches!(op, BinaryOp::Less | BinaryOp::LessOrEqual);
                let comparison = format!("({sql} {symbol} {value}{collation})");
                Ok(self.with_nan(comparison, &column, op, nan_holds))
            }
            (_, NodeKind::Field(_)) => {
                let column = self.column(right)?;
                let value = self.constant(left)?;
                if let Some(sql) = self.text_equality(op, &column, &value)? {
                    return Ok(sql);
                }
                let (sql, value, collation) = self.operands(&column, value, is_equality)?;
                let nan_holds = matches!(op, BinaryOp::Greater | BinaryOp::GreaterOrEqual);
                let comparison = format!("({value} {symbol} {sql}{collation})");
                Ok(self.with_nan(comparison, &column, op, nan_holds))
            }
            _ => refuse("only columns are compared by the database"),
        }
    }

    fn is_in(&mut self, operand: &Node, list: &[Node]) -> Sql {
        let column = self.column(operand)?;
        let mut candidates = Vec::new();
        for node in list {
            match self.constant(node)? {
                Value::List(values) => candidates.extend(values.iter().cloned()),
                value => candidates.push(value),
            }
        }
        if candidates.is_empty() {
            return refuse("an empty list is compared in memory");
        }
        if column.data_type == DataType::Text && self.dialect.text_collation().is_none() {
            return self.is_among_texts(&column, &candidates);
        }
        let mut sql = self.comparable(&column)?;
        sql.push_str(self.collation(column.data_type)?);
        let mut places = Vec::with_capacity(candidates.len());
        for value in candidates {
            places.push(self.bind(&column, value, true)?);
        }
        Ok(format!("({sql} IN ({}))", places.join(", ")))
    }

    /// Equality with a text, where the database has a test for it instead of a collation.
    fn text_equality(
        &mut self,
        op: BinaryOp,
        column: &Column,
        value: &Value,
    ) -> Result<Option<String>, NotTranslatable> {
        let Value::Text(text) = value else { return Ok(None) };
        if column.data_type != DataType::Text || self.dialect.text_collation().is_some() {
            return Ok(None);
        }
        match op {
            BinaryOp::Equal => self.equals_text(column, text).map(Some),
            BinaryOp::NotEqual => Ok(Some(format!("(NOT {})", self.equals_text(column, text)?))),
            _ => Ok(None),
        }
    }

    fn equals_text(&mut self, column: &Column, text: &str) -> Sql {
        let place = self.dialect.placeholder(self.values.len() + 1);
        match self.dialect.text_equals(&column.sql, &place, text) {
            Some((sql, value)) => {
                self.values.push(value);
                Ok(sql)
            }
            None => refuse("the database has no comparison of texts as reports have it"),
        }
    }

    /// Whether a column is one of several texts. As in `IN`, a null among them leaves it open.
    fn is_among_texts(&mut self, column: &Column, candidates: &[Value]) -> Sql {
        let mut tests = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            tests.push(match candidate {
                Value::Text(text) => self.equals_text(column, text)?,
                Value::Null => "(1 = NULL)".into(),
                _ => return refuse("the value does not fit the type of the column"),
            });
        }
        Ok(format!("({})", tests.join(" OR ")))
    }

    /// What is not a number comes before every number in reports.
    fn with_nan(&self, comparison: String, column: &Column, op: BinaryOp, holds: bool) -> String {
        let by_order = !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        match column.data_type {
            DataType::Double if by_order => self.dialect.with_nan(comparison, &column.sql, holds),
            _ => comparison,
        }
    }

    /// A column and a constant, ready to be compared, and the collation to compare them by.
    fn operands(
        &mut self,
        column: &Column,
        value: Value,
        is_equality: bool,
    ) -> Result<(String, String, String), NotTranslatable> {
        let sql = self.comparable(column)?;
        let collation = self.collation(column.data_type)?.to_owned();
        Ok((sql, self.bind(column, value, is_equality)?, collation))
    }

    fn column(&self, node: &Node) -> Result<Column, NotTranslatable> {
        match &node.kind {
            NodeKind::Field(path) => self.columns.column(path).map_or_else(
                || refuse(format!("the query has no column for \"{}\"", path.name())),
                Ok,
            ),
            _ => refuse("only columns are compared by the database"),
        }
    }

    fn collation(&self, data_type: DataType) -> Result<&str, NotTranslatable> {
        match data_type {
            DataType::Text => self.dialect.text_collation().map_or_else(
                || refuse("the database has no collation that compares as reports do"),
                Ok,
            ),
            _ => Ok(""),
        }
    }

    /// The column in a form that can be compared with a bound value.
    fn comparable(&self, column: &Column) -> Sql {
        match column.data_type {
            DataType::Int | DataType::Double | DataType::Text => Ok(column.sql.clone()),
            DataType::Bool => Ok(self.dialect.truth_value(&column.sql)),
            DataType::Decimal if self.dialect.decimals_are_exact() => Ok(column.sql.clone()),
            DataType::DateTime => self.dialect.moment(&column.sql).map_or_else(
                || refuse("the database does not keep dates in a form that it can compare"),
                Ok,
            ),
            _ => refuse("values of this type are compared in memory"),
        }
    }

    /// Binds a constant that is compared with a column.
    fn bind(&mut self, column: &Column, value: Value, is_equality: bool) -> Sql {
        let value = self.bound(column.data_type, value, is_equality)?;
        let place = self.dialect.placeholder(self.values.len() + 1);
        let place = self.dialect.typed(place, &value);
        self.values.push(value);
        Ok(place)
    }

    fn bound(
        &self,
        data_type: DataType,
        value: Value,
        is_equality: bool,
    ) -> Result<Value, NotTranslatable> {
        let value = match (&value, sample(data_type)) {
            (Value::Text(_), Some(sample)) => match comparison::read(&value, &sample) {
                Some(read) => read,
                None => return refuse("the value does not fit the type of the column"),
            },
            _ => value,
        };
        let bound = match (data_type, &value) {
            (_, Value::Null) => Some(Value::Null),
            (DataType::Text, Value::Text(_)) => Some(value),
            (DataType::Bool, Value::Bool(_)) if is_equality => Some(value),
            (DataType::DateTime, Value::DateTime(moment)) => self.dialect.bound_moment(*moment),
            (DataType::Int, _) => Number::of(&value).and_then(beside_int),
            (DataType::Double, _) => Number::of(&value).and_then(beside_double),
            (DataType::Decimal, _) => {
                Number::of(&value).and_then(Number::to_decimal).map(Value::Decimal)
            }
            _ => None,
        };
        bound.map_or_else(|| refuse("the value does not fit the type of the column"), Ok)
    }

    /// The value of a part without fields.
    fn constant(&self, node: &Node) -> Result<Value, NotTranslatable> {
        if !is_constant(node) {
            return refuse("functions and operators on columns are computed in memory");
        }
        let expr = Expr { root: node.clone(), text: "".into() };
        let value = compile(&expr, &ByName)
            .map_err(|error| NotTranslatable(error.message))
            .and_then(|compiled| {
                let value = compiled.evaluate_ref(self.scope).map(Cow::into_owned);
                value.map_err(|error| NotTranslatable(error.to_string()))
            })?;
        Ok(value)
    }
}

/// A value of the type that a text must be read as; `None` where texts stay texts.
fn sample(data_type: DataType) -> Option<Value> {
    match data_type {
        DataType::Int => Some(Value::Int(0)),
        DataType::Double => Some(Value::Double(0.0)),
        DataType::Decimal => Some(Value::Decimal(Decimal::ZERO)),
        DataType::Bool => Some(Value::Bool(false)),
        DataType::DateTime => Some(Value::DateTime(chrono::NaiveDateTime::default())),
        _ => None,
    }
}

/// Whole numbers up to here are exact as floating point numbers.
const EXACT: i64 = 1 << 53;

/// A number to compare with whole numbers: as such a number, or as one that lies between two.
fn beside_int(number: Number) -> Option<Value> {
    let whole = number.truncated()?;
    if Number::Int(whole).compare(number).is_eq() {
        return Some(Value::Int(whole));
    }
    let double = number.to_double();
    (double.fract() != 0.0).then_some(Value::Double(double))
}

/// A number to compare with floating point numbers, if it has a nearest one that stands for it
/// alone.
fn beside_double(number: Number) -> Option<Value> {
    match number {
        Number::Int(whole) if whole.abs() <= EXACT => Some(Value::Double(whole as f64)),
        Number::Double(double) => double.is_finite().then_some(Value::Double(double)),
        Number::Decimal(decimal) => {
            let digits = decimal.normalize().mantissa().unsigned_abs();
            // Fifteen digits always survive the way to a floating point number and back.
            (digits < 10_u128.pow(15)).then(|| decimal.to_f64().map(Value::Double)).flatten()
        }
        Number::Int(_) => None,
    }
}

/// Whether a part has the same value for every row.
fn is_constant(node: &Node) -> bool {
    let mut is_constant = true;
    node.walk(&mut |node| {
        is_constant &= match &node.kind {
            NodeKind::Field(_) | NodeKind::Aggregate(_) | NodeKind::Summary { .. } => false,
            NodeKind::Call { function, .. } => function.purity != Purity::Row,
            _ => true,
        };
    });
    is_constant
}
