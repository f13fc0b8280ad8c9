//! Setting another password by a mailed link.

use pressroom_domain::{LinkPurpose, User};

use super::FollowLink;
use super::link::follow;
use crate::{App, Error};

/// Sets another password in place of one that was lost; whoever was signed in is no longer.
///
/// # Errors
/// [`Error::Invalid`] for a link that does not work (any more) and for a password that is not taken.
pub async fn reset(app: &App, command: FollowLink) -> Result<User, Error> {
    follow(app, LinkPurpose::Reset, command).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::link::tests::{link, mailed_token};
    use crate::accounts::{RequestReset, request_reset};
    use crate::test_site::Site;
    use crate::tokens::verify;

    #[tokio::test]
    async fn a_link_sets_another_password_and_ends_what_was_signed_in() {
        let site = Site::new().await;
        site.active_user("ann", "lost password").await;
        let signed_in = site.token("ann", "lost password").await;
        let command = RequestReset { account: "ann".into(), from: None };
        request_reset(&site.app, command).await.unwrap();
        let token = mailed_token(&site).await;
        assert!(verify(&site.app, &signed_in, None).await.is_ok(), "asking changes nothing");
        reset(&site.app, link(&token, "correct horse")).await.unwrap();
        assert!(verify(&site.app, &signed_in, None).await.is_err());
        assert!(!site.token("ann", "correct horse").await.is_empty());
        assert!(reset(&site.app, link(&token, "other horse")).await.is_err(), "it works once");
    }
}
