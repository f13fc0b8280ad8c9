//! Where bands go: onto pages, or, for a sub-report, into one long strip.

use std::sync::Arc;

use pressroom_data::Row;
use pressroom_page::{Pt, Rect};
use pressroom_report::Definition;

use crate::fragment::{Cut, Fragment};
use crate::pager::{Columns, Pager, Piece};
use crate::plan::total::running_bands;
use crate::spool::Spool;

/// What the walk over rows and bands wants of the pages.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A band.
    Place(Piece, Mark),
    /// A new page before the next band.
    Break,
    /// From here on, every further page starts with this.
    OpenRepeat(usize, Arc<Fragment>),
    CloseRepeat(usize),
    OpenColumns(Columns),
    CloseColumns,
    /// The report header is done: the page header of the first page comes here.
    Body,
}

/// What a band was made of, for the furniture of the page where it ends up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mark {
    /// The report's own current row.
    pub(crate) row: Option<(Row, u64)>,
    /// The band's name.
    pub(crate) band: Arc<str>,
    pub(crate) report_header: bool,
    pub(crate) report_footer: bool,
    /// It is a row's detail band, which counts for sums over a page.
    pub(crate) detail: bool,
}

/// Where bands go.
pub(crate) enum Flow<'r> {
    Pages(Box<Pages<'r>>),
    Strip(Strip),
}

impl Flow<'_> {
    /// The width that a band has.
    pub(crate) fn width(&self) -> Pt {
        match self {
            Self::Pages(pages) => pages.pager.width(),
            Self::Strip(strip) => {
                strip.columns.as_ref().map_or(strip.width, |(columns, ..)| columns.width)
            }
        }
    }
}

/// The pages of a document.
pub(crate) struct Pages<'r> {
    pub(crate) pager: Pager,
    pub(crate) spool: Spool<'r>,
    /// Whether a page is being filled.
    pub(crate) open: bool,
    pub(crate) break_wanted: bool,
    /// Whether page headers are printed by now.
    pub(crate) body: bool,
    pub(crate) repeats: Vec<(usize, Arc<Fragment>)>,
    /// How many wishes to stay together are open.
    pub(crate) keep: usize,
    /// The outermost wish cannot be granted any more.
    pub(crate) keep_failed: bool,
    pub(crate) pending: Vec<Event>,
    pub(crate) pending_height: Pt,
    /// How many cells of the last line wait, where columns run across, and how high they are.
    pub(crate) pending_line: (usize, Pt),
    /// The mark of the last band on the page.
    pub(crate) last: Mark,
    pub(crate) has_report_header: bool,
    pub(crate) has_report_footer: bool,
    /// The bands with which page numbers start again.
    pub(crate) running: Vec<Arc<str>>,
    /// Whether anything asks where bands stand.
    note_places: bool,
    /// Where bands stand on this page: name, top and bottom.
    pub(crate) places: Vec<(Arc<str>, Pt, Pt)>,
    /// Boxes and lines over several bands that began on an earlier page, by their number.
    pub(crate) crossing: Vec<usize>,
    /// The height that the page footer takes, once it has been measured.
    pub(crate) footer_height: Option<Pt>,
}

impl<'r> Pages<'r> {
    pub(crate) fn new(pager: Pager, spool: Spool<'r>, definition: &Definition) -> Self {
        Self {
            note_places: !definition.cross_band.is_empty(),
            running: running_bands(definition),
            pager,
            spool,
            open: false,
            break_wanted: false,
            body: false,
            repeats: Vec::new(),
            keep: 0,
            keep_failed: false,
            pending: Vec::new(),
            pending_height: Pt::ZERO,
            pending_line: (0, Pt::ZERO),
            last: Mark::default(),
            has_report_header: false,
            has_report_footer: false,
            places: Vec::new(),
            crossing: Vec::new(),
            footer_height: None,
        }
    }

    /// Adds a band to the height of what waits.
    pub(crate) fn add_pending(&mut self, piece: &Piece) {
        let height = piece.fragment.rect.height;
        let (cells, line) = self.pending_line;
        let begins_line = !piece.cell || cells.is_multiple_of(self.pager.column_count());
        let line = if begins_line { Pt::ZERO } else { line };
        self.pending_height += (height - line).max(Pt::ZERO);
        self.pending_line = (if piece.cell { cells + 1 } else { 0 }, line.max(height));
    }

    /// Takes note of where a band stands on the page.
    pub(crate) fn note_place(&mut self, band: &Arc<str>, top: Pt, height: Pt) {
        if self.note_places {
            self.places.push((Arc::clone(band), top, top + height));
        }
    }
}

/// The bands of a sub-report, one below the other.
#[derive(Debug, Default)]
pub(crate) struct Strip {
    width: Pt,
    y: Pt,
    fragments: Vec<Fragment>,
    break_wanted: bool,
    columns: Option<(Columns, usize, Pt)>,
    /// Where the wishes to stay together begin.
    keeps: Vec<usize>,
}

impl Strip {
    pub(crate) fn new(width: Pt) -> Self {
        Self { width, ..Self::default() }
    }

    pub(crate) fn take(&mut self, event: Event) {
        match event {
            Event::Place(piece, _) => self.place(piece),
            Event::Break => self.break_wanted = !self.fragments.is_empty(),
            Event::OpenColumns(columns) => self.columns = Some((columns, 0, Pt::ZERO)),
            Event::CloseColumns => {
                self.end_line();
                self.columns = None;
            }
            Event::OpenRepeat(..) | Event::CloseRepeat(_) | Event::Body => {}
        }
    }

    fn place(&mut self, piece: Piece) {
        if !piece.cell {
            self.end_line();
        }
        let mut fragment = piece.fragment;
        fragment.rect.y = self.y;
        fragment.break_before |= std::mem::take(&mut self.break_wanted);
        let height = fragment.rect.height;
        match &mut self.columns {
            Some((columns, column, line)) if piece.cell => {
                fragment.rect.x += (columns.width + columns.spacing) * *column as f32;
                *column += 1;
                *line = line.max(height);
                let full = *column >= columns.count;
                self.fragments.push(fragment);
                if full {
                    self.end_line();
                }
            }
            _ => {
                self.y += height;
                self.fragments.push(fragment);
            }
        }
    }

    fn end_line(&mut self) {
        if let Some((_, column, line)) = &mut self.columns {
            self.y += *line;
            *column = 0;
            *line = Pt::ZERO;
        }
    }

    pub(crate) fn begin_keep(&mut self) {
        self.keeps.push(self.fragments.len());
    }

    /// What came since the wish becomes one box that is not cut.
    pub(crate) fn end_keep(&mut self) {
        let Some(start) = self.keeps.pop() else { return };
        if self.fragments.len() < start + 2 {
            return;
        }
        let mut kept = self.fragments.split_off(start);
        let top = kept.first().map_or(Pt::ZERO, |fragment| fragment.rect.y);
        let bottom = kept.iter().map(|fragment| fragment.rect.bottom()).fold(top, Pt::max);
        let break_before = kept.first().is_some_and(|fragment| fragment.break_before);
        for fragment in &mut kept {
            fragment.rect.y -= top;
        }
        if let Some(first) = kept.first_mut() {
            first.break_before = false;
        }
        let rect = Rect::new(Pt::ZERO, top, self.width, bottom - top);
        self.fragments.push(Fragment {
            cut: Cut::Never,
            break_before,
            ..Fragment::children(rect, kept)
        });
    }

    /// All bands with the height that they take.
    pub(crate) fn finish(mut self) -> (Vec<Fragment>, Pt) {
        self.end_line();
        (self.fragments, self.y)
    }
}
