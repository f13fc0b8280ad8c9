//! A writer of lists that writes what a test can read.

use std::io::Write;

use pressroom_page::{Cell, SheetInfo};
use pressroom_ports::{ExportError, ListExporter, ListWriter, ListWritten};

/// Writes each row as a line whose cells stand between bars, in place of CSV.
#[derive(Clone, Copy, Debug, Default)]
pub struct DumpListExporter;

struct DumpList {
    out: Box<dyn Write + Send>,
    columns: usize,
    written: ListWritten,
}

impl DumpList {
    fn line(&mut self, cells: &[String]) -> Result<(), ExportError> {
        let line = format!("{}\n", cells.join("|"));
        self.written.bytes += line.len() as u64;
        Ok(self.out.write_all(line.as_bytes())?)
    }
}

impl ListExporter for DumpListExporter {
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
        let (columns, written) = (info.columns.len(), ListWritten::default());
        let mut list = DumpList { out, columns, written };
        let names: Vec<String> = info.columns.into_iter().map(|column| column.name).collect();
        list.line(&names)?;
        Ok(Box::new(list))
    }
}

impl ListWriter for DumpList {
    fn row(&mut self, mut cells: Vec<Cell>) -> Result<(), ExportError> {
        cells.resize(self.columns, Cell::Empty);
        self.written.rows += 1;
        self.line(&cells.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    fn finish(mut self: Box<Self>) -> Result<ListWritten, ExportError> {
        self.out.flush()?;
        Ok(self.written)
    }
}
