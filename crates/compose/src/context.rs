//! What a composition needs from outside, and what it tells about itself.

use std::sync::Arc;

use chrono::NaiveDateTime;
use pressroom_data::{Culture, Reader, RowProvider, SourceError, SpillStore, Value};
use pressroom_fonts::FontLibrary;
use pressroom_page::SinkError;
use pressroom_report::Definition;

/// Everything that a composition takes besides the definition and the sink.
pub struct Context<'a> {
    /// Opens the data sources of the definition.
    pub provider: &'a dyn RowProvider,
    /// The fonts.
    pub fonts: &'a Arc<FontLibrary>,
    /// How numbers, dates and texts are written where the layout does not say.
    pub culture: &'static Culture,
    /// Values of parameters by name; the others take their defaults.
    pub parameters: Vec<(Arc<str>, Value)>,
    /// The moment that `Now()` gives.
    pub now: NaiveDateTime,
    /// Who reads, if that is known: for `UserName()` and the like, and page information.
    pub reader: Option<Reader>,
    /// Where rows and pages wait that are too many for memory.
    pub spill: &'a dyn SpillStore,
    /// The bounds of the work.
    pub limits: Limits,
    /// Hears how the work goes on, and may end it.
    pub progress: &'a dyn Progress,
    /// Finds layouts that a sub-report names by address.
    pub subreports: &'a dyn SubreportLoader,
}

/// The bounds of a composition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pages of the document.
    pub pages: usize,
    /// Rows read from all sources together.
    pub rows: u64,
    /// Bytes of rows held in memory for master-detail relations and the like.
    pub held_bytes: usize,
    /// Pixels of all decoded pictures together.
    pub pixels: u64,
    /// Sub-reports inside sub-reports.
    pub subreport_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pages: 50_000,
            rows: 20_000_000,
            held_bytes: 256 << 20,
            pixels: 400_000_000,
            subreport_depth: 12,
        }
    }
}

/// Hears how the work goes on. Called often; must be quick.
pub trait Progress: Send + Sync {
    /// Whether the work should end now.
    fn is_cancelled(&self) -> bool {
        false
    }

    /// Rows of the main data member that have been read so far.
    fn rows(&self, rows: u64) {
        let _ = rows;
    }

    /// Pages that have been laid out so far.
    fn pages(&self, pages: usize) {
        let _ = pages;
    }
}

/// A [`Progress`] that nobody listens to.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {}

/// Finds layouts that a sub-report names by address.
pub trait SubreportLoader: Send + Sync {
    /// The definition at `url`, as written in the layout, if the reader may read it.
    ///
    /// # Errors
    /// Why there is none, in words for the layout's author; the sub-report's place then shows them.
    fn load(&self, url: &str) -> Result<Arc<Definition>, String>;
}

/// A [`SubreportLoader`] that finds nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSubreports;

impl SubreportLoader for NoSubreports {
    fn load(&self, url: &str) -> Result<Arc<Definition>, String> {
        Err(format!("sub-report \"{url}\" is not found here"))
    }
}

/// What came of a composition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Pages given to the sink.
    pub pages: usize,
    /// Rows read.
    pub rows: u64,
    /// What a reader of the document should know: what was not drawn, which expressions failed. Each
    /// once, with how often it occurred.
    pub warnings: Vec<Warning>,
}

/// Something that was not as the layout wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What, where and what to do about it.
    pub message: String,
    /// How often.
    pub count: u64,
}

/// Why no document came.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The data did not come.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The sink did not take a page.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// The layout contradicts itself.
    #[error("{0}")]
    Layout(String),
    /// A bound was reached.
    #[error("{0}")]
    Limit(String),
    /// Pages could not be put aside.
    #[error("could not put pages aside on disk: {0}; free some space in the data folder")]
    Spill(String),
    /// A parameter has no usable value.
    #[error("parameter \"{name}\": {message}")]
    Parameter {
        /// Its name.
        name: String,
        /// What is wrong.
        message: String,
    },
    /// The work was cancelled.
    #[error("the work was cancelled")]
    Cancelled,
}
