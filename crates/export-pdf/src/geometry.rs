//! Page lengths to PDF numbers.

use krilla::geom::Rect as PdfRect;
use pressroom_page::{Point, Pt, Rect};

/// Beyond this, in points, nothing is seen: PDF pages end at 14,400, and floats stay exact.
const FAR: f32 = 100_000.0;

/// The largest side of a page that PDF readers show, in points.
const MAX_SIDE: f32 = 14_400.0;

/// A length in hundredths of a point, a fifth of a printer's dot at 1,440 dpi: short numbers make a
/// short file. None where it is no number.
pub(crate) fn length(length: Pt) -> Option<f32> {
    length.0.is_finite().then(|| hundredths(length.0.clamp(-FAR, FAR)))
}

/// Rounds to hundredths.
pub(crate) fn hundredths(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

pub(crate) fn point(point: Point) -> Option<(f32, f32)> {
    Some((length(point.x)?, length(point.y)?))
}

/// A box with two edges on each axis; none where a number is none, or the box is nothing.
pub(crate) fn rect(rect: Rect) -> Option<Area> {
    let (left, top) = (length(rect.x)?, length(rect.y)?);
    let (right, bottom) = (length(rect.right())?, length(rect.bottom())?);
    let area = Area {
        left: left.min(right),
        top: top.min(bottom),
        right: left.max(right),
        bottom: top.max(bottom),
    };
    (area.left < area.right && area.top < area.bottom).then_some(area)
}

/// A page's side: PDF's smallest and largest where it is beyond, A4's where it is no number.
pub(crate) fn side(side: Pt, otherwise: f32) -> f32 {
    if side.0.is_finite() && side.0 > 0.0 {
        hundredths(side.0.clamp(3.0, MAX_SIDE))
    } else {
        otherwise
    }
}

/// A box by its edges, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
}

impl Area {
    /// Whether both share more than an edge.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        /// Rounding alone is no overlap.
        const SLACK: f32 = 0.02;
        self.left + SLACK < other.right
            && other.left + SLACK < self.right
            && self.top + SLACK < other.bottom
            && other.top + SLACK < self.bottom
    }

    /// Whether the other lies in this one.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        /// Rounding alone is no reason to cut.
        const SLACK: f32 = 0.05;
        self.left <= other.left + SLACK
            && self.top <= other.top + SLACK
            && self.right + SLACK >= other.right
            && self.bottom + SLACK >= other.bottom
    }

    /// Whether a place lies in it, with as much around it.
    pub(crate) fn holds_point(&self, place: Point, around: f32) -> bool {
        point(place).is_some_and(|(x, y)| {
            self.holds(&Self {
                left: x - around,
                top: y - around,
                right: x + around,
                bottom: y + around,
            })
        })
    }

    /// The common part.
    pub(crate) fn intersection(&self, other: &Self) -> Option<Self> {
        let area = Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        };
        (area.left < area.right && area.top < area.bottom).then_some(area)
    }

    pub(crate) fn to_pdf(self) -> Option<PdfRect> {
        PdfRect::from_ltrb(self.left, self.top, self.right, self.bottom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Area, length, rect, side};
    use pressroom_page::{Pt, Rect};

    #[test]
    fn lengths_are_bounded_and_short() {
        assert_eq!(length(Pt(12.345_678)), Some(12.35));
        assert_eq!(length(Pt(f32::NAN)), None);
        assert_eq!(length(Pt(f32::INFINITY)), None);
        assert_eq!(length(Pt(f32::MAX)), Some(100_000.0));
    }

    #[test]
    fn boxes_have_their_edges_in_order() {
        let area = rect(Rect::new(Pt(10.0), Pt(20.0), Pt(-4.0), Pt(5.0)));
        assert_eq!(area, Some(Area { left: 6.0, top: 20.0, right: 10.0, bottom: 25.0 }));
        assert_eq!(rect(Rect::new(Pt(10.0), Pt(20.0), Pt(0.0), Pt(5.0))), None);
    }

    #[test]
    fn pages_have_a_size() {
        assert_eq!(side(Pt(0.0), 595.28), 595.28);
        assert_eq!(side(Pt(1e9), 595.28), 14_400.0);
        assert_eq!(side(Pt(0.1), 595.28), 3.0);
    }
}
