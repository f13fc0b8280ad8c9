//! What a page is: items at places, each tagged with its role.
//!
//! This crate is the narrow waist between layout and formats: the layout engine makes [`Page`]s, a
//! format writes them. It names no other crate of the workspace. All lengths are points
//! (1/72 inch), the origin is the top left corner, y grows downwards.
//!
//! Pages that wait for later ones take little room as bytes ([`codec`]); tests and people read them
//! as text ([`text_dump`]).
//!
//! ```
//! use pressroom_page::{Color, Item, Page, Path, Pt, Rect, Resources, Size, codec, text_dump};
//!
//! let stripe = Rect::new(Pt::mm(20.0), Pt::mm(30.0), Pt::mm(170.0), Pt(12.0));
//! let page = Page {
//!     size: Size::new(Pt::mm(210.0), Pt::mm(297.0)),
//!     items: vec![Item::Path(Path::rect(stripe, Some(Color::rgb(238, 242, 247)), None))],
//! };
//!
//! let mut bytes = Vec::new();
//! codec::encode_page(&page, &mut bytes);
//! assert_eq!(codec::decode_page(&bytes)?, page);
//!
//! assert_eq!(
//!     text_dump(&page, &Resources::default()),
//!     "page 595.3 x 841.9\n  rect 56.7,85.0 481.9 x 12.0 fill #eef2f7\n"
//! );
//! # Ok::<(), codec::CodecError>(())
//! ```

pub mod codec;

mod color;
mod dump;
mod geometry;
mod item;
mod resources;
mod sheet;
mod sink;

pub use color::Color;
pub use dump::text_dump;
pub use geometry::{Point, Pt, Rect, Size};
pub use item::{
    Clip, Dash, Glyph, GlyphRun, Item, Line, Link, Page, Path, Picture, Role, Segment, Stroke, Text,
};
pub use resources::{Face, FaceId, FontBytes, Image, ImageFormat, ImageId, Resources};
pub use sheet::{Cell, SheetAlign, SheetColumn, SheetInfo};
pub use sink::{DocumentInfo, PageSink, SinkError};
