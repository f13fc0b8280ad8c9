//! Signing in: a token for a password.

use std::net::IpAddr;
use std::time::Duration;

use pressroom_domain::{
    AccountType, Actor, AuditEntry, Secret, SignInId, Subject, SubjectKind, TokenOrigin, User, Verb,
};
use pressroom_ports::{Change, NewSignIn, StoreError};

use super::mint::{self, IssuedToken};
use crate::{App, Error};

/// How often a sign-in is looked at again whose account was changed meanwhile.
const TRIES: usize = 3;

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

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The same words whatever is wrong, so that nobody learns which accounts exist.
    #[error("the user name or the password is wrong, or the account is not active")]
    InvalidGrant,
    /// The refresh token is none, expired, or was shown before.
    #[error("the refresh token is unknown, expired or was used before; sign in again")]
    InvalidRefresh,
    /// The same words whatever is wrong with an API key.
    #[error("the API key is unknown or expired, its secret is wrong, or its owner is not active")]
    InvalidClient,
    /// Too many attempts failed; after so long the next one is looked at.
    #[error(
        "too many attempts to sign in have failed; wait {} s, then try again",
        whole_seconds(.0)
    )]
    TooMany(Duration),
    /// The server cannot tell now.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Signs somebody in.
///
/// # Errors
/// See [`IssueError`].
pub async fn issue(app: &App, command: IssueToken) -> Result<IssuedToken, IssueError> {
    let (name, from) = (&*command.user_name, command.from);
    patience(app, name, from)?;
    for _ in 0..TRIES {
        let found = app.stores.users.find_by_name(name).await.map_err(Error::from)?;
        let guest = found.as_ref().is_some_and(User::is_guest);
        let right = if guest {
            command.password.reveal().is_empty()
        } else {
            let hash = found.as_ref().and_then(|user| user.password.as_ref());
            app.passwords.verify(&command.password, hash).await.map_err(Error::from)?
        };
        // Of many attempts at a time, those that are looked at last learn nothing.
        patience(app, name, from)?;
        let may = |user: &User| {
            right && may_sign_in(user) && user.account_type == AccountType::ReportServer
        };
        let Some(user) = found.filter(may) else {
            refuse(app, name, from).await?;
            return Err(IssueError::InvalidGrant);
        };
        match begin(app, &user, from, user.user_name.as_str()).await {
            Ok(issued) => {
                app.attempts.succeeded(name, from, app.clock.now());
                return Ok(issued);
            }
            // The account was changed while the password was looked at: look again.
            Err(StoreError::Conflict { .. } | StoreError::NotFound { .. }) => {}
            Err(error) => return Err(Error::from(error).into()),
        }
    }
    Err(IssueError::InvalidGrant)
}

/// Whether an account is one that is let in at all.
pub(crate) fn may_sign_in(user: &User) -> bool {
    user.active && !user.pending
}

/// Begins a sign-in of a user who has shown who they are.
pub(crate) async fn begin(
    app: &App,
    user: &User,
    from: Option<IpAddr>,
    detail: &str,
) -> Result<IssuedToken, StoreError> {
    let line = line(app, user, from, Verb::SignIn, detail);
    if user.is_guest() {
        // Who needs no password needs nothing instead of it.
        let origin = TokenOrigin::SignIn(SignInId::from_bytes(mint::random_id(app)));
        let (kept, issued) = mint::access(app, user.id, origin);
        app.stores.tokens.create(Change::new(kept, line)).await?;
        return Ok(issued);
    }
    let (sign_in, refresh) = mint::sign_in(app, user);
    let (access, issued) = mint::access(app, user.id, TokenOrigin::SignIn(sign_in.id));
    let new = NewSignIn { sign_in, access, seen: user.lock };
    app.stores.sign_ins.begin(Change::new(new, line)).await?;
    Ok(IssuedToken { refresh: Some(refresh), ..issued })
}

/// A line of the trail about the sign-in of a user.
pub(super) fn line(
    app: &App,
    user: &User,
    from: Option<IpAddr>,
    verb: Verb,
    detail: &str,
) -> AuditEntry {
    AuditEntry {
        at: app.clock.now(),
        actor: Actor::user(user.id, &user.user_name),
        from,
        verb,
        subject: Subject { kind: SubjectKind::User, id: Some(user.id.to_string()) },
        detail: detail.to_owned(),
    }
}

/// Whether an attempt is looked at at all.
pub(super) fn patience(app: &App, account: &str, from: Option<IpAddr>) -> Result<(), IssueError> {
    let wait = app.attempts.wait(account, from, app.clock.now());
    wait.map_or(Ok(()), |wait| Err(IssueError::TooMany(wait)))
}

/// Counts a failed attempt, and leaves a line about it. The name is what a stranger typed: it is
/// shortened.
pub(super) async fn refuse(app: &App, account: &str, from: Option<IpAddr>) -> Result<(), Error> {
    let now = app.clock.now();
    app.attempts.failed(account, from, now);
    let name: String = account.chars().filter(|c| !c.is_control()).take(100).collect();
    let detail = match app.attempts.wait(account, from, now) {
        Some(wait) => format!(
            "{name}; the next attempt from this address has to wait {} s",
            whole_seconds(&wait)
        ),
        None => name.clone(),
    };
    let line = AuditEntry {
        at: now,
        actor: Actor { user_id: None, name },
        from,
        verb: Verb::SignInRefused,
        subject: Subject { kind: SubjectKind::User, id: None },
        detail,
    };
    Ok(app.stores.audit.append(line).await?)
}

/// Seconds, rounded up.
fn whole_seconds(wait: &Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
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
    async fn whoever_fails_time_and_again_waits_and_the_trail_says_so() {
        let site = Site::new().await;
        let attempt = async |password: &str, from: [u8; 4]| {
            let password = Secret::new(password);
            let command =
                IssueToken { user_name: "admin".into(), password, from: Some(from.into()) };
            issue(&site.app, command).await.map(drop).map_err(|error| error.to_string())
        };
        let (stranger, home) = ([192, 0, 2, 7], [192, 0, 2, 1]);
        for _ in 0..5 {
            assert_eq!(attempt("wrong", stranger).await.unwrap_err(), WRONG);
        }
        let line = site.trail().await.pop().unwrap();
        assert_eq!(
            (line.verb, &*line.detail),
            (Verb::SignInRefused, "admin; the next attempt from this address has to wait 1 s")
        );
        let lines = site.trail().await.len();
        let waits = "too many attempts to sign in have failed; wait 1 s, then try again";
        assert_eq!(attempt("secret", stranger).await.unwrap_err(), waits);
        assert_eq!(site.trail().await.len(), lines, "a flood does not fill the trail");
        assert!(attempt("secret", home).await.is_ok(), "the owner is not locked out");
        site.clock.advance(TimeDelta::seconds(1));
        assert!(attempt("secret", stranger).await.is_ok());
    }

    #[tokio::test]
    async fn a_guest_gets_nothing_to_refresh() {
        let site = Site::new().await;
        assert!(sign_in(&site, "Guest", "").await.unwrap().refresh.is_none());
        assert!(sign_in(&site, "admin", "secret").await.unwrap().refresh.is_some());
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
