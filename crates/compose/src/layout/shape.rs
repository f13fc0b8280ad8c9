//! The outlines of shapes: paths in a box.

use std::f32::consts::{FRAC_PI_2, TAU};

use pressroom_page::{Point, Pt, Rect, Segment};

/// The control-point distance that makes a cubic Bézier piece a quarter of a circle of radius 1.
const QUARTER: f32 = 0.552_284_8;

/// A closed outline and open strokes: only the outline is filled.
pub(crate) struct Outline {
    pub(crate) segments: Vec<Segment>,
    pub(crate) closed: bool,
}

fn point(x: f32, y: f32) -> Point {
    Point::new(Pt(x), Pt(y))
}

fn polygon(points: &[(f32, f32)]) -> Outline {
    let mut segments: Vec<Segment> = Vec::with_capacity(points.len() + 1);
    for (index, &(x, y)) in points.iter().enumerate() {
        segments.push(if index == 0 {
            Segment::Move(point(x, y))
        } else {
            Segment::Line(point(x, y))
        });
    }
    segments.push(Segment::Close);
    Outline { segments, closed: true }
}

/// An ellipse that touches all sides of the box.
pub(crate) fn ellipse(r: Rect) -> Outline {
    let (rx, ry) = (r.width.0 / 2.0, r.height.0 / 2.0);
    let (cx, cy) = (r.x.0 + rx, r.y.0 + ry);
    let (kx, ky) = (rx * QUARTER, ry * QUARTER);
    let segments = vec![
        Segment::Move(point(cx + rx, cy)),
        Segment::Cubic(point(cx + rx, cy + ky), point(cx + kx, cy + ry), point(cx, cy + ry)),
        Segment::Cubic(point(cx - kx, cy + ry), point(cx - rx, cy + ky), point(cx - rx, cy)),
        Segment::Cubic(point(cx - rx, cy - ky), point(cx - kx, cy - ry), point(cx, cy - ry)),
        Segment::Cubic(point(cx + kx, cy - ry), point(cx + rx, cy - ky), point(cx + rx, cy)),
        Segment::Close,
    ];
    Outline { segments, closed: true }
}

/// A rectangle whose corners are rounded by `fillet` per cent of half its shorter side.
pub(crate) fn rectangle(r: Rect, fillet: f32) -> Outline {
    let radius = r.width.0.min(r.height.0) / 2.0 * (fillet / 100.0).clamp(0.0, 1.0);
    let (l, t, w, b) = (r.x.0, r.y.0, r.right().0, r.bottom().0);
    if radius <= 0.0 {
        return polygon(&[(l, t), (w, t), (w, b), (l, b)]);
    }
    let k = radius * (1.0 - QUARTER);
    let segments = vec![
        Segment::Move(point(l + radius, t)),
        Segment::Line(point(w - radius, t)),
        Segment::Cubic(point(w - k, t), point(w, t + k), point(w, t + radius)),
        Segment::Line(point(w, b - radius)),
        Segment::Cubic(point(w, b - k), point(w - k, b), point(w - radius, b)),
        Segment::Line(point(l + radius, b)),
        Segment::Cubic(point(l + k, b), point(l, b - k), point(l, b - radius)),
        Segment::Line(point(l, t + radius)),
        Segment::Cubic(point(l, t + k), point(l + k, t), point(l + radius, t)),
        Segment::Close,
    ];
    Outline { segments, closed: true }
}

/// A regular polygon with a corner at the top.
pub(crate) fn regular(r: Rect, sides: usize) -> Outline {
    let points: Vec<_> = around(r, sides.clamp(3, 360), |_| 1.0).collect();
    polygon(&points)
}

/// A star with a point at the top; `concavity` per cent is how deep it is cut between points.
pub(crate) fn star(r: Rect, points: usize, concavity: f32) -> Outline {
    let inner = 1.0 - (concavity / 100.0).clamp(0.0, 1.0);
    let corners: Vec<_> =
        around(r, points.clamp(3, 180) * 2, |n| if n % 2 == 0 { 1.0 } else { inner }).collect();
    polygon(&corners)
}

fn around(
    r: Rect,
    count: usize,
    radius: impl Fn(usize) -> f32,
) -> impl Iterator<Item = (f32, f32)> {
    let (rx, ry) = (r.width.0 / 2.0, r.height.0 / 2.0);
    let (cx, cy) = (r.x.0 + rx, r.y.0 + ry);
    (0..count).map(move |n| {
        let angle = n as f32 / count as f32 * TAU - FRAC_PI_2;
        (cx + angle.cos() * rx * radius(n), cy + angle.sin() * ry * radius(n))
    })
}

