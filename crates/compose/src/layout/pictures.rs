//! Pictures: from bytes of unknown kind to resources of the document, each taken once.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use image::{GenericImageView, ImageReader};
use pressroom_page::{
    Color, Image, ImageFormat, ImageId, Item, Path, Picture, Point, Pt, Rect, Resources, Role,
    Segment, Size, Stroke,
};
use resvg::{tiny_skia, usvg};

use super::metafile::{self, Part, is_emf};

/// How a picture fills its box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sizing {
    /// At its own size.
    #[default]
    Normal,
    /// As wide and high as the box.
    Stretch,
    /// The box takes the picture's size.
    AutoSize,
    /// As large as fits, in proportion.
    Zoom,
    /// At its own size, made smaller in proportion if it is larger than the box.
    Squeeze,
    /// As small as fills the whole box, in proportion.
    Cover,
    /// Repeated at its own size.
    Tile,
}

/// Where a picture stands in a box that it does not fill: 0 is left or top, 1 right or bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) x: f32,
    pub(crate) y: f32,
}

/// Where a picture of a natural size goes in a box at the origin.
pub(crate) fn fit(natural: Size, area: Size, sizing: Sizing, place: Place) -> Rect {
    let ratio_x = area.width.0 / natural.width.0.max(f32::EPSILON);
    let ratio_y = area.height.0 / natural.height.0.max(f32::EPSILON);
    let scale = match sizing {
        Sizing::Stretch => return Rect::new(Pt::ZERO, Pt::ZERO, area.width, area.height),
        Sizing::Normal | Sizing::AutoSize | Sizing::Tile => 1.0,
        Sizing::Zoom => ratio_x.min(ratio_y),
        Sizing::Squeeze => ratio_x.min(ratio_y).min(1.0),
        Sizing::Cover => ratio_x.max(ratio_y),
    };
    let (width, height) = (natural.width * scale, natural.height * scale);
    Rect::new((area.width - width) * place.x, (area.height - height) * place.y, width, height)
}

/// A picture that the document holds.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// Its own size: dots at 96 to the inch, or what a drawing says.
    pub(crate) natural: Size,
    content: HeldContent,
}

#[derive(Clone, Debug)]
enum HeldContent {
    Image(ImageId),
    /// Drawn in a box of the natural size at the origin.
    Drawing(Arc<[Item]>),
}

impl Held {
    /// The picture in a box, as items of the page.
    pub(crate) fn items(&self, rect: Rect, opacity: f32, role: Role) -> Vec<Item> {
        match &self.content {
            HeldContent::Image(image) => {
                vec![Item::Picture(Picture { rect, image: *image, opacity, role })]
            }
            HeldContent::Drawing(items) => {
                let x = rect.width.0 / self.natural.width.0.max(f32::EPSILON);
                let y = rect.height.0 / self.natural.height.0.max(f32::EPSILON);
                items.iter().map(|item| scaled(item, rect, (x, y), opacity)).collect()
            }
        }
    }

    /// The resource, if it is a picture of dots.
    pub(crate) fn image(&self) -> Option<ImageId> {
        match self.content {
            HeldContent::Image(image) => Some(image),
            HeldContent::Drawing(_) => None,
        }
    }
}

/// An item of a drawing, brought from the drawing's box into another.
fn scaled(item: &Item, rect: Rect, (x, y): (f32, f32), opacity: f32) -> Item {
    let point = |p: Point| Point::new(rect.x + p.x * x, rect.y + p.y * y);
    let faded = |color: Color| Color { a: (f32::from(color.a) * opacity) as u8, ..color };
    match item {
        Item::Path(path) => {
            let segments = path
                .segments
                .iter()
                .map(|segment| match *segment {
                    Segment::Move(p) => Segment::Move(point(p)),
                    Segment::Line(p) => Segment::Line(point(p)),
                    Segment::Cubic(a, b, c) => Segment::Cubic(point(a), point(b), point(c)),
                    Segment::Close => Segment::Close,
                })
                .collect();
            let stroke = path.stroke.map(|stroke| Stroke {
                width: stroke.width * x.min(y),
                color: faded(stroke.color),
                ..stroke
            });
            Item::Path(Path {
                segments,
                fill: path.fill.map(faded),
                stroke,
                role: path.role.clone(),
            })
        }
        Item::Picture(picture) => {
            let own = picture.rect;
            let corner = point(Point::new(own.x, own.y));
            let rect = Rect::new(corner.x, corner.y, own.width * x, own.height * y);
            Item::Picture(Picture { rect, opacity, ..picture.clone() })
        }
        other => other.clone(),
    }
}

