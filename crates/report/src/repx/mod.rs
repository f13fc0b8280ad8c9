//! The codec of .repx layouts.
//!
//! A layout is XML in which a property that has its default is not written, collections hold
//! elements that are only numbered, and objects refer to each other by number. Reading knows the
//! defaults, puts bands into their places and old forms into the new one, so that whoever lays a
//! report out need not know how it was written.

mod bands;
mod controls;
mod error;
mod parameters;
mod properties;
mod reader;
mod references;
mod report;
mod sources;
mod text;

pub use error::LayoutError;

use pressroom_query::xml::{self, Document, Limits};

use crate::Definition;
use reader::Reader;
use references::References;

impl Definition {
    /// Reads a layout: a file in UTF-8 or UTF-16.
    ///
    /// What this version does not know is left out and counted; see
    /// [`unsupported`](Self::unsupported).
    ///
    /// ```
    /// use pressroom_report::Definition;
    ///
    /// let layout = r#"
    ///     <XtraReportsLayoutSerializer ControlType="X.XtraReport, X" Name="Hello">
    ///       <Bands>
    ///         <Item1 Ref="1" ControlType="DetailBand" Name="Detail" HeightF="25">
    ///           <Controls>
    ///             <Item1 Ref="2" ControlType="XRLabel" Name="label1" Text="Hello" SizeF="100,23"/>
    ///           </Controls>
    ///         </Item1>
    ///       </Bands>
    ///     </XtraReportsLayoutSerializer>"#;
    /// let report = Definition::from_repx(layout.as_bytes())?;
    /// let detail = report.level.detail.as_ref().unwrap();
    /// assert_eq!(detail.height, 25.0);
    /// assert_eq!(&*detail.controls[0].name, "label1");
    /// # Ok::<(), pressroom_report::LayoutError>(())
    /// ```
    ///
    /// # Errors
    /// See [`LayoutError`]. Time and memory are bounded whatever the bytes are.
    pub fn from_repx(bytes: &[u8]) -> Result<Self, LayoutError> {
        let limits = Limits::default();
        let source = xml::decode(bytes, &limits)?;
        if is_program_text(&source) {
            return Err(LayoutError::ProgramText);
        }
        let document = Document::parse(&source, &limits)?;
        let root = document.root();
        if root.name() != "XtraReportsLayoutSerializer" {
            return Err(LayoutError::NotAReport { root: root.name().to_owned() });
        }
        let references = References::collect(&document)?;
        let sources = sources::read(&document);
        Reader::new(references, sources).report(root)
    }
}

/// Whether a text is the older form of layouts: a program.
fn is_program_text(source: &str) -> bool {
    let start = source.trim_start();
    start.starts_with("///") || start.starts_with("using ") || start.starts_with("namespace ")
}
