//! Renaming a category.

use pressroom_domain::{
    Access, Category, CategoryId, CategoryUpdate, Name, OptimisticLock, SubjectKind, Verb,
};
use pressroom_ports::Change;

use crate::error::Check;
use crate::{App, Caller, Error, authorise};

/// A change of a category.
#[derive(Clone, Debug)]
pub struct UpdateCategory {
    /// Which.
    pub id: CategoryId,
    /// The lock that the caller saw.
    pub lock: Option<OptimisticLock>,
    /// What it is called from now on.
    pub name: String,
}

/// Renames a category.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Stale`].
pub async fn update(
    app: &App,
    caller: &Caller,
    command: UpdateCategory,
) -> Result<Category, Error> {
    let category = app.stores.categories.get(command.id).await?;
    authorise::category(caller, &category, Access::MODIFY)?;
    let mut check = Check::default();
    check.lock(app, command.lock);
    let Some(name) = check.field("name", Name::new(&command.name)) else {
        return Err(check.into_error());
    };
    check.end()?;
    let id = Some(command.id.to_string());
    let detail = name.as_str();
    let line = caller.line(&*app.clock, Verb::Update, SubjectKind::Category, id, detail);
    let update = CategoryUpdate { id: command.id, expected: command.lock, name };
    Ok(app.stores.categories.update(Change::new(update, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::Scope;

    use super::*;
    use crate::test_site::Site;

    fn rename(id: CategoryId, lock: Option<i64>, name: &str) -> UpdateCategory {
        UpdateCategory { id, lock: lock.map(OptimisticLock), name: name.into() }
    }

    #[tokio::test]
    async fn an_update_needs_the_lock_that_was_seen() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let id = site.category("Bills").await;
        let updated = update(&site.app, &admin, rename(id, Some(0), "Invoices")).await.unwrap();
        assert_eq!((updated.name.as_str(), updated.lock), ("Invoices", OptimisticLock(1)));
        let stale = update(&site.app, &admin, rename(id, Some(0), "Lost")).await.unwrap_err();
        assert!(matches!(stale, Error::Stale { current: OptimisticLock(1), .. }), "{stale}");
        let missing = update(&site.app, &admin, rename(id, None, "")).await.unwrap_err();
        let Error::Invalid(problems) = missing else { panic!("{missing}") };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["optimisticLock", "name"]);
    }

    #[tokio::test]
    async fn a_site_may_do_without_locks() {
        let site = Site::with(|settings| settings.require_lock = false).await;
        let admin = site.administrator().await;
        let id = site.category("Bills").await;
        let updated = update(&site.app, &admin, rename(id, None, "Invoices")).await.unwrap();
        assert_eq!(updated.lock, OptimisticLock(1));
    }

    #[tokio::test]
    async fn reading_is_not_changing() {
        let site = Site::new().await;
        let id = site.category("Bills").await;
        let reader = site.reader("rita", &[(Access::READ, Scope::AllCategories)]).await;
        let error = update(&site.app, &reader, rename(id, Some(0), "Mine")).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
    }
}
