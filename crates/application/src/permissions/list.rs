//! Looking at permissions.

use pressroom_domain::{Access, Holder, Permission};

use super::entries::check_holder;
use crate::{App, Caller, Error};

/// What a user or group may do by its own permissions, ordered by scope: of any for administrators,
/// of themselves and their groups for everybody.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list(app: &App, caller: &Caller, holder: Holder) -> Result<Vec<Permission>, Error> {
    check_holder(app, caller, holder, Access::READ).await?;
    Ok(app.stores.permissions.granted_to(holder).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::Scope;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn everybody_sees_what_they_may_do_themselves() {
        let site = Site::new().await;
        let held = (Access::READ, Scope::AllDocuments);
        let (admin, rita) = (site.administrator().await, site.reader("rita", &[held]).await);
        let own = Holder::User(rita.user().id);
        let expect = [Permission::new(held.0, held.1)];
        assert_eq!(list(&site.app, &rita, own).await.unwrap(), expect);
        assert_eq!(list(&site.app, &admin, own).await.unwrap(), expect);
        let others = [Holder::User(admin.user().id), Holder::Group(admin.user().groups[0])];
        for other in others {
            let error = list(&site.app, &rita, other).await.unwrap_err();
            assert_eq!(error.to_string(), format!("{other} does not exist"));
        }
    }
}
