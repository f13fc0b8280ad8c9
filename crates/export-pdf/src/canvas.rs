//! A page's items onto krilla's surface, in few operators.
//!
//! Items are painted in order, bottom first. Yet most items of a page lie beside each other, and
//! their order does not show: a table's lines may all be painted before its texts. So texts wait
//! ([`Batch`]) while lines and boxes that do not touch them pass; what touches them is painted after
//! them. The order of texts among themselves never changes, since readers that copy or read aloud go
//! by it.

use std::sync::Arc;

use krilla::geom::{Size, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::FillRule;
use krilla::surface::Surface;
use pressroom_page::{
    Clip, Color, Dash, GlyphRun, Item, Line, Link, Path, Picture, Pt, Resources, Role, SinkError,
    Stroke, Text,
};

use crate::faces::Faces;
use crate::geometry::{self, Area};
use crate::paint;
use crate::pictures::Pictures;
use crate::shapes::{self, Shapes};
use crate::tags::{PageTags, Part};
use crate::text::{self, Batch, Look};

/// How deep clips may lie in each other.
const MAX_DEPTH: usize = 128;
/// Texts that may wait; it bounds how long looking for one that is touched takes.
const MAX_WAITING: usize = 2000;
/// The largest font size, in points.
const MAX_SIZE: f32 = 5000.0;

/// What stays from page to page.
pub(crate) struct Store {
    pub(crate) faces: Faces,
    pub(crate) pictures: Pictures,
}

/// What a page has besides its painted content.
pub(crate) struct Painted {
    pub(crate) links: Vec<(Area, Arc<str>)>,
    pub(crate) tags: Option<PageTags>,
}

/// One page being painted.
pub(crate) struct Canvas<'a> {
    store: &'a mut Store,
    resources: &'a Resources,
    /// Shapes that wait, all below the texts that wait.
    shapes: Shapes,
    /// Texts that wait, in order, and what each is part of.
    texts: Vec<(Part, Batch)>,
    /// The boxes of the texts that wait.
    areas: Vec<Area>,
    /// Whether the last batch takes more runs.
    open: bool,
    clip: Option<Area>,
    depth: usize,
    links: Vec<(Area, Arc<str>)>,
    /// The page's structure, where the document has one.
    tags: Option<PageTags>,
    /// The first thing that went wrong. Painting goes on to its end, since krilla wants what was
    /// begun to be ended; what is painted is thrown away.
    failed: Option<SinkError>,
}

impl<'a> Canvas<'a> {
    pub(crate) fn new(
        store: &'a mut Store,
        resources: &'a Resources,
        tags: Option<PageTags>,
    ) -> Self {
        Self {
            store,
            resources,
            shapes: Shapes::default(),
            texts: Vec::new(),
            areas: Vec::new(),
            open: false,
            clip: None,
            depth: 0,
            links: Vec::new(),
            tags,
            failed: None,
        }
    }

    /// Paints items; gives back what is not painted.
    pub(crate) fn paint(
        mut self,
        items: &[Item],
        surface: &mut Surface<'_>,
    ) -> Result<Painted, SinkError> {
        self.items(items, surface);
        self.flush(surface);
        let painted = Painted { links: self.links, tags: self.tags };
        self.failed.map_or(Ok(painted), Err)
    }

    fn items(&mut self, items: &[Item], surface: &mut Surface<'_>) {
        for item in items {
            match item {
                Item::Text(text) => self.text(text, surface),
                Item::Line(line) => self.line(line, surface),
                Item::Path(path) => self.path(path, surface),
                Item::Picture(picture) => self.picture(picture, surface),
                Item::Clip(clip) => self.clip(clip, surface),
                Item::Link(link) => self.link(link),
            }
        }
    }

    /// Paints all that waits.
    fn flush(&mut self, surface: &mut Surface<'_>) {
        self.flush_shapes(surface);
        for (part, batch) in self.texts.drain(..) {
            tagged(&mut self.tags, part, surface, |surface| batch.draw(surface));
        }
        self.areas.clear();
        self.open = false;
    }

