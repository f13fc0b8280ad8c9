//! Pages to PDF.

mod canvas;
mod faces;
mod geometry;
mod info;
mod options;
mod page_range;
mod paint;
mod pictures;
mod shapes;
mod text;
mod writer;

pub use options::PdfOptions;
pub use page_range::{PageRange, PageRangeError};
pub use writer::{PdfWriter, Summary};
