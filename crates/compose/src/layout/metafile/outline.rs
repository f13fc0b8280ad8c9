//! Outlines as they grow, and holes made independent of the fill rule.

use pressroom_page::{Point, Pt, Segment};

/// A closed or open contour in points of the picture's box.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Contour {
    pub(super) start: (f32, f32),
    pub(super) pieces: Vec<Piece>,
    pub(super) closed: bool,
}

/// A piece of a contour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece {
    Line((f32, f32)),
    Cubic((f32, f32), (f32, f32), (f32, f32)),
}

impl Piece {
    fn end(self) -> (f32, f32) {
        match self {
            Self::Line(end) | Self::Cubic(_, _, end) => end,
        }
    }
}

impl Contour {
    pub(super) fn starting(start: (f32, f32)) -> Self {
        Self { start, ..Self::default() }
    }

    /// The corners between pieces: near enough to tell inside from outside.
    fn corners(&self) -> Vec<(f32, f32)> {
        let mut corners = vec![self.start];
        for piece in &self.pieces {
            if let Piece::Cubic(a, b, end) = piece {
                let from = corners.last().copied().unwrap_or(self.start);
                corners.push(middle(from, *a, *b, *end));
            }
            corners.push(piece.end());
        }
        corners
    }

    /// Twice the area, positive where the contour runs clockwise on the page.
    fn area(&self) -> f32 {
        let corners = self.corners();
        let next = corners.iter().cycle().skip(1);
        corners.iter().zip(next).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
    }

    fn holds(&self, (x, y): (f32, f32)) -> bool {
        let corners = self.corners();
        let next = corners.iter().cycle().skip(1);
        corners
            .iter()
            .zip(next)
            .filter(|(a, b)| {
                (a.1 > y) != (b.1 > y) && x < (b.0 - a.0) * (y - a.1) / (b.1 - a.1) + a.0
            })
            .count()
            % 2
            == 1
    }

    fn reversed(&self) -> Self {
        let mut points = vec![self.start];
        points.extend(self.pieces.iter().map(|piece| piece.end()));
        let start = points.last().copied().unwrap_or(self.start);
        let pieces = self
            .pieces
            .iter()
            .enumerate()
            .rev()
            .map(|(at, piece)| match piece {
                Piece::Line(_) => Piece::Line(points[at]),
                Piece::Cubic(a, b, _) => Piece::Cubic(*b, *a, points[at]),
            })
            .collect();
        Self { start, pieces, closed: self.closed }
    }
}

/// The middle of a cubic Bézier piece.
fn middle(p: (f32, f32), a: (f32, f32), b: (f32, f32), q: (f32, f32)) -> (f32, f32) {
    ((p.0 + 3.0 * (a.0 + b.0) + q.0) / 8.0, (p.1 + 3.0 * (a.1 + b.1) + q.1) / 8.0)
}

/// More contours than this are filled as they are: telling holes takes time squared.
const MOST_FOR_HOLES: usize = 400;

/// Contours as the segments of one path. `alternate`: a contour inside another is a hole; since paths
/// of pages fill by direction, it is made to run the other way.
pub(super) fn segments(mut contours: Vec<Contour>, alternate: bool, close: bool) -> Vec<Segment> {
    if alternate && contours.len() > 1 && contours.len() <= MOST_FOR_HOLES {
        let depths: Vec<usize> = contours
            .iter()
            .enumerate()
            .map(|(own, contour)| {
                let inside =
                    |(at, other): (usize, &Contour)| at != own && other.holds(contour.start);
                contours.iter().enumerate().filter(|other| inside(*other)).count()
            })
            .collect();
        for (contour, depth) in contours.iter_mut().zip(depths) {
            let wants_positive = depth % 2 == 0;
            if (contour.area() > 0.0) != wants_positive {
                *contour = contour.reversed();
            }
        }
    }
    let point = |(x, y): (f32, f32)| Point::new(Pt(x), Pt(y));
    let mut segments = Vec::new();
    for contour in contours {
        segments.push(Segment::Move(point(contour.start)));
        segments.extend(contour.pieces.iter().map(|piece| match *piece {
            Piece::Line(end) => Segment::Line(point(end)),
            Piece::Cubic(a, b, end) => Segment::Cubic(point(a), point(b), point(end)),
        }));
        if contour.closed || close {
            segments.push(Segment::Close);
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f32, side: f32) -> Contour {
        let corners = [(x + side, x), (x + side, x + side), (x, x + side)];
        Contour { start: (x, x), pieces: corners.map(Piece::Line).to_vec(), closed: true }
    }

    #[test]
    fn a_hole_runs_the_other_way() {
        let (outer, inner) = (square(0.0, 10.0), square(3.0, 4.0));
        assert!(outer.area() > 0.0 && inner.area() > 0.0);
        let made = segments(vec![outer.clone(), inner.clone()], true, false);
        let expected = segments(vec![outer, inner.reversed()], false, false);
        assert_eq!(made, expected);
        assert!(inner.reversed().area() < 0.0);
    }
}
