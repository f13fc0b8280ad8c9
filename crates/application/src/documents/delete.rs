//! Deleting a document.

use pressroom_domain::{Access, DocumentId, SubjectKind, Verb};
use pressroom_ports::Change;

use super::find;
use crate::{App, Caller, Error};

/// Deletes a document and its revisions. Exports that were started come to their end.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] where a job uses it.
pub async fn delete(app: &App, caller: &Caller, id: DocumentId) -> Result<(), Error> {
    let document = find(app, caller, id, Access::DELETE).await?;
    let detail = document.name.as_str();
    let subject = Some(id.to_string());
    let line = caller.line(&*app.clock, Verb::Delete, SubjectKind::Document, subject, detail);
    Ok(app.stores.documents.delete(Change::new(id, line)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::get;
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_deleted_document_is_gone() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let document = site.document("Invoice").await;
        delete(&site.app, &admin, document.id).await.unwrap();
        let error = get(&site.app, &admin, document.id).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
        assert_eq!(site.trail().await.pop().map(|line| line.verb), Some(Verb::Delete));
    }

    #[tokio::test]
    async fn a_document_that_a_job_uses_stays() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let job = site.job("Daily").await;
        let id = job.details.document_id;
        let error = delete(&site.app, &admin, id).await.unwrap_err();
        assert_eq!(error.to_string(), format!("document {id} is still in use: 1 job uses it"));
    }
}
