//! Where finished pages go.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Page, Resources};

/// What a document says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentInfo {
    /// Its title.
    pub title: Option<Arc<str>>,
    /// Who wrote it.
    pub author: Option<Arc<str>>,
    /// What it is about.
    pub subject: Option<Arc<str>>,
    /// The language as a BCP 47 tag, such as `en-US`.
    pub language: Option<Arc<str>>,
    /// When it was made, in seconds since 1970-01-01 UTC.
    pub created: i64,
}

/// Why a page was not taken.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SinkError {
    /// The work was cancelled.
    #[error("the work was cancelled")]
    Cancelled,
    /// The bytes could not be written.
    #[error("could not write the document: {0}")]
    Write(String),
    /// A page holds what this format cannot express.
    #[error("{0}")]
    Unsupported(String),
    /// A limit was reached.
    #[error("{0}")]
    Limit(String),
}

/// Takes finished pages, in order, one by one.
///
/// # Contract
/// - Every [`crate::FaceId`] and [`crate::ImageId`] of a page MUST be in the resources that come with it.
/// - The resources only grow from call to call.
/// - After an error no further page is given.
pub trait PageSink {
    /// Takes one page.
    ///
    /// # Errors
    /// See [`SinkError`].
    fn page(&mut self, page: Page, resources: &Resources) -> Result<(), SinkError>;
}
