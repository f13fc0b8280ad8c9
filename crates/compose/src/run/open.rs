//! The rows of a level: where they come from, which of them count, in which order, and what must be
//! known of them before the first is printed.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use pressroom_criteria::Accumulator;
use pressroom_data::{Order, Row, RowRequest, RowStream, Rows, Schema, SourceError, Value, same};
use pressroom_report::{ComputedStyle, Level, Parity, resolve};

use super::Run;
use super::frame::{Frame, accumulator};
use super::scope::{RowScope, related_rows};
use crate::ComposeError;
use crate::plan::build::{self, Surroundings};
use crate::plan::expression::Expression;
use crate::plan::names::Names;
use crate::plan::{Ahead, LevelPlan, Region};
use crate::rows::buffer::{RowBuffer, RowReader};
use crate::rows::sort::{SortedRows, Sorter};
use crate::rows::tables::count_rows;

/// The values of a row's group keys, from the outermost group.
pub(crate) type GroupKeys = Vec<Vec<Value>>;

/// The rows of a level that is being printed.
pub(crate) struct LevelRows {
    source: RowsFrom,
    filtered: bool,
    /// How many rows may still come.
    left: u64,
    /// The first row of the part that is read next.
    pushed_back: Option<Row>,
    /// Rows that have been read ahead.
    chunk: Option<RowReader>,
    started: bool,
    /// Values of each group that were found while reading ahead: by group level, group by group,
    /// with the slots of their summaries.
    group_values: Vec<VecDeque<Vec<(usize, Value)>>>,
    hierarchy_levels: VecDeque<u32>,
}

enum RowsFrom {
    Stream { stream: Box<dyn RowStream>, batch: std::vec::IntoIter<Row> },
    Sorted(SortedRows),
    Memory(std::vec::IntoIter<Row>),
}

impl RowsFrom {
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

/// Where the rows of a level come from.
struct Opened {
    rows: RowsFrom,
    schema: Arc<Schema>,
    source: Arc<str>,
    member: Arc<str>,
    ordered: bool,
}

impl<'r> Run<'r, '_> {
    /// Opens the rows of a level and makes it the innermost one.
    pub(crate) fn open_level(
        &mut self,
        path: &[usize],
        level: &'r Level,
    ) -> Result<LevelRows, ComposeError> {
        let opened = self.open_rows(level)?;
        let plan = self.plan_level(path, level, &opened);
        self.frames.push(Frame::new(Rc::clone(&plan)));
        let mut rows = LevelRows {
            source: opened.rows,
            filtered: plan.filter.is_some(),
            left: plan.print.detail_count.map_or(u64::MAX, u64::from),
            pushed_back: None,
            chunk: None,
            started: false,
            group_values: vec![VecDeque::new(); plan.groups.len()],
            hierarchy_levels: VecDeque::new(),
        };
        let sorts = plan.sort.iter().any(|key| key.direction.is_some());
        if sorts && !opened.ordered {
            self.sort(&plan, &mut rows)?;
        }
        if plan.hierarchy.is_some() {
            self.plant_tree(&plan, &mut rows)?;
        }
        if plan.groups.iter().any(|group| group.sorting.is_some()) {
            self.sort_groups(&plan, &mut rows)?;
        }
        Ok(rows)
    }

