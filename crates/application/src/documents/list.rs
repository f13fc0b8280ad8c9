//! Looking at all documents.

use pressroom_domain::Document;

use crate::listing::all;
use crate::{App, Caller, Error, authorise};

/// All documents that the caller may read, in the order in which they were made.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Document>, Error> {
    let documents = &app.stores.documents;
    let wanted = |document: &Document| authorise::sees_document(caller, document);
    Ok(all(|slice| documents.list(slice), |document| document.id, wanted).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{Access, Scope};

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn everyone_sees_what_they_may_read() {
        let site = Site::new().await;
        let (open, closed) = (site.document("Open").await, site.document("Closed").await);
        let seen = async |caller| list(&site.app, &caller).await.unwrap();
        assert_eq!(seen(site.administrator().await).await, [open.clone(), closed]);
        let read = (Access::READ, Scope::Document(open.id));
        assert_eq!(seen(site.reader("rita", &[read]).await).await, [open]);
        let change = (Access::MODIFY, Scope::AllDocuments);
        assert_eq!(seen(site.reader("odd", &[change]).await).await, []);
    }
}