/// A picture on its way into the document.
struct Drawn {
    image: Image,
    natural: Size,
}

/// Why a picture is not drawn, in words for the layout's author.
pub(crate) type Refusal = Arc<str>;

/// The pictures of one document.
#[derive(Debug)]
pub(crate) struct Pictures {
    known: HashMap<Arc<[u8]>, Result<Held, Refusal>>,
    pixels_left: u64,
    notes: Vec<String>,
}

impl Pictures {
    /// One picture may have this many pixels at most: a decoder holds four bytes for each.
    const LARGEST: u64 = 64_000_000;

    pub(crate) fn new(pixels: u64) -> Self {
        Self { known: HashMap::new(), pixels_left: pixels, notes: Vec::new() }
    }

    /// Takes a picture in, or finds it again.
    pub(crate) fn hold(
        &mut self,
        bytes: &Arc<[u8]>,
        resources: &mut Resources,
    ) -> Result<Held, Refusal> {
        if let Some(known) = self.known.get(bytes) {
            return known.clone();
        }
        let held = if is_emf(bytes) {
            self.draw_metafile(bytes, resources)
        } else {
            self.read(bytes).map(|drawn| {
                let content = HeldContent::Image(resources.add_image(drawn.image));
                Held { natural: drawn.natural, content }
            })
        };
        self.known.insert(Arc::clone(bytes), held.clone());
        held
    }

    /// Draws an SVG as a picture of dots: fine enough for print, bounded whatever its size says. Its
    /// texts are not drawn, and nothing outside of it is read.
    fn draw_svg(&mut self, bytes: &[u8]) -> Result<Drawn, Refusal> {
        /// Dots for each unit of the SVG, which is 1/96 inch: 384 dots to the inch.
        const FINENESS: f32 = 4.0;
        const WIDEST: f32 = 3_000.0;
        let tree = usvg::Tree::from_data(bytes, &usvg::Options::default())
            .map_err(|error| Refusal::from(format!("the SVG picture cannot be read: {error}")))?;
        let size = tree.size();
        let scale = FINENESS.min(WIDEST / size.width().max(size.height()).max(1.0));
        let dots = |length: f32| (length * scale).ceil().clamp(1.0, WIDEST) as u32;
        let (width, height) = (dots(size.width()), dots(size.height()));
        self.take_pixels(u64::from(width) * u64::from(height))?;
        let mut canvas = tiny_skia::Pixmap::new(width, height)
            .ok_or_else(|| Refusal::from("the SVG picture has no size"))?;
        resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut canvas.as_mut());
        let data: Vec<u8> = canvas
            .pixels()
            .iter()
            .flat_map(|dot| {
                let dot = dot.demultiply();
                [dot.red(), dot.green(), dot.blue(), dot.alpha()]
            })
            .collect();
        let natural = Size::new(Pt(size.width() * 0.75), Pt(size.height() * 0.75));
        Ok(Drawn {
            image: Image { data: data.into(), format: ImageFormat::Rgba, width, height },
            natural,
        })
    }

    /// Plays a metafile into paths; bitmaps in it become pictures of the document.
    fn draw_metafile(&mut self, bytes: &[u8], resources: &mut Resources) -> Result<Held, Refusal> {
        let drawing = metafile::play(bytes)?;
        let mut items = Vec::with_capacity(drawing.parts.len());
        for part in drawing.parts {
            items.push(match part {
                Part::Path(path) => Item::Path(path),
                Part::Bitmap(rect, file) => {
                    let image = resources.add_image(self.read(&file)?.image);
                    Item::Picture(Picture { rect, image, opacity: 1.0, role: Role::Artifact })
                }
            });
        }
        if drawing.incomplete {
            self.notes.push("parts of a metafile (EMF), such as its texts, are not drawn; store the picture as PNG or SVG".into());
        }
        Ok(Held { natural: drawing.size, content: HeldContent::Drawing(items.into()) })
    }

    /// What is to be told about pictures that were drawn in part.
    pub(crate) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    fn take_pixels(&mut self, pixels: u64) -> Result<(), Refusal> {
        self.pixels_left = self.pixels_left.checked_sub(pixels).ok_or_else(|| {
            Refusal::from("the pictures of this document have more pixels than the site allows; store smaller ones")
        })?;
        Ok(())
    }

    fn read(&mut self, bytes: &Arc<[u8]>) -> Result<Drawn, Refusal> {
        let unreadable = |error: &dyn std::fmt::Display| {
            Refusal::from(format!("the picture cannot be read: {error}"))
        };
        if bytes.starts_with(&[0xd7, 0xcd, 0xc6, 0x9a]) {
            return Err(
                "old Windows metafiles (WMF) are not drawn; store the picture as PNG or SVG".into(),
            );
        }
        if looks_like_svg(bytes) {
            return self.draw_svg(bytes);
        }
        let reader = ImageReader::new(Cursor::new(&**bytes))
            .with_guessed_format()
            .map_err(|e| unreadable(&e))?;
        let format = reader.format();
        let (width, height) = reader.into_dimensions().map_err(|e| unreadable(&e))?;
        let pixels = u64::from(width) * u64::from(height);
        if pixels > Self::LARGEST {
            return Err(format!(
                "the picture has {} megapixels, more than the {} that are drawn; store a smaller one",
                pixels / 1_000_000,
                Self::LARGEST / 1_000_000
            )
            .into());
        }
        self.take_pixels(pixels)?;
        let natural = Size::new(pixels_to_points(width), pixels_to_points(height));
        let kept = match format {
            Some(image::ImageFormat::Png) => Some(ImageFormat::Png),
            Some(image::ImageFormat::Jpeg) => Some(ImageFormat::Jpeg),
            Some(image::ImageFormat::Gif) => Some(ImageFormat::Gif),
            _ => None,
        };
        if let Some(format) = kept {
            let image = Image { data: Arc::clone(bytes), format, width, height };
            return Ok(Drawn { image, natural });
        }
        let decoded = ImageReader::new(Cursor::new(&**bytes))
            .with_guessed_format()
            .map_err(|e| unreadable(&e))?
            .decode()
            .map_err(|e| unreadable(&e))?;
        let (width, height) = decoded.dimensions();
        let image = Image {
            data: decoded.into_rgba8().into_raw().into(),
            format: ImageFormat::Rgba,
            width,
            height,
        };
        Ok(Drawn { image, natural })
    }
}

