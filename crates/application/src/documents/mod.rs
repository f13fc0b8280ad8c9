//! Documents and their revisions.

mod create;
mod delete;
mod export_layout;
mod get;
mod job_results;
mod layout;
mod list;
mod parameters;
mod revision_layout;
mod revisions;
mod save;
mod shelves;
mod update;

pub use create::{CreateDocument, create};
pub use delete::delete;
pub use export_layout::{LayoutFile, export_layout};
pub use get::get;
pub use job_results::job_results;
pub use layout::layout;
pub use list::list;
pub use parameters::{DocumentParameter, LookUp, parameters};
pub use revision_layout::revision_layout;
pub use revisions::revisions;
pub use save::{SaveDocument, save};
pub use shelves::{Shelf, shelves};
pub use update::{UpdateDocument, update};

use std::collections::BTreeSet;

use pressroom_domain::{Access, BlobHash, Document, DocumentId, DocumentType};

use crate::layouts::Checked;
use crate::{App, Caller, Error, authorise, layouts};

/// A document with which the caller may do something.
async fn find(
    app: &App,
    caller: &Caller,
    id: DocumentId,
    wanted: Access,
) -> Result<Document, Error> {
    let document = app.stores.documents.get(id).await?;
    authorise::document(caller, &document, wanted)?;
    Ok(document)
}

/// A layout whose bytes are stored.
struct StoredLayout {
    hash: BlobHash,
    /// The names by which it may mean data models, in lower case.
    data_models: BTreeSet<String>,
}

/// Checks a layout as a caller sent it, and stores its bytes.
async fn store_layout(
    app: &App,
    document_type: DocumentType,
    layout: &str,
) -> Result<StoredLayout, Error> {
    let bytes = layouts::decode(layout);
    if bytes.len() as u64 > app.settings.layout_bytes {
        let limit = app.settings.layout_bytes >> 20;
        return Err(Error::invalid("layout", format!("is larger than {limit} MiB")));
    }
    let Checked { bytes, data_models } = layouts::check(document_type, bytes).await?;
    let hash = app.blobs.put(bytes).await?.hash;
    Ok(StoredLayout { hash, data_models })
}
