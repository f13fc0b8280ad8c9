//! The second half: there to here.

use std::net::IpAddr;

use pressroom_domain::{AccountType, Actor, AuditEntry, Secret, Subject, SubjectKind, Verb};

use super::ExternalError;
use super::account::account;
use crate::tokens::{IssuedToken, begin_sign_in, may_sign_in};
use crate::{App, Error};

/// What a browser brings back from the provider.
#[derive(Clone, Debug)]
pub struct FinishSignIn {
    /// What it was given here.
    pub remembered: Option<Secret>,
    /// What it was given there, to be turned into an answer.
    pub code: Option<Secret>,
    /// What goes with it.
    pub state: Option<Secret>,
    /// What the provider says instead of a code, by the names of RFC 6749 §4.1.2.1.
    pub error: Option<String>,
    /// The address that it comes from, where it is known.
    pub from: Option<IpAddr>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct FinishedSignIn {
    /// Their tokens.
    pub issued: IssuedToken,
    /// Where they wanted to go: a path of this site.
    pub return_to: String,
}

/// Completes a sign-in.
///
/// # Errors
/// See [`ExternalError`].
pub async fn finish(app: &App, command: FinishSignIn) -> Result<FinishedSignIn, ExternalError> {
    let provider = app.identity.as_ref().ok_or(ExternalError::NoProvider)?;
    let now = app.clock.now();
    let remembered = command.remembered.ok_or(ExternalError::NotBegun)?;
    let pending = app.pending.open(&*app.random, &remembered).ok_or(ExternalError::NotBegun)?;
    let same_state = command.state.as_ref() == Some(&pending.identity.state);
    if !same_state || now >= pending.expires_at || !app.pending.finish(&pending, now) {
        return Err(ExternalError::NotBegun);
    }
    if let Some(error) = command.error {
        return Err(ExternalError::Refused(said(&error).to_owned()));
    }
    let code = command.code.filter(|code| !code.reveal().is_empty());
    let code = code.ok_or_else(|| ExternalError::Refused("there is no code".to_owned()))?;
    let claims = provider.finish(&code, &pending.identity).await?;
    let from = command.from;
    let name = claims.user_name.clone().unwrap_or_else(|| claims.subject.subject().to_owned());
    let user = match account(app, &claims, from).await {
        Err(error @ ExternalError::NotWelcome(_)) => {
            refuse(app, &name, from).await?;
            return Err(error);
        }
        other => other?,
    };
    if !may_sign_in(&user) || user.account_type != AccountType::External {
        refuse(app, &name, from).await?;
        let why = format!("the account \"{}\" is not active", user.user_name);
        return Err(ExternalError::NotWelcome(why));
    }
    let detail = format!("{} through {}", user.user_name, provider.name());
    let issued = begin_sign_in(app, &user, from, &detail).await?;
    Ok(FinishedSignIn { issued, return_to: pending.return_to })
}

/// What an error of the provider means. What it says else came through the browser's address, where
/// anybody can write anything: it is not repeated.
fn said(error: &str) -> &'static str {
    match error {
        "access_denied" => "it was cancelled there",
        "temporarily_unavailable" | "server_error" => "the provider is not available now",
        _ => "the provider does not take what this site asks for",
    }
}

