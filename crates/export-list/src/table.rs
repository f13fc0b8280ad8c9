//! A list, page by page: title, head, rows, footer.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use genpdf::error::Error;
use genpdf::fonts::FontCache;
use genpdf::render::Area;
use genpdf::style::{Color, Style};
use genpdf::{Context, Element, Margins, Position, RenderResult, Size};
use pressroom_page::{SheetAlign, SheetInfo};

use crate::{MOST_PAGES, wrap};

/// The width of a page in millimetres: A4 across.
pub(crate) const WIDTH: f64 = 297.0;
/// Its height.
pub(crate) const HEIGHT: f64 = 210.0;

const MARGIN: f64 = 12.0;
/// What stands left and right of a cell's text.
const PADDING: f64 = 1.2;
/// What stands above and below a row's text.
const ROW_PADDING: f64 = 0.9;
/// What stands above its first line: less, because a line has air above its letters.
const TEXT_TOP: f64 = 0.4;
/// What the footer takes.
const FOOTER: f64 = 7.0;
const POINT: f64 = 25.4 / 72.0;

const TITLE_SIZE: u8 = 14;
const TEXT_SIZE: u8 = 8;
const SMALL_SIZE: u8 = 7;

const INK: Color = Color::Rgb(32, 36, 42);
const QUIET: Color = Color::Rgb(105, 112, 122);
const STRIPE: Color = Color::Rgb(243, 245, 248);
const HEAD: Color = Color::Rgb(222, 228, 236);
const RULE: Color = Color::Rgb(120, 132, 148);

/// How many rows found room: told when the document is done.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome(Arc<AtomicU64>);

impl Outcome {
    pub(crate) fn rows(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A list. Each call of `render` draws one page.
pub(crate) struct Table {
    info: SheetInfo,
    rows: VecDeque<Vec<String>>,
    counted: u64,
    outcome: Outcome,
    page: usize,
    /// What is left of a row that was taller than a page.
    rest: Option<Lines>,
}

/// The lines of each cell of a row.
type Lines = Vec<VecDeque<String>>;

impl Table {
    pub(crate) fn new(
        info: SheetInfo,
        rows: Vec<Vec<String>>,
        counted: u64,
        outcome: Outcome,
    ) -> Self {
        Self { info, rows: rows.into(), counted, outcome, page: 0, rest: None }
    }

    /// The left edge and the width of each column.
    fn places(&self, width: f64) -> Vec<(f64, f64)> {
        let weights = self.info.columns.iter().map(|column| f64::from(column.weight.max(1)));
        let total: f64 = weights.clone().sum();
        let mut left = 0.0;
        weights
            .map(|weight| {
                let place = (left, width * weight / total);
                left += place.1;
                place
            })
            .collect()
    }

    fn head(&self, pen: &Pen<'_>, y: f64, places: &[(f64, f64)]) -> Result<f64, Error> {
        let style = Style::new().with_font_size(TEXT_SIZE).with_color(INK).bold();
        let names = self.info.columns.iter().zip(places);
        let lines: Lines =
            names.map(|(column, (_, width))| pen.lines(&column.name, style, *width)).collect();
        let height = pen.row_height(&lines, style);
        pen.fill(y, height, HEAD);
        self.draw_row(pen, y, places, &lines, usize::MAX, style)?;
        pen.rule(y + height);
        Ok(y + height)
    }

    fn draw_row(
        &self,
        pen: &Pen<'_>,
        y: f64,
        places: &[(f64, f64)],
        lines: &Lines,
        most: usize,
        style: Style,
    ) -> Result<(), Error> {
        let step = pen.line_height(style);
        for ((column, (left, width)), cell) in self.info.columns.iter().zip(places).zip(lines) {
            for (number, line) in cell.iter().take(most).enumerate() {
                let x = match column.align {
                    SheetAlign::Left => left + PADDING,
                    SheetAlign::Right => left + width - PADDING - pen.width(line, style),
                };
                pen.print(x, y + TEXT_TOP + step * number as f64, style, line)?;
            }
        }
        Ok(())
    }
}

impl Element for Table {
    fn render(
        &mut self,
        context: &Context,
        mut area: Area<'_>,
        _: Style,
    ) -> Result<RenderResult, Error> {
        area.add_margins(Margins::all(MARGIN));
        let size = area.size();
        let pen = Pen { fonts: &context.font_cache, area: &area, width: f64::from(size.width) };
        let bottom = f64::from(size.height) - FOOTER;
        let places = self.places(pen.width);
        self.page += 1;

        let mut y = 0.0;
        if self.page == 1 {
            let title = Style::new().with_font_size(TITLE_SIZE).with_color(INK).bold();
            for line in pen.lines(&self.info.title, title, pen.width).iter().take(3) {
                pen.print(0.0, y, title, line)?;
                y += pen.line_height(title);
            }
            y += 3.0;
        }
        y = self.head(&pen, y, &places)?;

        let style = Style::new().with_font_size(TEXT_SIZE).with_color(INK);
        let step = pen.line_height(style);
        // The last page of all keeps a line free for what had no room.
        let is_last = self.page >= MOST_PAGES;
        let end = if is_last { bottom - step - 2.0 * ROW_PADDING } else { bottom };
        let top = y;
        let mut has_room = true;
        while has_room {
            let lines = match self.rest.take() {
                Some(rest) => rest,
                None => match self.rows.pop_front() {
                    Some(row) => row
                        .iter()
                        .zip(&places)
                        .map(|(text, (_, width))| pen.lines(text, style, *width))
                        .collect(),
                    None => break,
                },
            };
            let height = pen.row_height(&lines, style);
            let fitting = ((end - y - 2.0 * ROW_PADDING) / step).floor().max(0.0) as usize;
            let tallest = lines.iter().map(VecDeque::len).max().unwrap_or_default();
            // A row stays whole, but for one that no page could hold.
            let is_whole = fitting >= tallest;
            if !is_whole && y > top {
                self.rest = Some(lines);
                break;
            }
            let shown = tallest.min(fitting.max(1));
            let height = if is_whole { height } else { step * shown as f64 + 2.0 * ROW_PADDING };
            if self.outcome.rows() % 2 == 1 {
                pen.fill(y, height, STRIPE);
            }
            self.draw_row(&pen, y, &places, &lines, shown, style)?;
            y += height;
            if is_whole {
                self.outcome.add();
            } else {
                let rest = lines.into_iter().map(|cell| cell.into_iter().skip(shown).collect());
                self.rest = Some(rest.collect());
                has_room = false;
            }
        }
        pen.rule(y);

        let is_over = self.rest.is_none() && self.rows.is_empty();
        let left_out = self.counted - self.outcome.rows();
        let quiet = Style::new().with_font_size(SMALL_SIZE).with_color(QUIET);
        if left_out > 0 && (is_last || is_over) {
            let words = if left_out == 1 { "row has" } else { "rows have" };
            let words = format!(
                "{left_out} more {words} no room on {MOST_PAGES} pages; narrow the list, or take it as CSV"
            );
            pen.print(PADDING, y + ROW_PADDING, style.bold(), &words)?;
        } else if self.counted == 0 {
            pen.print(PADDING, y + 2.0 * ROW_PADDING, quiet, "nothing to list")?;
        }
        let footer = bottom + FOOTER - pen.line_height(quiet);
        pen.print(0.0, footer, quiet, &self.info.made)?;
        let number = format!("page {}", self.page);
        pen.print(pen.width - pen.width(&number, quiet), footer, quiet, &number)?;
        Ok(RenderResult {
            size: Size::new(size.width, size.height),
            has_more: !is_over && !is_last,
        })
    }
}

/// Draws on a page, in millimetres from its top left corner within the margins.
struct Pen<'a> {
    fonts: &'a FontCache,
    area: &'a Area<'a>,
    width: f64,
}

impl Pen<'_> {
    /// The lines of a cell of a width.
    fn lines(&self, text: &str, style: Style, width: f64) -> VecDeque<String> {
        let text: String = text.chars().map(|c| self.shown(c, style)).collect();
        let measure = |c| f64::from(style.char_width(self.fonts, c));
        wrap::lines(&text, width - 2.0 * PADDING, measure).into()
    }

