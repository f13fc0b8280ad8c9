//! Looking at all users.

use pressroom_data::Value;
use pressroom_domain::{Access, EmailAddress, Name, SubjectKind, User, UserId};
use pressroom_ports::{Slice, StoreError};

use crate::listing::{self, ListField, ListQuery, Listed, Listing};
use crate::{App, Caller, Error, authorise};

/// All users, in the order in which they were made or as asked for.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::Invalid`], [`Error::Unavailable`].
pub async fn list<'a>(
    app: &'a App,
    caller: &'a Caller,
    query: &'a ListQuery,
) -> Result<Listing<'a, User>, Error> {
    authorise::accounts(caller)?;
    listing::open(app, caller, query).await
}

fn name(name: Option<&Name>) -> Value {
    name.map_or(Value::Null, |name| Value::text(name.as_str()))
}

impl Listed for User {
    type Id = UserId;

    /// A group that is deleted is no longer among those of its members.
    const KINDS: &'static [SubjectKind] = &[SubjectKind::User, SubjectKind::Group];
    const FIELDS: &'static [ListField<Self>] = &[
        ListField::int("id", |user| user.id.0.into()),
        ListField::text("userName", |user| Value::text(user.user_name.as_str())),
        ListField::text("name", |user| user.full_name().into()),
        ListField::text("firstName", |user| name(user.first_name.as_ref())),
        ListField::text("lastName", |user| name(user.last_name.as_ref())),
        ListField::text("email", |user| {
            let email = user.email.as_ref().map(EmailAddress::as_str);
            email.map_or(Value::Null, Value::text)
        }),
        ListField::text("accountType", |user| user.account_type.name().into()),
        ListField::bool("active", |user| user.active.into()),
        ListField::bool("pending", |user| user.pending.into()),
        ListField::int("optimisticLock", |user| user.lock.0.into()),
    ];

    fn id(&self) -> UserId {
        self.id
    }

    fn is_seen_by(&self, caller: &Caller) -> bool {
        authorise::user(caller, self, Access::READ).is_ok()
    }

    async fn slice(app: &App, slice: Slice<UserId>) -> Result<Vec<Self>, StoreError> {
        app.stores.users.list(slice).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn administrators_see_all_users_and_others_no_list() {
        let site = Site::new().await;
        let (admin, reader) = (site.administrator().await, site.reader("rita", &[]).await);
        let names = async |filter: &str| -> Vec<String> {
            let query = ListQuery { filter: Some(filter.into()), ..ListQuery::ALL };
            let list = list(&site.app, &admin, &query).await.unwrap().read().await.unwrap();
            list.iter().map(|user| user.user_name.to_string()).collect()
        };
        assert_eq!(names("[id] > 0").await, ["Guest", "admin", "rita"]);
        assert_eq!(names("[active] and [name] = 'Ann Ångström'").await, ["rita"]);
        let answer = list(&site.app, &reader, &ListQuery::ALL).await;
        assert!(matches!(answer.err(), Some(Error::Forbidden(_))));
    }
}
