//! Where the next block goes: page regions, columns, and cutting at their ends.
//!
//! The pager knows geometry only. Whoever drives it makes the furniture of a page (headers, footers,
//! margins), because that takes the data.

use pressroom_page::{Item, Point, Pt, Size};

use crate::fragment::{Canvas, Cut, CutResult, Fragment};

/// The longest side of a page: readers of PDF stop at 200 inches.
pub(crate) const LARGEST_PAGE: Pt = Pt(14_400.0);

/// The measures of every page of a report.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Geometry {
    pub(crate) size: Size,
    pub(crate) left: Pt,
    pub(crate) right: Pt,
    pub(crate) top: Pt,
    pub(crate) bottom: Pt,
    /// The page is as high as what is on it.
    pub(crate) roll: bool,
}

impl Geometry {
    /// The width between the margins.
    pub(crate) fn width(&self) -> Pt {
        self.size.width - self.left - self.right
    }
}

/// How details stand side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Columns {
    pub(crate) count: usize,
    pub(crate) width: Pt,
    pub(crate) spacing: Pt,
    pub(crate) flow: ColumnFlow,
}

/// In which order columns are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnFlow {
    DownThenAcross,
    AcrossThenDown,
}

/// One band, laid out, with what the pager must know of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Piece {
    pub(crate) fragment: Fragment,
    /// It stands at the bottom of the page region.
    pub(crate) at_bottom: bool,
    /// It takes one cell where columns run across; other bands take a line of their own.
    pub(crate) cell: bool,
}

/// What came of placing a piece.
#[derive(Debug)]
pub(crate) enum Placed {
    /// All of it is on the page, starting at this height.
    Whole(Pt),
    /// Part of it, starting at this height; the rest belongs on the next page.
    Part(Pt, Box<Piece>),
    /// None of it; it belongs on the next page.
    None(Box<Piece>),
}

/// The page being filled.
#[derive(Debug)]
pub(crate) struct Pager {
    geometry: Geometry,
    canvas: Canvas,
    /// Where the next block goes.
    y: Pt,
    /// Where blocks end.
    bottom: Pt,
    /// Where blocks of this page (or of its columns) start.
    region_top: Pt,
    /// Whether a block of the body is on the page.
    used: bool,
    columns: Option<ColumnState>,
}

#[derive(Clone, Copy, Debug)]
struct ColumnState {
    spec: Columns,
    column: usize,
    /// The lowest point that any column reached.
    deepest: Pt,
    /// The height of the highest cell of the current line, where columns run across.
    line_height: Pt,
}

impl Pager {
    /// An empty page with `reserved` points kept free above its bottom margin.
    pub(crate) fn new(geometry: Geometry, reserved: Pt) -> Self {
        let mut pager = Self {
            geometry,
            canvas: Canvas::default(),
            y: Pt::ZERO,
            bottom: Pt::ZERO,
            region_top: Pt::ZERO,
            used: false,
            columns: None,
        };
        pager.start_page(reserved);
        pager
    }

    /// Begins the next page; what was on the last one must have been taken.
    pub(crate) fn start_page(&mut self, reserved: Pt) {
        self.y = self.geometry.top;
        self.region_top = self.y;
        let height = if self.geometry.roll { LARGEST_PAGE } else { self.geometry.size.height };
        self.bottom = height - self.geometry.bottom - reserved;
        self.used = false;
        if let Some(columns) = &mut self.columns {
            columns.column = 0;
            columns.line_height = Pt::ZERO;
            columns.deepest = self.y;
        }
    }

    /// What has been painted so far; the page is empty afterwards.
    pub(crate) fn take_canvas(&mut self) -> Canvas {
        std::mem::take(&mut self.canvas)
    }

    /// Paints a fragment at a place of the page, outside the flow.
    pub(crate) fn paint(&mut self, fragment: Fragment, x: Pt, y: Pt) {
        fragment.paint(Point::new(x, y), &mut self.canvas);
    }

    /// Paints an item of the page, outside the flow.
    pub(crate) fn paint_item(&mut self, item: Item) {
        self.canvas.items.push(item);
    }

