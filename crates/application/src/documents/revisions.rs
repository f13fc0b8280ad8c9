//! Looking at the revisions of a document.

use pressroom_domain::{Access, DocumentId, Revision};

use super::find;
use crate::{App, Caller, Error};

/// All revisions of a document, newest first.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn revisions(app: &App, caller: &Caller, id: DocumentId) -> Result<Vec<Revision>, Error> {
    find(app, caller, id, Access::READ).await?;
    Ok(app.stores.documents.revisions(id).await?)
}