    fn open_rows(&mut self, level: &Level) -> Result<Opened, ComposeError> {
        let member: Arc<str> = level.member.clone().unwrap_or_default();
        let outer =
            self.frames.last().map(|frame| (Rc::clone(&frame.plan), Arc::clone(&frame.row)));
        let source = level
            .source
            .clone()
            .or_else(|| outer.as_ref().map(|(plan, _)| Arc::clone(&plan.names.source)))
            .unwrap_or_default();
        if let Some((plan, row)) = &outer {
            let last = member.rsplit('.').next().unwrap_or(&member);
            let same_source = level.source.is_none() || source == plan.names.source;
            let relation = plan
                .names
                .relations
                .iter()
                .find(|r| same_source && r.name.eq_ignore_ascii_case(last));
            if let Some(relation) = relation {
                let rows = related_rows(self.tables, &plan.names, relation, row)?;
                let schema =
                    Arc::clone(&self.tables.get(&plan.names.source, &relation.detail)?.schema);
                return Ok(Opened {
                    rows: RowsFrom::Memory(rows.into_iter()),
                    schema,
                    source,
                    member: Arc::clone(&relation.detail),
                    ordered: false,
                });
            }
        }
        if member.is_empty() && (level.source.is_none() || outer.is_some()) {
            let rows: Box<dyn RowStream> = Box::new(Rows::new(Arc::default(), Vec::new()));
            return Ok(Opened {
                schema: Arc::clone(rows.schema()),
                rows: RowsFrom::Stream { stream: rows, batch: Vec::new().into_iter() },
                source,
                member,
                ordered: true,
            });
        }
        let stream = self.open_stream(level, &source, &member)?;
        Ok(Opened {
            schema: Arc::clone(stream.schema()),
            ordered: stream.is_ordered(),
            rows: RowsFrom::Stream { stream, batch: Vec::new().into_iter() },
            source,
            member,
        })
    }

    fn open_stream(
        &mut self,
        level: &Level,
        source: &Arc<str>,
        member: &Arc<str>,
    ) -> Result<Box<dyn RowStream>, ComposeError> {
        let order: Option<Vec<Order>> = level
            .sort_fields()
            .filter(|field| field.order.is_some())
            .map(|field| {
                let calculated = self
                    .definition
                    .calculated_fields
                    .iter()
                    .any(|known| known.name.eq_ignore_ascii_case(&field.field));
                let direction = field.order.unwrap_or_default();
                (!calculated && !field.field.contains('.'))
                    .then(|| Order { field: Arc::clone(&field.field), direction })
            })
            .collect();
        let request = RowRequest {
            source: Arc::clone(source),
            member: Arc::clone(member),
            parameters: self.parameters.to_vec(),
            order: order.unwrap_or_default(),
        };
        Ok(self.services.context.provider.open(&request)?)
    }

    /// The plan of a level: made when its columns are known first, and kept.
    fn plan_level(&mut self, path: &[usize], level: &Level, opened: &Opened) -> Rc<LevelPlan> {
        if let Some(plan) = self.plans.get(path)
            && plan.names.schema == opened.schema
        {
            return Rc::clone(plan);
        }
        let definition = self.definition;
        let sql = definition.source(&opened.source).and_then(|source| source.as_sql());
        let names = Names {
            depth: self.frames.len(),
            source: Arc::clone(&opened.source),
            member: Arc::clone(&opened.member),
            schema: Arc::clone(&opened.schema),
            calculated: Vec::new(),
            relations: sql
                .map(|sql| {
                    let own = |r: &&pressroom_query::Relation| {
                        r.master.eq_ignore_ascii_case(&opened.member)
                    };
                    sql.relations.iter().filter(own).cloned().collect()
                })
                .unwrap_or_default(),
            queries: sql
                .map(|sql| sql.queries.iter().map(|query| Arc::clone(&query.name)).collect())
                .unwrap_or_default(),
            parameters: Rc::clone(&self.parameters),
            outer: self.frames.last().map(|frame| Rc::clone(&frame.plan.names)),
        };
        let container = self.container(path);
        let width = match &self.flow {
            super::flow::Flow::Strip(_) => self.flow.width(),
            super::flow::Flow::Pages(_) => {
                pressroom_page::Pt(definition.page.printable_width() * definition.unit.points())
            }
        };
        let surroundings = Surroundings {
            definition,
            fonts: self.services.text.fonts(),
            tables: self.tables,
            container,
            width,
        };
        let (plan, warnings) = build::level(&surroundings, level, names);
        for warning in warnings {
            self.warn(warning);
        }
        let plan = Rc::new(plan);
        self.plans.insert(path.to_vec(), Rc::clone(&plan));
        plan
    }

