//! Staying signed in while one is at work.

use chrono::TimeDelta;
use pressroom_domain::{SubjectKind, Verb};
use pressroom_ports::{Change, ProlongedToken};

use crate::{App, Caller, Error};

/// Lets the token that the caller shows work for another while, once half of its time is over. It stays
/// the same token, so that pages which are loading side by side all go on; and it ends for good when
/// `session_time` has passed since it was given.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn prolong(app: &App, caller: &Caller) -> Result<(), Error> {
    let Some(hash) = caller.token() else { return Ok(()) };
    let Some(session) = app.stores.tokens.find(&hash).await? else { return Ok(()) };
    let (token, now) = (session.token, app.clock.now());
    let span = |time| TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX);
    let later = |from: chrono::DateTime<chrono::Utc>, time| {
        from.checked_add_signed(span(time)).unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)
    };
    let lifetime = app.settings.token_lifetime;
    let end = later(token.issued_at, app.settings.session_time);
    let expires_at = later(now, lifetime).min(end);
    let left = token.expires_at - now;
    if left > span(lifetime / 2) || expires_at <= token.expires_at {
        return Ok(());
    }
    let id = Some(caller.user().id.to_string());
    let detail = caller.user().user_name.as_str();
    let line = caller.line(&*app.clock, Verb::Prolong, SubjectKind::User, id, detail);
    let prolonged = ProlongedToken { hash, expires_at };
    Ok(app.stores.tokens.prolong(Change::new(prolonged, line)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;
    use crate::tokens::verify;

    #[tokio::test]
    async fn a_token_in_use_goes_on_for_twelve_hours_at_most() {
        let site = Site::new().await;
        let token = site.token("admin", "secret").await;
        let mut minutes = 0;
        while let Ok(caller) = verify(&site.app, &token, None).await {
            prolong(&site.app, &caller).await.unwrap();
            site.clock.advance(TimeDelta::minutes(5));
            minutes += 5;
        }
        assert_eq!(minutes, 12 * 60);
        let lines = site.trail().await;
        let prolonged = lines.iter().filter(|line| line.verb == Verb::Prolong).count();
        assert!((50..80).contains(&prolonged), "{prolonged}: not with every call");
    }

    #[tokio::test]
    async fn a_token_that_is_not_used_ends() {
        let site = Site::new().await;
        let token = site.token("admin", "secret").await;
        let caller = verify(&site.app, &token, None).await.unwrap();
        site.clock.advance(TimeDelta::seconds(1_199));
        assert!(verify(&site.app, &token, None).await.is_err());
        // A call that was under way does not raise what has ended by then.
        prolong(&site.app, &caller).await.unwrap();
    }
}
