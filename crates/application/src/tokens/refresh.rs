//! Going on without the password: another token for a refresh token.

use std::net::IpAddr;

use pressroom_domain::{Secret, TokenOrigin, Verb};
use pressroom_ports::{Change, RefreshedSignIn, StoreError};

use super::issue::{IssueError, line, may_sign_in};
use super::mint::{self, IssuedToken};
use crate::{App, Error};

/// Takes a refresh token, and gives an access token and the next refresh token for it.
///
/// A refresh token is shown once. Where one comes back that was shown before, one of two is a thief,
/// and nobody can tell which: the whole sign-in ends (RFC 9700 §4.14).
///
/// # Errors
/// [`IssueError::InvalidRefresh`], [`IssueError::Failed`].
pub async fn refresh(
    app: &App,
    token: &Secret,
    from: Option<IpAddr>,
) -> Result<IssuedToken, IssueError> {
    let id = mint::sign_in_of(token.reveal()).ok_or(IssueError::InvalidRefresh)?;
    let found = app.stores.sign_ins.find(id).await.map_err(Error::from)?;
    let (sign_in, user) = found.ok_or(IssueError::InvalidRefresh)?;
    if !sign_in.is_valid(app.clock.now()) || !may_sign_in(&user) {
        return Err(IssueError::InvalidRefresh);
    }
    let shown = mint::hash(token.reveal());
    let name = user.user_name.as_str();
    if sign_in.refresh == shown {
        let (refresh, next) = mint::refresh_token(app, id);
        let (access, issued) = mint::access(app, user.id, TokenOrigin::SignIn(id));
        let expires_at = mint::refreshable_until(app);
        let refreshed = RefreshedSignIn { id, shown, refresh, expires_at, access };
        let line = line(app, &user, from, Verb::Refresh, name);
        match app.stores.sign_ins.refresh(Change::new(refreshed, line)).await {
            Ok(()) => return Ok(IssuedToken { refresh: Some(next), ..issued }),
            // Somebody else has shown it in this very moment.
            Err(StoreError::NotFound { .. }) => {}
            Err(error) => return Err(Error::from(error).into()),
        }
    }
    let detail = format!("{name}; a refresh token came a second time");
    let line = line(app, &user, from, Verb::SignOut, &detail);
    app.stores.sign_ins.end(Change::new(id, line)).await.map_err(Error::from)?;
    Err(IssueError::InvalidRefresh)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::setup::set_password;
    use crate::test_site::Site;
    use crate::tokens::{IssueToken, issue, verify};

    async fn sign_in(site: &Site) -> IssuedToken {
        let password = Secret::new("secret");
        let command = IssueToken { user_name: "admin".into(), password, from: None };
        issue(&site.app, command).await.unwrap()
    }

    async fn refreshed(site: &Site, issued: &IssuedToken) -> Result<IssuedToken, IssueError> {
        refresh(&site.app, issued.refresh.as_ref().unwrap(), None).await
    }

    fn check_refused(answer: &Result<IssuedToken, IssueError>) {
        assert!(matches!(answer, Err(IssueError::InvalidRefresh)), "{answer:?}");
    }

    #[tokio::test]
    async fn a_refresh_token_gives_the_next_token_and_the_next_refresh_token() {
        let site = Site::new().await;
        let first = sign_in(&site).await;
        site.clock.advance(TimeDelta::days(13));
        assert!(verify(&site.app, first.token.reveal(), None).await.is_err());
        let second = refreshed(&site, &first).await.unwrap();
        assert!(verify(&site.app, second.token.reveal(), None).await.is_ok());
        assert_ne!(first.refresh, second.refresh);
        site.clock.advance(TimeDelta::days(13));
        assert!(refreshed(&site, &second).await.is_ok(), "each time it lasts as long again");
        assert_eq!(site.trail().await.pop().unwrap().verb, Verb::Refresh);
    }

    #[tokio::test]
    async fn one_that_comes_back_ends_the_sign_in() {
        let site = Site::new().await;
        let (first, other) = (sign_in(&site).await, sign_in(&site).await);
        let second = refreshed(&site, &first).await.unwrap();
        check_refused(&refreshed(&site, &first).await);
        let line = site.trail().await.pop().unwrap();
        assert_eq!(
            (line.verb, &*line.detail),
            (Verb::SignOut, "admin; a refresh token came a second time")
        );
        check_refused(&refreshed(&site, &second).await);
        for issued in [first, second] {
            assert!(verify(&site.app, issued.token.reveal(), None).await.is_err());
        }
        assert!(verify(&site.app, other.token.reveal(), None).await.is_ok());
        assert!(refreshed(&site, &other).await.is_ok(), "another sign-in goes on");
    }

    #[tokio::test]
    async fn it_ends_by_time_by_password_and_by_rights() {
        let site = Site::new().await;
        let first = sign_in(&site).await;
        site.clock.advance(TimeDelta::days(14));
        check_refused(&refreshed(&site, &first).await);
        let second = sign_in(&site).await;
        set_password(&site.app, "admin", &Secret::new("secret")).await.unwrap();
        check_refused(&refreshed(&site, &second).await);
    }

    #[tokio::test]
    async fn other_texts_are_no_refresh_tokens() {
        let site = Site::new().await;
        let issued = sign_in(&site).await;
        let token = issued.refresh.as_ref().unwrap().reveal();
        let long = "0".repeat(100_000);
        let umlauts = "ä".repeat(48);
        for text in ["", "x", issued.token.reveal(), &token[1..], &long, &umlauts] {
            check_refused(&refresh(&site.app, &Secret::new(text), None).await);
        }
        assert!(refreshed(&site, &issued).await.is_ok());
    }
}
