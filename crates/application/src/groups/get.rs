//! Looking at a group.

use pressroom_domain::{Access, Group, GroupId};

use crate::{App, Caller, Error, authorise};

/// A group: any for administrators, their own for everybody.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: GroupId) -> Result<Group, Error> {
    let group = app.stores.groups.get(id).await?;
    authorise::group(caller, &group, Access::READ)?;
    Ok(group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_group_one_is_not_in_does_not_exist() {
        let site = Site::new().await;
        let (admin, rita) = (site.administrator().await, site.reader("rita", &[]).await);
        let id = admin.user().groups[0];
        assert_eq!(get(&site.app, &admin, id).await.unwrap().id, id);
        let error = get(&site.app, &rita, id).await.unwrap_err();
        assert_eq!(error.to_string(), format!("group {id} does not exist"));
    }
}