/// Whether bytes are the text of an SVG rather than a picture file.
fn looks_like_svg(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    start.starts_with(b"<svg") || start.starts_with(b"<?xml") || start.starts_with(b"<!")
}

fn pixels_to_points(pixels: u32) -> Pt {
    Pt(pixels as f32 * 0.75)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sizing: Sizing, expect: [f32; 4]) {
        let natural = Size::new(Pt(100.0), Pt(50.0));
        let r = fit(natural, Size::new(Pt(60.0), Pt(60.0)), sizing, Place { x: 0.5, y: 1.0 });
        let found =
            [r.x.0, r.y.0, r.width.0, r.height.0].map(|length| (length * 100.0).round() / 100.0);
        assert_eq!(found, expect, "{sizing:?}");
    }

    #[test]
    fn every_sizing_places_a_wide_picture_in_a_square() {
        check(Sizing::Normal, [-20.0, 10.0, 100.0, 50.0]);
        check(Sizing::Stretch, [0.0, 0.0, 60.0, 60.0]);
        check(Sizing::Zoom, [0.0, 30.0, 60.0, 30.0]);
        check(Sizing::Squeeze, [0.0, 30.0, 60.0, 30.0]);
        check(Sizing::Cover, [-30.0, 0.0, 120.0, 60.0]);
    }

    #[test]
    fn a_picture_of_a_hundred_megapixels_is_refused_from_its_header() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend_from_slice(&10_000u32.to_be_bytes());
        png.extend_from_slice(&10_000u32.to_be_bytes());
        png.extend_from_slice(&[8, 6, 0, 0, 0, 0xd4, 0x6e, 0xb1, 0x2c]);
        let refused = Pictures::new(u64::MAX).hold(&png.into(), &mut Resources::default());
        let message = refused.expect_err("it is too large").to_string();
        assert!(
            message.contains("100 megapixels") || message.contains("cannot be read"),
            "{message}"
        );
    }

    #[test]
    fn an_svg_is_drawn_at_its_size() {
        let svg = r##"<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48">
            <rect width="96" height="48" fill="#336699"/></svg>"##;
        let mut resources = Resources::default();
        let held = Pictures::new(u64::MAX).hold(&svg.as_bytes().into(), &mut resources).unwrap();
        assert_eq!(held.natural, Size::new(Pt(72.0), Pt(36.0)));
        let image = resources.image(held.image().unwrap()).unwrap();
        assert_eq!((image.width, image.height), (384, 192));
        assert_eq!(image.data[..4], [0x33, 0x66, 0x99, 0xff]);
    }

    #[test]
    fn what_is_no_picture_says_so() {
        let bytes: Arc<[u8]> = Arc::from(&b"no picture"[..]);
        let refused = Pictures::new(u64::MAX).hold(&bytes, &mut Resources::default());
        assert!(refused.is_err());
    }
}
