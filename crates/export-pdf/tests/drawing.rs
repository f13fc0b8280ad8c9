//! Shapes, clips and pictures, by the pixels that an outside reader makes of them.

mod support;

use std::sync::Arc;

use image::{DynamicImage, ImageFormat as Encoding, Rgba, RgbaImage};
use pressroom_export_pdf::PdfOptions;
use pressroom_page::{
    Clip, Color, Dash, Image, ImageFormat, ImageId, Item, Line, Path, Picture, Point, Pt, Rect,
    Role, Segment, SinkError, Stroke,
};
use support::{Kit, Raster, check_structure, page};

const RED: Color = Color::rgb(255, 0, 0);
const GREEN: Color = Color::rgb(0, 255, 0);
const BLUE: Color = Color::rgb(0, 0, 255);
const WHITE: [u8; 3] = [255; 3];

fn rect(x: f32, y: f32, width: f32, height: f32) -> Rect {
    Rect::new(Pt(x), Pt(y), Pt(width), Pt(height))
}

fn filled(x: f32, y: f32, width: f32, height: f32, color: Color) -> Item {
    Item::Path(Path::rect(rect(x, y, width, height), Some(color), None))
}

fn point(x: f32, y: f32) -> Point {
    Point::new(Pt(x), Pt(y))
}

fn stroke(color: Color, width: f32, dash: Dash) -> Stroke {
    Stroke { color, width: Pt(width), dash }
}

#[test]
fn what_comes_later_lies_above() {
    let kit = Kit::new();
    let mut block = kit.text(40.0, 100.0, 60.0, "\u{2588}");
    block.runs[0].color = BLUE;
    let raster = Raster::of(&kit.pdf(vec![
        filled(10.0, 10.0, 300.0, 300.0, RED),
        filled(20.0, 20.0, 20.0, 20.0, GREEN),
        filled(10.0, 10.0, 5.0, 5.0, BLUE),
        Item::Text(block),
        // Beside the text, and over it.
        filled(200.0, 50.0, 20.0, 20.0, GREEN),
        filled(50.0, 80.0, 10.0, 10.0, GREEN),
    ]));
    assert_eq!(raster.at(12, 12), [0, 0, 255]);
    assert_eq!(raster.at(30, 30), [0, 255, 0]);
    assert_eq!(raster.at(150, 150), [255, 0, 0]);
    assert_eq!(raster.at(65, 95), [0, 0, 255], "the text");
    assert_eq!(raster.at(210, 60), [0, 255, 0]);
    assert_eq!(raster.at(55, 85), [0, 255, 0], "over the text");
}

#[test]
fn shapes_are_filled_and_outlined() {
    let kit = Kit::new();
    let triangle = Path {
        segments: vec![
            Segment::Move(point(100.0, 100.0)),
            Segment::Line(point(200.0, 100.0)),
            Segment::Cubic(point(200.0, 100.0), point(150.0, 200.0), point(150.0, 200.0)),
            Segment::Close,
        ],
        fill: Some(GREEN),
        stroke: Some(stroke(BLUE, 6.0, Dash::Solid)),
        role: Role::Artifact,
    };
    let frame = Path::rect(rect(20.0, 20.0, 60.0, 40.0), None, Some(stroke(RED, 4.0, Dash::Solid)));
    let raster = Raster::of(&kit.pdf(vec![Item::Path(triangle), Item::Path(frame)]));
    assert_eq!(raster.at(150, 130), [0, 255, 0]);
    assert_eq!(raster.at(150, 100), [0, 0, 255]);
    assert_eq!(raster.at(20, 40), [255, 0, 0]);
    assert_eq!(raster.at(50, 40), WHITE);
}

#[test]
fn translucent_shapes_let_through() {
    let kit = Kit::new();
    let half = Color { a: 128, ..RED };
    let raster = Raster::of(&kit.pdf(vec![
        filled(20.0, 20.0, 40.0, 40.0, half),
        filled(40.0, 20.0, 40.0, 40.0, half),
        filled(100.0, 20.0, 40.0, 40.0, Color::TRANSPARENT),
    ]));
    let once = raster.at(30, 30);
    let twice = raster.at(50, 30);
    assert!(once[1].abs_diff(127) < 3, "{once:?}");
    assert!(twice[1].abs_diff(63) < 4, "{twice:?}");
    assert_eq!(raster.at(120, 30), WHITE);
}

