//! Painting boxes onto a page.

use std::sync::Arc;

use pressroom_page::{Clip, Dash, Item, Line, Link, Path, Picture, Point, Pt, Rect, Stroke, Text};

use super::{Borders, Content, Fragment, TextBlock, TextLine, VerticalAlign};
use crate::page_text::PageText;

impl Fragment {
    /// Paints the box with its parent's corner at `origin`.
    pub(crate) fn paint(self, origin: Point, canvas: &mut Canvas) {
        let Self { rect, decor, content, link, .. } = self;
        let area = Rect { x: origin.x + rect.x, y: origin.y + rect.y, ..rect };
        if let Some(background) = decor.as_ref().and_then(|decor| decor.background) {
            canvas.items.push(Item::Path(Path::rect(area, Some(background), None)));
        }
        paint_content(content, area, canvas);
        if let Some(decor) = decor
            && decor.borders.any()
        {
            paint_borders(&decor.borders, area, &mut canvas.items);
        }
        if let Some(target) = link {
            canvas.items.push(Item::Link(Link { rect: area, target }));
        }
    }
}

/// What boxes are painted onto.
#[derive(Debug, Default)]
pub(crate) struct Canvas {
    /// What is known.
    pub(crate) items: Vec<Item>,
    /// What waits for the page's number or for the last page.
    pub(crate) waiting: Vec<(Rect, Arc<PageText>)>,
}

fn paint_content(content: Content, area: Rect, canvas: &mut Canvas) {
    match content {
        Content::Empty => {}
        Content::Text(block) => paint_text(block, area, canvas),
        Content::PageText(text) => canvas.waiting.push((area, text)),
        Content::Picture { rect, image, role } => {
            let placed = Rect { x: area.x + rect.x, y: area.y + rect.y, ..rect };
            let picture = Item::Picture(Picture { rect: placed, image, opacity: 1.0, role });
            let inside = placed.x.0 >= area.x.0 - 0.01
                && placed.y.0 >= area.y.0 - 0.01
                && placed.right().0 <= area.right().0 + 0.01
                && placed.bottom().0 <= area.bottom().0 + 0.01;
            canvas.items.push(if inside {
                picture
            } else {
                Item::Clip(Clip { rect: area, items: vec![picture] })
            });
        }
        Content::Items(items) => {
            canvas.items.extend(items.into_iter().map(|item| moved(item, area.x, area.y)));
        }
        Content::Children(children) => {
            let origin = Point::new(area.x, area.y);
            for child in children {
                child.paint(origin, canvas);
            }
        }
        Content::Slice { inner, top } => {
            let mut slice = Canvas::default();
            let inner = Arc::try_unwrap(inner).unwrap_or_else(|shared| (*shared).clone());
            inner.paint(Point::new(area.x, area.y - top), &mut slice);
            canvas.items.push(Item::Clip(Clip { rect: area, items: slice.items }));
            canvas.waiting.append(&mut slice.waiting);
        }
    }
}

fn paint_text(block: TextBlock, area: Rect, canvas: &mut Canvas) {
    let free = area.height - block.inset_top - block.inset_bottom - block.lines_height();
    let shift = match block.align {
        VerticalAlign::Top => Pt::ZERO,
        VerticalAlign::Middle => free / 2.0,
        VerticalAlign::Bottom => free,
    };
    // Text that is higher than its box starts at the top, so that its beginning can be read.
    let mut y = area.y + block.inset_top + shift.max(Pt::ZERO);
    let mut clipped = Vec::new();
    let out = if block.clip { &mut clipped } else { &mut canvas.items };
    for TextLine { height, mut text } in block.lines {
        text.origin = Point::new(text.origin.x + area.x, text.origin.y + y);
        out.push(Item::Text(text));
        y += height;
    }
    if block.clip {
        canvas.items.push(Item::Clip(Clip { rect: area, items: clipped }));
    }
}