    /// Paints the shapes that wait; the texts go on waiting.
    fn flush_shapes(&mut self, surface: &mut Surface<'_>) {
        let shapes = &mut self.shapes;
        if !shapes.is_empty() {
            tagged(&mut self.tags, None, surface, |surface| shapes.draw(surface));
        }
    }

    /// Paints what waits if it would cover what comes next.
    fn make_way(&mut self, area: &Area, surface: &mut Surface<'_>) {
        if self.areas.iter().any(|text| text.overlaps(area)) {
            self.flush(surface);
        }
    }

    fn text(&mut self, text: &Text, surface: &mut Surface<'_>) {
        let Some(origin) = geometry::point(text.origin) else { return };
        if text.angle == 0.0 || !text.angle.is_finite() {
            for run in &text.runs {
                self.run(run, text, origin, surface);
            }
        } else {
            self.flush(surface);
            surface.push_transform(&turned(text.angle, origin));
            for run in &text.runs {
                self.run(run, text, (0.0, 0.0), surface);
            }
            self.flush(surface);
            surface.pop();
        }
    }

    fn run(&mut self, run: &GlyphRun, text: &Text, origin: (f32, f32), surface: &mut Surface<'_>) {
        let size = run.size.0;
        let drawable = size > 0.0 && size <= MAX_SIZE && !run.glyphs.is_empty();
        if !drawable || run.color.is_transparent() {
            return;
        }
        let Some(x) = geometry::length(Pt(origin.0 + run.offset.0)) else { return };
        let face = match self.store.faces.get(run.face, self.resources) {
            Ok(face) => face,
            Err(error) => {
                self.failed.get_or_insert(error);
                return;
            }
        };
        let at = (x, origin.1);
        let width = text::width(run);
        let area = text::area(face, size, at, width);
        let look = Look { face: run.face, size, color: run.color };
        let rules =
            [run.underline.then_some(face.underline), run.strikeout.then_some(face.strikeout)];

        let part = self.tags.as_mut().and_then(|tags| tags.text(&text.role, area, size));
        if let Some((last, batch)) = self.texts.last_mut().filter(|_| self.open)
            && part.is_some()
            && *last == part
            && batch.baseline() != at.1
        {
            batch.end_line();
        }
        let backwards = text::is_backwards(run);
        let joins = self.open
            && !backwards
            && self.texts.last().is_some_and(|(last, batch)| *last == part && batch.look() == look);
        if !joins {
            self.texts.push((part, Batch::new(look, face.clone(), at)));
        }
        if let Some((_, batch)) = self.texts.last_mut() {
            batch.push(run, &text.text, at);
        }
        self.open = !backwards;
        for rule in rules.into_iter().flatten() {
            let top = at.1 - rule.top * size;
            let line = Area {
                left: area.left,
                top,
                right: area.right,
                bottom: top + rule.thickness * size,
            };
            self.make_way(&line, surface);
            self.shapes.fill_rect(line, run.color);
        }
        self.areas.push(area);
        if self.areas.len() >= MAX_WAITING {
            self.flush(surface);
        }
    }

    /// What something that is not text is part of. What has no words for it is skipped.
    fn part(&mut self, role: &Role) -> Part {
        let Role::Figure(alternative) = role else { return None };
        let tags = self.tags.as_mut().filter(|_| !alternative.trim().is_empty())?;
        tags.element(role)
    }

    fn line(&mut self, line: &Line, surface: &mut Surface<'_>) {
        let (Some(from), Some(to)) = (geometry::point(line.from), geometry::point(line.to)) else {
            return;
        };
        if !paint::is_seen(&line.stroke) {
            return;
        }
        let half = line.stroke.width.0 / 2.0;
        let area = Area {
            left: from.0.min(to.0) - half,
            top: from.1.min(to.1) - half,
            right: from.0.max(to.0) + half,
            bottom: from.1.max(to.1) + half,
        };
        self.make_way(&area, surface);
        self.shapes.stroke_line(from, to, line.stroke);
    }

