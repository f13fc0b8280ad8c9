//! Looking at all categories.

use pressroom_data::Value;
use pressroom_domain::{Category, CategoryId, SubjectKind};
use pressroom_ports::{Slice, StoreError};

use crate::listing::{self, ListField, ListQuery, Listed, Listing};
use crate::{App, Caller, Error, authorise};

/// The categories that the caller may read, in the order in which they were made or as asked for.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Unavailable`].
pub async fn list<'a>(
    app: &'a App,
    caller: &'a Caller,
    query: &'a ListQuery,
) -> Result<Listing<'a, Category>, Error> {
    listing::open(app, caller, query).await
}

impl Listed for Category {
    type Id = CategoryId;

    const KINDS: &'static [SubjectKind] = &[SubjectKind::Category];
    const FIELDS: &'static [ListField<Self>] = &[
        ListField::int("id", |category| category.id.0.into()),
        ListField::text("name", |category| Value::text(category.name.as_str())),
        ListField::int("optimisticLock", |category| category.lock.0.into()),
    ];

    fn id(&self) -> CategoryId {
        self.id
    }

    fn is_seen_by(&self, caller: &Caller) -> bool {
        authorise::sees_category(caller, self)
    }

    async fn slice(app: &App, slice: Slice<CategoryId>) -> Result<Vec<Self>, StoreError> {
        app.stores.categories.list(slice).await
    }
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
            let list = list(&site.app, &caller, &ListQuery::ALL).await.unwrap();
            let list = list.read().await.unwrap();
            list.iter().map(|category| category.id).collect()
        };
        assert_eq!(seen(site.administrator().await).await, ids, "more than one slice");
        let read = (Access::READ, Scope::Category(ids[700]));
        assert_eq!(seen(site.reader("rita", &[read]).await).await, [ids[700]]);
        assert_eq!(seen(site.reader("stranger", &[]).await).await, []);
    }
}
