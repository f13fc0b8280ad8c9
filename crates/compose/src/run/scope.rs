//! What expressions see: a row, the rows around it, parameters, the clock.

use std::cell::Cell;

use chrono::NaiveDateTime;
use pressroom_criteria::{AggregateCall, EvalError, Position, Scope, SummaryCall};
use pressroom_data::{Culture, DataType, Reader, Row, Value, coerce};

use super::frame::Frame;
use crate::plan::ItemPlan;
use crate::plan::expression::Expression;
use crate::plan::names::{RowsOf, Slot};
use crate::rows::tables::Tables;

/// What stays the same for all rows of a report.
pub(crate) struct Surroundings<'a> {
    pub(crate) now: NaiveDateTime,
    pub(crate) culture: &'static Culture,
    pub(crate) reader: Option<&'a Reader>,
    pub(crate) tables: &'a Tables<'a>,
    /// The index of the page that is being filled, from 0.
    pub(crate) page: usize,
    /// How deep calculated fields are inside each other at this moment.
    pub(crate) depth: &'a Cell<u32>,
}

/// A row of a level, as expressions see it.
#[derive(Clone, Copy)]
pub(crate) struct RowScope<'s> {
    pub(crate) surroundings: &'s Surroundings<'s>,
    /// The levels from the report's own to the row's.
    pub(crate) frames: &'s [Frame],
    pub(crate) row: &'s [Value],
}

/// More calculated fields inside each other than this are a circle.
const DEEPEST: u32 = 40;

impl<'s> RowScope<'s> {
    fn frame(&self) -> Option<&'s Frame> {
        self.frames.last()
    }

    fn outer(&self, depth: usize) -> Option<RowScope<'s>> {
        let frames = self.frames.get(..=depth)?;
        let row = if depth + 1 == self.frames.len() { self.row } else { &frames[depth].row };
        Some(RowScope { surroundings: self.surroundings, frames, row })
    }

    fn calculated(&self, depth: usize, index: usize) -> Result<Value, EvalError> {
        let scope = self.outer(depth).ok_or_else(nowhere)?;
        let plan = &scope.frame().ok_or_else(nowhere)?.plan;
        let Some(field) = plan.calculated.get(index) else { return Err(nowhere()) };
        let value = scope.nested(&field.value)?;
        if field.data_type == DataType::Unknown || value.is_null() {
            return Ok(value);
        }
        Ok(coerce(&value, field.data_type).unwrap_or(value))
    }

    /// The value of an expression that another one refers to.
    fn nested(&self, expression: &Expression) -> Result<Value, EvalError> {
        let Some(compiled) = &expression.compiled else { return Ok(Value::Null) };
        let guard = self.surroundings.depth;
        if guard.get() >= DEEPEST {
            let message = format!(
                "{} is computed from itself; take it out of its own expression",
                expression.place
            );
            return Err(EvalError::Limit(message.into()));
        }
        guard.set(guard.get() + 1);
        let value = compiled.evaluate(self);
        guard.set(guard.get() - 1);
        value
    }

    /// The rows that a relation leads to from this row.
    fn related(&self, relation: usize) -> Result<Vec<Row>, EvalError> {
        let plan = &self.frame().ok_or_else(nowhere)?.plan;
        let relation = plan.names.relations.get(relation).ok_or_else(nowhere)?;
        related_rows(self.surroundings.tables, &plan.names, relation, self.row)
            .map_err(|error| away(&error))
    }
}

/// The rows that a relation leads to from a master's row.
pub(crate) fn related_rows(
    tables: &Tables<'_>,
    names: &crate::plan::names::Names,
    relation: &pressroom_query::Relation,
    row: &[Value],
) -> Result<Vec<Row>, pressroom_data::SourceError> {
    let table = tables.get(&names.source, &relation.detail)?;
    let mut columns = Vec::with_capacity(relation.columns.len());
    let mut values = Vec::with_capacity(relation.columns.len());
    for (master, detail) in &relation.columns {
        let (Some(from), Some(to)) = (names.schema.index_of(master), table.schema.index_of(detail))
        else {
            return Err(pressroom_data::SourceError::Query {
                member: relation.detail.to_string(),
                message: format!(
                    "the relation \"{}\" joins {master} with {detail}, and one of these columns does not exist",
                    relation.name
                ),
            });
        };
        let value = row.get(from).cloned().unwrap_or_default();
        if value.is_null() {
            return Ok(Vec::new());
        }
        columns.push(to);
        values.push(value);
    }
    Ok(table.matching(&columns, &values))
}

fn nowhere() -> EvalError {
    EvalError::Scope("there is no row here".into())
}

