//! Font faces, metrics, shaping, line breaking and fallback.
//!
//! A [`FontLibrary`] turns the family names that layouts use into [`Face`]s. A [`Shaper`] measures
//! text and sets it in lines: one short cell at a time through [`Shaper::shape_line`], or whole
//! paragraphs (wrapping, alignment, both directions of writing, trimming) through
//! [`Shaper::layout`]. Results are glyphs at places, ready to be put on a page; nothing here draws.
//!
//! Lengths are in points, and glyph measures in em (multiply by the run's size), as pages have it.
//! With [`FontLibrary::bundled`] the same text gives the same glyphs on every machine.
//!
//! ```
//! use std::sync::Arc;
//! use pressroom_fonts::{FontLibrary, LayoutOptions, Paragraph, Shaper, TextStyle};
//!
//! let library = Arc::new(FontLibrary::bundled());
//! let arial = library.face("Arial", false, false);
//! assert_eq!(&**arial.family(), "Liberation Sans");
//!
//! let mut shaper = Shaper::new(library);
//! let cell = shaper.shape_line("1,234.50", &arial, 9.75);
//! assert!(cell.width > 30.0 && cell.width < 40.0);
//!
//! let text = "The quick brown fox jumps over the lazy dog.";
//! let paragraph = Paragraph::new(text, TextStyle::new(arial, 9.75));
//! let lines = shaper.layout(&paragraph, Some(100.0), &LayoutOptions::default());
//! assert_eq!(&*lines[0].text, "The quick brown fox");
//! assert_eq!(lines.len(), 3);
//! ```

mod bidi;
mod bundled;
mod cache;
mod classes;
mod face;
mod family;
mod itemize;
mod justify;
mod layout;
mod library;
mod line;
mod paragraph;
mod pieces;
mod shaper;
mod system;
mod trim;

pub use face::{Face, FaceMetrics, FontBytes, FontError};
pub use library::FontLibrary;
pub use line::{Glyph, Line, Lines, Run, ShapedLine};
pub use paragraph::{Align, Direction, LayoutOptions, Paragraph, Span, TextStyle, Trimming};
pub use shaper::Shaper;
