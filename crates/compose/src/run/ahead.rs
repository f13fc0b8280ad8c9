//! Reading ahead: values that are shown before the rows they cover have been printed.

use std::collections::VecDeque;
use std::rc::Rc;

use pressroom_criteria::Accumulator;
use pressroom_data::{Row, Value};

use super::Run;
use super::frame::accumulator;
use super::rows::{GroupKeys, LevelRows, first_difference};
use super::scope::RowScope;
use crate::ComposeError;
use crate::plan::{Ahead, LevelPlan, Part, Region};
use crate::rows::buffer::RowBuffer;

/// What is known of a group before it is printed, by the slots of summaries.
#[derive(Clone, Debug, Default)]
pub(super) struct GroupValues {
    /// Summaries over the group.
    sums: Vec<(usize, Value)>,
    /// The group's part of shares.
    parts: Vec<(usize, Value)>,
}

/// Sums over the rows that are read ahead.
struct Sums<'p> {
    plan: &'p LevelPlan,
    /// Summaries over the level or a group, by their slots.
    sums: Vec<(usize, Accumulator)>,
    /// The parts of shares, by slot and group.
    parts: Vec<(usize, usize, Accumulator)>,
    /// Aggregates over all rows.
    aggregates: Vec<Accumulator>,
}

impl<'p> Sums<'p> {
    fn new(plan: &'p LevelPlan) -> Self {
        let ahead = || plan.summaries.iter().enumerate().filter(|(_, summary)| summary.ahead);
        Self {
            plan,
            sums: ahead().map(|(slot, summary)| (slot, accumulator(summary))).collect(),
            parts: ahead()
                .filter_map(|(slot, summary)| match summary.part {
                    Part::Group(group) => Some((slot, group, accumulator(summary))),
                    Part::Row | Part::Whole => None,
                })
                .collect(),
            aggregates: plan.aggregates.iter().map(|call| call.accumulator()).collect(),
        }
    }

    fn add(&mut self, row: &RowScope<'_>, failures: &mut Vec<String>) {
        for (slot, sum) in &mut self.sums {
            failures.extend(self.plan.summaries[*slot].add(sum, row).err());
        }
        for (slot, _, sum) in &mut self.parts {
            failures.extend(self.plan.summaries[*slot].add(sum, row).err());
        }
        for (call, sum) in self.plan.aggregates.iter().zip(&mut self.aggregates) {
            failures.extend(call.add(sum, row).err().map(|error| format!("aggregate: {error}")));
        }
    }

    /// Ends the groups from a level inwards: keeps their values and starts their sums anew.
    fn end_groups(&mut self, from: usize, values: &mut [VecDeque<GroupValues>]) {
        let summaries = &self.plan.summaries;
        for (group, queue) in values.iter_mut().enumerate().skip(from) {
            let mut own = GroupValues::default();
            for (slot, sum) in &mut self.sums {
                if summaries[*slot].region == Region::Group(group) {
                    own.sums.push((*slot, take(sum, accumulator(&summaries[*slot]))));
                }
            }
            for (slot, of, sum) in &mut self.parts {
                if *of == group {
                    own.parts.push((*slot, take(sum, accumulator(&summaries[*slot]))));
                }
            }
            queue.push_back(own);
        }
    }
}

/// The value of a sum, which starts anew.
fn take(sum: &mut Accumulator, fresh: Accumulator) -> Value {
    std::mem::replace(sum, fresh).value().unwrap_or_default()
}

impl Run<'_, '_> {
    /// The next row of the innermost level; what must be known before it is printed is known then.
    pub(crate) fn next_row(&mut self, rows: &mut LevelRows) -> Result<Option<Row>, ComposeError> {
        let Some(plan) = self.frames.last().map(|frame| Rc::clone(&frame.plan)) else {
            return Ok(None);
        };
        match plan.ahead {
            Ahead::Nothing => return self.next_raw(rows),
            Ahead::Level if rows.started => {}
            Ahead::Level => self.read_ahead(&plan, rows, None)?,
            Ahead::Group(group) => {
                if let Some(chunk) = &mut rows.chunk
                    && let Some(row) = chunk.next()?
                {
                    return Ok(Some(row));
                }
                self.read_ahead(&plan, rows, Some(group))?;
            }
        }
        rows.started = true;
        match &mut rows.chunk {
            Some(chunk) => Ok(chunk.next()?),
            None => Ok(None),
        }
    }

    /// Reads a part, all rows or those of one group, and sums up what must be known before it is
    /// printed.
    fn read_ahead(
        &mut self,
        plan: &LevelPlan,
        rows: &mut LevelRows,
        until: Option<usize>,
    ) -> Result<(), ComposeError> {
        let mut buffer = RowBuffer::new(self.services.context.spill);
        let mut sums = Sums::new(plan);
        let mut last: Option<GroupKeys> = None;
        let mut failures = Vec::new();
        loop {
            let row = match rows.pushed_back.take() {
                Some(row) => Some(row),
                None => self.next_raw(rows)?,
            };
            let Some(row) = row else { break };
            let keys = self.group_keys(plan, &row);
            if let Some(last) = &last
                && let Some(start) = first_difference(plan, last, &keys)
            {
                if until.is_some_and(|group| start <= group) {
                    rows.pushed_back = Some(row);
                    break;
                }
                sums.end_groups(start, &mut rows.group_values);
            }
            self.at(&row, |scope| sums.add(scope, &mut failures));
            for failure in failures.drain(..) {
                self.warn(failure);
            }
            last = Some(keys);
            buffer.push(row)?;
        }
        if last.is_some() {
            sums.end_groups(until.unwrap_or(0), &mut rows.group_values);
        }
        let count = u64::try_from(buffer.len()).unwrap_or(u64::MAX);
        rows.chunk = Some(buffer.into_reader()?);
        if until.is_none() {
            self.know_level(count, &sums);
        }
        Ok(())
    }

    /// Makes the values over all rows known.
    fn know_level(&mut self, count: u64, sums: &Sums<'_>) {
        let mut broken = Vec::new();
        let Some(frame) = self.frames.last_mut() else { return };
        frame.count = Some(count);
        for (slot, sum) in &sums.sums {
            let summary = &sums.plan.summaries[*slot];
            if summary.region == Region::Level {
                frame.ahead[*slot] = sum.value().unwrap_or_else(|error| {
                    broken.push(format!("{}: {error}", summary.place));
                    Value::Null
                });
            }
        }
        frame.aggregates = sums
            .plan
            .aggregates
            .iter()
            .zip(&sums.aggregates)
            .map(|(call, sum)| (call.slot, sum.value().unwrap_or_default()))
            .collect();
        for failure in broken {
            self.warn(failure);
        }
    }

    /// Makes the values of a group that begins known, as they were read ahead.
    pub(crate) fn begin_group(&mut self, rows: &mut LevelRows, group: usize) {
        let values = rows.group_values.get_mut(group).and_then(VecDeque::pop_front);
        if let Some(frame) = self.frames.last_mut() {
            frame.reset(Region::Group(group));
            let GroupValues { sums, parts } = values.unwrap_or_default();
            for (slot, value) in sums {
                frame.ahead[slot] = value;
            }
            for (slot, value) in parts {
                frame.ahead_parts[slot] = value;
            }
        }
    }
}
