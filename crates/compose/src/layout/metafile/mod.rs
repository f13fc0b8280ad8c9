//! Enhanced metafiles (EMF): drawing commands of Windows, played into paths.
//!
//! Designers that paste a logo into a layout often store it so. What such logos are made of is drawn:
//! polygons, Bézier curves, paths, simple shapes, bitmaps. Text and clipping are not; what was left
//! out is told. Record numbers and layouts are those of the public specification MS-EMF.

mod outline;
mod player;
mod record;
mod state;

use std::sync::Arc;

use pressroom_page::{Path, Pt, Rect, Size};

/// A drawing whose parts lie in a box of its natural size, at the origin.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawing {
    pub(crate) size: Size,
    pub(crate) parts: Vec<Part>,
    /// Whether commands were met that are not drawn, such as text.
    pub(crate) incomplete: bool,
}

/// A part of a drawing.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    Path(Path),
    /// A bitmap, as the bytes of a BMP file.
    Bitmap(Rect, Arc<[u8]>),
}

/// Whether bytes are an enhanced metafile.
pub(crate) fn is_emf(bytes: &[u8]) -> bool {
    bytes.starts_with(&[1, 0, 0, 0]) && bytes.get(40..44) == Some(b" EMF")
}

/// Plays a metafile.
///
/// # Errors
/// In words for the layout's author: when the header makes no sense, when nothing in it is drawn, or
/// when it has more points than a picture needs.
pub(crate) fn play(bytes: &[u8]) -> Result<Drawing, String> {
    let header = record::Header::read(bytes).ok_or("the metafile's header is damaged")?;
    let mut player = player::Player::new(&header);
    for record in record::records(bytes) {
        player.play(&record)?;
    }
    let drawing = player.finish();
    if drawing.parts.is_empty() {
        return Err(
            "the metafile holds nothing that is drawn here; store the picture as PNG or SVG".into(),
        );
    }
    Ok(drawing)
}

/// Hundredths of a millimetre in points.
fn hundredths_of_a_millimetre(length: f32) -> Pt {
    Pt::mm(length / 100.0)
}

#[cfg(test)]
mod tests;