    /// Paints furniture at the current height, which is given; the body starts below it.
    /// One that has grown so far that bands would have no room is cut to what leaves them some, or to
    /// its designed height; that is told. Gives the top and whether it was cut.
    pub(crate) fn place_header(&mut self, mut fragment: Fragment, designed: Pt) -> (Pt, bool) {
        /// Half an inch: a few lines of text.
        const LEAST_ROOM: Pt = Pt(36.0);
        let y = self.y;
        let most = (self.bottom - y - LEAST_ROOM).max(designed);
        let is_cut = fragment.rect.height.0 > most.0 + 0.01 && most.0 > 0.0;
        if is_cut {
            fragment = fragment.slice(most).0;
        }
        let height = fragment.rect.height;
        let origin = Point::new(self.geometry.left, self.y);
        fragment.paint(origin, &mut self.canvas);
        self.y += height;
        self.region_top = self.y;
        if let Some(columns) = &mut self.columns {
            columns.deepest = columns.deepest.max(self.y);
        }
        (y, is_cut)
    }

    /// Whether a block of the body is on the page.
    pub(crate) fn is_used(&self) -> bool {
        self.used
    }

    /// How much is left for blocks in the current column.
    pub(crate) fn room(&self) -> Pt {
        self.bottom - self.y
    }

    /// How much is left below the line of cells that was begun.
    pub(crate) fn room_below_line(&self) -> Pt {
        let line = self.columns.filter(|columns| {
            columns.column > 0 && columns.spec.flow == ColumnFlow::AcrossThenDown
        });
        self.room() - line.map_or(Pt::ZERO, |columns| columns.line_height)
    }

    /// How much a fresh page with the same headers has for blocks.
    pub(crate) fn capacity(&self) -> Pt {
        self.bottom - self.region_top
    }

    /// The height where the next block would go.
    pub(crate) fn y(&self) -> Pt {
        self.columns.map_or(self.y, |columns| columns.deepest.max(self.y))
    }

    /// Where blocks end on this page.
    pub(crate) fn bottom(&self) -> Pt {
        self.bottom
    }

    /// Where blocks start on this page, below its headers.
    pub(crate) fn region_top(&self) -> Pt {
        self.region_top
    }

    /// The width that a block has.
    pub(crate) fn width(&self) -> Pt {
        self.columns.map_or_else(|| self.geometry.width(), |columns| columns.spec.width)
    }

    /// How many blocks stand side by side.
    pub(crate) fn column_count(&self) -> usize {
        self.columns.map_or(1, |columns| columns.spec.count)
    }

    /// Blocks stand side by side from here on.
    pub(crate) fn open_columns(&mut self, spec: Columns) {
        self.region_top = self.y;
        self.columns =
            Some(ColumnState { spec, column: 0, deepest: self.y, line_height: Pt::ZERO });
    }

    /// Blocks take the whole width again, below the longest column.
    pub(crate) fn close_columns(&mut self) {
        self.end_line();
        if let Some(columns) = self.columns.take() {
            self.y = self.y.max(columns.deepest);
        }
    }

    /// Goes on in the next column, if the page has one.
    pub(crate) fn next_column(&mut self) -> bool {
        let region_top = self.region_top;
        match &mut self.columns {
            Some(columns)
                if columns.spec.flow == ColumnFlow::DownThenAcross
                    && columns.column + 1 < columns.spec.count =>
            {
                columns.deepest = columns.deepest.max(self.y);
                columns.column += 1;
                self.y = region_top;
                true
            }
            _ => false,
        }
    }

    /// Places a piece, or as much of it as the page holds.
    pub(crate) fn place(&mut self, mut piece: Piece) -> Placed {
        if !piece.cell {
            self.end_line();
        }
        if let Some(at) = piece.fragment.first_break() {
            return self.place_until_break(piece, at);
        }
        let height = piece.fragment.rect.height;
        let room = self.room();
        if height.0 <= room.0 + 0.01 {
            return Placed::Whole(self.put(piece));
        }
        let fresh = self.y.0 <= self.region_top.0 + 0.01;
        let across =
            self.columns.is_some_and(|c| c.spec.flow == ColumnFlow::AcrossThenDown && c.column > 0);
        if fresh {
            // It does not fit on an empty page either: the wish to stay whole cannot be granted.
            piece.fragment.cut = Cut::Between;
        }
        if across {
            return Placed::None(Box::new(piece));
        }
        let Piece { fragment, at_bottom, cell } = piece;
        match fragment.cut(room) {
            CutResult::Parts(top, rest) => {
                let y = self.put(Piece { fragment: *top, at_bottom: false, cell });
                if rest.is_blank() {
                    return Placed::Whole(y);
                }
                Placed::Part(y, Box::new(Piece { fragment: *rest, at_bottom, cell }))
            }
            CutResult::Uncut(whole) if fresh && room.0 > 1.0 => {
                let (top, rest) = whole.slice(room);
                let y = self.put(Piece { fragment: top, at_bottom: false, cell });
                Placed::Part(y, Box::new(Piece { fragment: rest, at_bottom, cell }))
            }
            CutResult::Uncut(whole) => {
                Placed::None(Box::new(Piece { fragment: *whole, at_bottom, cell }))
            }
        }
    }

