//! What a page is: items at places, each tagged with its role.
//!
//! This crate is the narrow waist between layout and formats: the layout engine makes [`Page`]s, a
//! format writes them. It names no other crate of the workspace. All lengths are points
//! (1/72 inch), the origin is the top left corner, y grows downwards.

mod color;
mod geometry;
mod item;
mod resources;
mod sink;

pub use color::Color;
pub use geometry::{Point, Pt, Rect, Size};
pub use item::{
    Clip, Dash, Glyph, GlyphRun, Item, Line, Link, Page, Path, Picture, Role, Segment, Stroke, Text,
};
pub use resources::{Face, FaceId, FontBytes, Image, ImageFormat, ImageId, Resources};
pub use sink::{DocumentInfo, PageSink, SinkError};
