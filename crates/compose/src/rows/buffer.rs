//! Rows that must wait: in memory up to a bound, beyond it in a spill file.

use std::io::{BufReader, BufWriter, Seek, SeekFrom, Write};
use std::sync::Arc;

use pressroom_data::{Row, SourceError, SpillFile, SpillStore, Value, codec};

/// How many bytes of rows wait in memory before the rest goes to a file.
pub(crate) const MEMORY_BOUND: usize = 8 << 20;

/// A first-in, first-out store of rows.
pub(crate) struct RowBuffer<'a> {
    store: &'a dyn SpillStore,
    memory: Vec<Row>,
    bytes: usize,
    file: Option<BufWriter<Box<dyn SpillFile>>>,
    in_file: usize,
}

impl<'a> RowBuffer<'a> {
    pub(crate) fn new(store: &'a dyn SpillStore) -> Self {
        Self { store, memory: Vec::new(), bytes: 0, file: None, in_file: 0 }
    }

    /// One that keeps nothing in memory.
    pub(crate) fn on_disk(store: &'a dyn SpillStore) -> Result<Self, SourceError> {
        let file = BufWriter::new(store.create().map_err(spill_error)?);
        Ok(Self { file: Some(file), ..Self::new(store) })
    }

    pub(crate) fn push(&mut self, row: Row) -> Result<(), SourceError> {
        if self.file.is_none() {
            self.bytes += size(&row);
            if self.bytes <= MEMORY_BOUND {
                self.memory.push(row);
                return Ok(());
            }
            self.file = Some(BufWriter::new(self.store.create().map_err(spill_error)?));
        }
        if let Some(file) = &mut self.file {
            codec::write_row(&row, file).map_err(spill_error)?;
            self.in_file += 1;
        }
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.memory.len() + self.in_file
    }

    /// Reads everything back, in order.
    pub(crate) fn into_reader(self) -> Result<RowReader, SourceError> {
        let file = match self.file {
            None => None,
            Some(writer) => {
                let mut file = writer.into_inner().map_err(spill_error)?;
                file.flush().map_err(spill_error)?;
                file.seek(SeekFrom::Start(0)).map_err(spill_error)?;
                Some(BufReader::new(file))
            }
        };
        Ok(RowReader { memory: self.memory.into_iter(), file, in_file: self.in_file })
    }
}

/// Reads the rows of a [`RowBuffer`].
pub(crate) struct RowReader {
    memory: std::vec::IntoIter<Row>,
    file: Option<BufReader<Box<dyn SpillFile>>>,
    in_file: usize,
}

impl RowReader {
    pub(crate) fn next(&mut self) -> Result<Option<Row>, SourceError> {
        if let Some(row) = self.memory.next() {
            return Ok(Some(row));
        }
        match &mut self.file {
            Some(file) if self.in_file > 0 => {
                self.in_file -= 1;
                codec::read_row(file).map_err(spill_error)
            }
            _ => Ok(None),
        }
    }
}

/// About how many bytes a row takes in memory.
pub(crate) fn size(row: &Row) -> usize {
    let inner = |value: &Value| match value {
        Value::Text(text) => text.len() + 16,
        Value::Bytes(bytes) => bytes.len() + 16,
        Value::List(values) => values.len() * size_of::<Value>(),
        _ => 0,
    };
    size_of::<Row>() + 16 + row.iter().map(|value| size_of::<Value>() + inner(value)).sum::<usize>()
}

pub(crate) fn spill_error(error: impl std::fmt::Display) -> SourceError {
    SourceError::Spill(error.to_string())
}

/// Joins two rows into one: `row` with `more` behind it.
pub(crate) fn append(row: &Row, more: impl IntoIterator<Item = Value>) -> Row {
    row.iter().cloned().chain(more).collect::<Vec<_>>().into()
}

/// The first `width` values of a row.
pub(crate) fn truncate(row: &Row, width: usize) -> Row {
    if row.len() == width {
        Arc::clone(row)
    } else {
        row.iter().take(width).cloned().collect::<Vec<_>>().into()
    }
}
