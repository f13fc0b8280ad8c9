//! Bringing rows into the order that a level asks for, where they do not come in it.

use pressroom_criteria::{Accumulator, Nulls};
use pressroom_data::{Direction, Row, Value, compare, key};

use super::Run;
use super::rows::{GroupKeys, LevelRows, RowsFrom, first_difference};
use crate::ComposeError;
use crate::plan::{LevelPlan, SortedBy};
use crate::rows::buffer::size;
use crate::rows::sort::Sorter;
use crate::rows::tree::depth_first;

impl Run<'_, '_> {
    /// Sorts rows by the groups' fields and the detail band's own.
    pub(super) fn sort(
        &mut self,
        plan: &LevelPlan,
        rows: &mut LevelRows,
    ) -> Result<(), ComposeError> {
        let keys: Vec<_> =
            plan.sort.iter().filter_map(|key| Some((&key.key, key.direction?))).collect();
        let directions = keys.iter().map(|(_, direction)| *direction).collect();
        let mut sorter =
            Sorter::new(self.services.context.spill, plan.names.schema.fields.len(), directions);
        // Rows that do not pass the filter need not be sorted; the number of rows is cut afterwards.
        let left = std::mem::replace(&mut rows.left, u64::MAX);
        while let Some(row) = self.next_raw(rows)? {
            let values = keys.iter().map(|(key, _)| self.value_at(&row, key)).collect();
            sorter.push(&row, values)?;
        }
        rows.source = RowsFrom::Sorted(sorter.finish()?);
        rows.filtered = false;
        rows.left = left;
        Ok(())
    }

    /// Orders rows as a tree: each followed by its children.
    pub(super) fn plant_tree(
        &mut self,
        plan: &LevelPlan,
        rows: &mut LevelRows,
    ) -> Result<(), ComposeError> {
        let Some(hierarchy) = &plan.hierarchy else { return Ok(()) };
        let mut all = Vec::new();
        while let Some(row) = self.next_raw(rows)? {
            let own = key(&self.value_at(&row, &hierarchy.key));
            let parent = self.value_at(&row, &hierarchy.parent);
            self.tables.hold(size(&row), &plan.names.member)?;
            all.push((own, key(&parent), row));
        }
        let (ordered, levels) = depth_first(&all);
        rows.source = RowsFrom::memory(ordered);
        rows.hierarchy_levels = levels.into();
        rows.filtered = false;
        rows.left = u64::MAX;
        Ok(())
    }

    /// Orders the groups of a level by a summary of theirs.
    pub(super) fn sort_groups(
        &mut self,
        plan: &LevelPlan,
        rows: &mut LevelRows,
    ) -> Result<(), ComposeError> {
        let mut keyed: Vec<(GroupKeys, Row)> = Vec::new();
        while let Some(row) = self.next_raw(rows)? {
            self.tables.hold(size(&row), &plan.names.member)?;
            keyed.push((self.group_keys(plan, &row), row));
        }
        // From the innermost level outwards, so that an outer group moves with the order inside it.
        for (level, group) in plan.groups.iter().enumerate().rev() {
            let Some(by) = &group.sorting else { continue };
            keyed = self.sort_one_group_level(plan, keyed, level, by);
        }
        rows.source = RowsFrom::memory(keyed.into_iter().map(|(_, row)| row).collect());
        rows.filtered = false;
        rows.left = u64::MAX;
        Ok(())
    }

    fn sort_one_group_level(
        &mut self,
        plan: &LevelPlan,
        keyed: Vec<(GroupKeys, Row)>,
        level: usize,
        by: &SortedBy,
    ) -> Vec<(GroupKeys, Row)> {
        let mut groups: Vec<(Value, Vec<(GroupKeys, Row)>)> = Vec::new();
        for (keys, row) in keyed {
            let joins = groups.last().and_then(|(_, rows)| rows.last()).is_some_and(|(last, _)| {
                first_difference(plan, last, &keys).is_none_or(|at| at > level)
            });
            if !joins {
                groups.push((Value::Null, Vec::new()));
            }
            if let Some((_, rows)) = groups.last_mut() {
                rows.push((keys, row));
            }
        }
        for (value, rows) in &mut groups {
            let nulls = if by.ignore_nulls { Nulls::Ignore } else { Nulls::Count };
            let mut sum = Accumulator::new(by.call.kind).with_nulls(nulls);
            for (_, row) in rows.iter() {
                if let Err(error) = self.at(row, |scope| by.call.add(&mut sum, scope)) {
                    self.warn(format!("sorting summary: {error}"));
                }
            }
            *value = sum.value().unwrap_or_default();
        }
        // Groups move only within the group around them.
        let outer_keys: usize = plan.groups[..level].iter().map(|group| group.keys.len()).sum();
        let outer = |rows: &[(GroupKeys, Row)]| {
            rows.first().map(|(keys, _)| keys[..outer_keys].to_vec()).unwrap_or_default()
        };
        let mut start = 0;
        while start < groups.len() {
            let own = outer(&groups[start].1);
            let end = (start..groups.len())
                .find(|at| first_difference(plan, &own, &outer(&groups[*at].1)).is_some())
                .unwrap_or(groups.len());
            groups[start..end].sort_by(|(a, _), (b, _)| match by.direction {
                Direction::Ascending => compare(a, b),
                Direction::Descending => compare(b, a),
            });
            start = end;
        }
        groups.into_iter().flat_map(|(_, rows)| rows).collect()
    }
}
