//! Giving permissions.

use pressroom_domain::{Access, Holder, PermissionEdit, SubjectKind, Verb};
use pressroom_ports::{Change, Edit, Held};

use super::EditPermissions;
use super::entries::{check_entities, check_holder, detail, read};
use crate::{App, Caller, Error};

/// Gives a user or group more permissions: their bits join those that are there.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Stale`]; [`Error::Invalid`], also where the
/// entity of a permission is not there.
pub async fn add(app: &App, caller: &Caller, command: EditPermissions) -> Result<Held, Error> {
    let holder = command.holder;
    let name = check_holder(app, caller, holder, Access::MODIFY).await?;
    let permissions = read(app, &command, None)?;
    check_entities(app, &permissions).await?;
    let detail = detail(&name, "gets", &permissions);
    let edit = PermissionEdit::Add(permissions);
    write(app, caller, Edit { holder, expected: command.lock, edit }, detail).await
}

/// Writes an edit with its line of the trail.
pub(super) async fn write(
    app: &App,
    caller: &Caller,
    edit: Edit,
    detail: String,
) -> Result<Held, Error> {
    let (kind, id) = match edit.holder {
        Holder::User(id) => (SubjectKind::User, id.0),
        Holder::Group(id) => (SubjectKind::Group, id.0),
    };
    let line = caller.line(&*app.clock, Verb::Grant, kind, Some(id.to_string()), detail);
    Ok(app.stores.permissions.edit(Change::new(edit, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{OptimisticLock, Permission, Scope, UserId};

    use super::*;
    use crate::permissions::Entry;
    use crate::test_site::Site;

    pub(in crate::permissions) fn entry(
        access_mode: Option<i64>,
        scope: &str,
        entity_id: Option<i64>,
    ) -> Entry {
        Entry { access_mode, scope: scope.into(), entity_id }
    }

    fn give(user: UserId, lock: i64, entries: Vec<Entry>) -> EditPermissions {
        EditPermissions { holder: Holder::User(user), lock: Some(OptimisticLock(lock)), entries }
    }

    #[tokio::test]
    async fn bits_join_those_that_are_there() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let category = site.category("Bills").await;
        let rita =
            site.reader("rita", &[(Access::READ, Scope::AllDataModels)]).await.user().clone();
        let read = entry(Some(2), "DocumentsInCategory", Some(category.0));
        let change = entry(Some(4), "documentsincategory", Some(category.0));
        let held = add(&site.app, &admin, give(rita.id, 1, vec![read, change])).await.unwrap();
        let expect = [
            Permission::new(Access::READ | Access::MODIFY, Scope::DocumentsIn(category)),
            Permission::new(Access::READ, Scope::AllDataModels),
        ];
        assert_eq!(held, Held { permissions: expect.to_vec(), lock: OptimisticLock(2) });
        let line = site.trail().await.pop().unwrap();
        assert_eq!(
            (line.verb, line.detail),
            (
                Verb::Grant,
                format!(
                    "rita: gets read on documentsInCategory {category}; modify on documentsInCategory {category}"
                )
            )
        );
        let stale = add(&site.app, &admin, give(rita.id, 1, Vec::new())).await.unwrap_err();
        assert!(matches!(stale, Error::Stale { current: OptimisticLock(2), .. }), "{stale}");
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_by_field() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let rita = site.reader("rita", &[]).await.user().id;
        let entries = vec![
            entry(Some(16), "allDocuments", None),
            entry(None, "allDocuments", None),
            entry(Some(2), "document", None),
            entry(Some(2), "folder", Some(1)),
        ];
        let error = add(&site.app, &admin, give(rita, 1, entries)).await.unwrap_err();
        let Error::Invalid(problems) = error else { panic!("{error}") };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "permissions[0].accessMode",
                "permissions[1].accessMode",
                "permissions[2].entityId",
                "permissions[3].scope"
            ]
        );
        let too_many = vec![entry(Some(2), "allDocuments", None); 1_001];
        let error = add(&site.app, &admin, give(rita, 1, too_many)).await.unwrap_err();
        assert!(error.to_string().starts_with("permissions: at most 1000"), "{error}");
        for (scope, words) in [
            ("category", "category 987"),
            ("documentsInCategory", "category 987"),
            ("document", "document 987"),
            ("dataModel", "data model 987"),
        ] {
            let entries =
                vec![entry(Some(2), "allDocuments", None), entry(Some(2), scope, Some(987))];
            let error = add(&site.app, &admin, give(rita, 1, entries)).await.unwrap_err();
            let expect = format!("permissions[1].entityId: {words} does not exist");
            assert_eq!(error.to_string(), expect);
        }
    }

    #[tokio::test]
    async fn nobody_gives_themselves_anything() {
        let site = Site::new().await;
        let rita = site.reader("rita", &[(Access::ALL, Scope::AllDocuments)]).await;
        let command = give(rita.user().id, 1, vec![entry(Some(15), "allCategories", None)]);
        let error = add(&site.app, &rita, command).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
    }
}
