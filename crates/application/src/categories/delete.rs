//! Deleting a category.

use pressroom_domain::{Access, CategoryId, SubjectKind, Verb};
use pressroom_ports::Change;

use crate::{App, Caller, Error, authorise};

/// Deletes a category that holds no document.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] while it holds documents.
pub async fn delete(app: &App, caller: &Caller, id: CategoryId) -> Result<(), Error> {
    let category = app.stores.categories.get(id).await?;
    authorise::category(caller, &category, Access::DELETE)?;
    let detail = category.name.as_str();
    let subject = Some(id.to_string());
    let line = caller.line(&*app.clock, Verb::Delete, SubjectKind::Category, subject, detail);
    Ok(app.stores.categories.delete(Change::new(id, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::Scope;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn an_empty_category_goes_and_a_full_one_stays() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let empty = site.category("Empty").await;
        delete(&site.app, &admin, empty).await.unwrap();
        let again = delete(&site.app, &admin, empty).await.unwrap_err();
        assert!(matches!(again, Error::NotFound { .. }), "{again}");
        let full = site.document("Invoice").await.category_id;
        let error = delete(&site.app, &admin, full).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("category {full} is still in use: it holds 1 document")
        );
    }

    #[tokio::test]
    async fn who_may_change_may_not_delete() {
        let site = Site::new().await;
        let id = site.category("Bills").await;
        let held = (Access::READ | Access::MODIFY, Scope::AllCategories);
        let editor = site.reader("ed", &[held]).await;
        let error = delete(&site.app, &editor, id).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
    }
}
