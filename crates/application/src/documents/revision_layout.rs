//! Fetching an older layout of a document.

use pressroom_domain::{Access, DocumentId, RevisionId};

use super::find;
use crate::{App, Caller, Error};

/// The layout of a revision, exactly the bytes that were saved.
///
/// # Errors
/// [`Error::NotFound`], also for a revision of another document.
pub async fn revision_layout(
    app: &App,
    caller: &Caller,
    id: DocumentId,
    revision: RevisionId,
) -> Result<Vec<u8>, Error> {
    find(app, caller, id, Access::READ).await?;
    let revision = app.stores.documents.revision(id, revision).await?;
    Ok(app.blobs.get(&revision.layout, app.settings.layout_bytes).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::{HELLO, Site};

    #[tokio::test]
    async fn a_revision_is_found_under_its_own_document_only() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let (invoice, letter) = (site.document("Invoice").await, site.document("Letter").await);
        let fetch = async |id, revision| revision_layout(&site.app, &admin, id, revision).await;
        assert_eq!(fetch(invoice.id, invoice.revision_id).await.unwrap(), HELLO.as_bytes());
        let error = fetch(letter.id, invoice.revision_id).await.unwrap_err();
        let expect = format!("revision {} does not exist", invoice.revision_id);
        assert_eq!(error.to_string(), expect);
    }
}
