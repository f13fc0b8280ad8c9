//! Changing what is said about a document.

use pressroom_domain::{
    Access, CategoryId, Description, Document, DocumentId, DocumentUpdate, Name, OptimisticLock,
    SubjectKind, Verb,
};
use pressroom_ports::Change;

use super::find;
use crate::error::Check;
use crate::{App, Caller, Error, authorise};

/// A change of what is said about a document.
#[derive(Clone, Debug)]
pub struct UpdateDocument {
    /// Which.
    pub id: DocumentId,
    /// The lock that the caller saw.
    pub lock: Option<OptimisticLock>,
    /// The category it stands in from now on; none leaves it where it is.
    pub category_id: Option<CategoryId>,
    /// What it is called from now on; none leaves it as it is.
    pub name: Option<String>,
    /// What it shows; none leaves it as it is.
    pub description: Option<String>,
}

/// Changes what is said about a document.
///
/// # Errors
/// [`Error::NotFound`] (also for the category), [`Error::Forbidden`], [`Error::Invalid`],
/// [`Error::Stale`].
pub async fn update(
    app: &App,
    caller: &Caller,
    command: UpdateDocument,
) -> Result<Document, Error> {
    let document = find(app, caller, command.id, Access::MODIFY).await?;
    let category_id = command.category_id.unwrap_or(document.category_id);
    if category_id != document.category_id {
        authorise::new_document(caller, &app.stores.categories.get(category_id).await?)?;
    }
    let mut check = Check::default();
    check.lock(app, command.lock);
    let name = command.name.map_or(Ok(document.name), |text| Name::new(&text));
    let name = check.field("name", name);
    let description =
        command.description.map_or(Ok(document.description), |text| Description::new(&text));
    let description = check.field("description", description);
    let (Some(name), Some(description)) = (name, description) else {
        return Err(check.into_error());
    };
    check.end()?;
    let id = Some(command.id.to_string());
    let detail = name.to_string();
    let line = caller.line(&*app.clock, Verb::Update, SubjectKind::Document, id, detail);
    let update = DocumentUpdate {
        id: command.id,
        expected: command.lock,
        category_id,
        name,
        description,
        modified_by: caller.user().user_name.clone(),
        modified_at: line.at,
    };
    Ok(app.stores.documents.update(Change::new(update, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::Scope;

    use super::*;
    use crate::test_site::Site;

    fn change(document: &Document) -> UpdateDocument {
        UpdateDocument {
            id: document.id,
            lock: Some(document.lock),
            category_id: None,
            name: None,
            description: None,
        }
    }

    #[tokio::test]
    async fn what_is_not_given_stays() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let document = site.document("Invoice").await;
        let name = Some("Bill".to_owned());
        let updated = update(&site.app, &admin, UpdateDocument { name, ..change(&document) });
        let updated = updated.await.unwrap();
        assert_eq!((updated.name.as_str(), updated.lock), ("Bill", OptimisticLock(1)));
        assert_eq!(updated.description, document.description);
        assert_eq!(updated.category_id, document.category_id);
        assert_eq!(updated.revision_id, document.revision_id);
        let description = Some(String::new());
        let cleared = update(&site.app, &admin, UpdateDocument { description, ..change(&updated) });
        assert_eq!(cleared.await.unwrap().description.as_str(), "");
    }

    #[tokio::test]
    async fn moving_needs_the_right_on_the_new_place() {
        let site = Site::new().await;
        let document = site.document("Invoice").await;
        let target = site.category("Elsewhere").await;
        let moved = UpdateDocument { category_id: Some(target), ..change(&document) };
        let here = (Access::READ | Access::MODIFY, Scope::Document(document.id));
        let editor = site.reader("ed", &[here]).await;
        let error = update(&site.app, &editor, moved.clone()).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
        let sees = (Access::READ, Scope::Category(target));
        let editor = site.reader("ed1", &[here, sees]).await;
        let error = update(&site.app, &editor, moved.clone()).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
        let there = (Access::CREATE, Scope::DocumentsIn(target));
        let editor = site.reader("ed2", &[here, there]).await;
        assert_eq!(update(&site.app, &editor, moved).await.unwrap().category_id, target);
        let admin = site.administrator().await;
        let nowhere = UpdateDocument { category_id: Some(CategoryId(987)), ..change(&document) };
        let error = update(&site.app, &admin, nowhere).await.unwrap_err();
        assert_eq!(error.to_string(), "category 987 does not exist");
    }
}