    /// What a level inherits: the report's own look, and those of the detail reports around it.
    fn container(&self, path: &[usize]) -> ComputedStyle {
        let definition = self.definition;
        let decide =
            |style: &ComputedStyle, look| resolve(definition, style, look, Parity::None, |_| false);
        let mut style = decide(&ComputedStyle::default(), &definition.look);
        let mut level = &definition.level;
        for index in path {
            let Some(detail) = level.details.get(*index) else { break };
            style = decide(&style, &detail.look);
            level = &detail.level;
        }
        ComputedStyle { back_color: pressroom_report::Color::TRANSPARENT, ..style }
    }

    /// The next row that counts, without regard to what must be read ahead.
    fn next_raw(&mut self, rows: &mut LevelRows) -> Result<Option<Row>, ComposeError> {
        if rows.left == 0 {
            return Ok(None);
        }
        loop {
            let Some(row) = rows.source.next(&self.services.rows_left)? else { return Ok(None) };
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
    fn at<T>(&self, row: &Row, evaluate: impl FnOnce(&RowScope<'_>) -> T) -> T {
        let surroundings = self.surroundings();
        evaluate(&RowScope { surroundings: &surroundings, frames: &self.frames, row })
    }

    /// The value of an expression at a row of the innermost level; a failure is told, and null.
    fn value_at(&mut self, row: &Row, expression: &Expression) -> Value {
        let Some(compiled) = &expression.compiled else { return Value::Null };
        if let Some(column) = compiled.as_column() {
            return row.get(column).cloned().unwrap_or_default();
        }
        self.at(row, |scope| compiled.evaluate(scope)).unwrap_or_else(|error| {
            self.warn(format!("{}: {error}", expression.place));
            Value::Null
        })
    }

    /// The group keys of a row of the innermost level.
    pub(crate) fn group_keys(&mut self, row: &Row) -> GroupKeys {
        let Some(plan) = self.frames.last().map(|frame| Rc::clone(&frame.plan)) else {
            return Vec::new();
        };
        plan.groups
            .iter()
            .map(|group| group.keys.iter().map(|key| self.value_at(row, key)).collect())
            .collect()
    }

    fn sort(&mut self, plan: &LevelPlan, rows: &mut LevelRows) -> Result<(), ComposeError> {
        let keys: Vec<_> =
            plan.sort.iter().filter_map(|key| Some((&key.key, key.direction?))).collect();
        let directions = keys.iter().map(|(_, direction)| *direction).collect();
        let mut sorter =
            Sorter::new(self.services.context.spill, plan.names.schema.fields.len(), directions);
        // Rows that do not pass the filter need not be sorted; the number of rows is cut afterwards.
        let left = std::mem::replace(&mut rows.left, u64::MAX);
        let mut seen = 0_u64;
        while let Some(row) = self.next_raw(rows)? {
            seen += 1;
            if seen.is_multiple_of(4096) {
                self.check_cancelled()?;
            }
            let values = keys.iter().map(|(key, _)| self.value_at(&row, key)).collect();
            sorter.push(&row, values)?;
        }
        rows.source = RowsFrom::Sorted(sorter.finish()?);
        rows.filtered = false;
        rows.left = left;
        Ok(())
    }

    /// Orders rows as a tree: each followed by its children.
    fn plant_tree(&mut self, plan: &LevelPlan, rows: &mut LevelRows) -> Result<(), ComposeError> {
        let Some(hierarchy) = &plan.hierarchy else { return Ok(()) };
        let mut all = Vec::new();
        while let Some(row) = self.next_raw(rows)? {
            let key = pressroom_data::key(&self.value_at(&row, &hierarchy.key));
            let parent = self.value_at(&row, &hierarchy.parent);
            all.push((key, pressroom_data::key(&parent), row));
        }
        let (ordered, levels) = crate::rows::tree::depth_first(all);
        rows.source = RowsFrom::Memory(ordered.into_iter());
        rows.hierarchy_levels = levels.into();
        rows.filtered = false;
        rows.left = u64::MAX;
        Ok(())
    }

    /// The depth of the next row in a tree of rows.
    pub(crate) fn next_hierarchy_level(&self, rows: &mut LevelRows) -> u32 {
        rows.hierarchy_levels.pop_front().unwrap_or(0)
    }

    /// Orders the groups of a level by a summary of theirs.
    fn sort_groups(&mut self, plan: &LevelPlan, rows: &mut LevelRows) -> Result<(), ComposeError> {
        let mut keyed: Vec<(GroupKeys, Row)> = Vec::new();
        while let Some(row) = self.next_raw(rows)? {
            keyed.push((self.group_keys(&row), row));
        }
        // From the innermost level outwards, so that an outer group moves with the order inside it.
        for (level, group) in plan.groups.iter().enumerate().rev() {
            let Some((call, ignore_nulls, direction)) = &group.sorting else { continue };
            keyed = self.sort_one_group_level(keyed, level, call, *ignore_nulls, *direction);
        }
        rows.source =
            RowsFrom::Memory(keyed.into_iter().map(|(_, row)| row).collect::<Vec<_>>().into_iter());
        rows.filtered = false;
        rows.left = u64::MAX;
        Ok(())
    }

    fn sort_one_group_level(
        &mut self,
        keyed: Vec<(GroupKeys, Row)>,
        level: usize,
        call: &pressroom_criteria::SummaryCall,
        ignore_nulls: bool,
        direction: pressroom_data::Direction,
    ) -> Vec<(GroupKeys, Row)> {
        use pressroom_criteria::Nulls;
        let mut groups: Vec<(Value, Vec<(GroupKeys, Row)>)> = Vec::new();
        for (keys, row) in keyed {
            let joins = groups
                .last()
                .and_then(|(_, rows)| rows.last())
                .is_some_and(|(last, _)| first_difference(last, &keys).is_none_or(|at| at > level));
            if !joins {
                groups.push((Value::Null, Vec::new()));
            }
            if let Some((_, rows)) = groups.last_mut() {
                rows.push((keys, row));
            }
        }
        for (value, rows) in &mut groups {
            let nulls = if ignore_nulls { Nulls::Ignore } else { Nulls::Count };
            let mut sum = Accumulator::new(call.kind).with_nulls(nulls);
            for (_, row) in rows.iter() {
                if let Err(error) = self.at(row, |scope| call.add(&mut sum, scope)) {
                    self.warn(format!("sorting summary: {error}"));
                }
            }
            *value = sum.value().unwrap_or_default();
        }
        // Groups move only within the group around them.
        let mut start = 0;
        while start < groups.len() {
            let outer = |at: usize| {
                groups[at].1.first().map(|(keys, _)| keys[..level].to_vec()).unwrap_or_default()
            };
            let own = outer(start);
            let end = (start..groups.len())
                .find(|at| first_difference(&own, &outer(*at)).is_some())
                .unwrap_or(groups.len());
            groups[start..end].sort_by(|(a, _), (b, _)| match direction {
                pressroom_data::Direction::Ascending => pressroom_data::compare(a, b),
                pressroom_data::Direction::Descending => pressroom_data::compare(b, a),
            });
            start = end;
        }
        groups.into_iter().flat_map(|(_, rows)| rows).collect()
    }

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

    /// Reads a part, all rows or those of one group, and sums up what must be known before it is printed.
    fn read_ahead(
        &mut self,
        plan: &LevelPlan,
        rows: &mut LevelRows,
        until: Option<usize>,
    ) -> Result<(), ComposeError> {
        let mut buffer = RowBuffer::new(self.services.context.spill);
        let slots: Vec<usize> =
            (0..plan.summaries.len()).filter(|slot| plan.summaries[*slot].ahead).collect();
        let mut sums: Vec<Accumulator> =
            slots.iter().map(|slot| accumulator(&plan.summaries[*slot])).collect();
        let mut aggregates: Vec<Accumulator> =
            plan.aggregates.iter().map(|call| call.accumulator()).collect();
        let mut last: Option<GroupKeys> = None;
        let mut failures = Vec::new();
        loop {
            let row = match rows.pushed_back.take() {
                Some(row) => Some(row),
                None => self.next_raw(rows)?,
            };
            let Some(row) = row else { break };
            let keys = self.group_keys(&row);
            if let Some(last) = &last {
                let start = first_difference(last, &keys).unwrap_or(keys.len());
                if until.is_some_and(|group| start <= group) {
                    rows.pushed_back = Some(row);
                    break;
                }
                end_groups(plan, &slots, &mut sums, start, &mut rows.group_values);
            }
            self.at(&row, |scope| {
                for (slot, sum) in slots.iter().zip(&mut sums) {
                    failures.extend(plan.summaries[*slot].call.add(sum, scope).err());
                }
                for (call, sum) in plan.aggregates.iter().zip(&mut aggregates) {
                    failures.extend(call.add(sum, scope).err());
                }
            });
            for error in failures.drain(..) {
                self.warn(format!("summary: {error}"));
            }
            last = Some(keys);
            buffer.push(row)?;
            if buffer.len().is_multiple_of(4096) {
                self.check_cancelled()?;
            }
        }
        if last.is_some() {
            end_groups(plan, &slots, &mut sums, until.unwrap_or(0), &mut rows.group_values);
        }
        let count = u64::try_from(buffer.len()).unwrap_or(u64::MAX);
        rows.chunk = Some(buffer.into_reader()?);
        if until.is_some() {
            return Ok(());
        }
        let mut broken = Vec::new();
        if let Some(frame) = self.frames.last_mut() {
            frame.count = Some(count);
            for (slot, sum) in slots.iter().zip(&sums) {
                if plan.summaries[*slot].region == Region::Level {
                    frame.ahead[*slot] = sum.value().unwrap_or_else(|error| {
                        broken.push(error);
                        Value::Null
                    });
                }
            }
            frame.aggregates = plan
                .aggregates
                .iter()
                .zip(&aggregates)
                .map(|(call, sum)| (call.slot, sum.value().unwrap_or_default()))
                .collect();
        }
        for error in broken {
            self.warn(format!("summary: {error}"));
        }
        Ok(())
    }

    /// Makes the values of a group that begins known, as they were read ahead.
    pub(crate) fn begin_group(&mut self, rows: &mut LevelRows, group: usize) {
        let values = rows.group_values.get_mut(group).and_then(VecDeque::pop_front);
        if let Some(frame) = self.frames.last_mut() {
            frame.reset(Region::Group(group));
            for (slot, value) in values.into_iter().flatten() {
                frame.ahead[slot] = value;
            }
        }
    }
}

/// Ends the groups from a level inwards: keeps their values and starts their sums anew.
fn end_groups(
    plan: &LevelPlan,
    slots: &[usize],
    sums: &mut [Accumulator],
    from: usize,
    values: &mut [VecDeque<Vec<(usize, Value)>>],
) {
    for (group, queue) in values.iter_mut().enumerate().skip(from) {
        let mut own = Vec::new();
        for (slot, sum) in slots.iter().zip(sums.iter_mut()) {
            let summary = &plan.summaries[*slot];
            if summary.region == Region::Group(group) {
                own.push((*slot, sum.value().unwrap_or_default()));
                *sum = accumulator(summary);
            }
        }
        queue.push_back(own);
    }
}

/// The outermost group level at which two rows differ.
pub(crate) fn first_difference(a: &[Vec<Value>], b: &[Vec<Value>]) -> Option<usize> {
    a.iter()
        .zip(b)
        .position(|(a, b)| a.len() != b.len() || a.iter().zip(b).any(|(a, b)| !same(a, b)))
}
