//! What a `ListExporter` promises.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use pressroom_page::{Cell, SheetColumn, SheetInfo};
use pressroom_ports::{ExportError, ListExporter, ListWritten};

/// Makes tests of a writer of lists.
#[macro_export]
macro_rules! list_exporter_contract {
    ($make:expr) => {
        $crate::suite! { list_exporter, (async || $make()),
            writes_rows_and_counts_them
            rows_of_other_lengths_are_no_panic
            any_text_is_taken
            a_disk_that_is_full_is_an_error
        }
    };
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

fn info() -> SheetInfo {
    SheetInfo {
        title: "Größe 漢字".into(),
        made: "made for a test".into(),
        columns: vec![SheetColumn::new("no", 1).right(), SheetColumn::new("words", 5)],
    }
}

fn write(
    exporter: &dyn ListExporter,
    out: Box<dyn Write + Send>,
    rows: Vec<Vec<Cell>>,
) -> Result<ListWritten, ExportError> {
    let mut writer = exporter.begin(info(), out)?;
    for row in rows {
        writer.row(row)?;
    }
    writer.finish()
}

/// A list of rows, as it was written and as bytes.
///
/// # Panics
/// When it cannot be written.
pub fn bytes(exporter: &dyn ListExporter, rows: Vec<Vec<Cell>>) -> (ListWritten, Vec<u8>) {
    let out = Shared::default();
    let written = write(exporter, Box::new(out.clone()), rows).unwrap();
    let bytes = std::mem::take(&mut *out.0.lock().unwrap());
    (written, bytes)
}

/// What is said about the file is true.
pub async fn writes_rows_and_counts_them(exporter: &impl ListExporter) {
    for rows in [0, 1, 3] {
        let row = |number: i64| vec![number.into(), "a word".into()];
        let (written, bytes) = bytes(exporter, (0..rows).map(row).collect());
        let expect = ListWritten { rows: rows as u64, left_out: 0, bytes: bytes.len() as u64 };
        assert_eq!(written, expect);
        assert!(!bytes.is_empty());
    }
    assert!(exporter.content_type().contains('/') && !exporter.extension().contains('.'));
}

/// A row with too few or too many cells fits all the same.
pub async fn rows_of_other_lengths_are_no_panic(exporter: &impl ListExporter) {
    let rows = vec![Vec::new(), vec![Cell::Int(1)], vec![Cell::Empty; 5]];
    assert_eq!(bytes(exporter, rows).0.rows, 3);
}

/// Control characters, words without end, every script: a file comes of it.
pub async fn any_text_is_taken(exporter: &impl ListExporter) {
    let texts = [
        "\0\u{1b}[31m\r\n\t\"quoted\", 'quoted';".to_owned(),
        "x".repeat(20_000),
        "\u{202e}שלום مرحبا 漢字 🧾\u{feff}".to_owned(),
        "line\n".repeat(300),
        String::new(),
    ];
    let rows = texts.map(|text| vec![Cell::Int(i64::MIN), Cell::Text(text)]);
    assert_eq!(bytes(exporter, rows.into()).0.rows, 5);
}

/// Bytes that cannot be written are an error at the latest at the end.
pub async fn a_disk_that_is_full_is_an_error(exporter: &impl ListExporter) {
    assert!(write(exporter, Box::new(Full), vec![vec![Cell::Int(1)]]).is_err());
}
