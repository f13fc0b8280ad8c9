//! The writer: pages in, a PDF out.

use std::io::Write;

use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::error::KrillaError;
use krilla::page::PageSettings;
use krilla::tagging::{Node, Tag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings};
use pressroom_page::{DocumentInfo, Page, PageSink, Resources, SinkError, codec};

use crate::PdfOptions;
use crate::canvas::{Canvas, Painted, Store};
use crate::faces::Faces;
use crate::geometry;
use crate::info;
use crate::pictures::Pictures;
use crate::tags::PageTags;

/// A4, for a page without a size.
const A4: (f32, f32) = (595.28, 841.89);

/// Writes pages to a PDF, one by one.
///
/// The same pages, information and options give the same bytes. Compressed pages stay in memory until
/// [`finish`](Self::finish), about three kilobytes for a page full of text, since a PDF's fonts are
/// known at its end only.
///
/// ```
/// use pressroom_export_pdf::{PdfOptions, PdfWriter};
/// use pressroom_page::{Color, DocumentInfo, Item, Page, PageSink, Path, Pt, Rect, Resources, Size};
///
/// let out = Box::new(std::io::sink());
/// let mut writer = PdfWriter::begin(DocumentInfo::default(), PdfOptions::default(), out)?;
/// let square = Rect::new(Pt::mm(20.0), Pt::mm(20.0), Pt::mm(50.0), Pt::mm(50.0));
/// let page = Page {
///     size: Size::new(Pt::mm(210.0), Pt::mm(297.0)),
///     items: vec![Item::Path(Path::rect(square, Some(Color::rgb(20, 60, 110)), None))],
/// };
/// writer.page(page, &Resources::default())?;
/// assert_eq!(writer.finish()?.pages, 1);
/// # Ok::<(), pressroom_page::SinkError>(())
/// ```
pub struct PdfWriter {
    state: State,
    info: DocumentInfo,
    options: PdfOptions,
    out: Box<dyn Write + Send>,
    /// Pages that came, written or not.
    seen: u32,
    /// What went wrong with a page, after which there is no document.
    failed: Option<SinkError>,
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

/// Whether the document gets a structure is known when it ends, or when it is too long for one.
enum State {
    /// Too few pages to say: they wait, with their faces and pictures.
    Waiting { pages: Vec<Vec<u8>>, resources: Resources },
    /// Pages are drawn as they come, without structure.
    Drawing(Box<Drawing>),
}

/// A document of which pages are drawn.
struct Drawing {
    document: Document,
    store: Store,
    pages: u32,
    /// The structure so far; none for a document without.
    structure: Option<Vec<Node>>,
}

impl PdfWriter {
    /// Begins a document that goes to `out`.
    ///
    /// # Errors
    /// None yet; options that need a check come with one.
    pub fn begin(
        info: DocumentInfo,
        options: PdfOptions,
        out: Box<dyn Write + Send>,
    ) -> Result<Self, SinkError> {
        let state = if options.tagged_pages == 0 {
            State::Drawing(Box::new(Drawing::new(&info, &options, false)))
        } else {
            State::Waiting { pages: Vec::new(), resources: Resources::default() }
        };
        Ok(Self { state, info, options, out, seen: 0, failed: None })
    }

    /// Ends the document and writes it. Without a page it has a blank one.
    ///
    /// # Errors
    /// [`SinkError::Write`] where the bytes cannot be written; [`SinkError::Unsupported`] where the
    /// page range holds no page of the document, or a font cannot be put into a PDF.
    pub fn finish(mut self) -> Result<Summary, SinkError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let drawing = match self.state {
            State::Drawing(drawing) => drawing,
            State::Waiting { pages, resources } => {
                let mut drawing = Box::new(Drawing::new(&self.info, &self.options, true));
                drawing.draw_waiting(&pages, &resources)?;
                drawing
            }
        };
        if drawing.pages == 0 && self.seen > 0 {
            return Err(SinkError::Unsupported(format!(
                "the page range `{}` holds none of the document's {} pages",
                self.options.pages, self.seen
            )));
        }
        let pages = drawing.pages.max(1);
        let (bytes, warnings) = drawing.finish()?;
        let write = |error: std::io::Error| SinkError::Write(error.to_string());
        self.out.write_all(&bytes).map_err(write)?;
        self.out.flush().map_err(write)?;
        Ok(Summary { pages, bytes: bytes.len() as u64, warnings })
    }
}

