//! Letting the guest read a category.

use pressroom_domain::{
    Access, CategoryId, Holder, Permission, PermissionEdit, Scope, SubjectKind, User, Verb,
};
use pressroom_ports::{Change, Edit, Kind};

use super::line;
use crate::error::missing;
use crate::{App, Error};

/// Lets the guest, while that account is active, read a category and its documents.
///
/// # Errors
/// [`Error::NotFound`] where there is no guest.
pub async fn open_to_guest(app: &App, category: CategoryId) -> Result<(), Error> {
    let guest = app.stores.users.find_by_name(User::GUEST).await?;
    let guest = guest.ok_or_else(|| missing(Kind::User, User::GUEST))?;
    let read = [Scope::Category(category), Scope::DocumentsIn(category)]
        .map(|scope| Permission::new(Access::READ, scope));
    let id = Some(guest.id.to_string());
    let line = line(app, Verb::Grant, SubjectKind::User, id, format!("category {category}"));
    let edit = PermissionEdit::Add(read.to_vec());
    let edit = Edit { holder: Holder::User(guest.id), expected: None, edit };
    app.stores.permissions.edit(Change::new(edit, line)).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::ListQuery;
    use crate::test_site::Site;
    use crate::{categories, documents, setup};

    #[tokio::test]
    async fn a_guest_reads_what_was_opened_and_nothing_else() {
        let site = Site::new().await;
        let (open, _closed) = (site.document("Open").await, site.document("Closed").await);
        open_to_guest(&site.app, open.category_id).await.unwrap();
        let guest = setup::act_as(&site.app, "guest").await.unwrap();
        let seen = documents::list(&site.app, &guest, &ListQuery::ALL).await.unwrap();
        let seen = seen.read().await.unwrap();
        assert_eq!(seen.iter().collect::<Vec<_>>(), [&open]);
        let seen = categories::list(&site.app, &guest, &ListQuery::ALL).await.unwrap();
        let seen = seen.read().await.unwrap();
        assert_eq!(seen.len(), 1);
        let error = documents::delete(&site.app, &guest, open.id).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
    }
}
