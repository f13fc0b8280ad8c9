//! The exporter port, by a writer that works beside the composition of long documents.

use std::io::{self, Write};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use pressroom_page::{DocumentInfo, Face, Image, Page, PageSink, Resources, SinkError};
use pressroom_ports::{
    DocumentWriter, ExportError, ExportOptions, Exporter, Format, InvalidOption, Written,
};

use crate::{PdfOptions, PdfWriter, Summary};

/// Pages that may be under way to the writer. A document of no more is written once it is complete.
const UNDER_WAY: usize = 16;

/// Writes PDF.
#[derive(Clone, Copy, Debug, Default)]
pub struct PdfExporter;

impl Exporter for PdfExporter {
    fn format(&self) -> Format {
        Format::Pdf
    }

    fn content_type(&self) -> &'static str {
        "application/pdf"
    }

    fn extension(&self) -> &'static str {
        "pdf"
    }

    fn check(&self, options: &ExportOptions) -> Result<(), InvalidOption> {
        pdf_options(options).map(|_| ())
    }

    fn begin(
        &self,
        info: DocumentInfo,
        options: &ExportOptions,
        out: Box<dyn Write + Send>,
    ) -> Result<Box<dyn DocumentWriter>, ExportError> {
        Ok(Box::new(Document::begin(info, pdf_options(options)?, out)))
    }
}

/// Reads what of the options concerns PDF.
fn pdf_options(options: &ExportOptions) -> Result<PdfOptions, InvalidOption> {
    if let Some(name) = options.guarantees.first() {
        return Err(InvalidOption {
            name: (*name).to_owned(),
            message: "PDFs that are protected or certified are not made yet; leave it out"
                .to_owned(),
        });
    }
    let pages = match &options.page_range {
        None => Default::default(),
        Some(text) => text.parse().map_err(|error: crate::PageRangeError| InvalidOption {
            name: "pageRange".to_owned(),
            message: error.to_string(),
        })?,
    };
    Ok(PdfOptions { pages, ..PdfOptions::default() })
}

/// A page under way, with the faces and pictures that came since the page before.
struct Sheet {
    page: Page,
    faces: Vec<Face>,
    images: Vec<Image>,
}

enum Message {
    Sheet(Box<Sheet>),
    Finish,
}

/// What a document is begun with.
struct Beginning {
    info: DocumentInfo,
    options: PdfOptions,
    out: Box<dyn Write + Send>,
}

impl Beginning {
    /// Writes the document, unless the messages end before they say that it is finished.
    fn write(self, messages: impl IntoIterator<Item = Message>) -> Result<Summary, SinkError> {
        let mut writer = PdfWriter::begin(self.info, self.options, self.out)?;
        let mut resources = Resources::default();
        for message in messages {
            let sheet: Sheet = match message {
                Message::Sheet(sheet) => *sheet,
                Message::Finish => return writer.finish(),
            };
            for face in sheet.faces {
                resources.add_face(face);
            }
            for image in sheet.images {
                resources.add_image(image);
            }
            writer.page(sheet.page, &resources)?;
        }
        // The document was given up: nothing is written.
        Err(SinkError::Cancelled)
    }
}

/// How a document comes to be written.
enum Course {
    /// It is short so far: starting a thread would take longer than its pages do.
    Short(Box<Beginning>, Vec<Message>),
    /// A thread of its own writes while further pages are composed.
    Long(SyncSender<Message>, JoinHandle<Result<Summary, SinkError>>),
    /// Nothing more is to come.
    Over,
}

/// Writes a document, a long one on a thread of its own. What breaks in there does not take the
/// caller with it.
struct Document {
    course: Course,
    /// How many faces and pictures were handed on.
    faces: usize,
    images: usize,
}

impl Document {
    fn begin(info: DocumentInfo, options: PdfOptions, out: Box<dyn Write + Send>) -> Self {
        let beginning = Box::new(Beginning { info, options, out });
        Self { course: Course::Short(beginning, Vec::new()), faces: 0, images: 0 }
    }

