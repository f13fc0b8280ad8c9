//! Pages: what stands on each of them, when one ends and the next begins.

use std::sync::Arc;

use pressroom_page::{Item, Page, Path, Pt, Rect};
use pressroom_report::PrintOn;

use super::Run;
use super::flow::{Flow, Mark};
use crate::ComposeError;
use crate::fragment::Fragment;
use crate::plan::{BandPlan, Furniture, LevelPlan, Region};
use crate::spool::Draft;

impl Run<'_, '_> {
    fn root(&self) -> Option<std::rc::Rc<LevelPlan>> {
        self.frames.first().map(|frame| std::rc::Rc::clone(&frame.plan))
    }

    /// Begins a page, unless one is being filled.
    pub(crate) fn open_page(&mut self, mark: &Mark) -> Result<(), ComposeError> {
        if matches!(&self.flow, Flow::Pages(pages) if pages.open) {
            return Ok(());
        }
        self.check_cancelled()?;
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        pages.open = true;
        pages.has_report_header = mark.report_header;
        pages.has_report_footer = mark.report_footer;
        pages.places.clear();
        let number = pages.spool.pages() + 1;
        let limit = self.services.context.limits.pages;
        if number > limit {
            return Err(ComposeError::Limit(format!(
                "the document has more than the {limit} pages that the site allows; narrow its parameters"
            )));
        }
        self.services.page = number - 1;
        let Some(plan) = self.root() else { return Ok(()) };
        let Some(furniture) = &plan.furniture else { return Ok(()) };
        let saved = self.enter(mark);
        let result = self.furnish(furniture, mark);
        self.leave(saved);
        result
    }

    /// Begins the only page of a report that printed nothing.
    pub(crate) fn open_page_if_none(&mut self, mark: &Mark) -> Result<(), ComposeError> {
        match &self.flow {
            Flow::Pages(pages) if pages.spool.pages() == 0 => self.open_page(mark),
            _ => Ok(()),
        }
    }

    /// What stands on a page before its first band.
    fn furnish(&mut self, furniture: &Furniture, mark: &Mark) -> Result<(), ComposeError> {
        let geometry = furniture.geometry;
        let top_margin = match &furniture.top_margin {
            Some(band) => self.whole_band(band, geometry.width())?,
            None => None,
        };
        let reserved = self.footer_height(furniture, mark)?;
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        pages.pager.start_page(reserved);
        if let Some(color) = furniture.background {
            let size = geometry.size;
            let path = Path::rect(
                Rect::new(Pt::ZERO, Pt::ZERO, size.width, size.height),
                Some(color),
                None,
            );
            pages.pager.paint_item(Item::Path(path));
        }
        if let (Some(fragment), Some(band)) = (top_margin, &furniture.top_margin) {
            pages.note_place(&band.name, Pt::ZERO, fragment.rect.height);
            pages.pager.paint(fragment, geometry.left, Pt::ZERO);
        }
        if pages.body {
            self.print_page_header(furniture, mark.report_header)?;
            let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
            for (_, fragment) in &pages.repeats {
                // One that would leave bands no room is left out rather than that nothing is printed.
                if fragment.rect.height.0 + 1.0 < pages.pager.room().0 {
                    pages.pager.place_header((**fragment).clone(), fragment.rect.height);
                }
            }
        }
        Ok(())
    }

    /// How much the page footer takes; it is laid out for the first page and measured there.
    fn footer_height(&mut self, furniture: &Furniture, mark: &Mark) -> Result<Pt, ComposeError> {
        let Some((band, print_on)) = &furniture.page_footer else { return Ok(Pt::ZERO) };
        if mark.report_header && not_with_header(*print_on) {
            return Ok(Pt::ZERO);
        }
        if let Flow::Pages(pages) = &self.flow
            && let Some(height) = pages.footer_height
        {
            return Ok(height);
        }
        let fragment = self.footer_band(band, furniture)?;
        let height = fragment.map_or(Pt::ZERO, |fragment| fragment.rect.height);
        if let Flow::Pages(pages) = &mut self.flow {
            pages.footer_height = Some(height);
        }
        Ok(height)
    }

    /// The report header is done: page headers are printed from here on.
    pub(super) fn start_body(&mut self) -> Result<(), ComposeError> {
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        if std::mem::replace(&mut pages.body, true) {
            return Ok(());
        }
        let with_report_header = pages.has_report_header;
        let wait = pages.break_wanted && pages.pager.is_used();
        let Some(plan) = self.root() else { return Ok(()) };
        match &plan.furniture {
            // Where a page break follows the report header, the header starts on the next page.
            Some(furniture) if !wait => self.print_page_header(furniture, with_report_header),
            _ => Ok(()),
        }
    }

    fn print_page_header(
        &mut self,
        furniture: &Furniture,
        with_report_header: bool,
    ) -> Result<(), ComposeError> {
        let Some((band, print_on)) = &furniture.page_header else { return Ok(()) };
        if with_report_header && not_with_header(*print_on) {
            return Ok(());
        }
        let Some(fragment) = self.whole_band(band, furniture.geometry.width())? else {
            return Ok(());
        };
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        let height = fragment.rect.height;
        let (y, is_cut) = pages.pager.place_header(fragment, band.designed());
        pages.note_place(&band.name, y, height);
        if is_cut {
            self.warn_of_growth(band);
        }
        Ok(())
    }

