//! Giving a group another name.

use pressroom_domain::{
    Access, Group, GroupId, GroupUpdate, Name, OptimisticLock, SubjectKind, Verb,
};
use pressroom_ports::Change;

use crate::error::Check;
use crate::{App, Caller, Error, authorise};

/// A change of a group.
#[derive(Clone, Debug)]
pub struct UpdateGroup {
    /// Which.
    pub id: GroupId,
    /// The lock that the caller saw.
    pub lock: Option<OptimisticLock>,
    /// What it is called from now on.
    pub name: String,
}

/// Gives a group another name.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Stale`];
/// [`Error::Conflict`] where the name is taken, and for the System Administrators.
pub async fn update(app: &App, caller: &Caller, command: UpdateGroup) -> Result<Group, Error> {
    let group = app.stores.groups.get(command.id).await?;
    authorise::group(caller, &group, Access::MODIFY)?;
    let mut check = Check::default();
    check.lock(app, command.lock);
    let Some(name) = check.field("name", Name::new(&command.name)) else {
        return Err(check.into_error());
    };
    check.end()?;
    if name != group.name {
        group.is_free().map_err(|error| Error::Conflict(error.to_string()))?;
    }
    let id = Some(command.id.to_string());
    let detail = name.as_str();
    let line = caller.line(&*app.clock, Verb::Update, SubjectKind::Group, id, detail);
    let update = GroupUpdate { id: command.id, expected: command.lock, name };
    Ok(app.stores.groups.update(Change::new(update, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_ports::Slice;

    use super::*;
    use crate::groups::{self, CreateGroup};
    use crate::test_site::Site;

    fn rename(id: GroupId, lock: Option<i64>, name: &str) -> UpdateGroup {
        UpdateGroup { id, lock: lock.map(OptimisticLock), name: name.into() }
    }

    #[tokio::test]
    async fn an_update_needs_the_lock_that_was_seen() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let id = groups::create(&site.app, &admin, CreateGroup { name: "Sales".into() })
            .await
            .unwrap()
            .id;
        let renamed = update(&site.app, &admin, rename(id, Some(0), "Shop")).await.unwrap();
        assert_eq!((renamed.name.as_str(), renamed.lock), ("Shop", OptimisticLock(1)));
        let stale = update(&site.app, &admin, rename(id, Some(0), "Lost")).await.unwrap_err();
        assert!(matches!(stale, Error::Stale { current: OptimisticLock(1), .. }), "{stale}");
        let without = update(&site.app, &admin, rename(id, None, "Lost")).await.unwrap_err();
        assert!(matches!(without, Error::Invalid(_)), "{without}");
    }

    #[tokio::test]
    async fn the_administrators_keep_their_name_and_others_need_not() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        for group in site.app.stores.groups.list(Slice::first(10)).await.unwrap() {
            let lock = Some(group.lock.0);
            let answer = update(&site.app, &admin, rename(group.id, lock, "Other")).await;
            let fixed = admin.user().groups.contains(&group.id);
            assert_eq!(answer.is_err(), fixed, "{answer:?}");
            let Err(error) = answer else {
                let name = group.name.as_str();
                update(&site.app, &admin, rename(group.id, None, name)).await.unwrap_err();
                update(&site.app, &admin, rename(group.id, lock.map(|lock| lock + 1), name))
                    .await
                    .unwrap();
                continue;
            };
            assert_eq!(
                error.to_string(),
                "the group \"System Administrators\" is built in: it can't be deleted or given another name"
            );
        }
    }
}
