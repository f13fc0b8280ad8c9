//! Exporting a dashboard.

use std::convert::Infallible;

use pressroom_domain::{Access, DocumentId, DocumentType};

use crate::{App, Caller, Error, authorise};

/// The file of a dashboard, which this version does not draw yet.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for a report; else [`Error::NotBuilt`].
pub async fn dashboard(app: &App, caller: &Caller, id: DocumentId) -> Result<Infallible, Error> {
    let document = app.stores.documents.get(id).await?;
    authorise::document(caller, &document, Access::READ)?;
    if document.document_type == DocumentType::Report {
        let message = "is a report, not a dashboard; export it as one";
        return Err(Error::invalid("documentId", message));
    }
    let message =
        "dashboards are kept and checked, but not drawn yet; docs/roadmap.md tells what comes next";
    Err(Error::NotBuilt(message.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn who_may_read_a_dashboard_hears_that_it_is_to_come() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let (board, report) = (site.dashboard("Sales").await, site.document("Invoice").await);
        let refused = async |caller, id| dashboard(&site.app, caller, id).await.unwrap_err();
        assert!(matches!(refused(&admin, board.id).await, Error::NotBuilt(_)));
        assert!(matches!(refused(&admin, report.id).await, Error::Invalid(_)));
        let stranger = site.reader("stranger", &[]).await;
        assert!(matches!(refused(&stranger, board.id).await, Error::NotFound { .. }));
    }
}
