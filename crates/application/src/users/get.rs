//! Looking at a user.

use pressroom_domain::{Access, User, UserId};

use crate::{App, Caller, Error, authorise};

/// A user: any for administrators, themselves for everybody.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: UserId) -> Result<User, Error> {
    let user = app.stores.users.get(id).await?;
    authorise::user(caller, &user, Access::READ)?;
    Ok(user)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn everybody_sees_themselves_and_administrators_everybody() {
        let site = Site::new().await;
        let (admin, rita) = (site.administrator().await, site.reader("rita", &[]).await);
        let id = rita.user().id;
        assert_eq!(get(&site.app, &rita, id).await.unwrap().id, id);
        assert_eq!(get(&site.app, &admin, id).await.unwrap().id, id);
        for other in [admin.user().id, UserId(987)] {
            let error = get(&site.app, &rita, other).await.unwrap_err();
            assert_eq!(error.to_string(), format!("user {other} does not exist"));
        }
    }
}
