//! Setting a password from the server's own machine.

use pressroom_domain::{Secret, SubjectKind, User, Verb};
use pressroom_ports::{Change, Kind};

use super::line;
use crate::error::missing;
use crate::{App, Error};

/// Sets a user's password, makes the account active, and ends its tokens.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for an empty password and for the guest, who has none.
pub async fn set_password(app: &App, user_name: &str, password: &Secret) -> Result<User, Error> {
    let user = app.stores.users.find_by_name(user_name).await?;
    let user = user.ok_or_else(|| missing(Kind::User, user_name))?;
    if password.reveal().is_empty() {
        return Err(Error::invalid("password", "must not be empty"));
    }
    if user.is_guest() {
        return Err(Error::invalid("userName", "the guest has no password"));
    }
    let hash = app.passwords.hash(password).await?;
    let id = Some(user.id.to_string());
    let detail = user.user_name.as_str();
    let line = line(app, Verb::SetPassword, SubjectKind::User, id, detail);
    Ok(app.stores.users.set_password(Change::new((user.id, hash), line)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;
    use crate::tokens::verify;

    #[tokio::test]
    async fn a_new_password_works_and_what_was_signed_in_before_ends() {
        let site = Site::new().await;
        let old = site.token("admin", "secret").await;
        let user = set_password(&site.app, "ADMIN", &Secret::new("other")).await.unwrap();
        assert_eq!(user.user_name.as_str(), "admin");
        assert!(verify(&site.app, &old, None).await.is_err());
        let new = site.token("admin", "other").await;
        assert!(verify(&site.app, &new, None).await.is_ok());
    }

    #[tokio::test]
    async fn a_pending_account_is_activated() {
        let site = Site::new().await;
        site.idle_user("ida", "unused").await;
        let user = set_password(&site.app, "ida", &Secret::new("other")).await.unwrap();
        assert!(user.active && !user.pending);
    }

    #[tokio::test]
    async fn what_is_wrong_is_told() {
        let site = Site::new().await;
        for (name, password, expect) in [
            ("nobody", "x", "user nobody does not exist"),
            ("admin", "", "password: must not be empty"),
            ("guest", "x", "userName: the guest has no password"),
        ] {
            let error = set_password(&site.app, name, &Secret::new(password)).await.unwrap_err();
            assert_eq!(error.to_string(), expect);
        }
    }
}
