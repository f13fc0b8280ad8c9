//! Sheets to CSV, as RFC 4180 has it: commas, lines that end with CR LF, UTF-8 without a mark at its
//! start (programs would take the mark for a part of the first name).
//!
//! Whoever opens a CSV file in a spreadsheet lets it run what looks like a formula. A text that starts
//! as one does gets an apostrophe before it, which spreadsheets take for "this is text"; numbers stay
//! as they are.
//!
//! ```
//! use pressroom_export_csv::CsvExporter;
//! use pressroom_page::{Cell, SheetColumn, SheetInfo};
//! use pressroom_ports::ListExporter;
//!
//! let columns = vec![SheetColumn::new("id", 1), SheetColumn::new("name", 4)];
//! let info = SheetInfo { columns, ..SheetInfo::default() };
//! let mut list = CsvExporter.begin(info, Box::new(std::io::sink()))?;
//! list.row(vec![Cell::Int(-1), "=1+1".into()])?; // -1,'=1+1
//! assert_eq!(list.finish()?.rows, 1);
//! # Ok::<(), pressroom_ports::ExportError>(())
//! ```

use std::borrow::Cow;
use std::io::Write;

use csv::{Terminator, WriterBuilder};
use pressroom_page::{Cell, SheetInfo};
use pressroom_ports::{CountingWriter, ExportError, ListExporter, ListWriter, ListWritten};

/// Writes lists as CSV, row by row.
#[derive(Clone, Copy, Debug, Default)]
pub struct CsvExporter;

impl ListExporter for CsvExporter {
    fn content_type(&self) -> &'static str {
        "text/csv"
    }

    fn extension(&self) -> &'static str {
        "csv"
    }

    fn begin(
        &self,
        info: SheetInfo,
        out: Box<dyn Write + Send>,
    ) -> Result<Box<dyn ListWriter>, ExportError> {
        let out = CountingWriter::new(out);
        let mut csv =
            WriterBuilder::new().terminator(Terminator::CRLF).flexible(true).from_writer(out);
        let columns = info.columns.len();
        csv.write_record(info.columns.iter().map(|column| &*column.name)).map_err(failed)?;
        Ok(Box::new(Writer { csv, columns, rows: 0 }))
    }
}

struct Writer {
    csv: csv::Writer<CountingWriter>,
    columns: usize,
    rows: u64,
}

impl ListWriter for Writer {
    fn row(&mut self, mut cells: Vec<Cell>) -> Result<(), ExportError> {
        cells.resize(self.columns, Cell::Empty);
        for cell in &cells {
            let field: Cow<'_, str> = match cell {
                Cell::Text(text) => defused(text),
                other => other.to_string().into(),
            };
            self.csv.write_field(field.as_bytes()).map_err(failed)?;
        }
        self.csv.write_record(None::<&[u8]>).map_err(failed)?;
        self.rows += 1;
        // What was written is on its way: whoever reads the file as it comes need not wait.
        self.csv.flush().map_err(ExportError::Write)
    }

    fn finish(mut self: Box<Self>) -> Result<ListWritten, ExportError> {
        self.csv.flush()?;
        Ok(ListWritten { rows: self.rows, left_out: 0, bytes: self.csv.get_ref().bytes() })
    }
}

/// The text as a spreadsheet takes it for one.
fn defused(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

fn failed(error: csv::Error) -> ExportError {
    ExportError::Write(error.into())
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::suites::list_exporter::bytes;

    use super::*;

    pressroom_contracts::list_exporter_contract!(|| CsvExporter);

    fn check(cell: impl Into<Cell>, expect: &str) {
        let (_, bytes) = bytes(&CsvExporter, vec![vec![Cell::Int(7), cell.into()]]);
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, format!("no,words\r\n7,{expect}\r\n"));
    }

    #[test]
    fn texts_are_quoted_where_they_must_be() {
        check("plain", "plain");
        check("", "");
        check(Cell::Empty, "");
        check("a, b", "\"a, b\"");
        check("say \"x\"", "\"say \"\"x\"\"\"");
        check("two\nlines", "\"two\nlines\"");
        check("Größe 漢字", "Größe 漢字");
    }

    #[test]
    fn what_looks_like_a_formula_is_none() {
        check("=1+1", "'=1+1");
        check("+49 30", "'+49 30");
        check("-2", "'-2");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t=1");
        check("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
        check(-2_i64, "-2");
        check("a=b", "a=b");
    }
}
