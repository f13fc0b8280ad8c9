//! Pictures: from bytes of unknown kind to resources of the document, each taken once.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;

use image::{GenericImageView, ImageReader};
use pressroom_page::{Image, ImageFormat, ImageId, Pt, Rect, Resources, Size};

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
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Held {
    pub(crate) id: ImageId,
    /// Its size at 96 dots per inch.
    pub(crate) natural: Size,
}

/// Why a picture is not drawn, in words for the layout's author.
pub(crate) type Refusal = Arc<str>;

/// The pictures of one document.
#[derive(Debug)]
pub(crate) struct Pictures {
    known: HashMap<Arc<[u8]>, Result<Held, Refusal>>,
    pixels_left: u64,
}

impl Pictures {
    /// One picture may have this many pixels at most: a decoder holds four bytes for each.
    const LARGEST: u64 = 64_000_000;

    pub(crate) fn new(pixels: u64) -> Self {
        Self { known: HashMap::new(), pixels_left: pixels }
    }

    /// Takes a picture in, or finds it again.
    pub(crate) fn hold(&mut self, bytes: &Arc<[u8]>, resources: &mut Resources) -> Result<Held, Refusal> {
        if let Some(known) = self.known.get(bytes) {
            return known.clone();
        }
        let held = self.read(bytes).map(|image| {
            let natural = Size::new(pixels_to_points(image.width), pixels_to_points(image.height));
            Held { id: resources.add_image(image), natural }
        });
        self.known.insert(Arc::clone(bytes), held.clone());
        held
    }

    fn read(&mut self, bytes: &Arc<[u8]>) -> Result<Image, Refusal> {
        let unreadable = |error: &dyn std::fmt::Display| Refusal::from(format!("the picture cannot be read: {error}"));
        if bytes.starts_with(&[0x01, 0, 0, 0]) || bytes.starts_with(&[0xd7, 0xcd, 0xc6, 0x9a]) {
            return Err("Windows metafiles (EMF, WMF) are not drawn; store the picture as PNG or SVG".into());
        }
        let reader = ImageReader::new(Cursor::new(&**bytes)).with_guessed_format().map_err(|e| unreadable(&e))?;
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
        if pixels > self.pixels_left {
            return Err("the pictures of this document have more pixels than the site allows; store smaller ones".into());
        }
        self.pixels_left -= pixels;
        let kept = match format {
            Some(image::ImageFormat::Png) => Some(ImageFormat::Png),
            Some(image::ImageFormat::Jpeg) => Some(ImageFormat::Jpeg),
            Some(image::ImageFormat::Gif) => Some(ImageFormat::Gif),
            _ => None,
        };
        if let Some(format) = kept {
            return Ok(Image { data: Arc::clone(bytes), format, width, height });
        }
        let decoded = ImageReader::new(Cursor::new(&**bytes))
            .with_guessed_format()
            .map_err(|e| unreadable(&e))?
            .decode()
            .map_err(|e| unreadable(&e))?;
        let (width, height) = decoded.dimensions();
        Ok(Image { data: decoded.into_rgba8().into_raw().into(), format: ImageFormat::Rgba, width, height })
    }
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
        assert_eq!([r.x.0, r.y.0, r.width.0, r.height.0], expect, "{sizing:?}");
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
        assert!(message.contains("100 megapixels") || message.contains("cannot be read"), "{message}");
    }

    #[test]
    fn what_is_no_picture_says_so() {
        let bytes: Arc<[u8]> = Arc::from(&b"no picture"[..]);
        let refused = Pictures::new(u64::MAX).hold(&bytes, &mut Resources::default());
        assert!(refused.is_err());
    }
}
