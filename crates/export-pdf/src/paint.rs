//! Colours and strokes in krilla's terms.

use krilla::color::{luma, rgb};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, Paint, Stroke as PdfStroke, StrokeDash};
use pressroom_page::{Color, Dash, Stroke};

/// Greys are written with one number instead of three.
fn paint(color: Color) -> Paint {
    let Color { r, g, b, .. } = color;
    if r == g && g == b { luma::Color::new(r).into() } else { rgb::Color::new(r, g, b).into() }
}

fn opacity(color: Color) -> NormalizedF32 {
    NormalizedF32::new(f32::from(color.a) / 255.0).unwrap_or(NormalizedF32::ONE)
}

pub(crate) fn fill(color: Color) -> Fill {
    Fill { paint: paint(color), opacity: opacity(color), rule: FillRule::NonZero }
}

/// A stroke of a width above zero; its gaps are in proportion to it.
pub(crate) fn stroke(stroke: Stroke) -> PdfStroke {
    let width = crate::geometry::hundredths(stroke.width.0).max(0.01);
    PdfStroke {
        paint: paint(stroke.color),
        opacity: opacity(stroke.color),
        width,
        dash: dashes(stroke.dash).map(|units| StrokeDash {
            array: units.iter().map(|unit| unit * width).collect(),
            offset: 0.0,
        }),
        ..PdfStroke::default()
    }
}

/// Strokes and gaps in widths of the line.
fn dashes(dash: Dash) -> Option<&'static [f32]> {
    match dash {
        Dash::Solid => None,
        Dash::Dash => Some(&[3.0, 1.0]),
        Dash::Dot => Some(&[1.0, 1.0]),
        Dash::DashDot => Some(&[3.0, 1.0, 1.0, 1.0]),
        Dash::DashDotDot => Some(&[3.0, 1.0, 1.0, 1.0, 1.0, 1.0]),
    }
}

/// Whether a stroke leaves a mark.
pub(crate) fn is_seen(stroke: &Stroke) -> bool {
    stroke.width.0 > 0.0 && stroke.width.0.is_finite() && !stroke.color.is_transparent()
}
