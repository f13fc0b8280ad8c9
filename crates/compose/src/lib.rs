//! Report definitions and rows in, pages out.
//!
//! [`compose`] walks a [`Definition`](pressroom_report::Definition): it asks a
//! [`RowProvider`](pressroom_data::RowProvider) for rows, groups and sums them, lays out bands and
//! controls, breaks them into pages and hands these, one by one, to a
//! [`PageSink`](pressroom_page::PageSink).
//!
//! ```
//! use std::sync::Arc;
//!
//! use pressroom_compose::{Context, Limits, NoProgress, NoSubreports, compose};
//! use pressroom_data::{
//!     Culture, DataType, Field, MemorySpill, Reader, RowProvider, RowRequest, RowStream, Rows,
//!     Schema, SourceError, Value,
//! };
//! use pressroom_fonts::FontLibrary;
//! use pressroom_page::{Page, PageSink, Resources, SinkError, text_dump};
//! use pressroom_report::Definition;
//!
//! /// Where the rows come from: here, out of memory.
//! struct Teas;
//!
//! impl RowProvider for Teas {
//!     fn open(&self, _request: &RowRequest) -> Result<Box<dyn RowStream>, SourceError> {
//!         let schema = Schema::new(vec![Field::new("Name", DataType::Text)]);
//!         let rows = ["Assam", "Sencha"].map(|name| vec![Value::from(name)].into());
//!         Ok(Box::new(Rows::new(Arc::new(schema), rows.into())))
//!     }
//! }
//!
//! /// Where the pages go: here, as text.
//! #[derive(Default)]
//! struct Printer(String);
//!
//! impl PageSink for Printer {
//!     fn page(&mut self, page: Page, resources: &Resources) -> Result<(), SinkError> {
//!         self.0 += &text_dump(&page, resources);
//!         Ok(())
//!     }
//! }
//!
//! let layout = r##"<XtraReportsLayoutSerializer DataMember="Teas" DataSource="#Ref-9">
//!     <Bands><Item1 ControlType="DetailBand" HeightF="20">
//!       <Controls><Item1 ControlType="XRLabel" SizeF="200,20" Font="Arial, 9pt" Text="A tea: [Name]"/></Controls>
//!     </Item1></Bands>
//!     <ComponentStorage><Item1 Ref="9" ObjectType="SqlDataSource" Name="shop"/></ComponentStorage>
//!   </XtraReportsLayoutSerializer>"##;
//! let definition = Definition::from_repx(layout.as_bytes())?;
//! let fonts = Arc::new(FontLibrary::bundled());
//! let context = Context {
//!     provider: &Teas,
//!     fonts: &fonts,
//!     culture: Culture::default(),
//!     parameters: Vec::new(),
//!     now: "2026-03-05T10:30:00".parse()?,
//!     reader: Some(Reader::new("Ada")),
//!     spill: &MemorySpill,
//!     limits: Limits::default(),
//!     progress: &NoProgress,
//!     subreports: &NoSubreports,
//! };
//! let mut printer = Printer::default();
//! let outcome = compose(&definition, &context, &mut printer)?;
//! assert_eq!((outcome.pages, outcome.rows), (1, 2));
//! assert!(printer.0.contains(r#"text 72.0,80.1 "A tea: Assam" Liberation Sans 9.0"#), "{}", printer.0);
//! assert!(printer.0.contains("A tea: Sencha"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How a report becomes pages
//!
//! 1. *Plans*: once the columns of a level's rows are known, its bands are made ready: looks decided,
//!    expressions bound to columns, summaries given the rows that they cover.
//! 2. *The walk*: row after row, headers, details and footers are laid out as trees of boxes; what must
//!    be known before it is printed is read ahead.
//! 3. *Pages*: bands go below each other or into columns, are cut where a page ends, and stay together
//!    where they want to. Page headers and footers see the first and last row of their page.
//! 4. *Spool*: pages go straight to the sink, or wait until the number of the last page is known.
//!
//! A mistake in an expression, a picture that cannot be read, a control that is not drawn: each is a
//! [`Warning`], and the rest is printed. Only missing data, a full disk, a bound or a page without
//! room end the work with a [`ComposeError`].

mod compose;
mod context;
mod fragment;
mod layout;
mod page_text;
mod pager;
pub mod parameters;
mod plan;
mod rows;
mod run;
mod spool;
mod text;
mod warnings;

pub use compose::compose;
pub use context::{
    ComposeError, Context, Limits, NoProgress, NoSubreports, Outcome, Progress, SubreportLoader,
    Warning,
};
