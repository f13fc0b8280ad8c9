//! Looking at all data models.

use pressroom_data::Value;
use pressroom_domain::{DataModel, DataModelId, SubjectKind};
use pressroom_ports::{Slice, StoreError};

use crate::listing::{self, ListField, ListQuery, Listed, Listing};
use crate::{App, Caller, Error, authorise};

/// The data models that the caller may read, in the order in which they were made or as asked for.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Unavailable`].
pub async fn list<'a>(
    app: &'a App,
    caller: &'a Caller,
    query: &'a ListQuery,
) -> Result<Listing<'a, DataModel>, Error> {
    listing::open(app, caller, query).await
}

impl Listed for DataModel {
    type Id = DataModelId;

    const KINDS: &'static [SubjectKind] = &[SubjectKind::DataModel];
    const FIELDS: &'static [ListField<Self>] = &[
        ListField::int("id", |model| model.id.0.into()),
        ListField::text("name", |model| Value::text(model.name.as_str())),
        ListField::text("description", |model| Value::text(model.description.as_str())),
        ListField::text("provider", |model| model.provider.provider_type().name().into()),
        ListField::int("cacheSeconds", |model| i64::from(model.cache_seconds.get()).into()),
        ListField::int("commandTimeout", |model| i64::from(model.command_timeout.get()).into()),
        ListField::int("optimisticLock", |model| model.lock.0.into()),
    ];

    fn id(&self) -> DataModelId {
        self.id
    }

    fn is_seen_by(&self, caller: &Caller) -> bool {
        authorise::sees_data_model(caller, self)
    }

    async fn slice(app: &App, slice: Slice<DataModelId>) -> Result<Vec<Self>, StoreError> {
        app.stores.data_models.list(slice).await
    }
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{Access, Scope};

    use super::*;
    use crate::data_models::get;
    use crate::test_site::Site;

    #[tokio::test]
    async fn everyone_sees_what_they_may_read() {
        let site = Site::new().await;
        let (one, two) = (site.data_model("One").await, site.data_model("Two").await);
        let admin = site.administrator().await;
        let seen = async |caller| -> Vec<_> {
            let list = list(&site.app, caller, &ListQuery::ALL).await.unwrap();
            list.read().await.unwrap().iter().cloned().collect()
        };
        assert_eq!(seen(&admin).await, [one.clone(), two.clone()]);
        let reader = site.reader("rita", &[(Access::READ, Scope::DataModel(two.id))]).await;
        assert_eq!(seen(&reader).await, std::slice::from_ref(&two));
        assert_eq!(get(&site.app, &reader, two.id).await.unwrap(), two);
        let error = get(&site.app, &reader, one.id).await.unwrap_err();
        assert_eq!(error.to_string(), format!("data model {} does not exist", one.id));
    }
}
