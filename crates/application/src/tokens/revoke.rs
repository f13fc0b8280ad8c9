//! Signing out.

use std::net::IpAddr;

use pressroom_domain::{AccessToken, Secret, TokenOrigin, User, Verb};
use pressroom_ports::Change;

use super::issue::line;
use super::mint;
use crate::{App, Caller, Error};

/// Signs the caller out: the token that they show ends, and with it all that came from the same
/// sign-in.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn revoke(app: &App, caller: &Caller) -> Result<(), Error> {
    let Some(token) = caller.token() else { return Ok(()) };
    match app.stores.tokens.find(&token).await? {
        Some(session) => end(app, &session.token, &session.identity.user, caller.address()).await,
        None => Ok(()),
    }
}

/// Ends a token that somebody shows, as RFC 7009 has it: an access token or a refresh token, and with
/// either all that came from the same sign-in. Of an API key, only the token ends. What is no token
/// has ended already.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn revoke_token(app: &App, token: &Secret, from: Option<IpAddr>) -> Result<(), Error> {
    let hash = mint::hash(token.reveal());
    if let Some(id) = mint::sign_in_of(token.reveal()) {
        // One that was replaced ends nothing: it may be in a thief's hands, who is to be found out
        // when they use it.
        if let Some((sign_in, user)) = app.stores.sign_ins.find(id).await?
            && sign_in.refresh == hash
        {
            let line = line(app, &user, from, Verb::SignOut, user.user_name.as_str());
            app.stores.sign_ins.end(Change::new(id, line)).await?;
        }
        return Ok(());
    }
    match app.stores.tokens.find(&hash).await? {
        Some(session) => end(app, &session.token, &session.identity.user, from).await,
        None => Ok(()),
    }
}

async fn end(
    app: &App,
    token: &AccessToken,
    user: &User,
    from: Option<IpAddr>,
) -> Result<(), Error> {
    let line = line(app, user, from, Verb::SignOut, user.user_name.as_str());
    match token.origin {
        TokenOrigin::SignIn(id) => app.stores.sign_ins.end(Change::new(id, line)).await?,
        TokenOrigin::ApiKey(_) => app.stores.tokens.delete(Change::new(token.hash, line)).await?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;
    use crate::tokens::{IssueToken, IssuedToken, issue, refresh, verify};

    async fn sign_in(site: &Site) -> IssuedToken {
        let password = Secret::new("secret");
        let command = IssueToken { user_name: "admin".into(), password, from: None };
        issue(&site.app, command).await.unwrap()
    }

    async fn works(site: &Site, issued: &IssuedToken) -> bool {
        verify(&site.app, issued.token.reveal(), None).await.is_ok()
    }

    #[tokio::test]
    async fn who_signs_out_is_out_and_other_sign_ins_go_on() {
        let site = Site::new().await;
        let (one, two) = (sign_in(&site).await, sign_in(&site).await);
        let caller = verify(&site.app, one.token.reveal(), None).await.unwrap();
        revoke(&site.app, &caller).await.unwrap();
        assert!(matches!(
            verify(&site.app, one.token.reveal(), None).await,
            Err(Error::Unauthenticated)
        ));
        assert!(refresh(&site.app, one.refresh.as_ref().unwrap(), None).await.is_err());
        assert!(works(&site, &two).await);
        assert_eq!(site.trail().await.pop().unwrap().verb, Verb::SignOut);
        let guest = site.token("guest", "").await;
        revoke_token(&site.app, &Secret::new(&*guest), None).await.unwrap();
        assert!(verify(&site.app, &guest, None).await.is_err());
    }

    #[tokio::test]
    async fn either_token_of_a_sign_in_ends_it() {
        let site = Site::new().await;
        for by_refresh in [false, true] {
            let first = sign_in(&site).await;
            let old = first.refresh.clone().unwrap();
            let second = refresh(&site.app, &old, None).await.unwrap();
            let shown = if by_refresh { second.refresh.as_ref().unwrap() } else { &second.token };
            revoke_token(&site.app, shown, None).await.unwrap();
            assert!(!works(&site, &first).await && !works(&site, &second).await);
            assert!(refresh(&site.app, second.refresh.as_ref().unwrap(), None).await.is_err());
        }
    }

    #[tokio::test]
    async fn what_is_no_token_ends_nothing() {
        let site = Site::new().await;
        let first = sign_in(&site).await;
        let old = first.refresh.clone().unwrap();
        let second = refresh(&site.app, &old, None).await.unwrap();
        let lines = site.trail().await.len();
        for text in ["", "x", old.reveal()] {
            revoke_token(&site.app, &Secret::new(text), None).await.unwrap();
        }
        assert!(works(&site, &first).await && works(&site, &second).await);
        assert_eq!(site.trail().await.len(), lines);
    }
}