    /// What is shown for a character: one that the font has, or the sign for one that it has not.
    fn shown(&self, c: char, style: Style) -> char {
        match c {
            '\n' => '\n',
            '\t' | '\r' => ' ',
            c if c.is_control() => '\u{fffd}',
            c => {
                let face = self.fonts.get_rt_font(style.font(self.fonts));
                if face.glyph(c).id().0 == 0 { '\u{fffd}' } else { c }
            }
        }
    }

    fn width(&self, text: &str, style: Style) -> f64 {
        f64::from(style.str_width(self.fonts, text))
    }

    fn line_height(&self, style: Style) -> f64 {
        f64::from(style.line_height(self.fonts))
    }

    fn row_height(&self, lines: &Lines, style: Style) -> f64 {
        let tallest = lines.iter().map(VecDeque::len).max().unwrap_or(1).max(1);
        self.line_height(style) * tallest as f64 + 2.0 * ROW_PADDING
    }

    fn print(&self, x: f64, y: f64, style: Style, text: &str) -> Result<(), Error> {
        if text.is_empty() {
            return Ok(());
        }
        self.area.print_str(self.fonts, Position::new(x, y), style, text).map(drop)
    }

    /// A line across the page.
    fn rule(&self, y: f64) {
        let ends = vec![Position::new(0.0, y), Position::new(self.width, y)];
        self.area.draw_line(ends, Style::new().with_color(RULE));
    }

    /// A stripe across the page. genpdf fills nothing: a line of one point goes to and fro, close
    /// enough to cover what lies between.
    fn fill(&self, y: f64, height: f64, color: Color) {
        let (top, bottom) = (y + POINT / 2.0, y + height - POINT / 2.0);
        let turns = ((bottom - top) / (POINT * 0.7)).ceil().max(1.0);
        let mut points = Vec::new();
        for turn in 0..=turns as usize {
            let y = top + (bottom - top) * turn as f64 / turns;
            let (from, to) = if turn % 2 == 0 { (0.0, self.width) } else { (self.width, 0.0) };
            points.extend([Position::new(from, y), Position::new(to, y)]);
        }
        self.area.draw_line(points, Style::new().with_color(color));
    }
}
