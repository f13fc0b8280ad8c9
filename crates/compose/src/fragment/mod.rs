//! What a band looks like once it is laid out: a tree of boxes that can be cut at a height and
//! painted onto a page.

mod cut;
mod paint;

use std::sync::Arc;

use pressroom_page::{Color, Dash, ImageId, Item, Pt, Rect, Role, Stroke, Text};

use crate::page_text::PageText;
pub(crate) use cut::CutResult;
pub(crate) use paint::Canvas;

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
}
