//! Fetching the newest layout of a document.

use pressroom_domain::{Access, DocumentId};

use super::find;
use crate::{App, Caller, Error};

/// The newest layout, exactly the bytes that were saved.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn layout(app: &App, caller: &Caller, id: DocumentId) -> Result<Vec<u8>, Error> {
    let document = find(app, caller, id, Access::READ).await?;
    let revision = app.stores.documents.revision(id, document.revision_id).await?;
    Ok(app.blobs.get(&revision.layout, app.settings.layout_bytes).await?)
}
