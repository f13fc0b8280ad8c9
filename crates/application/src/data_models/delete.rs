//! Deleting a data model.

use pressroom_domain::{Access, DataModelId, SubjectKind, Verb};
use pressroom_ports::Change;

use super::find;
use crate::{App, Caller, Error};

/// Deletes a data model that no document and no job uses, and every permission on it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] while it is in use.
pub async fn delete(app: &App, caller: &Caller, id: DataModelId) -> Result<(), Error> {
    let model = find(app, caller, id, Access::DELETE).await?;
    let detail = model.name.to_string();
    let (kind, subject) = (SubjectKind::DataModel, Some(id.to_string()));
    let line = caller.line(&*app.clock, Verb::Delete, kind, subject, detail);
    Ok(app.stores.data_models.delete(Change::new(id, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::DocumentType;

    use super::*;
    use crate::documents::{self, CreateDocument};
    use crate::test_site::{Site, names_report};

    #[tokio::test]
    async fn what_a_report_reads_from_stays() {
        let site = Site::new().await;
        let (admin, model) = (site.administrator().await, site.data_model("NORTHWIND").await);
        let document = CreateDocument {
            category_id: site.category("Bills").await,
            name: "Names".into(),
            description: String::new(),
            revision_comment: String::new(),
            document_type: DocumentType::Report,
            auto_refresh_interval: 0,
            layout: names_report(),
        };
        let document = documents::create(&site.app, &admin, document).await.unwrap();
        let error = delete(&site.app, &admin, model.id).await.unwrap_err();
        let expect = format!("document {}, \"Names\", reads from it", document.id);
        assert!(error.to_string().ends_with(&expect), "{error}");
        documents::delete(&site.app, &admin, document.id).await.unwrap();
        delete(&site.app, &admin, model.id).await.unwrap();
    }
}
