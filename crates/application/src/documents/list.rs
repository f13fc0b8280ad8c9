//! Looking at all documents.

use pressroom_data::Value;
use pressroom_domain::{Document, DocumentId, SubjectKind};
use pressroom_ports::{Slice, StoreError};

use crate::listing::{self, ListField, ListQuery, Listed, Listing};
use crate::{App, Caller, Error, authorise};

/// The documents that the caller may read, in the order in which they were made or as asked for.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Unavailable`].
pub async fn list<'a>(
    app: &'a App,
    caller: &'a Caller,
    query: &'a ListQuery,
) -> Result<Listing<'a, Document>, Error> {
    listing::open(app, caller, query).await
}

impl Listed for Document {
    type Id = DocumentId;

    const KINDS: &'static [SubjectKind] = &[SubjectKind::Document];
    const FIELDS: &'static [ListField<Self>] = &[
        ListField::int("id", |document| document.id.0.into()),
        ListField::int("categoryId", |document| document.category_id.0.into()),
        ListField::text("name", |document| Value::text(document.name.as_str())),
        ListField::text("description", |document| Value::text(document.description.as_str())),
        ListField::text("documentType", |document| document.document_type.name().into()),
        ListField::int("autoRefreshInterval", |document| {
            i64::from(document.auto_refresh_interval.get()).into()
        }),
        ListField::int("optimisticLock", |document| document.lock.0.into()),
        ListField::text("modifiedBy", |document| Value::text(document.modified_by.as_str())),
        ListField::time("modifiedDateTime", |document| {
            Value::DateTime(document.modified_at.naive_utc())
        }),
        ListField::text("lockedBy", |document| {
            document.locked_by.as_ref().map_or(Value::Null, |name| Value::text(name.as_str()))
        }),
        ListField::int("revisionId", |document| document.revision_id.0.into()),
    ];

    fn id(&self) -> DocumentId {
        self.id
    }

    fn is_seen_by(&self, caller: &Caller) -> bool {
        authorise::sees_document(caller, self)
    }

    async fn slice(app: &App, slice: Slice<DocumentId>) -> Result<Vec<Self>, StoreError> {
        app.stores.documents.list(slice).await
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
        let (open, closed) = (site.document("Open").await, site.document("Closed").await);
        let seen = async |caller| -> Vec<_> {
            let list = list(&site.app, &caller, &ListQuery::ALL).await.unwrap();
            list.read().await.unwrap().iter().cloned().collect()
        };
        assert_eq!(seen(site.administrator().await).await, [open.clone(), closed]);
        let read = (Access::READ, Scope::Document(open.id));
        assert_eq!(seen(site.reader("rita", &[read]).await).await, [open]);
        let change = (Access::MODIFY, Scope::AllDocuments);
        assert_eq!(seen(site.reader("odd", &[change]).await).await, []);
    }
}
