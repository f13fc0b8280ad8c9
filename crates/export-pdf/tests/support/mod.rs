//! What the tests share: pages from plain words, and outside readers of the PDFs.

#![allow(dead_code, reason = "each test file uses a part")]

use std::io::Write;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use pressroom_export_pdf::{PdfOptions, PdfWriter, Summary};
use pressroom_page::{
    Color, DocumentInfo, Face, FaceId, FontBytes, Glyph, GlyphRun, Item, Page, PageSink, Point, Pt,
    Resources, Role, SinkError, Size, Text,
};
use skrifa::instance::{LocationRef, Size as FontSize};
use skrifa::{FontRef, MetadataProvider};

/// Resources with two faces, and what turns words into glyphs of them.
pub(crate) struct Kit {
    pub(crate) resources: Resources,
    pub(crate) plain: FaceId,
    pub(crate) bold: FaceId,
}

impl Kit {
    pub(crate) fn new() -> Self {
        let mut resources = Resources::default();
        let mut face = |bytes: &'static [u8], bold| {
            resources.add_face(Face {
                data: FontBytes::new(bytes),
                index: 0,
                family: "DejaVu Sans".into(),
                bold,
                italic: false,
            })
        };
        let plain = face(dejavu::sans::regular(), false);
        let bold = face(dejavu::sans::bold(), true);
        Self { resources, plain, bold }
    }

    /// A run in which each character is one glyph; `from` is the text's byte where it begins.
    pub(crate) fn run(&self, face: FaceId, size: f32, text: &str, from: usize) -> GlyphRun {
        let bytes = self.resources.face(face).expect("a face").data.clone();
        let font = FontRef::new(bytes.as_ref()).expect("a font");
        let metrics = font.glyph_metrics(FontSize::new(1.0), LocationRef::default());
        let glyphs = text.char_indices().map(|(at, character)| {
            let id = font.charmap().map(character).unwrap_or_default();
            Glyph {
                id: id.to_u32() as u16,
                advance: metrics.advance_width(id).unwrap_or_default(),
                dx: 0.0,
                dy: 0.0,
                range: (from + at) as u32..(from + at + character.len_utf8()) as u32,
            }
        });
        GlyphRun {
            face,
            size: Pt(size),
            color: Color::BLACK,
            underline: false,
            strikeout: false,
            offset: Pt::ZERO,
            glyphs: glyphs.collect(),
        }
    }

    /// A line of text in the plain face.
    pub(crate) fn text(&self, x: f32, y: f32, size: f32, text: &str) -> Text {
        line(x, y, text, vec![self.run(self.plain, size, text, 0)])
    }

    /// A page of A5 with items.
    pub(crate) fn pdf(&self, items: Vec<Item>) -> Vec<u8> {
        self.document(vec![page(items)], PdfOptions::default()).expect("a document").0
    }

    /// A document of pages.
    pub(crate) fn document(
        &self,
        pages: Vec<Page>,
        options: PdfOptions,
    ) -> Result<(Vec<u8>, Summary), SinkError> {
        let info = DocumentInfo {
            title: Some("Orders & deliveries".into()),
            author: Some("Vera Lindqvist".into()),
            subject: Some("Spring".into()),
            language: Some("en-GB".into()),
            created: 1_750_000_000,
        };
        let out = Shared::default();
        let mut writer = PdfWriter::begin(info, options, Box::new(out.clone()))?;
        for page in pages {
            writer.page(page, &self.resources)?;
        }
        let summary = writer.finish()?;
        let bytes = out.0.lock().expect("no other thread").clone();
        assert_eq!(summary.bytes, bytes.len() as u64);
        Ok((bytes, summary))
    }
}

/// A line of text from its runs, laid out one after the other.
pub(crate) fn line(x: f32, y: f32, text: &str, mut runs: Vec<GlyphRun>) -> Text {
    let mut offset = 0.0;
    for run in &mut runs {
        run.offset = Pt(offset);
        offset += run.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * run.size.0;
    }
    Text {
        origin: Point::new(Pt(x), Pt(y)),
        angle: 0.0,
        text: text.into(),
        runs,
        role: Role::Paragraph,
    }
}

/// A page of A5.
pub(crate) fn page(items: Vec<Item>) -> Page {
    Page { size: Size::new(Pt::mm(148.0), Pt::mm(210.0)), items }
}

/// Bytes that a test keeps a hand on.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no other thread").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs a program on a PDF; `{}` in the arguments is the file.
pub(crate) fn tool(program: &str, arguments: &[&str], pdf: &[u8]) -> Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("document.pdf");
    std::fs::write(&file, pdf).expect("a temporary file");
    let file = file.display().to_string();
    Command::new(program)
        .args(arguments.iter().map(|argument| if *argument == "{}" { &file } else { *argument }))
        .output()
        .unwrap_or_else(|error| {
            panic!("{program}: {error}; the tests need the packages qpdf and poppler-utils")
        })
}

/// Whether qpdf finds nothing wrong.
pub(crate) fn check_structure(pdf: &[u8]) {
    let output = tool("qpdf", &["--check", "{}"], pdf);
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// What pdftotext reads, laid out as on the page, without empty lines and spaces at ends.
pub(crate) fn extracted(pdf: &[u8]) -> String {
    check_structure(pdf);
    let output = tool("pdftotext", &["-layout", "-nopgbrk", "{}", "-"], pdf);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A page as pixels, one a point.
pub(crate) struct Raster {
    width: usize,
    pixels: Vec<u8>,
}

impl Raster {
    /// Renders the first page.
    pub(crate) fn of(pdf: &[u8]) -> Self {
        check_structure(pdf);
        let output = tool("pdftoppm", &["-r", "72", "-f", "1", "-l", "1", "{}"], pdf);
        assert!(output.status.success());
        let ppm = output.stdout;
        // P6, width, height, 255: four fields that white space ends.
        let mut fields = Vec::new();
        let mut start = 0;
        for (at, byte) in ppm.iter().enumerate() {
            if byte.is_ascii_whitespace() {
                fields.push(String::from_utf8_lossy(&ppm[start..at]).into_owned());
                start = at + 1;
                if fields.len() == 4 {
                    break;
                }
            }
        }
        assert_eq!(fields[0], "P6");
        Self { width: fields[1].parse().expect("a width"), pixels: ppm[start..].to_vec() }
    }

    /// The colour at a place in points.
    pub(crate) fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 3;
        [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]
    }

    /// Whether anything darker than a light grey lies in a box.
    pub(crate) fn has_ink(&self, left: usize, top: usize, right: usize, bottom: usize) -> bool {
        (top..bottom).any(|y| (left..right).any(|x| self.at(x, y).iter().any(|&part| part < 160)))
    }
}
