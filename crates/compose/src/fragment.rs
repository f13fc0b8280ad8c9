//! What a band looks like once it is laid out: a tree of boxes that can be cut at a height and
//! painted onto a page.

use std::sync::Arc;

use pressroom_page::{
    Clip, Color, Dash, ImageId, Item, Line, Link, Path, Picture, Point, Pt, Rect, Role, Stroke,
    Text,
};

use crate::page_text::PageText;

/// A box at a place relative to its parent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fragment {
    /// Where, relative to the parent's top left corner.
    pub(crate) rect: Rect,
    /// Background and borders.
    pub(crate) decor: Option<Arc<Decor>>,
    /// What is inside.
    pub(crate) content: Content,
    /// Whether a page may end inside it.
    pub(crate) cut: Cut,
    /// Where a click leads.
    pub(crate) link: Option<Arc<str>>,
    /// Whether a new page starts before it.
    pub(crate) break_before: bool,
}

/// What is inside a [`Fragment`]; coordinates are relative to the fragment's top left corner.
#[derive(Clone, Debug, Default)]
pub(crate) enum Content {
    /// Nothing.
    #[default]
    Empty,
    /// Lines of text.
    Text(TextBlock),
    /// Text that is known only when the page, or the last page, is.
    PageText(Arc<PageText>),
    /// A picture; clipped to the fragment when it is larger.
    Picture { rect: Rect, image: ImageId, role: Role },
    /// Drawn items.
    Items(Vec<Item>),
    /// Boxes; those later in the list are painted over those before.
    Children(Vec<Fragment>),
    /// A slice of a box that could not be cut anywhere better: the part from `top` downwards.
    Slice { inner: Arc<Fragment>, top: Pt },
}

/// Whether a page may end inside a box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Between its lines or its children.
    #[default]
    Between,
    /// Nowhere: it moves to the next page as a whole, if it fits there.
    Never,
}

/// Where text stands in a box that is higher than it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum VerticalAlign {
    #[default]
    Top,
    Middle,
    Bottom,
}

/// Lines of text inside a box.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextBlock {
    /// The lines from top to bottom.
    pub(crate) lines: Vec<TextLine>,
    /// Above the first line.
    pub(crate) inset_top: Pt,
    /// Below the last line.
    pub(crate) inset_bottom: Pt,
    /// Where the lines stand in a higher box.
    pub(crate) align: VerticalAlign,
    /// Whether what reaches out of the box is cut off.
    pub(crate) clip: bool,
}

/// One line. `text.origin` is relative to the line's top and the box's left edge.
#[derive(Clone, Debug)]
pub(crate) struct TextLine {
    pub(crate) height: Pt,
    pub(crate) text: Text,
}

impl TextBlock {
    fn lines_height(&self) -> Pt {
        self.lines.iter().map(|line| line.height).sum()
    }
}

/// Background and borders of a box.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Decor {
    pub(crate) background: Option<Color>,
    pub(crate) borders: Borders,
}

/// Which sides have a border, and how it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Borders {
    pub(crate) left: bool,
    pub(crate) top: bool,
    pub(crate) right: bool,
    pub(crate) bottom: bool,
    pub(crate) stroke: Stroke,
    /// Two thin lines instead of one.
    pub(crate) double: bool,
}

impl Default for Borders {
    fn default() -> Self {
        let stroke = Stroke { color: Color::BLACK, width: Pt(0.75), dash: Dash::Solid };
        Self { left: false, top: false, right: false, bottom: false, stroke, double: false }
    }
}

impl Borders {
    fn any(&self) -> bool {
        (self.left || self.top || self.right || self.bottom) && self.stroke.width.0 > 0.0
    }

    fn all(&self) -> bool {
        self.left && self.top && self.right && self.bottom
    }
}

/// What came of an attempt to cut a box.
#[derive(Debug)]
pub(crate) enum CutResult {
    /// The part above the cut, and the rest, which starts at height 0.
    Parts(Box<Fragment>, Box<Fragment>),
    /// It cannot be cut there.
    Uncut(Box<Fragment>),
}

