//! Changing one's own password.

use pressroom_domain::{AccountType, Secret, SubjectKind, User, Verb, check_password};
use pressroom_ports::Change;

use crate::{App, Caller, Error};

/// A change of the caller's own password.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The password until now.
    pub current: Secret,
    /// The password from now on.
    pub new: Secret,
}

/// Changes the caller's own password. All that was signed in before is not any more, this caller
/// too.
///
/// # Errors
/// [`Error::Conflict`] where the password is not kept here; [`Error::Invalid`] for a wrong current
/// password and a new one that is not taken.
pub async fn change_password(
    app: &App,
    caller: &Caller,
    command: ChangePassword,
) -> Result<User, Error> {
    let user = caller.user();
    if user.is_guest() || user.account_type != AccountType::ReportServer {
        let words = format!("the password of \"{}\" is not kept here", user.user_name);
        return Err(Error::Conflict(words));
    }
    let ChangePassword { current, new } = command;
    if !app.passwords.verify(&current, user.password.as_ref()).await? {
        return Err(Error::invalid("currentPassword", "is wrong"));
    }
    check_password(&new, &user.user_name).map_err(|weak| Error::invalid("newPassword", weak))?;
    let hash = app.passwords.hash(&new).await?;
    let id = Some(user.id.to_string());
    let detail = user.user_name.as_str();
    let line = caller.line(&*app.clock, Verb::SetPassword, SubjectKind::User, id, detail);
    Ok(app.stores.users.set_password(Change::new((user.id, hash), line)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup;
    use crate::test_site::Site;
    use crate::tokens::verify;

    fn change(current: &str, new: &str) -> ChangePassword {
        ChangePassword { current: Secret::new(current), new: Secret::new(new) }
    }

    #[tokio::test]
    async fn who_knows_the_password_changes_it() {
        let site = Site::new().await;
        let token = site.token("admin", "secret").await;
        let caller = verify(&site.app, &token, None).await.unwrap();
        for (current, new, field) in [
            ("Secret", "correct horse", "currentPassword"),
            ("", "correct horse", "currentPassword"),
            ("secret", "short", "newPassword"),
        ] {
            let error =
                change_password(&site.app, &caller, change(current, new)).await.unwrap_err();
            assert!(error.to_string().starts_with(field), "{error}");
        }
        change_password(&site.app, &caller, change("secret", "correct horse")).await.unwrap();
        assert!(verify(&site.app, &token, None).await.is_err());
        assert!(!site.token("admin", "correct horse").await.is_empty());
        let line = site.trail().await.into_iter().rfind(|line| line.verb == Verb::SetPassword);
        assert_eq!(line.unwrap().actor.name, "admin");
    }

    #[tokio::test]
    async fn the_guest_has_none() {
        let site = Site::new().await;
        let guest = setup::act_as(&site.app, "guest").await.unwrap();
        let error =
            change_password(&site.app, &guest, change("", "correct horse")).await.unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error}");
    }
}
