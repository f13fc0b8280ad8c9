//! Changing a user.

use pressroom_domain::{
    Access, BuiltInGroup, GroupId, NewUser, OptimisticLock, SubjectKind, User, UserId, Verb,
};
use pressroom_ports::{Change, UserUpdate};

use super::check::{optional_email, optional_name, wrong_group};
use crate::error::Check;
use crate::{App, Caller, Error, accounts, authorise};

/// A change of a user. What is absent stays as it is; the user name and who checks the password
/// always do.
#[derive(Clone, Debug)]
pub struct UpdateUser {
    /// Who.
    pub id: UserId,
    /// The lock that the caller saw.
    pub lock: Option<OptimisticLock>,
    /// Given name; empty takes it away.
    pub first_name: Option<String>,
    /// Family name; empty takes it away.
    pub last_name: Option<String>,
    /// Where mail reaches them; empty takes it away.
    pub email: Option<String>,
    /// The groups they are in.
    pub groups: Option<Vec<GroupId>>,
    /// Whether they may sign in. Where they no longer may, their tokens end at once.
    pub active: Option<bool>,
}

/// Changes a user. Where an account waits for its password and gets another address, the link to set
/// it is sent there.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Stale`];
/// [`Error::Conflict`] for the last active administrator, for an account that waits for its password,
/// and for a guest whom the site does not let in.
pub async fn update(app: &App, caller: &Caller, command: UpdateUser) -> Result<User, Error> {
    loop {
        let written = try_update(app, caller, &command).await;
        match written {
            // Somebody else wrote between reading and writing. Who names no lock writes over it, but
            // only over what they name.
            Err(Error::Stale { .. }) if command.lock.is_none() => {}
            written => return written,
        }
    }
}

async fn try_update(app: &App, caller: &Caller, command: &UpdateUser) -> Result<User, Error> {
    let user = app.stores.users.get(command.id).await?;
    authorise::user(caller, &user, Access::MODIFY)?;
    let mut check = Check::default();
    check.lock(app, command.lock);
    let first_name = match &command.first_name {
        Some(text) => optional_name(&mut check, "firstName", text),
        None => user.first_name.clone(),
    };
    let last_name = match &command.last_name {
        Some(text) => optional_name(&mut check, "lastName", text),
        None => user.last_name.clone(),
    };
    let email = match &command.email {
        Some(text) => optional_email(&mut check, text),
        None => user.email.clone(),
    };
    check.end()?;
    let groups = command.groups.as_ref().unwrap_or(&user.groups).clone();
    let active = command.active.unwrap_or(user.active);
    if active && !user.active {
        may_be_activated(app, &user)?;
    }
    if user.is_guest() {
        administers_nothing(app, &groups).await?;
    }
    let detail = match (user.active, active) {
        (true, false) => format!("{}, deactivated", user.user_name),
        (false, true) => format!("{}, activated", user.user_name),
        _ => user.user_name.to_string(),
    };
    let old_email = user.email.clone();
    let id = Some(user.id.to_string());
    let line = caller.line(&*app.clock, Verb::Update, SubjectKind::User, id, detail);
    let changed = NewUser {
        user_name: user.user_name,
        first_name,
        last_name,
        email,
        account_type: user.account_type,
        groups,
        active,
        pending: user.pending,
        password: None,
    };
    let expected = command.lock.or(Some(user.lock));
    let update = UserUpdate { id: user.id, expected, user: changed };
    let updated = app.stores.users.update(Change::new(update, line)).await.map_err(wrong_group)?;
    if updated.pending && updated.email.is_some() && updated.email != old_email {
        // The link that went to the old address ended with it.
        if let Err(error) = accounts::invite(app, caller, updated.id).await {
            tracing::warn!(user = %updated.id, "the link to the new address was not sent: {error}");
        }
    }
    Ok(updated)
}

/// An account is activated once somebody can sign in with it.
fn may_be_activated(app: &App, user: &User) -> Result<(), Error> {
    if user.pending {
        return Err(Error::Conflict(format!(
            "user {} has not set a password yet: the account becomes active when they do",
            user.id
        )));
    }
    if user.is_guest() && !app.settings.guest {
        return Err(Error::Conflict(
            "this site does not let the guest in; its setting security.guest would".to_owned(),
        ));
    }
    Ok(())
}

