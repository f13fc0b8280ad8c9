//! The row, and what surrounds it, that the examples of the documentation are evaluated for.

use std::sync::Arc;

use chrono::NaiveDateTime;
use pressroom_criteria::{
    Accumulator, AggregateCall, Collection, Compiled, EvalError, FieldPath, ParseError, Position,
    Resolved, ResolvedParameter, Resolver, Scope, SummaryCall, SummaryKind, compile, parse,
    percentage,
};
use pressroom_data::{Culture, DataType, Field, Reader, Schema, Value};

/// A report over four orders, seen at its second one.
pub(crate) struct World {
    pub(crate) orders: Schema,
    pub(crate) rows: Vec<Vec<Value>>,
    pub(crate) lines: Schema,
    pub(crate) line_rows: Vec<Vec<Value>>,
    pub(crate) culture: &'static Culture,
    pub(crate) reader: Reader,
}

/// The order that the world stands at.
const CURRENT: usize = 1;
/// The order with which the current page begins.
const PAGE_START: usize = 1;
/// The number of the relation from an order to its lines.
const LINES: usize = 1;

pub(crate) fn moment(text: &str) -> NaiveDateTime {
    text.parse().expect("a moment of the tests")
}

fn money(text: &str) -> Value {
    Value::Decimal(text.parse().expect("a price of the tests"))
}

impl Default for World {
    fn default() -> Self {
        let order = |product: &str, group: &str, rank: i64, quantity: i64, price: &str| {
            vec![
                Value::from(product),
                Value::from(group),
                Value::Int(rank),
                Value::Int(quantity),
                money(price),
                Value::from(moment("2026-11-20T09:15:00")),
                if product == "Rice" { Value::from("fragile") } else { Value::Null },
            ]
        };
        let line = |article: &str, amount: i64| vec![Value::from(article), Value::Int(amount)];
        Self {
            orders: Schema::new(vec![
                Field::new("Product", DataType::Text),
                Field::new("Group", DataType::Text),
                Field::new("Rank", DataType::Int),
                Field::new("Quantity", DataType::Int),
                Field::new("Price", DataType::Decimal),
                Field::new("Ordered", DataType::DateTime),
                Field::new("Remark", DataType::Text),
            ]),
            rows: vec![
                order("Bread", "Food", 1, 5, "2.00"),
                order("Green tea", "Drinks", 2, 12, "3.50"),
                order("Coffee", "drinks", 2, 3, "12.00"),
                order("Rice", "Food", 1, 10, "2.25"),
            ],
            lines: Schema::new(vec![
                Field::new("Article", DataType::Text),
                Field::new("Amount", DataType::Int),
            ]),
            line_rows: vec![line("box", 1), line("card", 2), line("ribbon", 3)],
            culture: Culture::default(),
            reader: Reader::new("Ada").with_email("ada@example.com").with_groups(["Sales"]),
        }
    }
}

impl World {
    pub(crate) fn compile(&self, text: &str) -> Result<Compiled, ParseError> {
        compile(&parse(text)?, self)
    }

    /// The value of an expression, or its mistake.
    pub(crate) fn evaluate(&self, text: &str) -> Result<Value, String> {
        let compiled = self.compile(text).map_err(|error| error.to_string())?;
        compiled.evaluate(&self.at(CURRENT)).map_err(|error| error.to_string())
    }

    pub(crate) fn at(&self, index: usize) -> Place<'_> {
        Place { world: self, row: &self.rows[index], index, parent: None }
    }
}

impl Resolver for World {
    fn field(&self, path: &FieldPath) -> Option<Resolved> {
        self.orders.field(path)
    }

    fn parameter(&self, name: &str) -> Option<ResolvedParameter> {
        match name.to_lowercase().as_str() {
            "regions" => Some(ResolvedParameter::Value(Value::List(
                vec![Value::from("North"), Value::from("South")].into(),
            ))),
            "limit" => Some(ResolvedParameter::Named),
            "nothing" => Some(ResolvedParameter::Value(Value::Null)),
            _ => None,
        }
    }

    fn collection(&self, path: Option<&FieldPath>) -> Option<Collection<'_>> {
        match path {
            None => Some(Collection { slot: 0, resolver: None }),
            Some(path) if path.is(&["Lines"]) => {
                Some(Collection { slot: LINES, resolver: Some(Box::new(LineNames(&self.lines))) })
            }
            Some(_) => None,
        }
    }

    fn names(&self) -> Vec<Arc<str>> {
        self.orders.names()
    }
}

struct LineNames<'a>(&'a Schema);

impl Resolver for LineNames<'_> {
    fn field(&self, path: &FieldPath) -> Option<Resolved> {
        self.0.field(path)
    }
}

/// A row of the world.
pub(crate) struct Place<'a> {
    world: &'a World,
    row: &'a [Value],
    index: usize,
    parent: Option<&'a dyn Scope>,
}

impl Scope for Place<'_> {
    fn now(&self) -> NaiveDateTime {
        moment("2026-11-24T10:30:00")
    }

    fn utc_now(&self) -> NaiveDateTime {
        moment("2026-11-24T09:30:00")
    }

    fn culture(&self) -> &Culture {
        self.world.culture
    }

    fn row(&self) -> &[Value] {
        self.row
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        name.eq_ignore_ascii_case("limit").then_some(Value::Int(10))
    }

    fn parent(&self) -> Option<&dyn Scope> {
        self.parent
    }

    fn aggregate(&self, call: &AggregateCall) -> Result<Value, EvalError> {
        let rows = if call.collection == LINES { &self.world.line_rows } else { &self.world.rows };
        call.over(rows.iter().enumerate().map(|(index, row)| Place {
            world: self.world,
            row,
            index,
            parent: Some(self),
        }))
    }

    fn summary(&self, call: &SummaryCall) -> Result<Value, EvalError> {
        let end = match call.kind {
            SummaryKind::RecordNumber | SummaryKind::RunningSum => self.index + 1,
            SummaryKind::CarryoverSum => PAGE_START,
            _ => self.world.rows.len(),
        };
        let mut accumulator = Accumulator::new(call.kind);
        for index in 0..end {
            call.add(&mut accumulator, &self.world.at(index))?;
        }
        let value = accumulator.value()?;
        if call.kind != SummaryKind::Percentage {
            return Ok(value);
        }
        let argument = call.argument.as_ref().expect("a percentage has an argument");
        Ok(percentage(&argument.evaluate(self)?, &value))
    }

    fn position(&self, what: Position) -> Option<i64> {
        Some(match what {
            Position::RowIndex => self.index as i64,
            Position::RowCount => self.world.rows.len() as i64,
            Position::HierarchyLevel => 0,
            Position::RowIndexInGroup => 1,
            Position::GroupIndex => 2,
        })
    }

    fn neighbour(&self, offset: i64) -> Result<Option<&[Value]>, EvalError> {
        let index = usize::try_from(self.index as i64 + offset).ok();
        Ok(index.and_then(|index| self.world.rows.get(index)).map(Vec::as_slice))
    }

    fn reader(&self) -> Option<&Reader> {
        Some(&self.world.reader)
    }
}
