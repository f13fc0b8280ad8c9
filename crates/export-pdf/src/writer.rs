//! The writer: pages in, a PDF out.

use std::io::Write;

use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::error::KrillaError;
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};
use pressroom_page::{DocumentInfo, Page, PageSink, Resources, SinkError};

use crate::PdfOptions;
use crate::canvas::{Canvas, Store};
use crate::faces::Faces;
use crate::geometry;
use crate::info;
use crate::pictures::Pictures;

/// A4, for a page without a size.
const A4: (f32, f32) = (595.28, 841.89);

/// Writes pages to a PDF, one by one.
///
/// The same pages, information and options give the same bytes. Compressed pages stay in memory until
/// [`finish`](Self::finish), about three kilobytes for a page full of text, since a PDF's fonts are
/// known at its end only.
pub struct PdfWriter {
    document: Document,
    options: PdfOptions,
    out: Box<dyn Write + Send>,
    store: Store,
    /// Pages that came, written or not.
    seen: u32,
    written: u32,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The number of pages.
    pub pages: u32,
    /// The number of bytes.
    pub bytes: u64,
    /// What is not as the report wants it, in words for its author.
    pub warnings: Vec<String>,
}

impl PdfWriter {
    /// Begins a document that goes to `out`.
    ///
    /// # Errors
    /// None yet; options that need a check come with one.
    pub fn begin(
        info: &DocumentInfo,
        options: PdfOptions,
        out: Box<dyn Write + Send>,
    ) -> Result<Self, SinkError> {
        let mut document = Document::new_with(SerializeSettings {
            enable_tagging: false,
            ..SerializeSettings::default()
        });
        document.set_metadata(info::metadata(info));
        let store = Store { faces: Faces::default(), pictures: Pictures::new(&options) };
        Ok(Self { document, options, out, store, seen: 0, written: 0 })
    }

    /// Ends the document and writes it. Without a page it has a blank one.
    ///
    /// # Errors
    /// [`SinkError::Write`] where the bytes cannot be written; [`SinkError::Unsupported`] where the
    /// page range holds no page of the document, or a font cannot be put into a PDF.
    pub fn finish(mut self) -> Result<Summary, SinkError> {
        if self.written == 0 && self.seen > 0 {
            return Err(SinkError::Unsupported(format!(
                "the page range `{}` holds none of the document's {} pages",
                self.options.pages, self.seen
            )));
        }
        let bytes = self.document.finish().map_err(|error| failed(&error))?;
        let write = |error: std::io::Error| SinkError::Write(error.to_string());
        self.out.write_all(&bytes).map_err(write)?;
        self.out.flush().map_err(write)?;
        Ok(Summary {
            pages: self.written.max(1),
            bytes: bytes.len() as u64,
            warnings: self.store.pictures.warnings,
        })
    }

    fn draw(&mut self, page: &Page, resources: &Resources) -> Result<(), SinkError> {
        let width = geometry::side(page.size.width, A4.0);
        let height = geometry::side(page.size.height, A4.1);
        let settings = PageSettings::from_wh(width, height).unwrap_or_default();
        let mut sheet = self.document.start_page_with(settings);
        let mut surface = sheet.surface();
        let painted = Canvas::new(&mut self.store, resources).paint(&page.items, &mut surface);
        surface.finish();
        for (area, target) in painted? {
            if let Some(rect) = area.to_pdf() {
                let action = Action::Link(LinkAction::new(target.to_string()));
                let link = LinkAnnotation::new(rect, Target::Action(action));
                sheet.add_annotation(Annotation::new_link(link, Some(target.to_string())));
            }
        }
        sheet.finish();
        Ok(())
    }
}

impl PageSink for PdfWriter {
    fn page(&mut self, page: Page, resources: &Resources) -> Result<(), SinkError> {
        self.seen = self.seen.saturating_add(1);
        if self.options.pages.contains(self.seen) {
            self.draw(&page, resources)?;
            self.written += 1;
        }
        Ok(())
    }
}

/// What krilla says, in words for who wants the PDF.
fn failed(error: &KrillaError) -> SinkError {
    SinkError::Unsupported(match error {
        KrillaError::Font(_, why) => {
            format!("a font cannot be put into the PDF ({why}); replace its file by another")
        }
        other => format!("the PDF cannot be made: {other}"),
    })
}
