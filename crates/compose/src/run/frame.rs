//! The current row of each level, and what has been summed up at it.

use std::rc::Rc;
use std::sync::Arc;

use pressroom_criteria::{Accumulator, EvalError, Nulls, SummaryCall, percentage};
use pressroom_data::{Row, Value};

use super::scope::RowScope;
use super::vertical::Line;
use crate::plan::{LevelPlan, Part, Region, SummaryPlan};

/// A level that is being printed.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) plan: Rc<LevelPlan>,
    /// The current row; a row of nulls where there is none.
    pub(crate) row: Row,
    /// Its place among the rows of the level, from 0.
    pub(crate) index: u64,
    pub(crate) previous: Option<Row>,
    pub(crate) next: Option<Row>,
    /// How many rows there are, where that is known.
    pub(crate) count: Option<u64>,
    pub(crate) hierarchy_level: u32,
    /// For each group level: the group's number, and the row's place in it.
    pub(crate) groups: Vec<GroupPosition>,
    /// Values known before their region is printed, by summary slot.
    pub(crate) ahead: Vec<Value>,
    /// The parts of shares that are known before their group is printed, by summary slot.
    pub(crate) ahead_parts: Vec<Value>,
    /// Sums up to the current row, by summary slot.
    running: Vec<Option<Accumulator>>,
    /// The parts of shares, by summary slot.
    parts: Vec<Option<Accumulator>>,
    /// Values of aggregates over all rows, by their number.
    pub(crate) aggregates: Vec<(usize, Value)>,
    /// Records from left to right whose line is not full yet.
    pub(crate) line: Line,
    /// The last texts of labels that look for duplicates.
    pub(crate) memory: Vec<Option<Arc<str>>>,
}

/// Where a row stands in the groups of a level.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct GroupPosition {
    pub(crate) number: i64,
    pub(crate) row: i64,
}

impl Frame {
    pub(crate) fn new(plan: Rc<LevelPlan>) -> Self {
        let width = plan.names.schema.fields.len();
        let fresh: Vec<Option<Accumulator>> =
            plan.summaries.iter().map(|s| Some(accumulator(s))).collect();
        Self {
            row: vec![Value::Null; width].into(),
            index: 0,
            previous: None,
            next: None,
            count: None,
            hierarchy_level: 0,
            groups: vec![GroupPosition { number: -1, row: -1 }; plan.groups.len()],
            ahead: vec![Value::Null; plan.summaries.len()],
            ahead_parts: vec![Value::Null; plan.summaries.len()],
            parts: fresh.clone(),
            running: fresh,
            aggregates: Vec::new(),
            line: Line::default(),
            memory: vec![None; plan.memory],
            plan,
        }
    }

    /// Starts the sums of a region anew.
    pub(crate) fn reset(&mut self, region: Region) {
        for (slot, summary) in self.plan.summaries.iter().enumerate() {
            if summary.region == region {
                self.running[slot] = Some(accumulator(summary));
            }
            if let (Part::Group(part), Region::Group(group)) = (summary.part, region)
                && part == group
            {
                self.parts[slot] = Some(accumulator(summary));
            }
        }
    }

    /// The sums of the current row are taken out, added to, and put back: a scope over the frame is
    /// needed for their arguments.
    pub(crate) fn take_sums(&mut self) -> Sums {
        Sums { running: std::mem::take(&mut self.running), parts: std::mem::take(&mut self.parts) }
    }

    pub(crate) fn put_sums(&mut self, sums: Sums) {
        self.running = sums.running;
        self.parts = sums.parts;
    }

    /// The value of a summary at the current row.
    pub(crate) fn summary(
        &self,
        call: &SummaryCall,
        scope: &RowScope<'_>,
    ) -> Result<Value, EvalError> {
        let slot = call.slot;
        let Some(plan) = self.plan.summaries.get(slot) else { return Ok(Value::Null) };
        let running = |sums: &[Option<Accumulator>]| match sums.get(slot) {
            Some(Some(sum)) => sum.value(),
            _ => Ok(Value::Null),
        };
        if call.kind == pressroom_criteria::SummaryKind::Percentage {
            let whole = if plan.ahead { self.ahead[slot].clone() } else { running(&self.running)? };
            let part = match (plan.part, &call.argument) {
                (Part::Whole, _) => whole.clone(),
                (Part::Group(_), _) if plan.ahead => self.ahead_parts[slot].clone(),
                (Part::Group(_), _) => running(&self.parts)?,
                (Part::Row, Some(argument)) => argument.evaluate(scope)?,
                (Part::Row, None) => Value::Null,
            };
            return Ok(percentage(&part, &whole));
        }
        if plan.ahead { Ok(self.ahead[slot].clone()) } else { running(&self.running) }
    }
}

/// The running sums of a frame.
#[derive(Debug)]
pub(crate) struct Sums {
    running: Vec<Option<Accumulator>>,
    parts: Vec<Option<Accumulator>>,
}

impl Sums {
    /// Adds a row to every sum but those of pages, which get rows as these are placed.
    pub(crate) fn add(&mut self, plan: &LevelPlan, scope: &RowScope<'_>) -> Result<(), String> {
        let mut failed = Ok(());
        for (slot, summary) in plan.summaries.iter().enumerate() {
            if summary.region == Region::Page {
                continue;
            }
            for sums in [&mut self.running, &mut self.parts] {
                if let Some(Some(sum)) = sums.get_mut(slot) {
                    failed = failed.and(summary.add(sum, scope));
                }
            }
        }
        failed
    }

    /// Adds a row to the sums of its page.
    pub(crate) fn add_to_page(
        &mut self,
        plan: &LevelPlan,
        scope: &RowScope<'_>,
    ) -> Result<(), String> {
        let mut failed = Ok(());
        for (slot, summary) in plan.summaries.iter().enumerate() {
            if summary.region == Region::Page
                && let Some(Some(sum)) = self.running.get_mut(slot)
            {
                failed = failed.and(summary.add(sum, scope));
            }
        }
        failed
    }
}

impl SummaryPlan {
    /// Takes a row into account; a failure tells where the summary stands.
    pub(crate) fn add(&self, sum: &mut Accumulator, row: &RowScope<'_>) -> Result<(), String> {
        self.call.add(sum, row).map_err(|error| format!("{}: {error}", self.place))
    }
}

pub(crate) fn accumulator(summary: &SummaryPlan) -> Accumulator {
    let nulls = if summary.ignore_nulls { Nulls::Ignore } else { Nulls::Count };
    Accumulator::new(summary.call.kind).with_nulls(nulls)
}
