//! Bands on their way onto pages: what stays together, where one page ends and the next begins.

use std::rc::Rc;

use pressroom_page::Pt;

use super::Run;
use super::flow::{Event, Flow, Mark};
use super::scope::RowScope;
use crate::ComposeError;
use crate::pager::{Piece, Placed};
use crate::plan::Region;

impl Run<'_, '_> {
    /// Hands an event on, now or when it is known what must stay together.
    pub(crate) fn emit(&mut self, event: Event) -> Result<(), ComposeError> {
        let pages = match &mut self.flow {
            Flow::Strip(strip) => {
                strip.take(event);
                return Ok(());
            }
            Flow::Pages(pages) => pages,
        };
        if pages.keep == 0 || pages.keep_failed {
            return self.apply(event);
        }
        match &event {
            Event::Place(piece, _) => pages.add_pending(piece),
            Event::Break => {
                // What comes after the break stands on another page in any case.
                if !pages.pending.is_empty() {
                    pages.keep_failed = true;
                    self.release()?;
                }
                return self.apply(event);
            }
            _ => {}
        }
        pages.pending.push(event);
        if pages.pending_height > pages.pager.capacity() {
            // More than a page: it cannot stay together.
            pages.keep_failed = true;
            return self.flush();
        }
        Ok(())
    }

    /// What follows stays on one page until [`end_keep`](Self::end_keep), if it fits on one.
    pub(crate) fn begin_keep(&mut self) {
        match &mut self.flow {
            Flow::Strip(strip) => strip.begin_keep(),
            Flow::Pages(pages) => pages.keep += 1,
        }
    }

    pub(crate) fn end_keep(&mut self) -> Result<(), ComposeError> {
        match &mut self.flow {
            Flow::Strip(strip) => {
                strip.end_keep();
                Ok(())
            }
            Flow::Pages(pages) => {
                pages.keep = pages.keep.saturating_sub(1);
                if pages.keep > 0 {
                    return Ok(());
                }
                if std::mem::take(&mut pages.keep_failed) {
                    return Ok(());
                }
                self.release()
            }
        }
    }

    /// Begins the page on which a band of this height will stand, if that is not the one that is
    /// filled. Says whether it did.
    pub(super) fn turn_page(&mut self, height: Pt, mark: &Mark) -> Result<bool, ComposeError> {
        let Flow::Pages(pages) = &self.flow else { return Ok(false) };
        let full = pages.break_wanted || height.0 > pages.pager.room_below_line().0 + 0.01;
        let turns = pages.keep == 0 && (!pages.open || full && pages.pager.is_used());
        if turns {
            if pages.break_wanted {
                self.close_page()?;
            } else {
                self.next_column_or_page()?;
            }
            self.open_page(mark)?;
        }
        Ok(turns)
    }

    /// Lets what waits go onto pages, starting a new one where that keeps it together.
    fn release(&mut self) -> Result<(), ComposeError> {
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        let continues_line =
            matches!(pages.pending.first(), Some(Event::Place(piece, _)) if piece.cell);
        let room = if continues_line { pages.pager.room() } else { pages.pager.room_below_line() };
        if pages.open && pages.pager.is_used() && pages.pending_height.0 > room.0 + 0.01 {
            self.next_column_or_page()?;
        }
        self.flush()
    }

    fn flush(&mut self) -> Result<(), ComposeError> {
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        (pages.pending_height, pages.pending_line) = (Pt::ZERO, (0, Pt::ZERO));
        for event in std::mem::take(&mut pages.pending) {
            self.apply(event)?;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) -> Result<(), ComposeError> {
        match event {
            Event::Place(piece, mark) => return self.place(piece, &mark),
            Event::Body => {
                self.open_page(&Mark::default())?;
                return self.start_body();
            }
            Event::OpenColumns(_) => self.open_page(&Mark::default())?,
            _ => {}
        }
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        match event {
            Event::Break => pages.break_wanted = true,
            Event::OpenRepeat(id, fragment) => pages.repeats.push((id, fragment)),
            Event::CloseRepeat(id) => pages.repeats.retain(|(open, _)| *open != id),
            Event::OpenColumns(columns) => pages.pager.open_columns(columns),
            Event::CloseColumns => pages.pager.close_columns(),
            Event::Place(..) | Event::Body => {}
        }
        Ok(())
    }

    fn place(&mut self, piece: Piece, mark: &Mark) -> Result<(), ComposeError> {
        let mut rest = Some(piece);
        let mut first = true;
        while let Some(piece) = rest.take() {
            self.open_page(mark)?;
            let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
            if std::mem::take(&mut pages.break_wanted) && pages.pager.is_used() {
                self.close_page()?;
                rest = Some(piece);
                continue;
            }
            if pages.pager.capacity().0 < 1.0 {
                return Err(ComposeError::Layout(
                    "the margins, page header and page footer leave no room on the page; make them lower \
                     or the page higher"
                        .into(),
                ));
            }
            let height = piece.fragment.rect.height;
            match pages.pager.place(piece) {
                Placed::Whole(y) => self.placed(mark, (y, y + height), first)?,
                Placed::Part(y, more) => {
                    let bottom = pages.pager.bottom();
                    self.placed(mark, (y, bottom), first)?;
                    first = false;
                    rest = Some(*more);
                    self.next_column_or_page()?;
                }
                Placed::None(whole) => {
                    rest = Some(*whole);
                    self.next_column_or_page()?;
                }
            }
        }
        Ok(())
    }

    /// Takes note of a band that has been placed.
    fn placed(
        &mut self,
        mark: &Mark,
        (top, bottom): (Pt, Pt),
        first: bool,
    ) -> Result<(), ComposeError> {
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        pages.has_report_header |= mark.report_header;
        pages.has_report_footer |= mark.report_footer;
        pages.last = mark.clone();
        pages.note_place(&mark.band, top, bottom - top);
        if first && pages.running.contains(&mark.band) {
            pages.spool.start_section(&mark.band);
        }
        if first && mark.detail {
            self.add_to_page_sums(mark);
        }
        Ok(())
    }

    fn add_to_page_sums(&mut self, mark: &Mark) {
        let Some(frame) = self.frames.first() else { return };
        let plan = Rc::clone(&frame.plan);
        let (Some((row, _)), true) =
            (&mark.row, plan.summaries.iter().any(|s| s.region == Region::Page))
        else {
            return;
        };
        let mut sums = self.frames[0].take_sums();
        let result = {
            let surroundings = self.surroundings();
            let scope = RowScope { surroundings: &surroundings, frames: &self.frames[..1], row };
            sums.add_to_page(&plan, &scope)
        };
        self.frames[0].put_sums(sums);
        if let Err(failure) = result {
            self.warn(failure);
        }
    }

    fn next_column_or_page(&mut self) -> Result<(), ComposeError> {
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        if pages.pager.next_column() { Ok(()) } else { self.close_page() }
    }
}