#[test]
fn dashes_leave_gaps() {
    let kit = Kit::new();
    let lines = [Dash::Solid, Dash::Dash, Dash::Dot, Dash::DashDot, Dash::DashDotDot];
    let items = lines.iter().enumerate().map(|(row, &dash)| {
        let y = 50.5 + row as f32 * 20.0;
        let stroke = stroke(Color::BLACK, 4.0, dash);
        Item::Line(Line { from: point(20.0, y), to: point(220.0, y), stroke })
    });
    let raster = Raster::of(&kit.pdf(items.collect()));
    let inked =
        |row: usize| (20..220).filter(|&x| raster.at(x, 50 + row * 20) == [0, 0, 0]).count();
    assert_eq!(inked(0), 200);
    // Three on, one off, in widths of the line; the edges of strokes may be grey.
    assert!((130..=152).contains(&inked(1)), "{}", inked(1));
    assert!((80..=102).contains(&inked(2)), "{}", inked(2));
    assert!((110..=136).contains(&inked(3)), "{}", inked(3));
    assert!((100..=128).contains(&inked(4)), "{}", inked(4));
}

#[test]
fn clips_cut() {
    let kit = Kit::new();
    let inner = Item::Clip(Clip {
        rect: rect(40.0, 0.0, 500.0, 500.0),
        items: vec![filled(0.0, 0.0, 200.0, 200.0, RED)],
    });
    let raster = Raster::of(&kit.pdf(vec![
        Item::Clip(Clip { rect: rect(20.0, 20.0, 60.0, 60.0), items: vec![inner] }),
        filled(100.0, 100.0, 10.0, 10.0, GREEN),
    ]));
    assert_eq!(raster.at(30, 50), WHITE);
    assert_eq!(raster.at(60, 50), [255, 0, 0]);
    assert_eq!(raster.at(90, 50), WHITE);
    assert_eq!(raster.at(105, 105), [0, 255, 0], "after the clip");
}

/// Four pixels: red, green, blue, and one that is not seen.
fn pixels() -> RgbaImage {
    RgbaImage::from_fn(2, 2, |x, y| match (x, y) {
        (0, 0) => Rgba([255, 0, 0, 255]),
        (1, 0) => Rgba([0, 255, 0, 255]),
        (0, 1) => Rgba([0, 0, 255, 255]),
        _ => Rgba([0, 0, 0, 0]),
    })
}

fn encode(image: &DynamicImage, encoding: Encoding) -> Arc<[u8]> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, encoding).expect("a picture");
    bytes.into_inner().into()
}

fn picture(image: ImageId, opacity: f32) -> Item {
    Item::Picture(Picture {
        rect: rect(20.0, 20.0, 100.0, 100.0),
        image,
        opacity,
        role: Role::Figure("Four pixels".into()),
    })
}

#[test]
fn pictures_of_all_formats_are_drawn() {
    let image = DynamicImage::ImageRgba8(pixels());
    for (data, format) in [
        (encode(&image, Encoding::Png), ImageFormat::Png),
        (encode(&image, Encoding::Gif), ImageFormat::Gif),
        (pixels().into_raw().into(), ImageFormat::Rgba),
    ] {
        let mut kit = Kit::new();
        let id = kit.resources.add_image(Image { data, format, width: 2, height: 2 });
        let raster = Raster::of(&kit.pdf(vec![picture(id, 1.0)]));
        assert_eq!(raster.at(40, 40), [255, 0, 0], "{format:?}");
        assert_eq!(raster.at(100, 40), [0, 255, 0], "{format:?}");
        assert_eq!(raster.at(40, 100), [0, 0, 255], "{format:?}");
        assert_eq!(raster.at(100, 100), WHITE, "{format:?}");
    }
}

#[test]
fn a_faint_picture_lets_through() {
    let mut kit = Kit::new();
    let data = pixels().into_raw().into();
    let id =
        kit.resources.add_image(Image { data, format: ImageFormat::Rgba, width: 2, height: 2 });
    let raster = Raster::of(&kit.pdf(vec![picture(id, 0.5)]));
    let red = raster.at(40, 40);
    assert!(red[0] == 255 && red[1].abs_diff(127) < 3, "{red:?}");
}

#[test]
fn a_jpeg_is_passed_on_as_it_is_and_once() {
    let grey = DynamicImage::ImageLuma8(image::GrayImage::from_fn(64, 48, |x, y| {
        image::Luma([(x * y % 256) as u8])
    }));
    let data = encode(&grey, Encoding::Jpeg);
    let mut kit = Kit::new();
    let image = Image { data: Arc::clone(&data), format: ImageFormat::Jpeg, width: 64, height: 48 };
    let id = kit.resources.add_image(image);
    let pages = (0..5).map(|_| page(vec![picture(id, 1.0)])).collect();
    let (pdf, _) = kit.document(pages, PdfOptions::default()).expect("a document");
    check_structure(&pdf);
    let found = pdf.windows(data.len()).filter(|window| **window == *data).count();
    assert_eq!(found, 1);
}

