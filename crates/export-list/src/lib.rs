//! Printouts of lists: sheets to PDF, by genpdf.
//!
//! genpdf keeps the whole document in memory and puts whole fonts into each file, so this is for what
//! people print: the first [`MOST_PAGES`] pages. The last page says how many rows had no room.
//!
//! genpdf's own tables neither repeat their heads nor break long words. Here one `Table` draws each
//! page itself: title, head, rows, footer. Its text is DejaVu, in which a `-` can be copied out of the
//! file as what it is.

mod table;
mod wrap;

use std::io::{self, Write};

use genpdf::Document;
use genpdf::fonts::{FontData, FontFamily};
use pressroom_page::{Cell, SheetInfo};
use pressroom_ports::{CountingWriter, ExportError, ListExporter, ListWriter, ListWritten};

use table::{Outcome, Table};

/// The most pages of a printout.
pub const MOST_PAGES: usize = 200;
/// More rows than can stand on so many pages; those behind them are only counted.
const MOST_ROWS: usize = MOST_PAGES * 50;
/// The most characters of a cell that are printed: a page holds no more.
const MOST_CHARS: usize = 4_000;

/// Prints lists as PDF, A4 across.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListPrinter;

impl ListExporter for ListPrinter {
    fn content_type(&self) -> &'static str {
        "application/pdf"
    }

    fn extension(&self) -> &'static str {
        "pdf"
    }

    fn begin(
        &self,
        info: SheetInfo,
        out: Box<dyn Write + Send>,
    ) -> Result<Box<dyn ListWriter>, ExportError> {
        Ok(Box::new(Writer { info, rows: Vec::new(), counted: 0, out }))
    }
}

struct Writer {
    info: SheetInfo,
    rows: Vec<Vec<String>>,
    counted: u64,
    out: Box<dyn Write + Send>,
}

impl ListWriter for Writer {
    fn row(&mut self, mut cells: Vec<Cell>) -> Result<(), ExportError> {
        self.counted += 1;
        if self.rows.len() < MOST_ROWS {
            cells.resize(self.info.columns.len(), Cell::Empty);
            self.rows.push(cells.iter().map(text).collect());
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<ListWritten, ExportError> {
        let Self { info, rows, counted, out } = *self;
        let outcome = Outcome::default();
        let mut document = Document::new(fonts()?);
        document.set_title(info.title.clone());
        document.set_paper_size(genpdf::Size::new(table::WIDTH, table::HEIGHT));
        document.set_minimal_conformance();
        document.push(Table::new(info, rows, counted, outcome.clone()));
        let mut out = CountingWriter::new(out);
        document.render(&mut out).map_err(failed)?;
        out.flush()?;
        let rows = outcome.rows();
        Ok(ListWritten { rows, left_out: counted - rows, bytes: out.bytes() })
    }
}

/// What of a cell is printed.
fn text(cell: &Cell) -> String {
    let text = cell.to_string();
    match text.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}

/// Two faces of DejaVu. genpdf asks for four and puts each of its own into the file; nothing here is
/// italic, so those two name a font that every reader has, and add nothing.
fn fonts() -> Result<FontFamily<FontData>, ExportError> {
    use printpdf::BuiltinFont::{HelveticaBoldOblique, HelveticaOblique};
    let face = |bytes: &[u8], builtin| FontData::new(bytes.to_vec(), builtin).map_err(failed);
    let (regular, bold) = (dejavu::sans_condensed::regular(), dejavu::sans_condensed::bold());
    Ok(FontFamily {
        regular: face(regular, None)?,
        bold: face(bold, None)?,
        italic: face(regular, Some(HelveticaOblique))?,
        bold_italic: face(bold, Some(HelveticaBoldOblique))?,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "errors are handed over as they come")]
fn failed(error: genpdf::error::Error) -> ExportError {
    ExportError::Write(io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests;
