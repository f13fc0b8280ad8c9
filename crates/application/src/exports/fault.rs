//! Why an export came to nothing, in words for who asked for it.

use std::time::Duration;

use pressroom_compose::ComposeError;
use pressroom_data::SourceError;
use pressroom_page::SinkError;
use pressroom_ports::BlobError;

use super::render::RenderError;
use crate::Error;

/// Why an export came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The owner may no longer sign in.
    #[error("the account that asked for the export is no longer active")]
    OwnerInactive,
    /// The format can no longer be written.
    #[error("this server does not write {0}")]
    NoExporter(&'static str),
    /// The request, its layout or its owner could not be read.
    #[error(transparent)]
    Prepare(#[from] Error),
    /// There is no document.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The document could not be kept.
    #[error(transparent)]
    Keep(#[from] BlobError),
    /// It took too long.
    #[error(
        "the export took longer than the {} seconds that it may; narrow it by its parameters, or raise limits.export_seconds",
        .0.as_secs()
    )]
    TimeUp(Duration),
    /// It was told to end, and did not.
    #[error("the export did not stop when it was told to")]
    Stuck,
    /// It was told to end before it had begun.
    #[error("the export was ended")]
    Ended,
    /// There is no thread to work on.
    #[error("the server has no thread left to work on: {0}; try again in a moment")]
    NoThread(std::io::Error),
}

impl Fault {
    /// Whether the work ended for no reason but that it was told to.
    pub(crate) fn is_cancelled(&self) -> bool {
        matches!(
            self,
            Self::Stuck
                | Self::Ended
                | Self::Render(RenderError::Compose(
                    ComposeError::Cancelled
                        | ComposeError::Sink(SinkError::Cancelled)
                        | ComposeError::Source(SourceError::Cancelled)
                ))
        )
    }
}