impl PageSink for PdfWriter {
    fn page(&mut self, page: Page, resources: &Resources) -> Result<(), SinkError> {
        self.seen = self.seen.saturating_add(1);
        if !self.options.pages.contains(self.seen) {
            return Ok(());
        }
        let taken = self.take(&page, resources);
        if let Err(error) = &taken {
            self.failed = Some(error.clone());
        }
        taken
    }
}

impl PdfWriter {
    fn take(&mut self, page: &Page, resources: &Resources) -> Result<(), SinkError> {
        match &mut self.state {
            State::Drawing(drawing) => drawing.draw(page, resources),
            State::Waiting { pages, resources: kept }
                if pages.len() < self.options.tagged_pages =>
            {
                let mut bytes = Vec::new();
                codec::encode_page(page, &mut bytes);
                pages.push(bytes);
                kept.extend_from(resources);
                Ok(())
            }
            State::Waiting { pages, .. } => {
                let mut drawing = Box::new(Drawing::new(&self.info, &self.options, false));
                drawing.draw_waiting(pages, resources)?;
                drawing.draw(page, resources)?;
                self.state = State::Drawing(drawing);
                Ok(())
            }
        }
    }
}

impl Drawing {
    fn new(info: &DocumentInfo, options: &PdfOptions, structured: bool) -> Self {
        let mut document = Document::new_with(SerializeSettings {
            enable_tagging: structured,
            ..SerializeSettings::default()
        });
        document.set_metadata(info::metadata(info));
        let store = Store { faces: Faces::default(), pictures: Pictures::new(options) };
        Self { document, store, pages: 0, structure: structured.then(Vec::new) }
    }

    fn draw_waiting(&mut self, pages: &[Vec<u8>], resources: &Resources) -> Result<(), SinkError> {
        for bytes in pages {
            let page = codec::decode_page(bytes)
                .map_err(|error| SinkError::Unsupported(error.to_string()))?;
            self.draw(&page, resources)?;
        }
        Ok(())
    }

    fn draw(&mut self, page: &Page, resources: &Resources) -> Result<(), SinkError> {
        let width = geometry::side(page.size.width, A4.0);
        let height = geometry::side(page.size.height, A4.1);
        let settings = PageSettings::from_wh(width, height).unwrap_or_default();
        let mut sheet = self.document.start_page_with(settings);
        let mut surface = sheet.surface();
        let tags = self.structure.as_ref().map(|_| PageTags::default());
        let painted =
            Canvas::new(&mut self.store, resources, tags).paint(&page.items, &mut surface);
        surface.finish();
        let Painted { links, tags } = painted?;
        let mut nodes = tags.map(PageTags::into_nodes);
        for (area, target) in links {
            let Some(rect) = area.to_pdf() else { continue };
            let action = Action::Link(LinkAction::new(target.to_string()));
            let link = LinkAnnotation::new(rect, Target::Action(action));
            let annotation = Annotation::new_link(link, Some(target.to_string()));
            match &mut nodes {
                Some(nodes) => {
                    let id = sheet.add_tagged_annotation(annotation);
                    nodes.push(TagGroup::with_children(Tag::Link, vec![id.into()]).into());
                }
                None => sheet.add_annotation(annotation),
            }
        }
        sheet.finish();
        if let (Some(structure), Some(nodes)) = (&mut self.structure, nodes) {
            structure.extend(nodes);
        }
        self.pages += 1;
        Ok(())
    }

    /// The document's bytes, and words about what is not as it should be.
    fn finish(mut self: Box<Self>) -> Result<(Vec<u8>, Vec<String>), SinkError> {
        if let Some(nodes) = self.structure.take().filter(|nodes| !nodes.is_empty()) {
            self.document.set_tag_tree(TagTree::from(nodes));
        }
        let bytes = self.document.finish().map_err(|error| failed(&error))?;
        Ok((bytes, self.store.pictures.warnings))
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