#[test]
fn a_damaged_picture_leaves_a_box_and_a_warning() {
    let whole = encode(&DynamicImage::ImageRgba8(RgbaImage::new(300, 300)), Encoding::Png);
    for (data, format) in [
        (Arc::from(&whole[..whole.len() / 2]), ImageFormat::Png),
        (Arc::from(&b"GIF89a"[..]), ImageFormat::Gif),
        (Arc::from(&b"not a picture"[..]), ImageFormat::Jpeg),
        (Arc::from(&[0; 10][..]), ImageFormat::Rgba),
    ] {
        let mut kit = Kit::new();
        let id = kit.resources.add_image(Image { data, format, width: 300, height: 300 });
        let pages = vec![page(vec![picture(id, 1.0), picture(id, 1.0)])];
        let (pdf, summary) = kit.document(pages, PdfOptions::default()).expect("a document");
        assert_eq!(summary.warnings.len(), 1, "{format:?}");
        assert!(summary.warnings[0].starts_with("a picture is damaged and was left out: "));
        assert_ne!(Raster::of(&pdf).at(30, 60), WHITE);
    }
}

/// A PNG's beginning that promises so many pixels.
fn promising(width: u32, height: u32) -> Arc<[u8]> {
    let mut png =
        encode(&DynamicImage::ImageLuma8(image::GrayImage::new(1, 1)), Encoding::Png).to_vec();
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&png[12..29]);
    png[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    png.into()
}

#[test]
fn a_picture_that_is_too_large_is_refused_before_it_is_decoded() {
    let mut kit = Kit::new();
    let data = promising(10_000, 10_000);
    // The size that the file says counts, not what was said about it.
    let id = kit.resources.add_image(Image { data, format: ImageFormat::Png, width: 1, height: 1 });
    let error = kit
        .document(vec![page(vec![picture(id, 1.0)])], PdfOptions::default())
        .expect_err("too large");
    assert!(matches!(error, SinkError::Limit(_)));
    assert_eq!(
        error.to_string(),
        "a picture of 10000 x 10000 pixels is larger than the 40 megapixels that are printed; \
         scale it down"
    );
}

#[test]
fn the_pixels_of_all_pictures_are_bounded() {
    let mut kit = Kit::new();
    let items = (0..3)
        .map(|_| {
            let data = pixels().into_raw().into();
            let image = Image { data, format: ImageFormat::Rgba, width: 2, height: 2 };
            picture(kit.resources.add_image(image), 1.0)
        })
        .collect();
    let options = PdfOptions { max_decoded_pixels: 10, ..PdfOptions::default() };
    let error = kit.document(vec![page(items)], options).expect_err("too many");
    assert!(error.to_string().contains("too many pixels together"), "{error}");
}

#[test]
fn a_picture_that_is_not_there_is_named() {
    let kit = Kit::new();
    let error = kit
        .document(vec![page(vec![picture(ImageId(9), 1.0)])], PdfOptions::default())
        .expect_err("no picture");
    assert_eq!(error.to_string(), "a page uses picture 9, which the document lacks");
}

#[test]
fn places_that_are_no_numbers_draw_nothing_and_break_nothing() {
    let kit = Kit::new();
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, 1e9, -0.0] {
        let stroke = stroke(Color::BLACK, bad, Dash::Dash);
        let mut text = kit.text(bad, 50.0, 9.0, "text");
        text.angle = bad;
        let segments = vec![
            Segment::Line(point(bad, 1.0)),
            Segment::Move(point(1.0, bad)),
            Segment::Cubic(point(bad, bad), point(1.0, 1.0), point(0.0, bad)),
            Segment::Close,
            Segment::Close,
        ];
        let path = Path { segments, fill: Some(RED), stroke: Some(stroke), role: Role::Artifact };
        let odd = rect(bad, 10.0, bad, bad);
        let pdf = kit.pdf(vec![
            Item::Text(text.clone()),
            Item::Text(pressroom_page::Text { angle: 45.0, ..text }),
            Item::Line(Line { from: point(bad, bad), to: point(5.0, bad), stroke }),
            Item::Path(path.clone()),
            Item::Path(Path::rect(odd, Some(GREEN), Some(stroke))),
            Item::Clip(Clip { rect: odd, items: vec![Item::Path(path.clone())] }),
            Item::Clip(Clip { rect: rect(0.0, 0.0, 10.0, 10.0), items: vec![Item::Path(path)] }),
        ]);
        check_structure(&pdf);
        let _ = Raster::of(&pdf);
    }
}
