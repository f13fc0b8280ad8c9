//! Rectangles and lines that look alike, painted by one operator.

use krilla::geom::PathBuilder;
use krilla::surface::Surface;
use pressroom_page::{Color, Segment, Stroke};

use crate::geometry::{self, Area};
use crate::paint;

/// How shapes are painted. Shapes that follow each other in one look make one path.
#[derive(Clone, Copy, PartialEq)]
enum Look {
    Fill(Color),
    Stroke(Stroke),
}

/// Shapes that wait to be painted together.
#[derive(Default)]
pub(crate) struct Shapes {
    batches: Vec<(Look, PathBuilder)>,
}

impl Shapes {
    pub(crate) fn fill_rect(&mut self, area: Area, color: Color) {
        if let Some(rect) = area.to_pdf() {
            self.path(Look::Fill(color)).push_rect(rect);
        }
    }

    pub(crate) fn stroke_line(&mut self, from: (f32, f32), to: (f32, f32), stroke: Stroke) {
        let path = self.path(Look::Stroke(stroke));
        path.move_to(from.0, from.1);
        path.line_to(to.0, to.1);
    }

    pub(crate) fn stroke_rect(&mut self, area: Area, stroke: Stroke) {
        if let Some(rect) = area.to_pdf() {
            self.path(Look::Stroke(stroke)).push_rect(rect);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Paints all, in order.
    pub(crate) fn draw(&mut self, surface: &mut Surface<'_>) {
        for (look, path) in self.batches.drain(..) {
            match look {
                Look::Fill(color) => {
                    surface.set_fill(Some(paint::fill(color)));
                    surface.set_stroke(None);
                }
                Look::Stroke(stroke) => {
                    surface.set_fill(None);
                    surface.set_stroke(Some(paint::stroke(stroke)));
                }
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }

    /// The path of a look. A translucent shape has one of its own, since where two overlap, both
    /// show.
    fn path(&mut self, look: Look) -> &mut PathBuilder {
        let alpha = match look {
            Look::Fill(color) => color.a,
            Look::Stroke(stroke) => stroke.color.a,
        };
        let joins = alpha == 255 && self.batches.last().is_some_and(|(last, _)| *last == look);
        if !joins {
            self.batches.push((look, PathBuilder::new()));
        }
        let last = self.batches.len() - 1;
        &mut self.batches[last].1
    }
}

/// A path from segments; none where a place is no number, or nothing is drawn. Pieces before the
/// first move are left out.
pub(crate) fn path(segments: &[Segment]) -> Option<krilla::geom::Path> {
    let mut path = PathBuilder::new();
    let mut open = false;
    for segment in segments {
        match *segment {
            Segment::Move(to) => {
                let (x, y) = geometry::point(to)?;
                path.move_to(x, y);
                open = true;
            }
            Segment::Line(to) if open => {
                let (x, y) = geometry::point(to)?;
                path.line_to(x, y);
            }
            Segment::Cubic(first, second, to) if open => {
                let (a, b, c) =
                    (geometry::point(first)?, geometry::point(second)?, geometry::point(to)?);
                path.cubic_to(a.0, a.1, b.0, b.1, c.0, c.1);
            }
            Segment::Close if open => path.close(),
            _ => {}
        }
    }
    path.finish()
}

/// The box that holds a path's points.
pub(crate) fn bounds(segments: &[Segment]) -> Option<Area> {
    let mut points = segments.iter().flat_map(|segment| match *segment {
        Segment::Move(to) | Segment::Line(to) => vec![to],
        Segment::Cubic(first, second, to) => vec![first, second, to],
        Segment::Close => Vec::new(),
    });
    let (x, y) = geometry::point(points.next()?)?;
    let mut area = Area { left: x, top: y, right: x, bottom: y };
    for point in points {
        let (x, y) = geometry::point(point)?;
        area.left = area.left.min(x);
        area.top = area.top.min(y);
        area.right = area.right.max(x);
        area.bottom = area.bottom.max(y);
    }
    Some(area)
}
