//! Pages and what lies on them.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Color, FaceId, ImageId, Point, Pt, Rect, Size};

/// One finished page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Its size.
    pub size: Size,
    /// What lies on it, bottom first.
    pub items: Vec<Item>,
}

/// What an item is to a reader; formats with structure make tags and tables of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Role {
    /// Page furniture and decoration, skipped by a screen reader.
    Artifact,
    /// A paragraph.
    #[default]
    Paragraph,
    /// A heading of a level from 1.
    Heading(u8),
    /// A cell of a table on this page.
    Cell {
        /// The table's number on the page.
        table: u32,
        /// The row from 0.
        row: u32,
        /// The column from 0.
        column: u32,
        /// Whether the cell is a heading of its column.
        header: bool,
    },
    /// A picture with its alternative text.
    Figure(Arc<str>),
}

/// One thing on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Item {
    /// A line of text.
    Text(Text),
    /// A straight line.
    Line(Line),
    /// A filled or outlined shape.
    Path(Path),
    /// A picture.
    Picture(Picture),
    /// Items of which only the part inside a box is seen.
    Clip(Clip),
    /// An active area.
    Link(Link),
}

/// One line of text: shaped glyphs and the characters that they stand for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// Where its baseline starts (at the visual left).
    pub origin: Point,
    /// Rotation about `origin` in degrees, counter-clockwise.
    pub angle: f32,
    /// The whole line's characters, in logical order.
    pub text: Arc<str>,
    /// The glyphs, in visual order, run by run.
    pub runs: Vec<GlyphRun>,
    /// What it is.
    pub role: Role,
}

/// Glyphs of one face, size and colour that follow each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlyphRun {
    /// The face.
    pub face: FaceId,
    /// The font size.
    pub size: Pt,
    /// The colour.
    pub color: Color,
    /// Whether a line is drawn below it.
    pub underline: bool,
    /// Whether a line is drawn through it.
    pub strikeout: bool,
    /// From [`Text::origin`] to the run's first glyph.
    pub offset: Pt,
    /// The glyphs.
    pub glyphs: Vec<Glyph>,
}

/// One glyph. Lengths are in em (multiply by the run's size).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Glyph {
    /// The glyph's number in the face.
    pub id: u16,
    /// How far the pen moves, in em.
    pub advance: f32,
    /// A shift to the right, in em.
    pub dx: f32,
    /// A shift upwards, in em.
    pub dy: f32,
    /// The bytes of [`Text::text`] that this glyph stands for.
    pub range: Range<u32>,
}

/// A pattern of strokes and gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dash {
    /// No gaps.
    #[default]
    Solid,
    /// Long strokes.
    Dash,
    /// Dots.
    Dot,
    /// A stroke and a dot.
    DashDot,
    /// A stroke and two dots.
    DashDotDot,
}

/// How an outline is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    /// Its colour.
    pub color: Color,
    /// Its width.
    pub width: Pt,
    /// Its pattern.
    pub dash: Dash,
}

/// A straight line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// One end.
    pub from: Point,
    /// The other.
    pub to: Point,
    /// How it is drawn.
    pub stroke: Stroke,
}

/// A piece of a path.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Segment {
    /// Starts a new contour.
    Move(Point),
    /// A straight piece.
    Line(Point),
    /// A cubic Bézier piece: two control points and the end.
    Cubic(Point, Point, Point),
    /// Back to the contour's start.
    Close,
}

/// A shape.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Path {
    /// Its outline.
    pub segments: Vec<Segment>,
    /// What fills it.
    pub fill: Option<Color>,
    /// What draws its outline.
    pub stroke: Option<Stroke>,
    /// What it is.
    pub role: Role,
}

impl Path {
    /// A filled rectangle.
    #[must_use]
    pub fn rect(rect: Rect, fill: Option<Color>, stroke: Option<Stroke>) -> Self {
        let corner = Point::new;
        Self {
            segments: vec![
                Segment::Move(corner(rect.x, rect.y)),
                Segment::Line(corner(rect.right(), rect.y)),
                Segment::Line(corner(rect.right(), rect.bottom())),
                Segment::Line(corner(rect.x, rect.bottom())),
                Segment::Close,
            ],
            fill,
            stroke,
            role: Role::Artifact,
        }
    }

    /// The rectangle that this is, if it is one with upright sides.
    #[must_use]
    pub fn as_rect(&self) -> Option<Rect> {
        let [
            Segment::Move(a),
            Segment::Line(b),
            Segment::Line(c),
            Segment::Line(d),
            Segment::Close,
        ] = self.segments[..]
        else {
            return None;
        };
        let upright = a.y == b.y && b.x == c.x && c.y == d.y && d.x == a.x;
        upright.then(|| Rect::new(a.x.min(c.x), a.y.min(c.y), c.x - a.x, c.y - a.y).positive())
    }
}

/// A picture in a box: the whole picture is scaled to the box.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// Where.
    pub rect: Rect,
    /// Which.
    pub image: ImageId,
    /// How much of it is seen: 1 is opaque.
    pub opacity: f32,
    /// What it is.
    pub role: Role,
}

/// Items of which only the part inside a box is seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clip {
    /// The box.
    pub rect: Rect,
    /// The items.
    pub items: Vec<Item>,
}

/// An active area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Where.
    pub rect: Rect,
    /// An `http`, `https` or `mailto` address; whoever makes the item has checked the scheme.
    pub target: Arc<str>,
}
