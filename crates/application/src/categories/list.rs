//! Looking at all categories.

use pressroom_domain::Category;

use crate::listing::all;
use crate::{App, Caller, Error, authorise};

/// All categories that the caller may read, in the order in which they were made.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Category>, Error> {
    let categories = &app.stores.categories;
    let wanted = |category: &Category| authorise::sees_category(caller, category);
    Ok(all(|slice| categories.list(slice), |category| category.id, wanted).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{Access, Scope};

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn everyone_sees_what_they_may_read() {
        let site = Site::new().await;
        let mut ids = Vec::new();
        for number in 0..1_001 {
            ids.push(site.category(&format!("Category {number}")).await);
        }
        let seen = async |caller| -> Vec<_> {
            let list = list(&site.app, &caller).await.unwrap();
            list.iter().map(|category| category.id).collect()
        };
        assert_eq!(seen(site.administrator().await).await, ids, "more than one slice");
        let read = (Access::READ, Scope::Category(ids[700]));
        assert_eq!(seen(site.reader("rita", &[read]).await).await, [ids[700]]);
        assert_eq!(seen(site.reader("stranger", &[]).await).await, []);
    }
}
