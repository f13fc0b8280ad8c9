//! Looking at a document.

use pressroom_domain::{Access, Document, DocumentId};

use super::find;
use crate::{App, Caller, Error};

/// A document.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: DocumentId) -> Result<Document, Error> {
    find(app, caller, id, Access::READ).await
}

#[cfg(test)]
mod tests {
    use pressroom_domain::Scope;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_document_that_may_not_be_read_does_not_exist() {
        let site = Site::new().await;
        let (open, closed) = (site.document("Open").await, site.document("Closed").await);
        let read = (Access::READ, Scope::DocumentsIn(open.category_id));
        let reader = site.reader("rita", &[read]).await;
        assert_eq!(get(&site.app, &reader, open.id).await.unwrap(), open);
        let error = get(&site.app, &reader, closed.id).await.unwrap_err();
        assert_eq!(error.to_string(), format!("document {} does not exist", closed.id));
    }
}
