//! What an `Exporter` promises.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use pressroom_page::{Color, DocumentInfo, Item, Page, Path, Pt, Rect, Resources, Size};
use pressroom_ports::{ExportError, ExportOptions, Exporter, Written};

/// Makes tests of a writer of documents.
#[macro_export]
macro_rules! exporter_contract {
    ($make:expr) => {
        $crate::suite! { exporter, (async || $make()),
            writes_pages_and_counts_them
            the_same_input_gives_the_same_bytes
            an_empty_document_is_no_panic
            what_is_checked_is_what_begins
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

fn info() -> DocumentInfo {
    DocumentInfo {
        title: Some("Größe 漢字".into()),
        language: Some("de-DE".into()),
        created: 1_772_443_800,
        ..DocumentInfo::default()
    }
}

fn page(number: usize) -> Page {
    let stripe = Rect::new(Pt(20.0), Pt(10.0 * number as f32), Pt(200.0), Pt(8.0));
    Page {
        size: Size::new(Pt(595.0), Pt(842.0)),
        items: vec![Item::Path(Path::rect(stripe, Some(Color::rgb(30, 60, 90)), None))],
    }
}

fn write(
    exporter: &dyn Exporter,
    out: Box<dyn Write + Send>,
    pages: usize,
) -> Result<Written, ExportError> {
    let mut writer = exporter.begin(info(), &ExportOptions::default(), out)?;
    let resources = Resources::default();
    for number in 0..pages {
        writer
            .page(page(number), &resources)
            .map_err(|error| ExportError::Write(io::Error::other(error)))?;
    }
    writer.finish()
}

fn bytes(exporter: &dyn Exporter, pages: usize) -> (Written, Vec<u8>) {
    let out = Shared::default();
    let written = write(exporter, Box::new(out.clone()), pages).unwrap();
    let bytes = std::mem::take(&mut *out.0.lock().unwrap());
    (written, bytes)
}

/// What is said about the document is true.
pub async fn writes_pages_and_counts_them(exporter: &impl Exporter) {
    for pages in [1, 3] {
        let (written, bytes) = bytes(exporter, pages);
        let bytes_written = bytes.len() as u64;
        let nothing_odd = Vec::new();
        let expect = Written { pages: pages as u64, bytes: bytes_written, warnings: nothing_odd };
        assert_eq!(written, expect);
        assert!(!bytes.is_empty());
    }
    assert!(exporter.content_type().contains('/') && !exporter.extension().contains('.'));
}

/// Documents can be compared, cached and signed.
pub async fn the_same_input_gives_the_same_bytes(exporter: &impl Exporter) {
    assert!(bytes(exporter, 3).1 == bytes(exporter, 3).1);
}

/// Without a page there is a document or an error.
pub async fn an_empty_document_is_no_panic(exporter: &impl Exporter) {
    let written = write(exporter, Box::new(Shared::default()), 0);
    assert!(written.is_err() || written.is_ok_and(|written| written.pages <= 1));
}

/// Options that are refused are refused before any work, and never ignored.
pub async fn what_is_checked_is_what_begins(exporter: &impl Exporter) {
    for guarantee in ["passwordSecurityOptions", "pdfACompatibility", "pdfUACompatibility"] {
        let options = ExportOptions { guarantees: vec![guarantee], ..ExportOptions::default() };
        let checked = exporter.check(&options);
        let begun = exporter.begin(info(), &options, Box::new(Shared::default()));
        assert_eq!(checked.is_ok(), begun.is_ok(), "{guarantee}");
        if let Err(refused) = checked {
            assert_eq!(refused.name, guarantee);
        }
    }
    assert!(exporter.check(&ExportOptions::default()).is_ok());
}

/// Bytes that cannot be written are an error at the latest at the end.
pub async fn a_disk_that_is_full_is_an_error(exporter: &impl Exporter) {
    assert!(write(exporter, Box::new(Full), 2).is_err());
}
