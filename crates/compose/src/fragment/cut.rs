//! Cutting boxes where a page ends.

use std::sync::Arc;

use pressroom_page::{Pt, Rect};

use super::{Content, Cut, Fragment, TextBlock, VerticalAlign};

/// What came of an attempt to cut a box.
#[derive(Debug)]
pub(crate) enum CutResult {
    /// The part above the cut, and the rest, which starts at height 0.
    Parts(Box<Fragment>, Box<Fragment>),
    /// It cannot be cut there.
    Uncut(Box<Fragment>),
}

/// Where a box can be cut.
#[derive(Clone, Copy, Debug, PartialEq)]
enum CutPlace {
    /// At this height, between lines or children.
    At(Pt),
    /// Where it was asked, but only empty space is below.
    Space,
    /// Not above the height that was asked for.
    Nowhere,
}

/// Two heights closer than this are the same: a hundredth of a point is below any device's pixel.
const EPSILON: Pt = Pt(0.01);

impl Fragment {
    /// Cuts at `y` from the top, or a little above where a line or child ends. A box whose borders or
    /// background show is not cut where that would only take empty space off it.
    pub(crate) fn cut(self, y: Pt) -> CutResult {
        let at = match self.cut_place(y) {
            CutPlace::At(at) => at,
            CutPlace::Space if self.is_blank_below(y) => y,
            CutPlace::Space | CutPlace::Nowhere => return CutResult::Uncut(Box::new(self)),
        };
        let (top, rest) = self.cut_at(at);
        CutResult::Parts(Box::new(top), Box::new(rest))
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

    /// Whether nothing of it would be seen below `y`.
    fn is_blank_below(&self, y: Pt) -> bool {
        self.decor.is_none()
            && match &self.content {
                Content::Children(children) => {
                    let reaches = |child: &&Self| child.rect.bottom() > y + EPSILON;
                    children
                        .iter()
                        .filter(reaches)
                        .all(|child| child.is_blank_below(y - child.rect.y))
                }
                // Where only space is left below, lines are above.
                Content::Text(_) | Content::Empty => true,
                _ => false,
            }
    }

    /// The highest place at or above `y` where this box can be cut, if there is one below its top.
    fn cut_place(&self, y: Pt) -> CutPlace {
        if self.cut == Cut::Never || y.0 <= EPSILON.0 {
            return CutPlace::Nowhere;
        }
        match &self.content {
            Content::Text(block) => match block.lines_above(y) {
                fits if fits == block.lines.len() => CutPlace::Space,
                0 => CutPlace::Nowhere,
                _ => CutPlace::At(y),
            },
            Content::Children(children) => cut_line(children, y),
            Content::Empty => CutPlace::Space,
            _ => CutPlace::Nowhere,
        }
    }

    /// Cuts at a place that [`cut_place`](Self::cut_place) found.
    fn cut_at(mut self, y: Pt) -> (Self, Self) {
        let rest_rect =
            Rect { y: Pt::ZERO, height: (self.rect.height - y).max(Pt::ZERO), ..self.rect };
        let mut rest = Self {
            rect: rest_rect,
            decor: self.decor.clone(),
            content: Content::Empty,
            cut: self.cut,
            link: self.link.clone(),
            break_before: false,
        };
        match std::mem::take(&mut self.content) {
            Content::Text(mut block) => {
                let lines = block.lines.split_off(block.lines_above(y));
                // A box that is cut is full of lines, or as good as: they start at its top.
                block.align = VerticalAlign::Top;
                if !lines.is_empty() {
                    let below = TextBlock { lines, ..block.frame() };
                    rest.rect.height = rest.rect.height.max(below.height());
                    rest.content = Content::Text(below);
                }
                self.content = Content::Text(block);
            }
            Content::Children(children) => {
                let (above, below, height) = cut_children(children, y, rest.rect.height);
                self.content = Content::Children(above);
                rest.content = Content::Children(below);
                rest.rect.height = height;
            }
            other => self.content = other,
        }
        self.rect.height = y;
        (self, rest)
    }
}

impl TextBlock {
    /// A block without lines.
    fn frame(&self) -> Self {
        Self { lines: Vec::new(), ..*self }
    }

