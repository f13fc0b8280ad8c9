//! Charts, gauges and bar codes as page items.
//!
//! So far this crate draws bar codes: [`barcode::encode`] turns a text into bars and spaces or into
//! a square of cells, [`barcode::draw`] places those in a box as one path. Text is left to the
//! caller, who has the fonts: a drawing says which text goes where.
//!
//! ```
//! use pressroom_chart::barcode::{DrawOptions, Symbology, draw, encode};
//! use pressroom_page::{Pt, Size};
//!
//! let code = encode(&Symbology::Ean13, "400638133393")?;
//! assert_eq!(code.text(), "4006381333931");
//!
//! let size = Size::new(Pt(150.0), Pt(60.0));
//! let options = DrawOptions { module: Pt(1.0), auto_module: false, ..DrawOptions::new(size) };
//! let drawing = draw(&code, &options)?;
//! assert_eq!(drawing.module, Pt(1.0));
//! let words: Vec<&str> = drawing.texts.iter().map(|text| &*text.text).collect();
//! assert_eq!(words, ["4", "006381", "333931"]);
//! # Ok::<(), pressroom_chart::barcode::BarCodeError>(())
//! ```

pub mod barcode;
