//! Signing out.

use pressroom_domain::{SubjectKind, Verb};
use pressroom_ports::Change;

use crate::{App, Caller, Error};

/// Ends the token that the caller shows.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn revoke(app: &App, caller: &Caller) -> Result<(), Error> {
    let Some(token) = caller.token() else { return Ok(()) };
    let user = caller.user();
    let id = Some(user.id.to_string());
    let detail = user.user_name.as_str();
    let line = caller.line(&*app.clock, Verb::SignOut, SubjectKind::User, id, detail);
    Ok(app.stores.tokens.delete(Change::new(token, line)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;
    use crate::tokens::verify;

    #[tokio::test]
    async fn a_revoked_token_no_longer_works_and_others_do() {
        let site = Site::new().await;
        let (one, two) = (site.token("admin", "secret").await, site.token("admin", "secret").await);
        let caller = verify(&site.app, &one, None).await.unwrap();
        revoke(&site.app, &caller).await.unwrap();
        assert!(matches!(verify(&site.app, &one, None).await, Err(Error::Unauthenticated)));
        assert!(verify(&site.app, &two, None).await.is_ok());
    }
}
