//! The rows of a level that is being printed: which of them count, and what they are grouped by.

use std::collections::VecDeque;
use std::rc::Rc;

use pressroom_data::{Row, RowStream, SourceError, Value, same};

use super::Run;
use super::ahead::GroupValues;
use super::scope::RowScope;
use crate::ComposeError;
use crate::plan::LevelPlan;
use crate::plan::expression::Expression;
use crate::rows::buffer::RowReader;
use crate::rows::sort::SortedRows;
use crate::rows::tables::count_rows;

/// After so many rows the work looks whether it has been cancelled.
const ROWS_BETWEEN_CHECKS: u64 = 256;

/// The values of a row's group keys, from the outermost group; empty where nothing is grouped.
pub(crate) type GroupKeys = Vec<Value>;

/// The rows of a level that is being printed.
pub(crate) struct LevelRows {
    pub(super) source: RowsFrom,
    /// How many have been read.
    read: u64,
    /// Whether rows must still pass the level's filter.
    pub(super) filtered: bool,
    /// How many rows may still come.
    pub(super) left: u64,
    /// The first row of the part that is read next.
    pub(super) pushed_back: Option<Row>,
    /// Rows that have been read ahead.
    pub(super) chunk: Option<RowReader>,
    pub(super) started: bool,
    /// Values of each group that were found while reading ahead: by group level, group by group.
    pub(super) group_values: Vec<VecDeque<GroupValues>>,
    pub(super) hierarchy_levels: VecDeque<u32>,
}

impl LevelRows {
    pub(super) fn new(source: RowsFrom, plan: &LevelPlan) -> Self {
        Self {
            source,
            read: 0,
            filtered: plan.filter.is_some(),
            left: plan.print.detail_count.map_or(u64::MAX, u64::from),
            pushed_back: None,
            chunk: None,
            started: false,
            group_values: vec![VecDeque::new(); plan.groups.len()],
            hierarchy_levels: VecDeque::new(),
        }
    }

    /// The depth of the next row in a tree of rows.
    pub(super) fn next_hierarchy_level(&mut self) -> u32 {
        self.hierarchy_levels.pop_front().unwrap_or(0)
    }
}

/// Where rows come from.
pub(super) enum RowsFrom {
    Stream { stream: Box<dyn RowStream>, batch: std::vec::IntoIter<Row> },
    Sorted(SortedRows),
    Memory(std::vec::IntoIter<Row>),
}

impl RowsFrom {
    pub(super) fn stream(stream: Box<dyn RowStream>) -> Self {
        Self::Stream { stream, batch: Vec::new().into_iter() }
    }

    pub(super) fn memory(rows: Vec<Row>) -> Self {
        Self::Memory(rows.into_iter())
    }

    fn next(&mut self, rows_left: &std::cell::Cell<u64>) -> Result<Option<Row>, SourceError> {
        match self {
            Self::Memory(rows) => Ok(rows.next()),
            Self::Sorted(rows) => rows.next(),
            Self::Stream { stream, batch } => loop {
                if let Some(row) = batch.next() {
                    return Ok(Some(row));
                }
                match stream.next_batch()? {
                    None => return Ok(None),
                    Some(rows) => {
                        count_rows(rows_left, rows.len())?;
                        *batch = rows.into_iter();
                    }
                }
            },
        }
    }
}

impl Run<'_, '_> {
    /// The next row that counts, without regard to what must be read ahead.
    pub(super) fn next_raw(&mut self, rows: &mut LevelRows) -> Result<Option<Row>, ComposeError> {
        if rows.left == 0 {
            return Ok(None);
        }
        loop {
            let Some(row) = rows.source.next(&self.services.rows_left)? else { return Ok(None) };
            rows.read += 1;
            if rows.read.is_multiple_of(ROWS_BETWEEN_CHECKS) {
                self.check_cancelled()?;
            }
            if rows.filtered && !self.passes(&row) {
                continue;
            }
            rows.left -= 1;
            return Ok(Some(row));
        }
    }

    /// Whether a row passes the filter of the innermost level. A filter that fails lets nothing pass.
    fn passes(&mut self, row: &Row) -> bool {
        let Some(plan) = self.frames.last().map(|frame| Rc::clone(&frame.plan)) else {
            return true;
        };
        let Some(filter) = &plan.filter else { return true };
        let Some(compiled) = &filter.compiled else { return false };
        let result = self.at(row, |scope| compiled.matches(scope));
        result.unwrap_or_else(|error| {
            self.warn(format!("{}: {error}", filter.place));
            false
        })
    }

    /// Evaluates something at a row of the innermost level.
    pub(super) fn at<T>(&self, row: &Row, evaluate: impl FnOnce(&RowScope<'_>) -> T) -> T {
        let surroundings = self.surroundings();
        evaluate(&RowScope { surroundings: &surroundings, frames: &self.frames, row })
    }

    /// The value of an expression at a row of the innermost level; a failure is told, and null.
    pub(super) fn value_at(&mut self, row: &Row, expression: &Expression) -> Value {
        let Some(compiled) = &expression.compiled else { return Value::Null };
        if let Some(column) = compiled.as_column() {
            return row.get(column).cloned().unwrap_or_default();
        }
        self.at(row, |scope| compiled.evaluate(scope)).unwrap_or_else(|error| {
            self.warn(format!("{}: {error}", expression.place));
            Value::Null
        })
    }

    /// The group keys of a row of the innermost level, which is that of the plan.
    pub(super) fn group_keys(&mut self, plan: &LevelPlan, row: &Row) -> GroupKeys {
        let keys = plan.groups.iter().flat_map(|group| &group.keys);
        keys.map(|key| self.value_at(row, key)).collect()
    }
}

/// The outermost group level at which two rows differ.
pub(crate) fn first_difference(plan: &LevelPlan, a: &[Value], b: &[Value]) -> Option<usize> {
    let key = a.iter().zip(b).position(|(a, b)| !same(a, b))?;
    let mut keys = 0;
    plan.groups.iter().position(|group| {
        keys += group.keys.len();
        key < keys
    })
}