    fn path(&mut self, path: &Path, surface: &mut Surface<'_>) {
        let fill = path.fill.filter(|color| !color.is_transparent());
        let stroke = path.stroke.filter(paint::is_seen);
        if fill.is_none() && stroke.is_none() {
            return;
        }
        if let Some(area) = path.as_rect().and_then(geometry::rect) {
            self.rect(area, fill, stroke, surface);
            return;
        }
        let Some(mut area) = shapes::bounds(&path.segments) else { return };
        let Some(drawn) = shapes::path(&path.segments) else { return };
        // A sharp corner may reach beyond half the stroke's width; twice it holds most.
        let reach = stroke.map_or(0.0, |stroke| stroke.width.0);
        area.left -= reach;
        area.top -= reach;
        area.right += reach;
        area.bottom += reach;
        self.make_way(&area, surface);
        self.flush_shapes(surface);
        let part = self.part(&path.role);
        tagged(&mut self.tags, part, surface, |surface| {
            surface.set_fill(fill.map(paint::fill));
            surface.set_stroke(stroke.map(paint::stroke));
            surface.draw_path(&drawn);
        });
    }

    fn rect(
        &mut self,
        area: Area,
        fill: Option<Color>,
        stroke: Option<Stroke>,
        surface: &mut Surface<'_>,
    ) {
        let half = stroke.map_or(0.0, |stroke| stroke.width.0 / 2.0);
        let outer = Area {
            left: area.left - half,
            top: area.top - half,
            right: area.right + half,
            bottom: area.bottom + half,
        };
        self.make_way(&outer, surface);
        if let Some(color) = fill {
            self.shapes.fill_rect(area, color);
        }
        if let Some(stroke) = stroke {
            self.shapes.stroke_rect(area, stroke);
        }
    }

    fn picture(&mut self, picture: &Picture, surface: &mut Surface<'_>) {
        let Some(area) = geometry::rect(picture.rect) else { return };
        let opacity = if picture.opacity.is_nan() { 1.0 } else { picture.opacity.clamp(0.0, 1.0) };
        if opacity == 0.0 {
            return;
        }
        let image = match self.store.pictures.get(picture.image, self.resources) {
            Ok(Some(image)) => image,
            Ok(None) => {
                self.missing_picture(area, surface);
                return;
            }
            Err(error) => {
                self.failed.get_or_insert(error);
                return;
            }
        };
        let Some(size) = Size::from_wh(area.right - area.left, area.bottom - area.top) else {
            return;
        };
        self.make_way(&area, surface);
        self.flush_shapes(surface);
        let part = self.part(&picture.role);
        tagged(&mut self.tags, part, surface, |surface| {
            surface.push_transform(&Transform::from_translate(area.left, area.top));
            surface.push_opacity(NormalizedF32::new(opacity).unwrap_or(NormalizedF32::ONE));
            surface.draw_image(image, size);
            surface.pop();
            surface.pop();
        });
    }

    /// A crossed box in the place of a picture that cannot be read.
    fn missing_picture(&mut self, area: Area, surface: &mut Surface<'_>) {
        let grey = Color::rgb(160, 160, 160);
        let stroke = Stroke { color: grey, width: Pt(0.5), dash: Dash::Solid };
        self.rect(area, Some(Color::rgb(240, 240, 240)), Some(stroke), surface);
        let Area { left, top, right, bottom } = area;
        self.shapes.stroke_line((left, top), (right, bottom), stroke);
        self.shapes.stroke_line((left, bottom), (right, top), stroke);
    }

    fn clip(&mut self, clip: &Clip, surface: &mut Surface<'_>) {
        let Some(area) = geometry::rect(clip.rect) else { return };
        if self.depth == MAX_DEPTH {
            self.failed.get_or_insert_with(|| {
                SinkError::Unsupported(format!(
                    "more than {MAX_DEPTH} panels lie in each other; lay them out flatter"
                ))
            });
            return;
        }
        let outer = self.clip;
        self.clip = match outer {
            Some(outer) => match outer.intersection(&area) {
                Some(inner) => Some(inner),
                None => return,
            },
            None => Some(area),
        };
        self.depth += 1;
        if self.fits(&clip.items, &area) {
            self.items(&clip.items, surface);
        } else if let Some(path) = rect_path(area) {
            self.flush(surface);
            surface.push_clip_path(&path, &FillRule::NonZero);
            self.items(&clip.items, surface);
            self.flush(surface);
            surface.pop();
        }
        self.depth -= 1;
        self.clip = outer;
    }