fn away(error: &pressroom_data::SourceError) -> EvalError {
    EvalError::Scope(error.to_string().into())
}

impl Scope for RowScope<'_> {
    fn now(&self) -> NaiveDateTime {
        self.surroundings.now
    }

    fn culture(&self) -> &Culture {
        self.surroundings.culture
    }

    fn row(&self) -> &[Value] {
        self.row
    }

    fn slot(&self, slot: usize) -> Result<Value, EvalError> {
        let frame = self.frame().ok_or_else(nowhere)?;
        match frame.plan.slots.get(slot).ok_or_else(nowhere)? {
            Slot::Calculated { depth, index } => self.calculated(*depth, *index),
            Slot::Outer { depth, column } => Ok(self
                .frames
                .get(*depth)
                .and_then(|f| f.row.get(*column))
                .cloned()
                .unwrap_or_default()),
            Slot::Related { relation, column } => {
                let rows = self.related(*relation)?;
                Ok(rows.first().and_then(|row| row.get(*column)).cloned().unwrap_or_default())
            }
            Slot::Item(item) => match frame.plan.items.get(*item) {
                Some(ItemPlan::Constant(value)) => Ok(value.clone()),
                Some(ItemPlan::Bound(expression)) => self.nested(expression),
                None => Err(nowhere()),
            },
            Slot::PageIndex => {
                Ok(Value::Int(i64::try_from(self.surroundings.page).unwrap_or(i64::MAX)))
            }
            Slot::Foreign { query, column } => {
                let table = self
                    .surroundings
                    .tables
                    .get(&frame.plan.names.source, query)
                    .map_err(|error| away(&error))?;
                Ok(table.rows.first().and_then(|row| row.get(*column)).cloned().unwrap_or_default())
            }
        }
    }

    fn parent(&self) -> Option<&dyn Scope> {
        None
    }

    fn aggregate(&self, call: &AggregateCall) -> Result<Value, EvalError> {
        let frame = self.frame().ok_or_else(nowhere)?;
        match frame.plan.collections.get(call.collection).ok_or_else(nowhere)? {
            RowsOf::Level => Ok(frame
                .aggregates
                .iter()
                .find(|(slot, _)| *slot == call.slot)
                .map(|(_, v)| v.clone())
                .unwrap_or_default()),
            RowsOf::Relation(relation) => {
                let rows = self.related(*relation)?;
                call.over(rows.iter().map(|row| Inner { outer: self, row }))
            }
            RowsOf::Query(query) => {
                let table = self
                    .surroundings
                    .tables
                    .get(&frame.plan.names.source, query)
                    .map_err(|error| away(&error))?;
                call.over(table.rows.iter().map(|row| Inner { outer: self, row }))
            }
        }
    }

    fn summary(&self, call: &SummaryCall) -> Result<Value, EvalError> {
        self.frame().ok_or_else(nowhere)?.summary(call, self)
    }

    fn position(&self, what: Position) -> Option<i64> {
        let frame = self.frame()?;
        let innermost = frame.groups.last();
        match what {
            Position::RowIndex => i64::try_from(frame.index).ok(),
            Position::RowCount => frame.count.and_then(|count| i64::try_from(count).ok()),
            Position::HierarchyLevel => Some(frame.hierarchy_level.into()),
            Position::RowIndexInGroup => Some(innermost.map_or_else(
                || i64::try_from(frame.index).unwrap_or(i64::MAX),
                |group| group.row.max(0),
            )),
            Position::GroupIndex => Some(innermost.map_or(0, |group| group.number.max(0))),
        }
    }

    fn neighbour(&self, offset: i64) -> Result<Option<&[Value]>, EvalError> {
        let frame = self.frame().ok_or_else(nowhere)?;
        Ok(match offset {
            0 => Some(self.row),
            -1 => frame.previous.as_deref(),
            1 => frame.next.as_deref(),
            _ => return Err(EvalError::Unavailable("a row further away than the next".into())),
        })
    }

    fn reader(&self) -> Option<&Reader> {
        self.surroundings.reader
    }
}

/// A row that an aggregate goes over.
struct Inner<'i> {
    outer: &'i RowScope<'i>,
    row: &'i [Value],
}

impl Scope for Inner<'_> {
    fn now(&self) -> NaiveDateTime {
        self.outer.now()
    }

    fn culture(&self) -> &Culture {
        self.outer.culture()
    }

    fn row(&self) -> &[Value] {
        self.row
    }

    fn parent(&self) -> Option<&dyn Scope> {
        Some(self.outer)
    }

    fn reader(&self) -> Option<&Reader> {
        self.outer.reader()
    }
}
