//! Writers of lists: rows one by one, as a file that somebody keeps or prints.

use std::io::{self, Write};

use pressroom_page::{Cell, SheetInfo};

use crate::ExportError;

/// A list that was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListWritten {
    /// The rows that are in the file.
    pub rows: u64,
    /// The rows that had no room; the file itself says so.
    pub left_out: u64,
    /// Its bytes.
    pub bytes: u64,
}

/// Writes lists of one format. Synchronous: [`ListWriter::finish`] may be busy for a while.
///
/// # Contract
/// - A file MUST say every word of the rows that are in it, and MUST say how many were left out.
/// - What a cell says MUST NOT be run by whatever opens the file.
/// - Memory MUST be bounded, whatever the number of rows.
pub trait ListExporter: Send + Sync {
    /// The media type, such as `text/csv`, without parameters.
    fn content_type(&self) -> &'static str;

    /// The end of a file's name, such as `csv`; also the word by which the format is asked for.
    fn extension(&self) -> &'static str;

    /// Starts a list.
    ///
    /// # Errors
    /// [`ExportError::Write`].
    fn begin(
        &self,
        info: SheetInfo,
        out: Box<dyn Write + Send>,
    ) -> Result<Box<dyn ListWriter>, ExportError>;
}

/// A list that is being written.
pub trait ListWriter: Send {
    /// Adds a row: a cell for each column. Missing cells are empty, further ones are dropped.
    ///
    /// # Errors
    /// See [`ExportError`].
    fn row(&mut self, cells: Vec<Cell>) -> Result<(), ExportError>;

    /// Writes what is left and flushes.
    ///
    /// # Errors
    /// See [`ExportError`].
    fn finish(self: Box<Self>) -> Result<ListWritten, ExportError>;
}

/// A place to write to that counts what goes there, for [`ListWritten`].
pub struct CountingWriter {
    out: Box<dyn Write + Send>,
    bytes: u64,
}

impl CountingWriter {
    /// Counts what goes to `out` from now on.
    #[must_use]
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out, bytes: 0 }
    }

    /// The bytes that were written.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Write for CountingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl std::fmt::Debug for CountingWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CountingWriter").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}
