//! Deleting a group.

use pressroom_domain::{Access, GroupId, SubjectKind, Verb};
use pressroom_ports::Change;

use crate::{App, Caller, Error, authorise};

/// Deletes a group, with its permissions; its members are no longer in it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] for the System Administrators.
pub async fn delete(app: &App, caller: &Caller, id: GroupId) -> Result<(), Error> {
    let group = app.stores.groups.get(id).await?;
    authorise::group(caller, &group, Access::DELETE)?;
    group.is_free().map_err(|error| Error::Conflict(error.to_string()))?;
    let subject = Some(id.to_string());
    let detail = group.name.as_str();
    let line = caller.line(&*app.clock, Verb::Delete, SubjectKind::Group, subject, detail);
    Ok(app.stores.groups.delete(Change::new(id, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{BuiltInGroup, Holder};
    use pressroom_ports::{Kind, Slice};

    use super::*;
    use crate::test_site::Site;
    use crate::users::{self, UpdateUser};
    use crate::{groups, permissions, setup};

    #[tokio::test]
    async fn what_a_group_gave_goes_with_it() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let document = site.document("Invoice").await;
        let group = groups::create(&site.app, &admin, groups::CreateGroup { name: "Team".into() });
        let group = group.await.unwrap();
        let read = permissions::Entry {
            access_mode: Some(2),
            scope: "document".into(),
            entity_id: Some(document.id.0),
        };
        let command = permissions::EditPermissions {
            holder: Holder::Group(group.id),
            lock: Some(group.lock),
            entries: vec![read],
        };
        permissions::add(&site.app, &admin, command).await.unwrap();
        let rita = site.reader("rita", &[]).await.user().clone();
        let command = UpdateUser {
            id: rita.id,
            lock: Some(rita.lock),
            first_name: None,
            last_name: None,
            email: None,
            groups: Some(vec![group.id]),
            active: None,
        };
        users::update(&site.app, &admin, command).await.unwrap();
        let sees = async || {
            let rita = setup::act_as(&site.app, "rita").await.unwrap();
            crate::documents::get(&site.app, &rita, document.id).await.is_ok()
        };
        assert!(sees().await);
        delete(&site.app, &admin, group.id).await.unwrap();
        assert!(!sees().await);
        let again = delete(&site.app, &admin, group.id).await.unwrap_err();
        let kind = Kind::Group.to_string();
        assert!(matches!(&again, Error::NotFound { what, .. } if *what == kind), "{again}");
    }

    #[tokio::test]
    async fn all_but_the_administrators_can_be_deleted_and_stay_so() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        for group in site.app.stores.groups.list(Slice::first(10)).await.unwrap() {
            let fixed = group.built_in == Some(BuiltInGroup::SystemAdministrators);
            assert_eq!(delete(&site.app, &admin, group.id).await.is_err(), fixed, "{group:?}");
        }
        setup::setup(&site.app, &setup::Setup::default()).await.unwrap();
        assert_eq!(
            site.app.stores.groups.list(Slice::first(10)).await.unwrap().len(),
            1,
            "after a restart too"
        );
    }
}
