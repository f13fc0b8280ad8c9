//! What may be chosen about a PDF.

use crate::PageRange;

/// What may be chosen about a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PdfOptions {
    /// Which pages are written. Default: all.
    pub pages: PageRange,
    /// The longest document, in pages, that gets a structure for screen readers. Default: 200.
    ///
    /// The structure costs a third of a kilobyte a text, which in a long table is more than the text
    /// itself. Pages wait in compact form until there is one more than this.
    pub tagged_pages: usize,
    /// The largest picture, in pixels, that is taken. Default: 40 million (A3 at 400 dpi).
    pub max_picture_pixels: u64,
    /// The pixels of all pictures together that are decoded for one document. JPEG pictures are
    /// passed on as they are and do not count. Default: 400 million.
    pub max_decoded_pixels: u64,
}

impl Default for PdfOptions {
    fn default() -> Self {
        Self {
            pages: PageRange::default(),
            tagged_pages: 200,
            max_picture_pixels: 40_000_000,
            max_decoded_pixels: 400_000_000,
        }
    }
}