impl Fragment {
    /// A container.
    pub(crate) fn children(rect: Rect, children: Vec<Self>) -> Self {
        Self { rect, content: Content::Children(children), ..Self::default() }
    }

    /// Whether painting it leaves nothing on the page.
    pub(crate) fn is_blank(&self) -> bool {
        self.decor.is_none()
            && match &self.content {
                Content::Empty => true,
                Content::Children(children) => children.iter().all(Self::is_blank),
                _ => false,
            }
    }

    /// The first forced page break inside, as a height from the top; 0 is the box itself.
    pub(crate) fn first_break(&self) -> Option<Pt> {
        if self.break_before {
            return Some(Pt::ZERO);
        }
        let Content::Children(children) = &self.content else { return None };
        children
            .iter()
            .filter_map(|child| child.first_break().map(|y| child.rect.y + y))
            .min_by(|a, b| a.0.total_cmp(&b.0))
    }

    /// Cuts at `y` from the top, or a little above where a line or child ends.
    pub(crate) fn cut(self, y: Pt) -> CutResult {
        if self.cut == Cut::Never || y.0 <= 0.0 {
            return CutResult::Uncut(Box::new(self));
        }
        match self.content {
            Content::Text(_) => self.cut_text(y),
            Content::Children(_) => self.cut_children(y),
            Content::Empty => self.cut_empty(y),
            _ => CutResult::Uncut(Box::new(self)),
        }
    }

    /// Cuts exactly at `y`, whatever is there.
    pub(crate) fn slice(self, y: Pt) -> (Self, Self) {
        let (inner, top) = match self.content {
            Content::Slice { ref inner, top } => (Arc::clone(inner), top),
            _ => (
                Arc::new(Self {
                    rect: Rect { x: Pt::ZERO, y: Pt::ZERO, ..self.rect },
                    ..self.clone()
                }),
                Pt::ZERO,
            ),
        };
        let part = |top: Pt, y: Pt, height: Pt| Self {
            rect: Rect { y, height, ..self.rect },
            content: Content::Slice { inner: Arc::clone(&inner), top },
            ..Self::default()
        };
        (part(top, self.rect.y, y), part(top + y, Pt::ZERO, self.rect.height - y))
    }

    fn cut_empty(self, y: Pt) -> CutResult {
        let mut rest = self.clone();
        rest.rect.height = self.rect.height - y;
        rest.rect.y = Pt::ZERO;
        let mut top = self;
        top.rect.height = y;
        CutResult::Parts(Box::new(top), Box::new(rest))
    }

    fn cut_text(mut self, y: Pt) -> CutResult {
        let Content::Text(block) = &mut self.content else {
            return CutResult::Uncut(Box::new(self));
        };
        // Lines are counted from the top edge whatever the alignment: a box that is cut is full.
        let mut used = block.inset_top;
        let mut keep = 0;
        for line in &block.lines {
            if used + line.height > y + EPSILON {
                break;
            }
            used += line.height;
            keep += 1;
        }
        if keep == 0 || keep == block.lines.len() {
            return CutResult::Uncut(Box::new(self));
        }
        let rest_lines = block.lines.split_off(keep);
        let rest_block =
            TextBlock { lines: rest_lines, align: VerticalAlign::Top, ..block.clone_frame() };
        let needed = rest_block.inset_top + rest_block.lines_height() + rest_block.inset_bottom;
        block.align = VerticalAlign::Top;
        let rest = Self {
            rect: Rect { y: Pt::ZERO, height: needed.max(self.rect.height - y), ..self.rect },
            decor: self.decor.clone(),
            content: Content::Text(rest_block),
            cut: self.cut,
            link: self.link.clone(),
            break_before: false,
        };
        self.rect.height = y;
        CutResult::Parts(Box::new(self), Box::new(rest))
    }

