//! Programs that sign in by an API key.

use std::net::IpAddr;

use pressroom_domain::{ClientId, Secret, TokenOrigin, Verb};
use pressroom_ports::{Change, StoreError, UsedApiKey};

use super::issue::{IssueError, line, may_sign_in, patience, refuse};
use super::mint::{self, IssuedToken};
use crate::{App, Error};

/// A program that wants to sign in.
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    /// Which key.
    pub client_id: String,
    /// Its secret.
    pub secret: Secret,
    /// The address that the program calls from, where it is known.
    pub from: Option<IpAddr>,
}

/// Signs a program in, in the name of the key's owner.
///
/// # Errors
/// [`IssueError::InvalidClient`], [`IssueError::TooMany`], [`IssueError::Failed`].
pub async fn issue_to_client(
    app: &App,
    command: ClientCredentials,
) -> Result<IssuedToken, IssueError> {
    let (shown, from) = (&*command.client_id, command.from);
    patience(app, shown, from)?;
    let found = match shown.trim().parse::<ClientId>() {
        Ok(id) => app.stores.api_keys.find(id).await.map_err(Error::from)?,
        Err(_) => None,
    };
    // Both sides are hashes of the same length: how far they agree tells nothing about the secret.
    let secret = mint::hash(command.secret.reveal());
    let now = app.clock.now();
    let found =
        found.filter(|(key, user)| key.secret == secret && key.is_valid(now) && may_sign_in(user));
    let Some((key, user)) = found else {
        refuse(app, shown, from).await?;
        return Err(IssueError::InvalidClient);
    };
    let (access, issued) = mint::access(app, user.id, TokenOrigin::ApiKey(key.id));
    let detail = format!("{} by the API key {}", user.user_name, key.name);
    let line = line(app, &user, from, Verb::SignIn, &detail);
    let used = UsedApiKey { id: key.id, at: now, access };
    match app.stores.api_keys.used(Change::new(used, line)).await {
        Ok(()) => {
            app.attempts.succeeded(shown, from, now);
            Ok(issued)
        }
        // It was deleted in this very moment.
        Err(StoreError::NotFound { .. }) => Err(IssueError::InvalidClient),
        Err(error) => Err(Error::from(error).into()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::api_keys::{self, CreateApiKey, MadeApiKey};
    use crate::setup::set_password;
    use crate::test_site::Site;
    use crate::tokens::verify;

    async fn key(site: &Site, expires_at: Option<TimeDelta>) -> MadeApiKey {
        let admin = site.administrator().await;
        let expires_at = expires_at.map(|after| site.app.clock.now() + after);
        let command = CreateApiKey { name: "nightly copy".into(), expires_at };
        api_keys::create(&site.app, &admin, command).await.unwrap()
    }

    async fn sign_in(site: &Site, id: &str, secret: &str) -> Result<IssuedToken, IssueError> {
        let from = Some([192, 0, 2, 1].into());
        let secret = Secret::new(secret);
        let command = ClientCredentials { client_id: id.into(), secret, from };
        issue_to_client(&site.app, command).await
    }

    fn check_refused(answer: &Result<IssuedToken, IssueError>) {
        assert!(matches!(answer, Err(IssueError::InvalidClient)), "{answer:?}");
    }

    #[tokio::test]
    async fn a_key_gives_a_token_of_its_owner_and_nothing_to_refresh() {
        let site = Site::new().await;
        let made = key(&site, None).await;
        let id = made.key.client_id.to_string();
        site.clock.advance(TimeDelta::hours(1));
        let issued = sign_in(&site, &id.to_uppercase(), made.secret.reveal()).await.unwrap();
        assert!(issued.refresh.is_none());
        let caller = verify(&site.app, issued.token.reveal(), None).await.unwrap();
        assert_eq!(caller.user().user_name.as_str(), "admin");
        let line = site.trail().await.pop().unwrap();
        assert_eq!((line.verb, &*line.detail), (Verb::SignIn, "admin by the API key nightly copy"));
        let keys = api_keys::list(&site.app, &site.administrator().await).await.unwrap();
        assert_eq!(keys[0].last_used_at, Some(site.app.clock.now()));
    }

    #[tokio::test]
    async fn whatever_is_wrong_is_told_in_the_same_words() {
        let site = Site::new().await;
        let made = key(&site, Some(TimeDelta::days(1))).await;
        let (id, secret) = (made.key.client_id.to_string(), made.secret.reveal());
        for (id, secret) in [(&*id, "x"), (&*id, ""), ("x", secret), ("", ""), (&id[1..], secret)] {
            check_refused(&sign_in(&site, id, secret).await);
        }
        assert!(sign_in(&site, &id, secret).await.is_ok());
        site.clock.advance(TimeDelta::days(1));
        check_refused(&sign_in(&site, &id, secret).await);
    }

    #[tokio::test]
    async fn keys_that_are_guessed_wait() {
        let site = Site::new().await;
        let made = key(&site, None).await;
        let id = made.key.client_id.to_string();
        for _ in 0..5 {
            check_refused(&sign_in(&site, &id, "x").await);
        }
        let answer = sign_in(&site, &id, made.secret.reveal()).await;
        assert!(matches!(answer, Err(IssueError::TooMany(_))), "{answer:?}");
    }

    #[tokio::test]
    async fn a_new_password_ends_keys_and_what_came_from_them() {
        let site = Site::new().await;
        let made = key(&site, None).await;
        let id = made.key.client_id.to_string();
        let issued = sign_in(&site, &id, made.secret.reveal()).await.unwrap();
        set_password(&site.app, "admin", &Secret::new("other")).await.unwrap();
        assert!(verify(&site.app, issued.token.reveal(), None).await.is_err());
        check_refused(&sign_in(&site, &id, made.secret.reveal()).await);
    }
}
