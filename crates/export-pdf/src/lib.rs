//! Pages to PDF.
//!
//! [`PdfWriter`] takes pages one by one and writes a PDF with subset fonts, text that can be searched
//! and copied, links, and a structure for screen readers; [`PdfExporter`] offers it as the exporter
//! port. The same pages give the same bytes.

mod canvas;
mod exporter;
mod faces;
mod geometry;
mod info;
mod options;
mod page_range;
mod paint;
mod pictures;
mod ready;
mod shapes;
mod tags;
mod text;
mod writer;

// Chooses zlib-rs for krilla's compression, which takes half the time of flate2's default.
use flate2 as _;

pub use exporter::PdfExporter;
pub use options::PdfOptions;
pub use page_range::{PageRange, PageRangeError};
pub use writer::{PdfWriter, Summary};
