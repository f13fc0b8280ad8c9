//! Pages to PDF.

mod canvas;
mod exporter;
mod faces;
mod geometry;
mod info;
mod options;
mod page_range;
mod paint;
mod pictures;
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
