//! Which account somebody is whom a provider knows.

use std::collections::BTreeSet;
use std::net::IpAddr;

use pressroom_domain::{
    AccountType, Actor, AuditEntry, EmailAddress, ExternalSubject, GroupId, Name, NewExternalUser,
    NewUser, Subject, SubjectKind, User, UserName, Verb,
};
use pressroom_ports::{Change, ExternalClaims, StoreError, UserUpdate};

use super::ExternalError;
use crate::App;
use crate::listing::all;

/// Groups here that follow those there.
#[derive(Debug, Default)]
struct Mapped {
    /// All that follow.
    all: BTreeSet<GroupId>,
    /// Those that somebody is in.
    held: BTreeSet<GroupId>,
}

/// The account of a subject: the one that it has, one that an administrator has made for it, or a
/// new one where the site allows it. An account that signs in with a password of this site is never
/// taken for it, whatever it is called.
pub(super) async fn account(
    app: &App,
    claims: &ExternalClaims,
    from: Option<IpAddr>,
) -> Result<User, ExternalError> {
    let mapped = mapped(app, claims).await?;
    if let Some(user) = app.stores.external_users.find(&claims.subject).await? {
        return Ok(follow(app, user, claims, &mapped, from).await);
    }
    let names = user_names(claims);
    let Some(name) = names.first() else {
        return Err(not_welcome("the provider does not say by which name you sign in"));
    };
    for name in &names {
        if let Some(user) = made_for(app, name, &claims.subject, from).await? {
            return Ok(follow(app, user, claims, &mapped, from).await);
        }
    }
    if !app.settings.external.create_users {
        return Err(not_welcome(&format!("there is no account for \"{name}\" here")));
    }
    for name in &names {
        let user = NewUser {
            user_name: name.clone(),
            first_name: None,
            last_name: None,
            email: None,
            account_type: AccountType::External,
            groups: mapped.held.iter().copied().collect(),
            active: true,
            pending: false,
            password: None,
        };
        let user = told(user, claims);
        let line = line(app, None, name, from, Verb::Create);
        let new = NewExternalUser { subject: claims.subject.clone(), user };
        match app.stores.external_users.create(Change::new(new, line)).await {
            Ok(user) => return Ok(user),
            Err(StoreError::Duplicate { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    // Another browser of the same person may have been faster.
    match app.stores.external_users.find(&claims.subject).await? {
        Some(user) => Ok(user),
        None => Err(not_welcome(&format!("the user name \"{name}\" is somebody else's here"))),
    }
}

fn not_welcome(why: &str) -> ExternalError {
    ExternalError::NotWelcome(why.to_owned())
}

/// What somebody may be called here: what they like best first. An address is a name only where it is
/// known to be theirs.
fn user_names(claims: &ExternalClaims) -> Vec<UserName> {
    let email = claims.email.as_ref().filter(|_| claims.email_verified);
    let texts = [claims.user_name.as_ref(), email].into_iter().flatten();
    texts.filter_map(|text| UserName::new(text).ok()).collect()
}

/// The account of a name that an administrator has made for somebody of the provider who has not come
/// yet.
async fn made_for(
    app: &App,
    name: &UserName,
    subject: &ExternalSubject,
    from: Option<IpAddr>,
) -> Result<Option<User>, ExternalError> {
    let found = app.stores.users.find_by_name(name.as_str()).await?;
    let Some(user) = found.filter(|user| user.account_type == AccountType::External) else {
        return Ok(None);
    };
    let line = line(app, Some(&user), &user.user_name, from, Verb::Update);
    let link = (subject.clone(), user.id);
    match app.stores.external_users.link(Change::new(link, line)).await {
        Ok(()) => Ok(Some(user)),
        // It is somebody else's of the provider.
        Err(StoreError::Duplicate { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Brings an account up to what the provider says. A change that is not taken, as of the last
/// administrator, keeps nobody from signing in.
async fn follow(
    app: &App,
    user: User,
    claims: &ExternalClaims,
    mapped: &Mapped,
    from: Option<IpAddr>,
) -> User {
    let old = NewUser {
        user_name: user.user_name.clone(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        email: user.email.clone(),
        account_type: user.account_type,
        groups: user.groups.clone(),
        active: user.active,
        pending: user.pending,
        password: None,
    };
    let mut new = told(old.clone(), claims);
    if claims.groups.is_some() {
        let mut groups: BTreeSet<GroupId> = user.groups.iter().copied().collect();
        groups.retain(|group| !mapped.all.contains(group));
        groups.extend(&mapped.held);
        new.groups = groups.into_iter().collect();
    }
    // Who set no password yet, as no account of the provider does, is not kept waiting for one.
    new.pending = false;
    if new == old || !user.active {
        return user;
    }
    let line = line(app, Some(&user), &user.user_name, from, Verb::Update);
    let update = UserUpdate { id: user.id, expected: Some(user.lock), user: new };
    match app.stores.users.update(Change::new(update, line)).await {
        Ok(user) => user,
        Err(error) => {
            tracing::warn!(%error, "an account does not follow its provider");
            user
        }
    }
}

/// An account with what the provider tells about somebody. What it does not tell stays.
fn told(user: NewUser, claims: &ExternalClaims) -> NewUser {
    let name = |text: &Option<String>| text.as_ref().and_then(|text| Name::new(text).ok());
    let (mut first_name, mut last_name) = (name(&claims.first_name), name(&claims.last_name));
    if first_name.is_none() && last_name.is_none() {
        (first_name, last_name) = (None, name(&claims.name));
    }
    let names_are_told = first_name.is_some() || last_name.is_some();
    // Row filters and mails go by the address: one that nobody has checked is anybody's.
    let email = claims.email.as_ref().filter(|_| claims.email_verified);
    let email = email.and_then(|text| EmailAddress::new(text).ok());
    NewUser {
        first_name: if names_are_told { first_name } else { user.first_name },
        last_name: if names_are_told { last_name } else { user.last_name },
        email: email.or(user.email),
        ..user
    }
}

/// The groups that follow those of the provider.
async fn mapped(app: &App, claims: &ExternalClaims) -> Result<Mapped, ExternalError> {
    let pairs = &app.settings.external.groups;
    if pairs.is_empty() {
        return Ok(Mapped::default());
    }
    let repository = &app.stores.groups;
    let groups = all(|slice| repository.list(slice), |group| group.id, |_| true).await?;
    let theirs = claims.groups.as_deref().unwrap_or_default();
    let mut mapped = Mapped::default();
    for (there, here) in pairs {
        let Some(group) = groups.iter().find(|group| group.name.key() == here.to_lowercase())
        else {
            tracing::warn!(group = %here, "identity.groups names a group that does not exist");
            continue;
        };
        mapped.all.insert(group.id);
        if theirs.contains(there) {
            mapped.held.insert(group.id);
        }
    }
    Ok(mapped)
}

/// A line of the trail about an account and what its provider says.
fn line(
    app: &App,
    user: Option<&User>,
    name: &UserName,
    from: Option<IpAddr>,
    verb: Verb,
) -> AuditEntry {
    let provider = app.identity.as_ref().map_or("", |provider| provider.name());
    AuditEntry {
        at: app.clock.now(),
        actor: Actor::server(),
        from,
        verb,
        subject: Subject { kind: SubjectKind::User, id: user.map(|user| user.id.to_string()) },
        detail: format!("{name}, as {provider} says"),
    }
}
