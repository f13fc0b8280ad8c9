//! A compact form for pages that wait.
//!
//! Some formats need to know the last page before they write the first ("page n of m"). Such pages
//! wait as bytes: a page of 240 short cells takes three to four kilobytes, a thirtieth of what it
//! takes as a [`Page`](crate::Page), and comes back bit for bit.
//!
//! # Form
//! Writer and reader hold the same model of what a page has shown so far, and only what the
//! model does not foresee is written:
//! - 32-bit words (lengths, colours) that were seen shortly before take one byte;
//! - a text says with two bytes of flags that its style, its baseline or its role go on as before;
//! - glyphs are foreseen from the characters that they stand for, so that a text whose character
//!   pairs were seen before takes no bytes for its glyphs at all.
//!
//! Each page stands alone. The form has no version: it never outlives the process that wrote it.

mod decode;
mod encode;
mod model;

pub use decode::{CodecError, decode_page};
pub use encode::encode_page;

/// How deep clips may lie in each other for [`decode_page`] to read them.
pub const MAX_CLIP_DEPTH: usize = 128;

/// Bits of the byte that begins a text.
mod text_flag {
    /// The baseline is that of the text before.
    pub(super) const SAME_Y: u8 = 1;
    /// An angle follows.
    pub(super) const ANGLE: u8 = 2;
    /// The number of runs follows; else there is one.
    pub(super) const RUNS: u8 = 4;
    /// The role's tag stands in the bits from here.
    pub(super) const ROLE_SHIFT: u8 = 3;
}

/// Bits of the byte that begins a run.
mod run_flag {
    /// Face, size, colour and lines are those of the run before.
    pub(super) const SAME_STYLE: u8 = 1;
    /// The offset from the text's origin is zero.
    pub(super) const NO_OFFSET: u8 = 2;
    /// Each glyph stands for one character, in order, from where the run before ended.
    pub(super) const IN_ORDER: u8 = 4;
    /// The run goes to the text's end, so that its length is known.
    pub(super) const TO_END: u8 = 8;
    /// All glyphs were foreseen.
    pub(super) const FORESEEN: u8 = 16;
}

/// Tags of roles.
mod role_tag {
    pub(super) const ARTIFACT: u8 = 0;
    pub(super) const PARAGRAPH: u8 = 1;
    pub(super) const HEADING: u8 = 2;
    pub(super) const FIGURE: u8 = 3;
    /// A cell that is written out.
    pub(super) const CELL: u8 = 4;
    /// The cell to the right of the cell before.
    pub(super) const NEXT_COLUMN: u8 = 5;
    /// The first cell of the row below the cell before.
    pub(super) const NEXT_ROW: u8 = 6;
    /// The cell before once more (a cell of several lines).
    pub(super) const SAME_CELL: u8 = 7;
}

/// Tags of items.
mod item_tag {
    pub(super) const TEXT: u8 = 0;
    pub(super) const LINE: u8 = 1;
    pub(super) const PATH: u8 = 2;
    pub(super) const RECT: u8 = 3;
    pub(super) const PICTURE: u8 = 4;
    pub(super) const CLIP: u8 = 5;
    pub(super) const LINK: u8 = 6;
}

/// Tags of path segments.
mod segment_tag {
    pub(super) const MOVE: u8 = 0;
    pub(super) const LINE: u8 = 1;
    pub(super) const CUBIC: u8 = 2;
    pub(super) const CLOSE: u8 = 3;
}
