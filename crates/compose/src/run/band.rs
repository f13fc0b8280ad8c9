//! Bands on their way into the flow, with what pages must know of them.

use std::sync::Arc;

use pressroom_data::{Row, Value};
use pressroom_page::Rect;
use pressroom_report::PageBreak;

use super::Run;
use super::flow::{Event, Flow, Mark};
use crate::ComposeError;
use crate::fragment::{Content, Fragment};
use crate::pager::{ColumnFlow, Piece};
use crate::plan::{BandPlan, LevelPlan};

/// What a band is in the flow.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Manner {
    /// It takes one cell where columns run across.
    pub(super) cell: bool,
    pub(super) at_bottom: bool,
    /// It is printed for the first time, or the last, in its level.
    pub(super) first: bool,
    pub(super) last: bool,
    pub(super) report_header: bool,
    pub(super) report_footer: bool,
    pub(super) detail: bool,
}

impl Run<'_, '_> {
    /// Prints a group's header, and has it repeated on each further page of its group.
    pub(super) fn print_header(
        &mut self,
        band: &BandPlan,
        manner: Manner,
        repeat: Option<usize>,
    ) -> Result<(), ComposeError> {
        let copy = if repeat.is_some() { self.whole_band(band, self.flow.width())? } else { None };
        self.print_band(band, manner)?;
        if let (Some(id), Some(fragment)) = (repeat, copy) {
            self.emit(Event::OpenRepeat(id, Arc::new(fragment)))?;
        }
        Ok(())
    }

    /// A detail band without data.
    pub(super) fn print_blank(&mut self, plan: &LevelPlan) -> Result<(), ComposeError> {
        let Some(band) = &plan.detail else { return Ok(()) };
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let nulls: Row = vec![Value::Null; plan.names.schema.fields.len()].into();
        let row = std::mem::replace(&mut frame.row, nulls);
        let result = self.print_band(band, Manner { cell: is_cell(plan), ..Manner::default() });
        if let Some(frame) = self.frames.last_mut() {
            frame.row = row;
        }
        result
    }

    /// Prints a band and its sub-bands.
    pub(super) fn print_band(
        &mut self,
        band: &BandPlan,
        manner: Manner,
    ) -> Result<(), ComposeError> {
        let width = self.flow.width();
        let Some(mut fragment) = self.band(band, width)? else { return Ok(()) };
        match band.page_break {
            PageBreak::Before => self.emit(Event::Break)?,
            PageBreak::BeforeExceptFirst if !manner.first => self.emit(Event::Break)?,
            _ => {}
        }
        let mark = self.mark(band, manner);
        if band.asks_page && self.turn_page(fragment.rect.height, &mark)? {
            // It stands on another page than it was laid out for.
            match self.band(band, width)? {
                Some(again) => fragment = again,
                None => return Ok(()),
            }
        }
        if manner.detail {
            self.indent(&mut fragment);
        }
        let as_one = manner.cell && !band.sub_bands.is_empty();
        if as_one {
            // A cell of several columns is one piece with its sub-bands.
            if let Some(whole) = self.whole_band(band, width)? {
                fragment = whole;
            }
        }
        if fragment.rect.height.0 > 0.0 {
            let piece = Piece { fragment, at_bottom: manner.at_bottom, cell: manner.cell };
            self.emit(Event::Place(piece, mark))?;
        }
        if !as_one {
            for sub_band in &band.sub_bands {
                self.print_band(sub_band, Manner { detail: false, cell: manner.cell, ..manner })?;
            }
        }
        match band.page_break {
            PageBreak::After => self.emit(Event::Break)?,
            PageBreak::AfterExceptLast if !manner.last => self.emit(Event::Break)?,
            _ => {}
        }
        Ok(())
    }

    /// Moves a row of a tree to the right by its depth.
    fn indent(&self, fragment: &mut Fragment) {
        let Some(frame) = self.frames.last() else { return };
        let Some(hierarchy) = &frame.plan.hierarchy else { return };
        let shift = hierarchy.indent * frame.hierarchy_level as f32;
        if shift.0 == 0.0 {
            return;
        }
        if let Content::Children(children) = &mut fragment.content {
            for child in children {
                child.rect = Rect { x: child.rect.x + shift, ..child.rect };
            }
        }
    }

    pub(super) fn mark(&self, band: &BandPlan, manner: Manner) -> Mark {
        let row = match (&self.flow, self.frames.first()) {
            (Flow::Pages(_), Some(frame)) => Some((Arc::clone(&frame.row), frame.index)),
            _ => None,
        };
        Mark {
            row,
            band: Arc::clone(&band.name),
            report_header: manner.report_header,
            report_footer: manner.report_footer,
            detail: manner.detail && self.frames.len() == 1,
        }
    }
}

/// Whether details of a level stand side by side, line by line.
pub(super) fn is_cell(plan: &LevelPlan) -> bool {
    plan.columns.is_some_and(|columns| columns.flow == ColumnFlow::AcrossThenDown)
}