    fn place_until_break(&mut self, mut piece: Piece, at: Pt) -> Placed {
        if at.0 <= 0.01 {
            piece.fragment.break_before = false;
            clear_first_break(&mut piece.fragment);
            if self.used {
                return Placed::None(Box::new(piece));
            }
            return self.place(piece);
        }
        if at.0 > self.room().0 {
            // The page ends before the break does.
            let Piece { fragment, at_bottom, cell } = piece;
            return match fragment.cut(self.room()) {
                CutResult::Parts(top, rest) => {
                    let y = self.put(Piece { fragment: *top, at_bottom: false, cell });
                    Placed::Part(y, Box::new(Piece { fragment: *rest, at_bottom, cell }))
                }
                CutResult::Uncut(whole) => {
                    let (top, rest) = whole.slice(self.room().max(Pt(1.0)));
                    let y = self.put(Piece { fragment: top, at_bottom: false, cell });
                    Placed::Part(y, Box::new(Piece { fragment: rest, at_bottom, cell }))
                }
            };
        }
        let (at_bottom, cell) = (piece.at_bottom, piece.cell);
        let (top, mut rest) = match piece.fragment.cut(at) {
            CutResult::Parts(top, rest) => (*top, *rest),
            CutResult::Uncut(whole) => whole.slice(at),
        };
        clear_first_break(&mut rest);
        let y = self.put(Piece { fragment: top, at_bottom: false, cell });
        Placed::Part(y, Box::new(Piece { fragment: rest, at_bottom, cell }))
    }

    fn put(&mut self, piece: Piece) -> Pt {
        let Piece { fragment, at_bottom, .. } = piece;
        let height = fragment.rect.height;
        let mut y = self.y;
        if at_bottom && !self.geometry.roll {
            y = y.max(self.bottom - height);
        }
        let mut x = self.geometry.left;
        let mut advance = height;
        if let Some(columns) = &mut self.columns {
            x += (columns.spec.width + columns.spec.spacing) * columns.column as f32;
            if columns.spec.flow == ColumnFlow::AcrossThenDown && piece.cell {
                columns.line_height = columns.line_height.max(height);
                columns.column += 1;
                advance = Pt::ZERO;
                columns.deepest = columns.deepest.max(y + height);
            }
        }
        fragment.paint(Point::new(x, y), &mut self.canvas);
        self.used = true;
        self.y = y + advance;
        if let Some(columns) = &mut self.columns {
            columns.deepest = columns.deepest.max(self.y);
            if columns.column >= columns.spec.count
                && columns.spec.flow == ColumnFlow::AcrossThenDown
            {
                self.end_line();
            }
        }
        y
    }

    /// Ends a line of cells that was begun.
    fn end_line(&mut self) {
        if let Some(columns) = &mut self.columns
            && columns.spec.flow == ColumnFlow::AcrossThenDown
            && columns.column > 0
        {
            self.y += columns.line_height;
            columns.column = 0;
            columns.line_height = Pt::ZERO;
        }
    }
}

/// Takes back the break flag that was just honoured: the one of the box that now starts at the top.
fn clear_first_break(fragment: &mut Fragment) {
    if fragment.break_before {
        fragment.break_before = false;
        return;
    }
    if let crate::fragment::Content::Children(children) = &mut fragment.content
        && let Some(child) = children.iter_mut().find(|child| {
            child.rect.y.0 <= 0.01 && child.first_break().is_some_and(|y| y.0 <= 0.01)
        })
    {
        clear_first_break(child);
    }
}
