//! What is printed behind or over every page: a picture, and a text across it.

use std::sync::Arc;

use pressroom_fonts::Align;
use pressroom_page::{Color, Item, Pt, Rect, Role, Size};
use pressroom_report::VerticalAlignment as Vertical;
use pressroom_report::{HorizontalAlignment, Image, ImageView, TextDirection, Watermark};

use super::picture::tiles;
use super::pictures::{Place, Sizing, fit};
use crate::fragment::VerticalAlign;
use crate::plan::look::color;
use crate::run::Run;
use crate::text::{Insets, Setting, TextLook, turned};

impl Run<'_, '_> {
    /// The items of a report's watermark on a page, and whether they lie behind its contents.
    pub(crate) fn watermark(&mut self, number: usize, size: Size) -> Option<(Vec<Item>, bool)> {
        let definition = self.definition;
        let mark = definition.watermark.as_ref()?;
        if !is_in(&mark.page_range, number) {
            return None;
        }
        let mut items = self.watermark_picture(mark, size);
        if !mark.text.is_empty() {
            items.extend(self.watermark_text(mark, size));
        }
        Some((items, mark.show_behind))
    }

    fn watermark_picture(&mut self, mark: &Watermark, size: Size) -> Vec<Item> {
        let bytes: Arc<[u8]> = match &mark.image {
            Image::None => return Vec::new(),
            Image::Bytes(bytes) => Arc::clone(bytes),
            Image::Svg(text) => Arc::from(text.as_bytes()),
            Image::Url(_) => {
                self.warn(
                    "watermark: a picture at an address is not fetched; store it in the layout",
                );
                return Vec::new();
            }
        };
        let held = match self.services.text.picture(&bytes) {
            Ok(held) => held,
            Err(refusal) => {
                self.warn(format!("watermark: {refusal}"));
                return Vec::new();
            }
        };
        let opacity = f32::from(255 - mark.image_transparency) / 255.0;
        if mark.image_tiling {
            return tiles(&held, size, (Pt::ZERO, Pt::ZERO), opacity);
        }
        let sizing = match mark.image_view {
            ImageView::Clip => Sizing::Normal,
            ImageView::Stretch => Sizing::Stretch,
            ImageView::Zoom => Sizing::Zoom,
        };
        let place = Place {
            x: match mark.image_alignment.horizontal {
                HorizontalAlignment::Left | HorizontalAlignment::Justify => 0.0,
                HorizontalAlignment::Center => 0.5,
                HorizontalAlignment::Right => 1.0,
            },
            y: match mark.image_alignment.vertical {
                Vertical::Top => 0.0,
                Vertical::Middle => 0.5,
                Vertical::Bottom => 1.0,
            },
        };
        let rect = fit(held.natural, size, sizing, place);
        held.items(rect, opacity, Role::Artifact)
    }

    /// The text through the middle of the page, in the direction that it asks for.
    fn watermark_text(&mut self, mark: &Watermark, size: Size) -> Vec<Item> {
        let font = &mark.font;
        let paint = color(mark.color);
        let look = TextLook {
            face: self.services.text.fonts().face(&font.family, font.bold, font.italic),
            size: font.size_pt.clamp(0.5, 2000.0),
            color: Color { a: alpha(paint.a, mark.text_transparency), ..paint },
            underline: font.underline,
            strikeout: font.strikeout,
            align: Align::Center,
            vertical: VerticalAlign::Middle,
            padding: Insets::default(),
            right_to_left: self.definition.right_to_left,
        };
        let angle = match mark.text_direction {
            TextDirection::Horizontal => 0.0,
            TextDirection::Vertical => 90.0,
            TextDirection::ForwardDiagonal => diagonal(size),
            TextDirection::BackwardDiagonal => -diagonal(size),
        };
        let setting = Setting { wrap: false, ..Setting::default() };
        let width = crate::text::turned_width(size, angle);
        let text: Arc<str> = mark.text.as_str().into();
        let block = self.services.text.block(&text, &look, setting, width, None, &Role::Artifact);
        if angle == 0.0 {
            let area = Rect::new(Pt::ZERO, Pt::ZERO, size.width, size.height);
            return crate::text::items(block, area);
        }
        turned(block, size, angle)
    }
}

/// The angle of the line from the bottom left corner of a page to its top right one, in degrees.
fn diagonal(size: Size) -> f32 {
    (size.height.0 / size.width.0).atan().to_degrees()
}

/// A colour's opacity made fainter by a transparency, of which 255 is invisible.
fn alpha(own: u8, transparency: u8) -> u8 {
    let alpha = u16::from(own) * u16::from(255 - transparency) / 255;
    u8::try_from(alpha).unwrap_or(u8::MAX)
}

/// Whether a page is one of a range such as `1,3-5`; an empty one has all pages.
fn is_in(range: &str, number: usize) -> bool {
    let parts = || range.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    if parts().next().is_none() {
        return true;
    }
    parts().any(|part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let end = |text: &str, open: usize| match text.trim() {
            "" => Some(open),
            text => text.parse().ok(),
        };
        let bounds = end(first, 1).zip(end(last, usize::MAX));
        bounds.is_some_and(|(first, last)| (first..=last).contains(&number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_pages() {
        for (range, expect) in [
            ("", vec![1, 2, 3, 4, 5]),
            ("1,3-4", vec![1, 3, 4]),
            ("4-", vec![4, 5]),
            ("-2", vec![1, 2]),
            ("x", vec![]),
        ] {
            let found: Vec<usize> = (1..=5).filter(|number| is_in(range, *number)).collect();
            assert_eq!(found, expect, "{range}");
        }
    }
}
