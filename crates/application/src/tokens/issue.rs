//! Signing in: a token for a password.

use std::net::IpAddr;

use chrono::TimeDelta;
use pressroom_domain::{
    AccessToken, AccountType, Actor, AuditEntry, Secret, Subject, SubjectKind, User, Verb,
};
use pressroom_ports::Change;

use super::{hash, make};
use crate::{App, Error};

/// A wish to sign in.
#[derive(Clone, Debug)]
pub struct IssueToken {
    /// The user name, in any letter case.
    pub user_name: String,
    /// The password.
    pub password: Secret,
    /// The address that they call from, where it is known.
    pub from: Option<IpAddr>,
}

/// A token to call with.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// The token: 64 hexadecimal digits. Nobody but the caller keeps it.
    pub token: Secret,
    /// How long it works, in seconds.
    pub expires_in: u64,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The same words whatever is wrong, so that nobody learns which accounts exist.
    #[error("the user name or the password is wrong, or the account is not active")]
    InvalidGrant,
    /// The server cannot tell now.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Signs somebody in.
///
/// # Errors
/// See [`IssueError`].
pub async fn issue(app: &App, command: IssueToken) -> Result<IssuedToken, IssueError> {
    let found = app.stores.users.find_by_name(&command.user_name).await.map_err(Error::from)?;
    let guest = found.as_ref().is_some_and(User::is_guest);
    let right = if guest {
        command.password.reveal().is_empty()
    } else {
        let hash = found.as_ref().and_then(|user| user.password.as_ref());
        app.passwords.verify(&command.password, hash).await.map_err(Error::from)?
    };
    let may = |user: &User| {
        right && user.active && !user.pending && user.account_type == AccountType::ReportServer
    };
    let Some(user) = found.filter(may) else {
        refuse(app, &command).await?;
        return Err(IssueError::InvalidGrant);
    };
    let token = make(app);
    let lifetime = app.settings.token_lifetime;
    let issued_at = app.clock.now();
    let expires_at = issued_at + TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::MAX);
    let kept = AccessToken { hash: hash(token.reveal()), user_id: user.id, issued_at, expires_at };
    let line = AuditEntry {
        at: issued_at,
        actor: Actor::user(user.id, &user.user_name),
        from: command.from,
        verb: Verb::SignIn,
        subject: Subject { kind: SubjectKind::User, id: Some(user.id.to_string()) },
        detail: user.user_name.to_string(),
    };
    app.stores.tokens.create(Change::new(kept, line)).await.map_err(Error::from)?;
    Ok(IssuedToken { token, expires_in: lifetime.as_secs() })
}

/// Leaves a line about an attempt. The name is what a stranger typed: it is shortened.
async fn refuse(app: &App, command: &IssueToken) -> Result<(), Error> {
    let name: String = command.user_name.chars().filter(|c| !c.is_control()).take(100).collect();
    let line = AuditEntry {
        at: app.clock.now(),
        actor: Actor { user_id: None, name: name.clone() },
        from: command.from,
        verb: Verb::SignInRefused,
        subject: Subject { kind: SubjectKind::User, id: None },
        detail: name,
    };
    Ok(app.stores.audit.append(line).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::NewUser;
    use pressroom_ports::UserUpdate;

    use super::*;
    use crate::test_site::Site;
    use crate::tokens::verify;

    async fn sign_in(site: &Site, user_name: &str, password: &str) -> Result<IssuedToken, String> {
        let password = Secret::new(password);
        let command = IssueToken { user_name: user_name.into(), password, from: None };
        issue(&site.app, command).await.map_err(|error| error.to_string())
    }

    const WRONG: &str = "the user name or the password is wrong, or the account is not active";

    #[tokio::test]
    async fn the_right_password_gives_a_token_that_works() {
        let site = Site::new().await;
        for name in ["admin", "ADMIN", " admin "] {
            let issued = sign_in(&site, name, "secret").await.unwrap();
            assert_eq!(issued.expires_in, 1_199);
            assert_eq!(issued.token.reveal().len(), 64);
            let caller = verify(&site.app, issued.token.reveal(), None).await.unwrap();
            assert_eq!(caller.user().user_name.as_str(), "admin");
            assert!(caller.is_administrator());
        }
    }

    #[tokio::test]
    async fn whatever_is_wrong_is_told_in_the_same_words() {
        let site = Site::new().await;
        site.idle_user("idle", "secret").await;
        for (name, password) in
            [("admin", "Secret"), ("admin", ""), ("nobody", "secret"), ("", ""), ("idle", "secret")]
        {
            assert_eq!(sign_in(&site, name, password).await.unwrap_err(), WRONG, "{name}");
        }
        let trail = site.trail().await;
        let refused = trail.iter().filter(|line| line.verb == Verb::SignInRefused).count();
        assert_eq!(refused, 5);
    }

    #[tokio::test]
    async fn a_guest_needs_no_password_while_active() {
        let site = Site::new().await;
        assert!(sign_in(&site, "Guest", "").await.is_ok());
        assert_eq!(sign_in(&site, "guest", "x").await.unwrap_err(), WRONG);
        let guest = site.app.stores.users.find_by_name("guest").await.unwrap().unwrap();
        let user = NewUser {
            user_name: guest.user_name.clone(),
            first_name: None,
            last_name: None,
            email: None,
            account_type: guest.account_type,
            groups: Vec::new(),
            active: false,
            pending: false,
            password: None,
        };
        let line = site.administrator().await.line(
            &*site.app.clock,
            Verb::Update,
            SubjectKind::User,
            Some(guest.id.to_string()),
            "guest",
        );
        let update = UserUpdate { id: guest.id, expected: None, user };
        site.app.stores.users.update(Change::new(update, line)).await.unwrap();
        assert_eq!(sign_in(&site, "guest", "").await.unwrap_err(), WRONG);
    }

    #[tokio::test]
    async fn a_store_that_is_away_is_not_a_wrong_password() {
        let site = Site::new().await;
        site.store.set_away(true);
        let error = sign_in(&site, "admin", "secret").await.unwrap_err();
        assert_eq!(error, "the store is not available now; try again in a moment");
    }
}