/// The guest, who needs no password, is no administrator.
async fn administers_nothing(app: &App, groups: &[GroupId]) -> Result<(), Error> {
    for id in groups {
        let group = app.stores.groups.get(*id).await.map_err(wrong_group)?;
        if group.built_in == Some(BuiltInGroup::SystemAdministrators) {
            let message = "the guest needs no password and can't be an administrator";
            return Err(Error::invalid("groupsId", message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use pressroom_domain::EmailAddress;
    use tokio::sync::Barrier;

    use super::*;
    use crate::test_site::Site;
    use crate::tokens::verify;

    /// Says nothing but the lock.
    fn change(user: &User) -> UpdateUser {
        UpdateUser {
            id: user.id,
            lock: Some(user.lock),
            first_name: None,
            last_name: None,
            email: None,
            groups: None,
            active: None,
        }
    }

    #[tokio::test]
    async fn what_is_not_given_stays_and_an_empty_text_takes_away() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let rita = site.reader("rita", &[]).await.user().clone();
        let unchanged = update(&site.app, &admin, change(&rita)).await.unwrap();
        assert_eq!(unchanged, User { lock: rita.lock.next(), ..rita.clone() });
        let command = UpdateUser {
            first_name: Some("Margherita".into()),
            last_name: Some(String::new()),
            email: Some("rita@example.com".into()),
            ..change(&unchanged)
        };
        let changed = update(&site.app, &admin, command).await.unwrap();
        assert_eq!(changed.full_name(), "Margherita");
        assert_eq!(changed.email.as_ref().map(EmailAddress::as_str), Some("rita@example.com"));
        let stale = update(&site.app, &admin, change(&rita)).await.unwrap_err();
        assert!(matches!(stale, Error::Stale { .. }), "{stale}");
    }

    #[tokio::test]
    async fn an_invitation_follows_to_a_new_address() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let id = site.pending_user("ann").await;
        let user = site.app.stores.users.get(id).await.unwrap();
        let moved = async |user: &User, email: &str| {
            let command = UpdateUser { email: Some(email.into()), ..change(user) };
            update(&site.app, &admin, command).await.unwrap()
        };
        let user = moved(&user, "ann@example.com").await;
        assert!(site.store.waiting_mails().is_empty(), "the address is the same");
        moved(&user, "anna@example.com").await;
        let mails = site.store.waiting_mails();
        assert_eq!(mails[0].to, [pressroom_contracts::build::email("anna@example.com")]);
        assert_eq!(mails.len(), 1);
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_by_field() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let rita = site.reader("rita", &[]).await.user().clone();
        let command = UpdateUser { lock: None, email: Some("nowhere".into()), ..change(&rita) };
        let error = update(&site.app, &admin, command).await.unwrap_err();
        let Error::Invalid(problems) = error else { panic!("{error}") };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["optimisticLock", "email"]);
        let command = UpdateUser { groups: Some(vec![GroupId(987)]), ..change(&rita) };
        let error = update(&site.app, &admin, command).await.unwrap_err();
        assert_eq!(error.to_string(), "groupsId: group 987 does not exist");
    }

    #[tokio::test]
    async fn who_is_deactivated_is_signed_out_at_once() {
        let site = Site::new().await;
        let other = site.other_administrator("anna").await;
        let token = site.token("admin", "secret").await;
        let admin = site.administrator().await.user().clone();
        let idle = UpdateUser { active: Some(false), ..change(&admin) };
        update(&site.app, &other, idle).await.unwrap();
        assert!(matches!(verify(&site.app, &token, None).await, Err(Error::Unauthenticated)));
        assert_eq!(site.trail().await.pop().unwrap().detail, "admin, deactivated");
    }

    #[tokio::test]
    async fn the_last_administrator_stays_one() {
        let site = Site::new().await;
        let caller = site.administrator().await;
        let admin = caller.user().clone();
        for command in [
            UpdateUser { active: Some(false), ..change(&admin) },
            UpdateUser { groups: Some(Vec::new()), ..change(&admin) },
        ] {
            let error = update(&site.app, &caller, command).await.unwrap_err();
            assert_eq!(
                error.to_string(),
                "the System Administrators would be left without an active member; make somebody else an administrator first"
            );
        }
    }

    #[tokio::test]
    async fn who_waits_for_a_password_is_not_activated_by_hand() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        site.idle_user("ida", "unused").await;
        let ida = site.app.stores.users.find_by_name("ida").await.unwrap().unwrap();
        let command = UpdateUser { active: Some(true), ..change(&ida) };
        let error = update(&site.app, &admin, command).await.unwrap_err();
        assert!(error.to_string().contains("has not set a password yet"), "{error}");
        update(&site.app, &admin, change(&ida)).await.unwrap();
    }

    #[tokio::test]
    async fn the_guest_comes_in_where_the_site_says_so_and_administers_nothing() {
        for allowed in [false, true] {
            let site = Site::with(|settings| settings.guest = allowed).await;
            let admin = site.administrator().await;
            let find = async || site.app.stores.users.find_by_name("guest").await.unwrap().unwrap();
            let activate = async |active: bool| {
                let command = UpdateUser { active: Some(active), ..change(&find().await) };
                update(&site.app, &admin, command).await
            };
            activate(false).await.unwrap();
            let activated = activate(true).await;
            assert_eq!(activated.is_ok(), allowed, "{activated:?}");
            let groups = Some(admin.user().groups.clone());
            let command = UpdateUser { groups, ..change(&find().await) };
            let error = update(&site.app, &admin, command).await.unwrap_err();
            assert!(error.to_string().contains("can't be an administrator"), "{error}");
        }
    }

    #[tokio::test]
    async fn who_may_look_may_not_change() {
        let site = Site::new().await;
        let rita = site.reader("rita", &[]).await;
        let own = update(&site.app, &rita, change(rita.user())).await.unwrap_err();
        assert!(matches!(own, Error::Forbidden(_)), "{own}");
        let admin = site.administrator().await;
        let other = update(&site.app, &rita, change(admin.user())).await.unwrap_err();
        assert!(matches!(other, Error::NotFound { .. }), "{other}");
    }

    /// Fifty writers at a time, each of whom puts the user into a group of their own.
    async fn fifty_writers(with_lock: bool) {
        let site = Site::with(|settings| settings.require_lock = with_lock).await;
        let admin = site.administrator().await;
        let rita = site.reader("rita", &[]).await.user().clone();
        let start = rita.lock.0;
        let all_have_read = Arc::new(Barrier::new(50));
        let writers = (0..50).map(|number| {
            let (app, admin, id) = (site.app.clone(), admin.clone(), rita.id);
            let all_have_read = Arc::clone(&all_have_read);
            tokio::spawn(async move {
                let mut lost = 0;
                loop {
                    let seen = app.stores.users.get(id).await.unwrap();
                    if lost == 0 {
                        all_have_read.wait().await;
                    }
                    let name = Some(format!("Writer {number}"));
                    let lock = with_lock.then_some(seen.lock);
                    let command = UpdateUser { lock, first_name: name, ..change(&seen) };
                    match update(&app, &admin, command).await {
                        Ok(written) => return (written.lock.0, lost),
                        Err(Error::Stale { .. }) if with_lock => lost += 1,
                        Err(error) => panic!("{error}"),
                    }
                }
            })
        });
        let mut locks = BTreeSet::new();
        let mut lost = 0;
        for writer in writers.collect::<Vec<_>>() {
            let (lock, times) = writer.await.unwrap();
            locks.insert(lock);
            lost += times;
        }
        assert_eq!(locks, (start + 1..=start + 50).collect(), "one writer wins a lock");
        assert!(!with_lock || lost >= 49, "one of the first fifty won: {lost}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn of_fifty_writers_exactly_one_wins_a_lock() {
        fifty_writers(true).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn fifty_writers_without_a_lock_all_write() {
        fifty_writers(false).await;
    }
}
