//! Writes a table of many pages to a PDF and says how long that took, for measuring and profiling:
//!
//! `cargo run --release -p pressroom-export-pdf --example thousand_pages -- 1000 table.pdf`
//!
//! Each page holds 40 rows of 6 cells, some in bold, with a line below each row.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::time::{Duration, Instant};

use pressroom_export_pdf::{PdfOptions, PdfWriter};
use pressroom_page::{
    Color, Dash, DocumentInfo, Face, FaceId, FontBytes, Glyph, GlyphRun, Item, Line, Page,
    PageSink, Path, Point, Pt, Rect, Resources, Role, Size, Stroke, Text,
};
use skrifa::instance::LocationRef;
use skrifa::{FontRef, MetadataProvider};

// As the server has it: the system's allocator on Linux loses memory to gaps between pages.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Names as a trading company's orders have them.
const CUSTOMERS: [&str; 7] = [
    "Harbour & Finch",
    "Lindqvist Livs",
    "Café du Moulin",
    "Bäckerei Vogt",
    "Ottolenghi Figli",
    "Rua Nova Comércio",
    "Tatra Mlyn",
];
const COUNTRIES: [&str; 7] =
    ["United Kingdom", "Sweden", "France", "Germany", "Italy", "Brazil", "Slovakia"];

/// A font with the ids and widths of its letters at hand.
struct Typeface {
    id: FaceId,
    letters: Vec<(u16, f32)>,
}

impl Typeface {
    fn new(
        bytes: &'static [u8],
        bold: bool,
        resources: &mut Resources,
    ) -> Result<Self, Box<dyn Error>> {
        let font = FontRef::new(bytes)?;
        let metrics = font.glyph_metrics(skrifa::instance::Size::new(1.0), LocationRef::default());
        let letters = (0..0x250_u32)
            .map(|character| {
                let glyph = font.charmap().map(character).unwrap_or_default();
                (glyph.to_u32() as u16, metrics.advance_width(glyph).unwrap_or_default())
            })
            .collect();
        let id = resources.add_face(Face {
            data: FontBytes::new(bytes),
            index: 0,
            family: "DejaVu Sans".into(),
            bold,
            italic: false,
        });
        Ok(Self { id, letters })
    }

    fn run(&self, text: &str) -> GlyphRun {
        let glyphs = text.char_indices().map(|(at, character)| {
            let (id, advance) = self.letters[character as usize];
            let range = at as u32..(at + character.len_utf8()) as u32;
            Glyph { id, advance, dx: 0.0, dy: 0.0, range }
        });
        GlyphRun {
            face: self.id,
            size: Pt(8.0),
            color: Color::BLACK,
            underline: false,
            strikeout: false,
            offset: Pt::ZERO,
            glyphs: glyphs.collect(),
        }
    }
}

/// A table's page.
fn page(number: u32, plain: &Typeface, bold: &Typeface) -> Page {
    let mut items = Vec::new();
    let rule = Stroke { color: Color::rgb(200, 200, 200), width: Pt(0.5), dash: Dash::Solid };
    for row in 0..40_u32 {
        let order = number * 40 + row;
        let top = 60.0 + row as f32 * 18.0;
        if row % 2 == 1 {
            let stripe = Rect::new(Pt(48.0), Pt(top), Pt(500.0), Pt(18.0));
            items.push(Item::Path(Path::rect(stripe, Some(Color::rgb(244, 246, 248)), None)));
        }
        let pick = order.wrapping_mul(2_654_435_761) >> 8;
        let cells = [
            format!("{}", 10_000 + order),
            CUSTOMERS[(pick % 7) as usize].to_owned(),
            COUNTRIES[(pick % 7) as usize].to_owned(),
            format!("{:04}-{:02}-{:02}", 2022 + pick % 3, pick % 12 + 1, pick % 28 + 1),
            format!("{}", pick % 90 + 1),
            format!("{},{:03}.{:02}", pick % 9 + 1, pick / 7 % 1000, pick % 100),
        ];
        for (column, cell) in cells.iter().enumerate() {
            let face = if row == 39 { bold } else { plain };
            let run = face.run(cell);
            let width: f32 = run.glyphs.iter().map(|glyph| glyph.advance * 8.0).sum();
            let left = 52.0 + column as f32 * 83.0;
            let x = if column > 3 { left + 76.0 - width } else { left };
            items.push(Item::Text(Text {
                origin: Point::new(Pt(x), Pt(top + 12.4)),
                angle: 0.0,
                text: cell.as_str().into(),
                runs: vec![run],
                role: Role::Cell { table: 0, row, column: column as u32, header: false },
            }));
        }
        let y = Pt(top + 18.0);
        items.push(Item::Line(Line {
            from: Point::new(Pt(48.0), y),
            to: Point::new(Pt(548.0), y),
            stroke: rule,
        }));
    }
    Page { size: Size::new(Pt(595.28), Pt(841.89)), items }
}

/// The most memory that the process took, where the system says so.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.trim_start_matches("VmHWM:").trim().to_owned())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let pages: u32 = arguments.next().map_or(Ok(1000), |count| count.parse())?;
    let target = arguments.next().unwrap_or_else(|| "table.pdf".to_owned());

    let mut resources = Resources::default();
    let plain = Typeface::new(dejavu::sans::regular(), false, &mut resources)?;
    let bold = Typeface::new(dejavu::sans::bold(), true, &mut resources)?;

    let mut writing = Duration::ZERO;
    let out = Box::new(BufWriter::new(File::create(target)?));
    let mut writer = PdfWriter::begin(DocumentInfo::default(), PdfOptions::default(), out)?;
    for number in 0..pages {
        let page = page(number, &plain, &bold);
        let start = Instant::now();
        writer.page(page, &resources)?;
        writing += start.elapsed();
    }
    let start = Instant::now();
    let summary = writer.finish()?;
    let finishing = start.elapsed();
    eprintln!(
        "{} pages: {:.3} s for pages, {:.3} s to finish, {:.2} MB, peak memory {}",
        summary.pages,
        writing.as_secs_f64(),
        finishing.as_secs_f64(),
        summary.bytes as f64 / 1e6,
        peak_memory().unwrap_or_else(|| "unknown".to_owned()),
    );
    Ok(())
}