/// An arrow upwards; its shaft is `shaft` per cent of the width, its head `head` per cent of the height.
pub(crate) fn arrow(r: Rect, shaft: f32, head: f32) -> Outline {
    let (l, t, w, b) = (r.x.0, r.y.0, r.right().0, r.bottom().0);
    let cx = (l + w) / 2.0;
    let half = (w - l) / 2.0 * (shaft / 100.0).clamp(0.0, 1.0);
    let neck = t + (b - t) * (head / 100.0).clamp(0.0, 1.0);
    polygon(&[
        (cx, t),
        (w, neck),
        (cx + half, neck),
        (cx + half, b),
        (cx - half, b),
        (cx - half, neck),
        (l, neck),
    ])
}

/// A cross; its bars are `horizontal` and `vertical` per cent of the box.
pub(crate) fn cross(r: Rect, horizontal: f32, vertical: f32) -> Outline {
    let (l, t, w, b) = (r.x.0, r.y.0, r.right().0, r.bottom().0);
    let (cx, cy) = ((l + w) / 2.0, (t + b) / 2.0);
    let hx = (w - l) / 2.0 * (vertical / 100.0).clamp(0.0, 1.0);
    let hy = (b - t) / 2.0 * (horizontal / 100.0).clamp(0.0, 1.0);
    polygon(&[
        (cx - hx, t),
        (cx + hx, t),
        (cx + hx, cy - hy),
        (w, cy - hy),
        (w, cy + hy),
        (cx + hx, cy + hy),
        (cx + hx, b),
        (cx - hx, b),
        (cx - hx, cy + hy),
        (l, cy + hy),
        (l, cy - hy),
        (cx - hx, cy - hy),
    ])
}

/// A square bracket that opens to the right.
pub(crate) fn bracket(r: Rect) -> Outline {
    let (l, t, w, b) = (r.x.0, r.y.0, r.right().0, r.bottom().0);
    let segments = vec![
        Segment::Move(point(w, t)),
        Segment::Line(point(l, t)),
        Segment::Line(point(l, b)),
        Segment::Line(point(w, b)),
    ];
    Outline { segments, closed: false }
}

/// A curly brace that opens to the right.
pub(crate) fn brace(r: Rect) -> Outline {
    let (l, t, w, b) = (r.x.0, r.y.0, r.right().0, r.bottom().0);
    let (cx, cy) = ((l + w) / 2.0, (t + b) / 2.0);
    let bend = ((b - t) / 4.0).min(w - cx);
    let segments = vec![
        Segment::Move(point(w, t)),
        Segment::Cubic(point(cx, t), point(cx, t), point(cx, t + bend)),
        Segment::Line(point(cx, cy - bend)),
        Segment::Cubic(point(cx, cy), point(cx, cy), point(l, cy)),
        Segment::Cubic(point(cx, cy), point(cx, cy), point(cx, cy + bend)),
        Segment::Line(point(cx, b - bend)),
        Segment::Cubic(point(cx, b), point(cx, b), point(w, b)),
    ];
    Outline { segments, closed: false }
}

/// A straight line down the middle of the box.
pub(crate) fn line(r: Rect) -> Outline {
    let cx = r.x.0 + r.width.0 / 2.0;
    let segments = vec![Segment::Move(point(cx, r.y.0)), Segment::Line(point(cx, r.bottom().0))];
    Outline { segments, closed: false }
}

/// Turns an outline about the middle of its box by `degrees` counter-clockwise, and shrinks it so
/// that it stays inside.
pub(crate) fn turned(outline: Outline, r: Rect, degrees: f32) -> Outline {
    if degrees.rem_euclid(360.0) == 0.0 {
        return outline;
    }
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (cx, cy) = (r.x.0 + r.width.0 / 2.0, r.y.0 + r.height.0 / 2.0);
    let turn = |p: Point| {
        let (x, y) = (p.x.0 - cx, p.y.0 - cy);
        (x * cos + y * sin, y * cos - x * sin)
    };
    let ends = |segment: &Segment| match segment {
        Segment::Move(p) | Segment::Line(p) => vec![*p],
        Segment::Cubic(a, b, c) => vec![*a, *b, *c],
        Segment::Close => vec![],
    };
    let (mut reach_x, mut reach_y) = (f32::EPSILON, f32::EPSILON);
    for p in outline.segments.iter().flat_map(ends) {
        let (x, y) = turn(p);
        reach_x = reach_x.max(x.abs());
        reach_y = reach_y.max(y.abs());
    }
    let (fx, fy) = (r.width.0 / 2.0 / reach_x, r.height.0 / 2.0 / reach_y);
    let place = |p: Point| {
        let (x, y) = turn(p);
        point(cx + x * fx, cy + y * fy)
    };
    let segments = outline
        .segments
        .iter()
        .map(|segment| match *segment {
            Segment::Move(p) => Segment::Move(place(p)),
            Segment::Line(p) => Segment::Line(place(p)),
            Segment::Cubic(a, b, c) => Segment::Cubic(place(a), place(b), place(c)),
            Segment::Close => Segment::Close,
        })
        .collect();
    Outline { segments, ..outline }
}