    /// How many lines end above `y`, counted from the top edge whatever the alignment.
    fn lines_above(&self, y: Pt) -> usize {
        let mut used = self.inset_top;
        self.lines
            .iter()
            .take_while(|line| {
                used += line.height;
                used <= y + EPSILON
            })
            .count()
    }

    /// The height that its lines need.
    fn height(&self) -> Pt {
        self.inset_top + self.lines_height() + self.inset_bottom
    }
}

/// What of a child is below a cut.
#[derive(Clone, Copy, PartialEq)]
enum Below {
    Whole,
    Part,
    /// A part that reaches to the bottom of its parent, such as a cell of a row, and stays so.
    FullPart,
}

/// Children above a cut and below it, and the height of the part below.
fn cut_children(children: Vec<Fragment>, at: Pt, height: Pt) -> (Vec<Fragment>, Vec<Fragment>, Pt) {
    let mut above = Vec::with_capacity(children.len());
    let mut below: Vec<(Fragment, Below)> = Vec::new();
    // By how much the rest of a child is higher than what was cut off: its frame is drawn anew.
    let mut grown = Pt::ZERO;
    for mut child in children {
        if child.rect.bottom() <= at + EPSILON {
            above.push(child);
        } else if child.rect.y + EPSILON >= at {
            child.rect.y = (child.rect.y - at).max(Pt::ZERO);
            below.push((child, Below::Whole));
        } else {
            let (y, expected) = (child.rect.y, child.rect.bottom() - at);
            let (top, mut rest) = child.cut_at(at - y);
            rest.rect.y = Pt::ZERO;
            grown = grown.max(rest.rect.height - expected);
            above.push(top);
            let full = expected + EPSILON >= height;
            below.push((rest, if full { Below::FullPart } else { Below::Part }));
        }
    }
    let mut height = height + grown;
    for (child, kind) in &mut below {
        if *kind == Below::Whole {
            child.rect.y += grown;
        }
        height = height.max(child.rect.bottom());
    }
    let below = below
        .into_iter()
        .map(|(mut child, kind)| {
            if kind == Below::FullPart {
                child.rect.height = height;
            }
            child
        })
        .collect();
    (above, below, height)
}

/// The highest place at or above `y` where all of `children` can be cut and something is seen above.
fn cut_line(children: &[Fragment], y: Pt) -> CutPlace {
    let mut at = y;
    // Every turn lifts the line to a child's top or to a cut inside it, so this ends.
    'lift: loop {
        if at.0 <= EPSILON.0 {
            return CutPlace::Nowhere;
        }
        let (mut seen_above, mut seen_below) = (false, false);
        for child in children {
            if child.rect.bottom() <= at + EPSILON {
                seen_above |= !child.is_blank();
                continue;
            }
            if child.rect.y + EPSILON >= at {
                seen_below |= !child.is_blank();
                continue;
            }
            seen_above |= !child.is_blank();
            match child.cut_place(at - child.rect.y) {
                CutPlace::At(place) if place + child.rect.y + EPSILON < at => {
                    at = place + child.rect.y;
                    continue 'lift;
                }
                CutPlace::At(_) => seen_below = true,
                CutPlace::Space => {}
                CutPlace::Nowhere => {
                    at = child.rect.y;
                    continue 'lift;
                }
            }
        }
        return match (seen_above, seen_below) {
            (_, false) => CutPlace::Space,
            (true, true) => CutPlace::At(at),
            // Nothing would stay above the cut but space: the whole box had better move.
            (false, true) => CutPlace::Nowhere,
        };
    }
}