    /// Whether items lie wholly in a box, so that clipping them to it would show no difference. When
    /// in doubt, they do not.
    fn fits(&mut self, items: &[Item], area: &Area) -> bool {
        items.iter().all(|item| match item {
            Item::Text(text) => self.text_fits(text, area),
            Item::Picture(picture) => {
                geometry::rect(picture.rect).is_none_or(|inner| area.holds(&inner))
            }
            Item::Line(line) => {
                let half = line.stroke.width.0 / 2.0;
                [line.from, line.to].into_iter().all(|point| area.holds_point(point, half))
            }
            Item::Path(path) => {
                let half = path.stroke.map_or(0.0, |stroke| stroke.width.0 / 2.0);
                path.as_rect().is_some_and(|rect| {
                    geometry::rect(rect).is_none_or(|inner| {
                        area.holds(&Area {
                            left: inner.left - half,
                            top: inner.top - half,
                            right: inner.right + half,
                            bottom: inner.bottom + half,
                        })
                    })
                })
            }
            // A link's box is cut to the clip in any case.
            Item::Link(_) => true,
            Item::Clip(_) => false,
        })
    }

    fn text_fits(&mut self, text: &Text, area: &Area) -> bool {
        let Some(origin) = geometry::point(text.origin) else { return true };
        text.angle == 0.0
            && text.runs.iter().all(|run| {
                self.store.faces.get(run.face, self.resources).is_ok_and(|face| {
                    let at = (origin.0 + run.offset.0, origin.1);
                    area.holds(&text::area(face, run.size.0, at, text::width(run)))
                })
            })
    }

    fn link(&mut self, link: &Link) {
        let Some(area) = geometry::rect(link.rect) else { return };
        let seen = match self.clip {
            Some(clip) => clip.intersection(&area),
            None => Some(area),
        };
        if let Some(seen) = seen.filter(|_| is_allowed(&link.target)) {
            self.links.push((seen, Arc::clone(&link.target)));
        }
    }
}

/// Paints something as part of an element, where the page has a structure.
fn tagged(
    tags: &mut Option<PageTags>,
    part: Part,
    surface: &mut Surface<'_>,
    paint: impl FnOnce(&mut Surface<'_>),
) {
    match tags {
        Some(tags) => {
            tags.begin(part, surface);
            paint(surface);
            PageTags::end(surface);
        }
        None => paint(surface),
    }
}

/// Whether a link leads to the web or to a mailbox. Others, such as files and scripts, are dropped.
fn is_allowed(target: &str) -> bool {
    ["http://", "https://", "mailto:"].iter().any(|scheme| {
        target.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

fn rect_path(area: Area) -> Option<krilla::geom::Path> {
    let mut path = krilla::geom::PathBuilder::new();
    path.push_rect(area.to_pdf()?);
    path.finish()
}

/// Turns about a place by degrees, counter-clockwise. Right angles are exact.
fn turned(degrees: f32, (x, y): (f32, f32)) -> Transform {
    let degrees = degrees.rem_euclid(360.0);
    let (sin, cos) = match degrees {
        90.0 => (1.0, 0.0),
        180.0 => (0.0, -1.0),
        270.0 => (-1.0, 0.0),
        _ => degrees.to_radians().sin_cos(),
    };
    Transform::from_row(cos, -sin, sin, cos, x, y)
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn links_lead_to_the_web_or_to_a_mailbox() {
        assert!(is_allowed("https://example.org/a?b=c"));
        assert!(is_allowed("MAILTO:someone@example.org"));
        assert!(!is_allowed("javascript:alert(1)"));
        assert!(!is_allowed("file:///etc/passwd"));
        assert!(!is_allowed("http"));
        assert!(!is_allowed("ſ://"));
    }
}
