//! Records that run from left to right: headings at the left, then a strip for each row, totals at the
//! right. Where the width is used up, the next line begins with the headings again.

use std::rc::Rc;

use pressroom_page::{Pt, Rect};

use super::Run;
use super::band::Manner;
use super::flow::Event;
use crate::ComposeError;
use crate::fragment::Fragment;
use crate::pager::Piece;
use crate::plan::{LevelPlan, VerticalBand, VerticalPlan};

/// The strips of a line that is not full yet.
#[derive(Debug, Default)]
pub(crate) struct Line {
    strips: Vec<Fragment>,
    width: Pt,
    records: usize,
}

/// What ends with a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    /// Its innermost group, so that the next record begins a line.
    pub(super) group: bool,
    /// The rows of the level, so that the totals follow.
    pub(super) rows: bool,
}

impl Run<'_, '_> {
    /// Adds the current row to its line, and prints the line when it is full or nothing follows.
    pub(super) fn print_record(
        &mut self,
        plan: &Rc<LevelPlan>,
        ends: Ends,
    ) -> Result<(), ComposeError> {
        let Some(vertical) = &plan.vertical else { return Ok(()) };
        if let Some(detail) = &vertical.detail {
            self.add_strip(vertical, detail)?;
        }
        if ends.rows
            && let Some(total) = &vertical.total
        {
            self.add_strip(vertical, total)?;
        }
        if ends.rows || ends.group { self.end_line(vertical) } else { Ok(()) }
    }

    fn add_strip(
        &mut self,
        vertical: &VerticalPlan,
        band: &VerticalBand,
    ) -> Result<(), ComposeError> {
        let Some(strip) = self.whole_band(&band.plan, band.width)? else { return Ok(()) };
        // A hundredth of a point too much is let pass, since widths are rounded.
        let full =
            |line: &Line, room: Pt| line.records > 0 && (line.width + band.width).0 > room.0 + 0.01;
        let room = self.flow.width();
        if self.frames.last().is_some_and(|frame| full(&frame.line, room)) {
            self.end_line(vertical)?;
        }
        if self.frames.last().is_some_and(|frame| frame.line.strips.is_empty())
            && let Some(header) = &vertical.header
            && let Some(strip) = self.whole_band(&header.plan, header.width)?
        {
            self.push_strip(strip, header.width, 0);
        }
        self.push_strip(strip, band.width, 1);
        Ok(())
    }

    fn push_strip(&mut self, mut strip: Fragment, width: Pt, records: usize) {
        let Some(frame) = self.frames.last_mut() else { return };
        strip.rect.x = frame.line.width;
        frame.line.strips.push(strip);
        frame.line.width += width;
        frame.line.records += records;
    }

    /// Prints the line that has been gathered.
    fn end_line(&mut self, vertical: &VerticalPlan) -> Result<(), ComposeError> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let Line { strips, width, .. } = std::mem::take(&mut frame.line);
        let height = strips.iter().map(|strip| strip.rect.height).fold(Pt::ZERO, Pt::max);
        let Some(band) = vertical.detail.as_ref().or(vertical.header.as_ref()) else {
            return Ok(());
        };
        if height.0 <= 0.0 {
            return Ok(());
        }
        let fragment = Fragment::children(Rect::new(Pt::ZERO, Pt::ZERO, width, height), strips);
        let mark = self.mark(&band.plan, Manner { detail: true, ..Manner::default() });
        self.emit(Event::Place(Piece { fragment, at_bottom: false, cell: false }, mark))
    }
}