    fn cut_children(mut self, y: Pt) -> CutResult {
        let Content::Children(children) = &mut self.content else {
            return CutResult::Uncut(Box::new(self));
        };
        let Some(at) = cut_line(children, y) else { return CutResult::Uncut(Box::new(self)) };
        let mut above = Vec::with_capacity(children.len());
        let mut below: Vec<(Self, bool)> = Vec::new();
        let mut grown = Pt::ZERO;
        for mut child in children.drain(..) {
            if child.rect.bottom() <= at + EPSILON {
                above.push(child);
            } else if child.rect.y + EPSILON >= at {
                child.rect.y = (child.rect.y - at).max(Pt::ZERO);
                child.break_before = false;
                below.push((child, true));
            } else {
                let child_y = child.rect.y;
                let expected = child.rect.bottom() - at;
                match child.cut(at - child_y) {
                    CutResult::Parts(mut top, mut rest) => {
                        top.rect.y = child_y;
                        rest.rect.y = Pt::ZERO;
                        grown = grown.max(rest.rect.height - expected);
                        above.push(*top);
                        below.push((*rest, false));
                    }
                    // `cut_line` has made sure that this child can be cut.
                    CutResult::Uncut(child) => above.push(*child),
                }
            }
        }
        if above.iter().all(Self::is_blank) {
            // Nothing would stay above the cut but space: the whole box had better move.
            let children = below.into_iter().map(|(mut child, movable)| {
                if movable {
                    child.rect.y += at;
                }
                child
            });
            self.content = Content::Children(above.into_iter().chain(children).collect());
            return CutResult::Uncut(Box::new(self));
        }
        for (child, movable) in &mut below {
            if *movable {
                child.rect.y += grown;
            }
        }
        let mut rest_height = self.rect.height - at + grown;
        for (child, _) in &below {
            rest_height = rest_height.max(child.rect.bottom());
        }
        let rest = Self {
            rect: Rect { y: Pt::ZERO, height: rest_height, ..self.rect },
            decor: self.decor.clone(),
            content: Content::Children(below.into_iter().map(|(child, _)| child).collect()),
            cut: self.cut,
            link: self.link.clone(),
            break_before: false,
        };
        self.rect.height = at;
        self.content = Content::Children(above);
        CutResult::Parts(Box::new(self), Box::new(rest))
    }

    /// The highest place at or above `y` where this box can be cut, if there is one below its top.
    fn cut_place(&self, y: Pt) -> Option<Pt> {
        if self.cut == Cut::Never {
            return None;
        }
        match &self.content {
            Content::Text(block) => {
                let mut used = block.inset_top;
                let mut fits = 0;
                for line in &block.lines {
                    if used + line.height > y + EPSILON {
                        break;
                    }
                    used += line.height;
                    fits += 1;
                }
                // Where all lines fit only empty space is cut off, which needs no second part.
                (fits > 0 && fits < block.lines.len()).then_some(y)
            }
            Content::Children(children) => cut_line(children, y),
            Content::Empty => Some(y),
            _ => None,
        }
    }

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

impl TextBlock {
    fn clone_frame(&self) -> Self {
        Self {
            lines: Vec::new(),
            inset_top: self.inset_top,
            inset_bottom: self.inset_bottom,
            align: self.align,
            clip: self.clip,
        }
    }
}

/// Two heights closer than this are the same: a hundredth of a point is below any device's pixel.
const EPSILON: Pt = Pt(0.01);

/// The highest place at or above `y` where all of `children` can be cut, if there is one below 0.
fn cut_line(children: &[Fragment], y: Pt) -> Option<Pt> {
    let mut at = y;
    // Every turn lifts the line to a child's top, so this ends.
    'lift: loop {
        for child in children {
            let crosses = child.rect.y + EPSILON < at && child.rect.bottom() > at + EPSILON;
            if !crosses {
                continue;
            }
            match child.cut_place(at - child.rect.y) {
                Some(place) if place + child.rect.y + EPSILON < at => {
                    at = place + child.rect.y;
                    continue 'lift;
                }
                Some(_) => {}
                None => {
                    at = child.rect.y;
                    continue 'lift;
                }
            }
        }
        return (at.0 > EPSILON.0).then_some(at);
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