fn paint_borders(borders: &Borders, area: Rect, items: &mut Vec<Item>) {
    if borders.double {
        // Two lines of a third of the width each, with as much between them.
        let thin = Borders {
            stroke: Stroke { width: borders.stroke.width / 3.0, ..borders.stroke },
            double: false,
            ..borders.clone()
        };
        let shift = borders.stroke.width / 3.0;
        paint_borders(&thin, inset(area, -shift), items);
        paint_borders(&thin, inset(area, shift), items);
        return;
    }
    if borders.all() {
        items.push(Item::Path(Path::rect(area, None, Some(borders.stroke))));
        return;
    }
    // A line reaches half its width beyond the corner, so that two sides meet without a notch.
    let reach = borders.stroke.width / 2.0;
    let mut side = |on: bool, from: Point, to: Point| {
        if on {
            push_line(Line { from, to, stroke: borders.stroke }, items);
        }
    };
    let (left, top, right, bottom) = (area.x, area.y, area.right(), area.bottom());
    side(borders.top, Point::new(left - reach, top), Point::new(right + reach, top));
    side(borders.bottom, Point::new(left - reach, bottom), Point::new(right + reach, bottom));
    side(borders.left, Point::new(left, top - reach), Point::new(left, bottom + reach));
    side(borders.right, Point::new(right, top - reach), Point::new(right, bottom + reach));
}

/// Adds a border line, or makes the one before it longer where both are parts of one line, as the
/// borders of a table's cells are.
fn push_line(line: Line, items: &mut Vec<Item>) {
    /// A cell's own items lie between its border and its neighbour's.
    const LOOK_BACK: usize = 6;
    let near = |a: Pt, b: Pt| (a.0 - b.0).abs() < 0.02;
    let start = items.len().saturating_sub(LOOK_BACK);
    for item in items[start..].iter_mut().rev() {
        let Item::Line(other) = item else { continue };
        if other.stroke != line.stroke || line.stroke.dash != Dash::Solid {
            continue;
        }
        let horizontal = near(other.from.y, line.from.y)
            && near(other.to.y, line.to.y)
            && near(line.from.y, line.to.y);
        // Both reach half a stroke beyond their cells, so that neighbours overlap.
        if horizontal && line.from.x.0 <= other.to.x.0 + 0.02 && line.from.x.0 >= other.from.x.0 {
            other.to.x = other.to.x.max(line.to.x);
            return;
        }
        let same_vertical = near(other.from.x, line.from.x)
            && near(other.to.x, line.to.x)
            && near(other.from.y, line.from.y)
            && near(other.to.y, line.to.y);
        if same_vertical {
            return;
        }
    }
    items.push(Item::Line(line));
}

fn inset(rect: Rect, by: Pt) -> Rect {
    Rect {
        x: rect.x + by,
        y: rect.y + by,
        width: rect.width - by * 2.0,
        height: rect.height - by * 2.0,
    }
}

/// An item at another place.
pub(crate) fn moved(item: Item, dx: Pt, dy: Pt) -> Item {
    let point = |p: Point| Point::new(p.x + dx, p.y + dy);
    let rect = |r: Rect| Rect { x: r.x + dx, y: r.y + dy, ..r };
    match item {
        Item::Text(text) => Item::Text(Text { origin: point(text.origin), ..text }),
        Item::Line(line) => Item::Line(Line { from: point(line.from), to: point(line.to), ..line }),
        Item::Path(path) => {
            use pressroom_page::Segment;
            let segments = path
                .segments
                .into_iter()
                .map(|segment| match segment {
                    Segment::Move(p) => Segment::Move(point(p)),
                    Segment::Line(p) => Segment::Line(point(p)),
                    Segment::Cubic(a, b, c) => Segment::Cubic(point(a), point(b), point(c)),
                    Segment::Close => Segment::Close,
                })
                .collect();
            Item::Path(Path { segments, ..path })
        }
        Item::Picture(picture) => Item::Picture(Picture { rect: rect(picture.rect), ..picture }),
        Item::Clip(clip) => Item::Clip(Clip {
            rect: rect(clip.rect),
            items: clip.items.into_iter().map(|item| moved(item, dx, dy)).collect(),
        }),
        Item::Link(link) => Item::Link(Link { rect: rect(link.rect), ..link }),
    }
}
