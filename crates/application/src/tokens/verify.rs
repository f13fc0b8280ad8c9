//! Calling: who shows this token?

use std::net::IpAddr;

use super::issue::may_sign_in;
use super::mint::hash;
use crate::{App, Caller, Error};

/// Who shows a token, calling from an address.
///
/// # Errors
/// [`Error::Unauthenticated`] for a token that is unknown, expired, or of an account that is no
/// longer active.
pub async fn verify(app: &App, token: &str, from: Option<IpAddr>) -> Result<Caller, Error> {
    let hash = hash(token);
    let session = app.stores.tokens.find(&hash).await?.ok_or(Error::Unauthenticated)?;
    let user = &session.identity.user;
    if session.token.is_valid(app.clock.now()) && may_sign_in(user) {
        Ok(Caller::with_token(&session, from))
    } else {
        Err(Error::Unauthenticated)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_token_works_for_1199_seconds() {
        let site = Site::new().await;
        let token = site.token("admin", "secret").await;
        site.clock.advance(TimeDelta::seconds(1_199) - TimeDelta::microseconds(1));
        assert!(verify(&site.app, &token, None).await.is_ok());
        site.clock.advance(TimeDelta::microseconds(1));
        assert!(matches!(verify(&site.app, &token, None).await, Err(Error::Unauthenticated)));
    }

    #[tokio::test]
    async fn other_texts_are_no_tokens() {
        let site = Site::new().await;
        let token = site.token("admin", "secret").await;
        for text in ["", "x", &token[1..], &token.to_uppercase()] {
            if text == token {
                continue;
            }
            assert!(
                matches!(verify(&site.app, text, None).await, Err(Error::Unauthenticated)),
                "{text}"
            );
        }
    }
}
