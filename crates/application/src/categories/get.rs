//! Looking at a category.

use pressroom_domain::{Access, Category, CategoryId};

use crate::{App, Caller, Error, authorise};

/// A category.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: CategoryId) -> Result<Category, Error> {
    let category = app.stores.categories.get(id).await?;
    authorise::category(caller, &category, Access::READ)?;
    Ok(category)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::Scope;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_category_that_may_not_be_read_does_not_exist() {
        let site = Site::new().await;
        let (open, closed) = (site.category("Open").await, site.category("Closed").await);
        let reader = site.reader("rita", &[(Access::READ, Scope::Category(open))]).await;
        assert_eq!(get(&site.app, &reader, open).await.unwrap().id, open);
        for id in [closed, CategoryId(987)] {
            let error = get(&site.app, &reader, id).await.unwrap_err();
            assert_eq!(error.to_string(), format!("category {id} does not exist"));
        }
    }
}
