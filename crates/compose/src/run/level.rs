//! The walk over the rows of a level: headers, details, footers, in the order of printing.

use std::rc::Rc;
use std::sync::Arc;

use pressroom_data::Row;
use pressroom_report::{GroupUnion, Level, PageBreak};

use super::Run;
use super::band::{Manner, is_cell};
use super::flow::Event;
use super::rows::{GroupKeys, LevelRows, first_difference};
use super::scope::RowScope;
use super::vertical::Ends;
use crate::ComposeError;
use crate::plan::LevelPlan;

impl<'r> Run<'r, '_> {
    /// Prints the whole report.
    pub(crate) fn print_report(&mut self) -> Result<(), ComposeError> {
        let definition = self.definition;
        self.print_level(&[], &definition.level)
    }

    /// Prints a level of rows; `path` leads to it through the detail reports.
    fn print_level(&mut self, path: &[usize], level: &'r Level) -> Result<(), ComposeError> {
        let mut rows = self.open_level(path, level)?;
        let result = self.print_rows(path, level, &mut rows);
        // The report's own level stays open: the last page's furniture needs it.
        if !path.is_empty() {
            self.frames.pop();
        }
        result
    }

    fn print_rows(
        &mut self,
        path: &[usize],
        level: &'r Level,
        rows: &mut LevelRows,
    ) -> Result<(), ComposeError> {
        let Some(plan) = self.frames.last().map(|frame| Rc::clone(&frame.plan)) else {
            return Ok(());
        };
        let first = self.next_row(rows)?;
        if first.is_none() && !plan.print.print_on_empty {
            return Ok(());
        }
        if let Some(frame) = self.frames.last_mut()
            && let Some(row) = &first
        {
            frame.row = Arc::clone(row);
        }
        let once = Manner { first: true, last: true, ..Manner::default() };
        if let Some(band) = &plan.report_header {
            self.print_band(band, Manner { report_header: path.is_empty(), ..once })?;
        }
        if path.is_empty() {
            self.emit(Event::Body)?;
        }
        if let Some(columns) = plan.columns {
            self.emit(Event::OpenColumns(columns))?;
        }
        match first {
            Some(row) => self.print_each(path, level, &plan, rows, row)?,
            None => self.print_empty(path, level, &plan)?,
        }
        if plan.columns.is_some() {
            self.emit(Event::CloseColumns)?;
        }
        if let Some(band) = &plan.report_footer {
            let manner =
                Manner { at_bottom: plan.footer_at_bottom, report_footer: path.is_empty(), ..once };
            self.print_band(band, manner)?;
        }
        Ok(())
    }

    /// What is printed where there are no rows: every band once, without data.
    fn print_empty(
        &mut self,
        path: &[usize],
        level: &'r Level,
        plan: &Rc<LevelPlan>,
    ) -> Result<(), ComposeError> {
        let once = Manner { first: true, last: true, ..Manner::default() };
        for (id, group) in plan.groups.iter().enumerate() {
            if let Some(header) = &group.header {
                self.print_header(header, once, group.repeat_header.then_some(id))?;
            }
        }
        for _ in 0..plan.print.detail_count_on_empty.min(10_000) {
            if let Some(detail) = &plan.detail {
                self.print_band(detail, Manner { cell: is_cell(plan), detail: true, ..once })?;
            }
            self.print_record(plan, Ends { group: true, rows: true })?;
            self.print_details(path, level, plan)?;
        }
        for (id, group) in plan.groups.iter().enumerate().rev() {
            if let Some(footer) = &group.footer {
                self.print_band(footer, Manner { at_bottom: group.footer_at_bottom, ..once })?;
            }
            self.emit(Event::CloseRepeat(repeat_id(path, id)))?;
        }
        Ok(())
    }

    fn print_each(
        &mut self,
        path: &[usize],
        level: &'r Level,
        plan: &Rc<LevelPlan>,
        rows: &mut LevelRows,
        first: Row,
    ) -> Result<(), ComposeError> {
        let groups = plan.groups.len();
        let mut row = first;
        let mut keys: GroupKeys = self.group_keys(plan, &row);
        let mut opens = 0;
        let mut index = 0_u64;
        let mut previous: Option<Row> = None;
        loop {
            // Reading on may make the values of the next group known: they wait until it begins.
            let next = self.next_row(rows)?;
            let next_keys = next.as_ref().map(|next| self.group_keys(plan, next));
            let closes = match &next_keys {
                None => 0,
                Some(next) => first_difference(plan, &keys, next).unwrap_or(groups),
            };
            self.enter_row(rows, plan, (&row, index), (previous.take(), next.clone()), opens);
            self.print_row(
                path,
                level,
                plan,
                Span { opens, closes, first: index == 0, last: next.is_none() },
            )?;
            if path.is_empty() && index.is_multiple_of(256) {
                self.services.context.progress.rows(index);
            }
            let (Some(next), Some(next_keys)) = (next, next_keys) else { break };
            previous = Some(std::mem::replace(&mut row, next));
            keys = next_keys;
            opens = closes;
            index += 1;
        }
        if path.is_empty() {
            self.services.context.progress.rows(index + 1);
        }
        for _ in 0..plan.print.blank_detail_count.min(10_000) {
            self.print_blank(plan)?;
        }
        Ok(())
    }

    /// Makes a row the current one: begins its groups and adds it to the sums.
    fn enter_row(
        &mut self,
        rows: &mut LevelRows,
        plan: &Rc<LevelPlan>,
        (row, index): (&Row, u64),
        (previous, next): (Option<Row>, Option<Row>),
        opens: usize,
    ) {
        let level = rows.next_hierarchy_level();
        for group in opens..plan.groups.len() {
            self.begin_group(rows, group);
        }
        let Some(frame) = self.frames.last_mut() else { return };
        for (group, position) in frame.groups.iter_mut().enumerate() {
            if group >= opens {
                position.number += 1;
                position.row = -1;
            }
            position.row += 1;
        }
        frame.row = Arc::clone(row);
        frame.index = index;
        frame.previous = previous;
        frame.next = next;
        frame.hierarchy_level = level;
        if plan.summaries.is_empty() {
            return;
        }
        let mut sums = frame.take_sums();
        let result = {
            let surroundings = self.surroundings();
            sums.add(plan, &RowScope { surroundings: &surroundings, frames: &self.frames, row })
        };
        if let Some(frame) = self.frames.last_mut() {
            frame.put_sums(sums);
        }
        if let Err(failure) = result {
            self.warn(failure);
        }
    }

    fn print_row(
        &mut self,
        path: &[usize],
        level: &'r Level,
        plan: &Rc<LevelPlan>,
        span: Span,
    ) -> Result<(), ComposeError> {
        let mut with_first_detail = 0;
        for (id, group) in plan.groups.iter().enumerate().skip(span.opens) {
            match group.header_union {
                GroupUnion::WholePage => self.begin_keep(),
                GroupUnion::WithFirstDetail => {
                    self.begin_keep();
                    with_first_detail += 1;
                }
                GroupUnion::None | GroupUnion::WithLastDetail => {}
            }
            if let Some(header) = &group.header {
                let manner = Manner { first: span.first, last: span.last, ..Manner::default() };
                self.print_header(
                    header,
                    manner,
                    group.repeat_header.then(|| repeat_id(path, id)),
                )?;
            }
        }
        let with_last_detail = plan.groups.iter().skip(span.closes).any(|group| {
            group.footer.is_some() && group.footer_union == GroupUnion::WithLastDetail
        });
        if with_last_detail {
            self.begin_keep();
        }
        if plan.keep_with_details {
            self.begin_keep();
        }
        if let Some(detail) = &plan.detail {
            let manner = Manner {
                cell: is_cell(plan),
                first: span.first,
                last: span.last,
                detail: true,
                ..Manner::default()
            };
            self.print_band(detail, manner)?;
        }
        self.print_record(plan, Ends { group: span.closes < plan.groups.len(), rows: span.last })?;
        for _ in 0..with_first_detail {
            self.end_keep()?;
        }
        self.print_details(path, level, plan)?;
        if plan.keep_with_details {
            self.end_keep()?;
        }
        for (id, group) in plan.groups.iter().enumerate().skip(span.closes).rev() {
            if let Some(footer) = &group.footer {
                let manner = Manner {
                    at_bottom: group.footer_at_bottom,
                    first: span.first,
                    last: span.last,
                    ..Manner::default()
                };
                self.print_band(footer, manner)?;
            }
            if group.repeat_header {
                self.emit(Event::CloseRepeat(repeat_id(path, id)))?;
            }
            if group.header_union == GroupUnion::WholePage {
                self.end_keep()?;
            }
        }
        if with_last_detail {
            self.end_keep()?;
        }
        Ok(())
    }

    /// Prints the detail reports of the current row.
    fn print_details(
        &mut self,
        path: &[usize],
        level: &'r Level,
        plan: &Rc<LevelPlan>,
    ) -> Result<(), ComposeError> {
        for detail in &plan.details {
            let Some(report) = level.details.get(detail.index) else { continue };
            if !self.visible(&detail.visibility) {
                continue;
            }
            let entries = self.frames.last().map_or(0, |frame| frame.index);
            match detail.page_break {
                PageBreak::Before => self.emit(Event::Break)?,
                PageBreak::BeforeExceptFirst if entries > 0 => self.emit(Event::Break)?,
                _ => {}
            }
            if detail.keep_together {
                self.begin_keep();
            }
            let mut inner = path.to_vec();
            inner.push(detail.index);
            self.print_level(&inner, &report.level)?;
            if detail.keep_together {
                self.end_keep()?;
            }
            let last = self.frames.last().is_none_or(|frame| frame.next.is_none());
            match detail.page_break {
                PageBreak::After => self.emit(Event::Break)?,
                PageBreak::AfterExceptLast if !last => self.emit(Event::Break)?,
                _ => {}
            }
        }
        Ok(())
    }
}

/// The groups that a row begins and ends, by their place from the outermost.
#[derive(Clone, Copy, Debug)]
struct Span {
    opens: usize,
    closes: usize,
    first: bool,
    last: bool,
}

/// A number for a group level that no other level of the report has.
fn repeat_id(path: &[usize], group: usize) -> usize {
    path.iter().fold(group, |id, index| id * 64 + index + 1)
}