/// Leaves a line about somebody who is known there and not let in here.
async fn refuse(app: &App, name: &str, from: Option<IpAddr>) -> Result<(), Error> {
    let name: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
    let line = AuditEntry {
        at: app.clock.now(),
        actor: Actor { user_id: None, name: name.clone() },
        from,
        verb: Verb::SignInRefused,
        subject: Subject { kind: SubjectKind::User, id: None },
        detail: name,
    };
    Ok(app.stores.audit.append(line).await?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::TimeDelta;
    use pressroom_contracts::build;
    use pressroom_contracts::fakes::FakeProvider;
    use pressroom_domain::{NewUser, User};
    use pressroom_ports::{ExternalClaims, UserUpdate};

    use super::*;
    use crate::sign_in::external::begin;
    use crate::test_site::Site;
    use crate::tokens::verify;

    /// A site that lets new users in, whose provider knows `ann`.
    async fn site() -> (Site, Arc<FakeProvider>) {
        site_with(true).await
    }

    async fn site_with(create_users: bool) -> (Site, Arc<FakeProvider>) {
        let mut site = Site::with(|settings| {
            settings.external.create_users = create_users;
            settings.external.groups =
                vec![("writers".into(), "document creators".into()), ("x".into(), "none".into())];
        })
        .await;
        let provider = Arc::new(FakeProvider::default());
        provider.knows(build::claims("42", "ann"));
        site.app.identity = Some(provider.clone());
        (site, provider)
    }

    /// A whole sign-in, as a browser does it.
    async fn sign_in(site: &Site, provider: &FakeProvider) -> Result<FinishedSignIn, String> {
        let begun = begin(&site.app, Some("/documents")).await.unwrap();
        let (code, state) = provider.visit(&begun.url);
        let command = FinishSignIn {
            remembered: Some(begun.remembered),
            code: Some(code),
            state: Some(state),
            error: None,
            from: None,
        };
        finish(&site.app, command).await.map_err(|error| error.to_string())
    }

    async fn user(site: &Site, name: &str) -> Option<User> {
        site.app.stores.users.find_by_name(name).await.unwrap()
    }

    #[tokio::test]
    async fn whoever_comes_for_the_first_time_gets_an_account() {
        let (site, provider) = site().await;
        let finished = sign_in(&site, &provider).await.unwrap();
        assert_eq!(finished.return_to, "/documents");
        let caller = verify(&site.app, finished.issued.token.reveal(), None).await.unwrap();
        let made = user(&site, "ann").await.unwrap();
        assert_eq!(caller.user(), &made);
        assert_eq!(made.account_type, AccountType::External);
        assert_eq!(made.full_name(), "Ann Ångström");
        assert_eq!(made.email.unwrap().as_str(), "ann@example.com");
        assert!(finished.issued.refresh.is_some() && made.password.is_none());
        let line = site.trail().await.pop().unwrap();
        assert_eq!((line.verb, &*line.detail), (Verb::SignIn, "ann through Fake"));
    }

    #[tokio::test]
    async fn whoever_comes_again_has_the_same_account_whatever_they_are_called_now() {
        let (site, provider) = site().await;
        sign_in(&site, &provider).await.unwrap();
        let before = user(&site, "ann").await.unwrap();
        let mut claims = build::claims("42", "anna");
        claims.email = Some("anna@example.com".into());
        provider.knows(claims);
        sign_in(&site, &provider).await.unwrap();
        let after = user(&site, "ann").await.unwrap();
        assert_eq!((after.id, after.email.unwrap().as_str()), (before.id, "anna@example.com"));
        assert_eq!(user(&site, "anna").await, None);
        let lines = site.trail().await.len();
        sign_in(&site, &provider).await.unwrap();
        assert_eq!(site.trail().await.len(), lines + 1, "nothing changed but that they came");
    }

    #[tokio::test]
    async fn an_account_of_this_site_is_taken_over_by_nobody() {
        let (site, provider) = site().await;
        provider.knows(build::claims("7", "ADMIN"));
        sign_in(&site, &provider).await.unwrap();
        let made = user(&site, "ann@example.com").await.unwrap();
        assert!(made.groups.is_empty(), "they are called by their address, and are nobody else");
        provider.knows(build::claims("8", "Admin"));
        let error = sign_in(&site, &provider).await.unwrap_err();
        assert_eq!(error, "the user name \"Admin\" is somebody else's here; ask an administrator");
        let line = site.trail().await.pop().unwrap();
        assert_eq!((line.verb, &*line.detail), (Verb::SignInRefused, "Admin"));
    }

    #[tokio::test]
    async fn without_leave_only_those_come_in_for_whom_there_is_an_account() {
        let (site, provider) = site_with(false).await;
        let error = sign_in(&site, &provider).await.unwrap_err();
        assert_eq!(error, "there is no account for \"ann\" here; ask an administrator");
        let mut new = build::new_user("Ann");
        new.entity.account_type = AccountType::External;
        new.entity.pending = true;
        site.app.stores.users.create(new).await.unwrap();
        sign_in(&site, &provider).await.unwrap();
        assert!(!user(&site, "ann").await.unwrap().pending);
        provider.knows(build::claims("43", "ann"));
        assert!(sign_in(&site, &provider).await.is_err(), "it is another Ann");
    }

    #[tokio::test]
    async fn groups_follow_and_others_stay() {
        let (site, provider) = site().await;
        let groups = site.app.stores.groups.list(pressroom_ports::Slice::first(10)).await.unwrap();
        let creators = groups.iter().find(|g| g.name.as_str() == "Document Creators").unwrap().id;
        let viewers = groups.iter().find(|g| g.name.as_str() == "Document Viewers").unwrap().id;
        let mut claims = build::claims("42", "ann");
        claims.groups = Some(vec!["writers".into(), "else".into()]);
        provider.knows(claims.clone());
        sign_in(&site, &provider).await.unwrap();
        let ann = user(&site, "ann").await.unwrap();
        assert_eq!(ann.groups, [creators]);
        let member = NewUser { groups: vec![creators, viewers], ..build::new_user("ann").entity };
        let member = NewUser { account_type: AccountType::External, ..member };
        let update = UserUpdate { id: ann.id, expected: None, user: member };
        let change = build::change(update, Verb::Update, SubjectKind::User, ann.id);
        site.app.stores.users.update(change).await.unwrap();
        provider.knows(ExternalClaims { groups: None, ..claims.clone() });
        sign_in(&site, &provider).await.unwrap();
        assert_eq!(user(&site, "ann").await.unwrap().groups, [creators, viewers], "none are told");
        provider.knows(ExternalClaims { groups: Some(Vec::new()), ..claims });
        sign_in(&site, &provider).await.unwrap();
        assert_eq!(user(&site, "ann").await.unwrap().groups, [viewers]);
    }

    #[tokio::test]
    async fn who_is_not_active_is_told_so() {
        let (site, provider) = site().await;
        sign_in(&site, &provider).await.unwrap();
        let ann = user(&site, "ann").await.unwrap();
        let idle = NewUser { active: false, ..build::new_user("ann").entity };
        let idle = NewUser { account_type: AccountType::External, ..idle };
        let update = UserUpdate { id: ann.id, expected: None, user: idle };
        let change = build::change(update, Verb::Update, SubjectKind::User, ann.id);
        site.app.stores.users.update(change).await.unwrap();
        let error = sign_in(&site, &provider).await.unwrap_err();
        assert_eq!(error, "the account \"ann\" is not active; ask an administrator");
    }

    #[tokio::test]
    async fn an_address_that_nobody_has_checked_is_not_taken() {
        let (site, provider) = site().await;
        provider.knows(ExternalClaims { email_verified: false, ..build::claims("42", "ann") });
        sign_in(&site, &provider).await.unwrap();
        assert_eq!(user(&site, "ann").await.unwrap().email, None);
    }

    #[tokio::test]
    async fn the_second_half_comes_once_in_time_and_in_the_browser_of_the_first() {
        let (site, provider) = site().await;
        let begun = begin(&site.app, None).await.unwrap();
        let other = begin(&site.app, None).await.unwrap();
        let (code, state) = provider.visit(&begun.url);
        let command = FinishSignIn {
            remembered: Some(begun.remembered),
            code: Some(code),
            state: Some(state),
            error: None,
            from: None,
        };
        let check = async |command: FinishSignIn| {
            let answer = finish(&site.app, command).await;
            assert!(matches!(answer, Err(ExternalError::NotBegun)), "{answer:?}");
        };
        check(FinishSignIn { remembered: None, ..command.clone() }).await;
        check(FinishSignIn { remembered: Some(other.remembered.clone()), ..command.clone() }).await;
        check(FinishSignIn { state: None, ..command.clone() }).await;
        check(FinishSignIn { state: Some(Secret::new("x")), ..command.clone() }).await;
        assert_eq!(finish(&site.app, command.clone()).await.unwrap().return_to, "/");
        check(command).await;
        let (code, state) = provider.visit(&other.url);
        site.clock.advance(TimeDelta::minutes(10));
        let late = FinishSignIn {
            remembered: Some(other.remembered),
            code: Some(code),
            state: Some(state),
            error: None,
            from: None,
        };
        check(late).await;
    }

    #[tokio::test]
    async fn what_the_provider_refuses_is_told_in_our_words() {
        let (site, provider) = site().await;
        let begun = begin(&site.app, None).await.unwrap();
        let (_, state) = provider.visit(&begun.url);
        let command = FinishSignIn {
            remembered: Some(begun.remembered),
            code: None,
            state: Some(state),
            error: Some("access_denied".into()),
            from: None,
        };
        let error = finish(&site.app, command).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the sign-in could not be completed: it was cancelled there; begin again"
        );
        provider.set_away(true);
        let error = begin(&site.app, None).await.unwrap_err();
        assert!(matches!(error, ExternalError::Failed(Error::Unavailable { .. })), "{error:?}");
    }
}
