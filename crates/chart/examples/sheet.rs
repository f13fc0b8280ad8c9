//! Draws a sheet of bar codes to hold under a reader:
//!
//! `cargo run -p pressroom-chart --example sheet -- codes.pdf`

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;

use pressroom_chart::barcode::{
    CharacterSet, Compaction, DrawOptions, ErrorCorrection, Orientation, Symbology, draw, encode,
};
use pressroom_export_pdf::{PdfOptions, PdfWriter};
use pressroom_page::{
    DocumentInfo, Item, Page, PageSink, Path, Point, Pt, Resources, Segment, Size,
};

/// Columns and the height of a row on the sheet.
const COLUMNS: usize = 2;
const ROW: f32 = 92.0;

fn codes() -> Vec<(Symbology, &'static str)> {
    let qr = |correction, compaction, version| Symbology::Qr { correction, compaction, version };
    vec![
        (Symbology::Code128 { set: CharacterSet::Auto }, "Order 20260112-7x"),
        (Symbology::Code128 { set: CharacterSet::A }, "PRESSROOM 128"),
        (Symbology::Code128 { set: CharacterSet::C }, "1234567"),
        (Symbology::Gs1128 { separator: '#' }, "(01)09506000134352(10)AB-12(21)7"),
        (Symbology::Code39 { extended: false, check: false, ratio: 2.5 }, "CODE-39"),
        (Symbology::Code39 { extended: true, check: false, ratio: 3.0 }, "Ab/9"),
        (Symbology::Code93, "Code 93!"),
        (Symbology::Codabar { start: 'A', stop: 'B', ratio: 2.5 }, "40156"),
        (Symbology::Ean13, "400638133393"),
        (Symbology::Ean8, "7351353"),
        (Symbology::UpcA, "03600029145"),
        (Symbology::UpcE { system: 0 }, "425261"),
        (Symbology::Interleaved2of5 { check: true, ratio: 3.0 }, "1234567"),
        (Symbology::Itf14 { ratio: 2.5 }, "1540014128876"),
        (qr(ErrorCorrection::L, Compaction::Auto, None), "https://example.org/orders/1024"),
        (qr(ErrorCorrection::H, Compaction::Byte, Some(8)), "Zürich, 点茗 and Łódź"),
    ]
}

/// A path at another place.
fn moved(mut path: Path, x: f32, y: f32) -> Path {
    let at = |point: Point| Point::new(point.x + Pt(x), point.y + Pt(y));
    for segment in &mut path.segments {
        *segment = match *segment {
            Segment::Move(point) => Segment::Move(at(point)),
            Segment::Line(point) => Segment::Line(at(point)),
            Segment::Cubic(a, b, end) => Segment::Cubic(at(a), at(b), at(end)),
            Segment::Close => Segment::Close,
        };
    }
    path
}

fn main() -> Result<(), Box<dyn Error>> {
    let target = std::env::args().nth(1).ok_or("name the PDF to write")?;
    let orientations = [
        Orientation::Normal,
        Orientation::UpsideDown,
        Orientation::RotateLeft,
        Orientation::RotateRight,
    ];
    let out = Box::new(BufWriter::new(File::create(target)?));
    let mut writer = PdfWriter::begin(DocumentInfo::default(), PdfOptions::default(), out)?;
    for orientation in orientations {
        let upright = matches!(orientation, Orientation::Normal | Orientation::UpsideDown);
        let mut items = Vec::new();
        for (index, (symbology, text)) in codes().iter().enumerate() {
            let (across, down) = (240.0, ROW - 12.0);
            let size = if upright {
                Size::new(Pt(across), Pt(down))
            } else {
                Size::new(Pt(down), Pt(across))
            };
            let options =
                DrawOptions { orientation, text_height: Pt::ZERO, ..DrawOptions::new(size) };
            let drawing = draw(&encode(symbology, text)?, &options)?;
            let (column, row) = ((index % COLUMNS) as f32, (index / COLUMNS) as f32);
            let (x, y) = (40.0 + column * 260.0, 40.0 + row * ROW);
            let (x, y) = if upright { (x, y) } else { (y, x) };
            items.push(Item::Path(moved(drawing.path, x, y)));
        }
        let (width, height) = if upright { (595.0, 842.0) } else { (842.0, 595.0) };
        let page = Page { size: Size::new(Pt(width), Pt(height)), items };
        writer.page(page, &Resources::default())?;
    }
    writer.finish()?;
    Ok(())
}