    fn send(&mut self, message: Message) -> Result<(), SinkError> {
        let sent = match &mut self.course {
            Course::Short(_, messages) if messages.len() < UNDER_WAY => {
                messages.push(message);
                true
            }
            Course::Short(..) => return self.start().and_then(|()| self.send(message)),
            Course::Long(messages, _) => messages.send(message).is_ok(),
            Course::Over => false,
        };
        // The thread ended early: it has the reason.
        if sent { Ok(()) } else { self.end().map(|_| ()) }
    }

    /// Starts the thread and hands it the pages that came so far.
    fn start(&mut self) -> Result<(), SinkError> {
        let Course::Short(beginning, waiting) = mem::replace(&mut self.course, Course::Over) else {
            return Err(SinkError::Cancelled);
        };
        let (messages, received) = sync_channel(UNDER_WAY);
        let thread = thread::Builder::new()
            .name("pdf".to_owned())
            .spawn(move || beginning.write(waiting.into_iter().chain(received)))
            .map_err(|error| SinkError::Write(error.to_string()))?;
        self.course = Course::Long(messages, thread);
        Ok(())
    }

    /// Waits for the end of a document, and for what is said of it.
    fn end(&mut self) -> Result<Summary, SinkError> {
        let written = match mem::replace(&mut self.course, Course::Over) {
            Course::Short(beginning, messages) => {
                catch_unwind(AssertUnwindSafe(|| beginning.write(messages)))
            }
            Course::Long(messages, thread) => {
                drop(messages);
                thread.join()
            }
            Course::Over => return Err(SinkError::Cancelled),
        };
        written.unwrap_or_else(|_| {
            Err(SinkError::Unsupported(
                "the PDF writer broke on this document; please report it with its layout"
                    .to_owned(),
            ))
        })
    }
}

impl PageSink for Document {
    fn page(&mut self, page: Page, resources: &Resources) -> Result<(), SinkError> {
        let faces = resources.faces().get(self.faces..).unwrap_or_default().to_vec();
        let images = resources.images().get(self.images..).unwrap_or_default().to_vec();
        self.faces += faces.len();
        self.images += images.len();
        self.send(Message::Sheet(Box::new(Sheet { page, faces, images })))
    }
}

impl DocumentWriter for Document {
    fn finish(mut self: Box<Self>) -> Result<Written, ExportError> {
        if let Course::Short(_, messages) = &mut self.course {
            messages.push(Message::Finish);
        } else {
            self.send(Message::Finish).map_err(export_error)?;
        }
        let Summary { pages, bytes, warnings } = self.end().map_err(export_error)?;
        Ok(Written { pages: u64::from(pages), bytes, warnings })
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        // A thread ends after the pages under way; its words have no listener any more.
        if matches!(self.course, Course::Long(..)) {
            let _ = self.end();
        }
    }
}