    /// Ends the page that is being filled and hands it on.
    pub(crate) fn close_page(&mut self) -> Result<(), ComposeError> {
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        if !pages.open {
            return Ok(());
        }
        pages.open = false;
        let mark = pages.last.clone();
        let Some(plan) = self.root() else { return Ok(()) };
        let Some(furniture) = &plan.furniture else { return Ok(()) };
        let saved = self.enter(&mark);
        let result = self.finish_page(furniture);
        self.leave(saved);
        if let Some(frame) = self.frames.first_mut() {
            frame.reset(Region::Page);
        }
        result
    }

    fn finish_page(&mut self, furniture: &Furniture) -> Result<(), ComposeError> {
        let geometry = furniture.geometry;
        let footer = self.page_footer(furniture)?;
        let bottom_margin = match &furniture.bottom_margin {
            Some(band) => self.whole_band(band, geometry.width())?,
            None => None,
        };
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        let mut size = geometry.size;
        if geometry.roll {
            let used = footer.as_ref().map_or(Pt::ZERO, |fragment| fragment.rect.height);
            size.height = pages.pager.y() + used + geometry.bottom;
        }
        let floor = size.height - geometry.bottom;
        if let (Some(fragment), Some((band, _))) = (footer, &furniture.page_footer) {
            let y = floor - fragment.rect.height;
            pages.note_place(&band.name, y, fragment.rect.height);
            pages.pager.paint(fragment, geometry.left, y);
        }
        if let (Some(fragment), Some(band)) = (bottom_margin, &furniture.bottom_margin) {
            pages.note_place(&band.name, floor, fragment.rect.height);
            pages.pager.paint(fragment, geometry.left, floor);
        }
        self.cross_bands(furniture);
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        let mut canvas = pages.pager.take_canvas();
        let number = pages.spool.pages() + 1;
        if let Some((mut items, behind)) = self.watermark(number, size) {
            if behind {
                // The colour of the page stays behind all.
                let at = usize::from(furniture.background.is_some()).min(canvas.items.len());
                canvas.items.splice(at..at, items);
            } else {
                canvas.items.append(&mut items);
            }
        }
        super::tables::number(&mut canvas.items);
        let draft =
            Draft { page: Page { size, items: canvas.items }, number, waiting: canvas.waiting };
        let Flow::Pages(pages) = &mut self.flow else { return Ok(()) };
        pages.spool.page(draft, &mut self.services.text)?;
        self.services.context.progress.pages(number);
        Ok(())
    }

    fn page_footer(&mut self, furniture: &Furniture) -> Result<Option<Fragment>, ComposeError> {
        let (Some((band, print_on)), Flow::Pages(pages)) = (&furniture.page_footer, &self.flow)
        else {
            return Ok(None);
        };
        let header = pages.has_report_header && not_with_header(*print_on);
        let footer = pages.has_report_footer && not_with_footer(*print_on);
        if header || footer {
            return Ok(None);
        }
        self.footer_band(band, furniture)
    }

    /// The page footer. One that has grown over more than half of what the page header leaves is cut
    /// there, so that bands have room; that is told.
    fn footer_band(
        &mut self,
        band: &BandPlan,
        furniture: &Furniture,
    ) -> Result<Option<Fragment>, ComposeError> {
        let geometry = furniture.geometry;
        let Some(fragment) = self.whole_band(band, geometry.width())? else { return Ok(None) };
        let header = furniture.page_header.as_ref().map_or(Pt::ZERO, |(band, _)| band.designed());
        let room = geometry.size.height - geometry.top - geometry.bottom - header;
        let most = (room / 2.0).max(band.designed());
        if geometry.roll || most.0 <= 0.0 || fragment.rect.height.0 <= most.0 + 0.01 {
            return Ok(Some(fragment));
        }
        self.warn_of_growth(band);
        Ok(Some(fragment.slice(most).0))
    }

    fn warn_of_growth(&mut self, band: &BandPlan) {
        self.warn(format!(
            "band \"{}\" has grown until it filled its page; what other bands need was cut off it",
            band.name
        ));
    }

    /// Makes the row of a mark the report's current one, for the furniture of its page.
    fn enter(&mut self, mark: &Mark) -> Option<(pressroom_data::Row, u64)> {
        let frame = self.frames.first_mut()?;
        let (row, index) = mark.row.as_ref()?;
        let row = std::mem::replace(&mut frame.row, Arc::clone(row));
        Some((row, std::mem::replace(&mut frame.index, *index)))
    }

    fn leave(&mut self, saved: Option<(pressroom_data::Row, u64)>) {
        if let (Some(frame), Some((row, index))) = (self.frames.first_mut(), saved) {
            frame.row = row;
            frame.index = index;
        }
    }
}

fn not_with_header(print_on: PrintOn) -> bool {
    matches!(print_on, PrintOn::NotWithReportHeader | PrintOn::NotWithReportHeaderAndFooter)
}

fn not_with_footer(print_on: PrintOn) -> bool {
    matches!(print_on, PrintOn::NotWithReportFooter | PrintOn::NotWithReportHeaderAndFooter)
}
