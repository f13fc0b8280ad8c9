//! Looking at all groups.

use pressroom_data::Value;
use pressroom_domain::{Access, Group, GroupId, SubjectKind};
use pressroom_ports::{Slice, StoreError};

use crate::listing::{self, ListField, ListQuery, Listed, Listing};
use crate::{App, Caller, Error, authorise};

/// All groups, in the order in which they were made or as asked for.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`], [`Error::Unavailable`].
pub async fn list<'a>(
    app: &'a App,
    caller: &'a Caller,
    query: &'a ListQuery,
) -> Result<Listing<'a, Group>, Error> {
    authorise::accounts(caller)?;
    listing::open(app, caller, query).await
}

impl Listed for Group {
    type Id = GroupId;

    const KINDS: &'static [SubjectKind] = &[SubjectKind::Group];
    const FIELDS: &'static [ListField<Self>] = &[
        ListField::int("id", |group| group.id.0.into()),
        ListField::text("name", |group| Value::text(group.name.as_str())),
        ListField::int("optimisticLock", |group| group.lock.0.into()),
    ];

    fn id(&self) -> GroupId {
        self.id
    }

    fn is_seen_by(&self, caller: &Caller) -> bool {
        authorise::group(caller, self, Access::READ).is_ok()
    }

    async fn slice(app: &App, slice: Slice<GroupId>) -> Result<Vec<Self>, StoreError> {
        app.stores.groups.list(slice).await
    }
}

#[cfg(test)]
mod tests {
    use pressroom_domain::BuiltInGroup;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn administrators_see_all_groups_and_others_no_list() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let all = list(&site.app, &admin, &ListQuery::ALL).await.unwrap().read().await.unwrap();
        let names: Vec<&str> = all.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, BuiltInGroup::ALL.map(BuiltInGroup::name));
        let rita = site.reader("rita", &[]).await;
        let answer = list(&site.app, &rita, &ListQuery::ALL).await;
        assert!(matches!(answer.err(), Some(Error::Forbidden(_))));
    }
}