fn export_error(error: SinkError) -> ExportError {
    match error {
        SinkError::Cancelled => ExportError::Write(io::Error::from(io::ErrorKind::Interrupted)),
        SinkError::Write(message) => ExportError::Write(io::Error::other(message)),
        SinkError::Unsupported(message) => ExportError::Unsupported(message),
        SinkError::Limit(message) => ExportError::Limit(message),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::{Arc, Mutex};

    use pressroom_page::{Color, DocumentInfo, Image, ImageFormat, ImageId, Item, Page, Path};
    use pressroom_page::{Picture, Pt, Rect};
    use pressroom_page::{Resources, Role, Size};
    use pressroom_ports::{ExportError, ExportOptions, Exporter};

    use super::PdfExporter;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("the other thread is well").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn page() -> Page {
        let rect = Rect::new(Pt(20.0), Pt(20.0), Pt(50.0), Pt(50.0));
        Page {
            size: Size::new(Pt(200.0), Pt(200.0)),
            items: vec![Item::Path(Path::rect(rect, Some(Color::BLACK), None))],
        }
    }

    #[test]
    fn pages_go_through_the_port() {
        let out = Shared::default();
        let options = ExportOptions { page_range: Some("2-".into()), ..ExportOptions::default() };
        let mut writer = PdfExporter
            .begin(DocumentInfo::default(), &options, Box::new(out.clone()))
            .expect("a writer");
        for _ in 0..100 {
            writer.page(page(), &Resources::default()).expect("a page");
        }
        let written = writer.finish().expect("a document");
        assert_eq!(written.pages, 99);
        let bytes = out.0.lock().expect("the thread ended");
        assert_eq!(written.bytes, bytes.len() as u64);
        assert!(bytes.starts_with(b"%PDF-"));
    }

    #[test]
    fn a_document_that_is_given_up_writes_nothing() {
        let out = Shared::default();
        let mut writer = PdfExporter
            .begin(DocumentInfo::default(), &ExportOptions::default(), Box::new(out.clone()))
            .expect("a writer");
        writer.page(page(), &Resources::default()).expect("a page");
        drop(writer);
        assert!(out.0.lock().expect("the thread ended").is_empty());
    }

    #[test]
    fn what_a_page_lacks_comes_back_as_an_error() {
        let mut writer = PdfExporter
            .begin(DocumentInfo::default(), &ExportOptions::default(), Box::new(io::sink()))
            .expect("a writer");
        let mut page = page();
        page.items.push(Item::Picture(Picture {
            rect: Rect::new(Pt(0.0), Pt(0.0), Pt(9.0), Pt(9.0)),
            image: ImageId(3),
            opacity: 1.0,
            role: Role::Artifact,
        }));
        // The first call may return before the thread has seen the page.
        let _ = writer.page(page, &Resources::default());
        let error = writer.finish().expect_err("no such picture");
        assert!(matches!(error, ExportError::Unsupported(_)), "{error}");
    }

    #[test]
    fn a_damaged_picture_is_told_with_the_document() {
        let mut writer = PdfExporter
            .begin(DocumentInfo::default(), &ExportOptions::default(), Box::new(io::sink()))
            .expect("a writer");
        let mut resources = Resources::default();
        let data = Arc::from(&b"not a picture"[..]);
        let image = Image { data, format: ImageFormat::Jpeg, width: 9, height: 9 };
        let image = resources.add_image(image);
        let mut page = page();
        page.items.push(Item::Picture(Picture {
            rect: Rect::new(Pt(0.0), Pt(0.0), Pt(9.0), Pt(9.0)),
            image,
            opacity: 1.0,
            role: Role::Artifact,
        }));
        writer.page(page, &resources).expect("a page");
        let written = writer.finish().expect("a document");
        let start = "a picture is damaged and was left out: ";
        assert!(matches!(&*written.warnings, [one] if one.starts_with(start)), "{written:?}");
    }

    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::from(io::ErrorKind::StorageFull))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_said() {
        let writer = PdfExporter
            .begin(DocumentInfo::default(), &ExportOptions::default(), Box::new(Full))
            .expect("a writer");
        let error = writer.finish().expect_err("a full disk");
        assert_eq!(error.to_string(), "could not write the document: no storage space");
    }

    #[test]
    fn options_that_cannot_be_honoured_are_refused() {
        let check = |options: ExportOptions, expect: &str| {
            let error = PdfExporter.check(&options).expect_err("refused");
            assert_eq!(error.to_string(), expect);
        };
        check(
            ExportOptions { page_range: Some("3-1".into()), ..ExportOptions::default() },
            "export option pageRange: the page range `3-1` runs backwards; write the smaller page \
             first",
        );
        check(
            ExportOptions { guarantees: vec!["pdfACompatibility"], ..ExportOptions::default() },
            "export option pdfACompatibility: PDFs that are protected or certified are not made \
             yet; leave it out",
        );
        assert_eq!(PdfExporter.check(&ExportOptions::default()), Ok(()));
    }
}
