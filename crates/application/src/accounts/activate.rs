//! Activating an account by a mailed link.

use pressroom_domain::{LinkPurpose, User};

use super::FollowLink;
use super::link::follow;
use crate::{App, Error};

/// Sets the first password of an account, which is active from then on.
///
/// # Errors
/// [`Error::Invalid`] for a link that does not work (any more) and for a password that is not taken.
pub async fn activate(app: &App, command: FollowLink) -> Result<User, Error> {
    follow(app, LinkPurpose::Activate, command).await
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use pressroom_domain::Secret;

    use super::*;
    use crate::accounts::link::tests::{link, mailed_token};
    use crate::accounts::{invite, reset};
    use crate::test_site::Site;

    async fn invited() -> (Site, Secret) {
        let site = Site::new().await;
        let ann = site.pending_user("ann").await;
        invite(&site.app, &site.administrator().await, ann).await.unwrap();
        let token = mailed_token(&site).await;
        (site, token)
    }

    #[tokio::test]
    async fn a_link_activates_an_account_once() {
        let (site, token) = invited().await;
        let user = activate(&site.app, link(&token, "correct horse")).await.unwrap();
        assert!(user.active && !user.pending);
        assert!(!site.token("ann", "correct horse").await.is_empty());
        let again = activate(&site.app, link(&token, "other horse")).await.unwrap_err();
        assert!(
            again.to_string().starts_with("token: this link does not work any more"),
            "{again}"
        );
        let line =
            site.trail().await.into_iter().rfind(|line| line.detail.contains("by a mailed link"));
        assert_eq!(line.unwrap().actor.name, "ann");
    }

    #[tokio::test]
    async fn a_link_works_for_seven_days_and_for_nothing_else() {
        let (site, token) = invited().await;
        assert!(reset(&site.app, link(&token, "correct horse")).await.is_err());
        let upper = Secret::new(token.reveal().to_uppercase() + "x");
        assert!(activate(&site.app, link(&upper, "correct horse")).await.is_err());
        site.clock.advance(TimeDelta::days(7));
        assert!(activate(&site.app, link(&token, "correct horse")).await.is_err());
    }

    #[tokio::test]
    async fn a_password_that_is_not_taken_does_not_use_the_link_up() {
        let (site, token) = invited().await;
        for wrong in ["", "short", "Ann"] {
            let error = activate(&site.app, link(&token, wrong)).await.unwrap_err();
            assert!(error.to_string().starts_with("password: "), "{error}");
        }
        assert!(activate(&site.app, link(&token, "correct horse")).await.is_ok());
    }
}
