//! Taking permissions away.

use pressroom_domain::{Access, PermissionEdit};
use pressroom_ports::{Edit, Held};

use super::EditPermissions;
use super::add::write;
use super::entries::{check_holder, detail, read};
use crate::{App, Caller, Error};

/// Takes permissions of a user or group away, bit by bit. An entry without an access takes all that
/// is held on its scope; what is not held is no error.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Stale`].
pub async fn remove(app: &App, caller: &Caller, command: EditPermissions) -> Result<Held, Error> {
    let holder = command.holder;
    let name = check_holder(app, caller, holder, Access::MODIFY).await?;
    let permissions = read(app, &command, Some(Access::ALL))?;
    let detail = detail(&name, "loses", &permissions);
    let edit = PermissionEdit::Remove(permissions);
    write(app, caller, Edit { holder, expected: command.lock, edit }, detail).await
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{CategoryId, Holder, OptimisticLock, Permission, Scope};

    use super::*;
    use crate::permissions::Entry;
    use crate::test_site::Site;

    #[tokio::test]
    async fn bits_go_one_by_one_and_all_at_once_where_none_is_named() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let gone = Scope::Category(CategoryId(987));
        let held = [
            (Access::READ | Access::MODIFY, Scope::AllDocuments),
            (Access::ALL, Scope::AllCategories),
            (Access::READ, gone),
        ];
        let rita = site.reader("rita", &held).await.user().id;
        let mut lock = 1;
        let mut take = async |access_mode: Option<i64>, scope: &str, entity_id: Option<i64>| {
            let entries = vec![Entry { access_mode, scope: scope.into(), entity_id }];
            let command = EditPermissions {
                holder: Holder::User(rita),
                lock: Some(OptimisticLock(lock)),
                entries,
            };
            let held = remove(&site.app, &admin, command).await.unwrap();
            lock = held.lock.0;
            held.permissions
        };
        let permission = |place: usize| Permission::new(held[place].0, held[place].1);
        let read = Permission::new(Access::READ, Scope::AllDocuments);
        assert_eq!(
            take(Some(4 | 8), "AllDocuments", None).await,
            [permission(1), permission(2), read]
        );
        assert_eq!(take(None, "allCategories", None).await, [permission(2), read]);
        assert_eq!(take(Some(15), "category", Some(987)).await, [read]);
        assert_eq!(take(Some(2), "allDataModels", None).await, [read]);
        assert_eq!(take(Some(2), "allDocuments", Some(7)).await, []);
    }
}
