//! The built-in groups, the first administrator, the guest.

use pressroom_domain::{
    Access, AccountType, BuiltInGroup, Group, GroupId, Holder, Name, NewGroup, NewUser, Permission,
    Scope, Secret, SubjectKind, User, UserName, Verb,
};
use pressroom_ports::{Change, Grant, StoreError, UserUpdate};

use super::line;
use crate::error::Check;
use crate::listing::all;
use crate::{App, Error};

/// How a site starts.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The password that `admin` gets where that account is not there yet; none makes one up.
    pub admin_password: Option<Secret>,
    /// Whether the guest may sign in: while the server listens on loopback only, or where the site
    /// says so.
    pub guest: bool,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct FirstStart {
    /// Whether `admin` was made now: this is the site's first start.
    pub is_first: bool,
    /// The password that was made up: to be shown once.
    pub made_password: Option<Secret>,
}

/// The account of the first administrator.
const ADMIN: &str = "admin";

/// Makes what a site needs before anybody can sign in, as far as it is not there. To be called at
/// each start, on each node.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn setup(app: &App, setup: &Setup) -> Result<FirstStart, Error> {
    let administrators = built_in_group(app, BuiltInGroup::SystemAdministrators).await?;
    guest(app, setup.guest).await?;
    if has_administrator(app, administrators.id).await? {
        // Groups and accounts that an administrator has deleted do not come back.
        return Ok(FirstStart::default());
    }
    for kind in BuiltInGroup::ALL {
        let group = built_in_group(app, kind).await?;
        permit(app, &group, kind).await?;
    }
    administrator(app, setup, administrators.id).await
}

/// Whether a start before this one came to its end: a site has an administrator from then on.
async fn has_administrator(app: &App, administrators: GroupId) -> Result<bool, Error> {
    let users = &app.stores.users;
    if users.find_by_name(ADMIN).await?.is_some() {
        return Ok(true);
    }
    let wanted = |user: &User| user.groups.contains(&administrators);
    Ok(!all(|slice| users.list(slice), |user| user.id, wanted).await?.is_empty())
}

async fn built_in_group(app: &App, kind: BuiltInGroup) -> Result<Group, Error> {
    let groups = &app.stores.groups;
    let find = async || {
        let wanted = |group: &Group| group.built_in == Some(kind);
        let found = all(|slice| groups.list(slice), |group| group.id, wanted).await?;
        Ok::<_, StoreError>(found.into_iter().next())
    };
    if let Some(group) = find().await? {
        return Ok(group);
    }
    let name = text("name", Name::new(kind.name()))?;
    let audit = line(app, Verb::Create, SubjectKind::Group, None, kind.name());
    let new = NewGroup { name, built_in: Some(kind) };
    match groups.create(Change::new(new, audit)).await {
        Ok(group) => Ok(group),
        // Another node was faster.
        Err(StoreError::Duplicate { kind: what, name }) => {
            find().await?.ok_or_else(|| StoreError::Duplicate { kind: what, name }.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Gives a built-in group what it may do at first, if a start that was cut short did not.
async fn permit(app: &App, group: &Group, kind: BuiltInGroup) -> Result<(), Error> {
    let (holder, permissions) = (Holder::Group(group.id), permissions_of(kind));
    let permitted = app.stores.permissions.granted_to(holder).await?;
    if permissions.is_empty() || !permitted.is_empty() {
        return Ok(());
    }
    let id = Some(group.id.to_string());
    let audit = line(app, Verb::Grant, SubjectKind::Group, id, kind.name());
    let grant = Grant { holder, expected: None, permissions };
    app.stores.permissions.grant(Change::new(grant, audit)).await?;
    Ok(())
}

/// What a built-in group may do at first; administrators may do everything without.
fn permissions_of(kind: BuiltInGroup) -> Vec<Permission> {
    let permission = Permission::new;
    let write = Access::ALL;
    match kind {
        BuiltInGroup::SystemAdministrators => Vec::new(),
        BuiltInGroup::DataAdministrators => vec![permission(write, Scope::AllDataModels)],
        BuiltInGroup::DocumentCreators => vec![
            permission(write, Scope::AllCategories),
            permission(write, Scope::AllDocuments),
            permission(Access::READ, Scope::AllDataModels),
        ],
        BuiltInGroup::DocumentViewers => vec![
            permission(Access::READ, Scope::AllCategories),
            permission(Access::READ, Scope::AllDocuments),
        ],
    }
}

async fn administrator(
    app: &App,
    setup: &Setup,
    administrators: GroupId,
) -> Result<FirstStart, Error> {
    let given = setup.admin_password.clone().filter(|password| !password.reveal().is_empty());
    let made_password = given.is_none().then(|| make_password(app));
    let password = given.or_else(|| made_password.clone()).unwrap_or_default();
    let hash = app.passwords.hash(&password).await?;
    let new = NewUser { groups: vec![administrators], password: Some(hash), ..account(ADMIN)? };
    let audit = line(app, Verb::Create, SubjectKind::User, None, ADMIN);
    match app.stores.users.create(Change::new(new, audit)).await {
        Ok(_) => Ok(FirstStart { is_first: true, made_password }),
        // Another node was faster; its password counts.
        Err(StoreError::Duplicate { .. }) => Ok(FirstStart::default()),
        Err(error) => Err(error.into()),
    }
}

async fn guest(app: &App, active: bool) -> Result<(), Error> {
    let users = &app.stores.users;
    let Some(guest) = users.find_by_name(User::GUEST).await? else {
        let new = NewUser { active, ..account(User::GUEST)? };
        let audit = line(app, Verb::Create, SubjectKind::User, None, User::GUEST);
        return match users.create(Change::new(new, audit)).await {
            Ok(_) | Err(StoreError::Duplicate { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        };
    };
    if guest.active != active {
        let id = Some(guest.id.to_string());
        let detail = if active { "active" } else { "inactive" };
        let audit = line(app, Verb::Update, SubjectKind::User, id, detail);
        let user = NewUser {
            user_name: guest.user_name,
            first_name: guest.first_name,
            last_name: guest.last_name,
            email: guest.email,
            account_type: guest.account_type,
            groups: guest.groups,
            active,
            pending: false,
            password: None,
        };
        let update = UserUpdate { id: guest.id, expected: None, user };
        users.update(Change::new(update, audit)).await?;
    }
    Ok(())
}

/// An active account without a password and groups.
fn account(user_name: &str) -> Result<NewUser, Error> {
    Ok(NewUser {
        user_name: text("userName", UserName::new(user_name))?,
        first_name: None,
        last_name: None,
        email: None,
        account_type: AccountType::ReportServer,
        groups: Vec::new(),
        active: true,
        pending: false,
        password: None,
    })
}

fn text<T, E: std::fmt::Display>(field: &str, text: Result<T, E>) -> Result<T, Error> {
    let mut check = Check::default();
    check.field(field, text).ok_or_else(|| check.into_error())
}

/// 20 characters of 32 that nobody mistakes for each other: 100 bits.
fn make_password(app: &App) -> Secret {
    const CHARACTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";
    let mut bytes = [0; 20];
    app.random.fill(&mut bytes);
    let characters = bytes.iter().map(|byte| char::from(CHARACTERS[usize::from(byte % 32)]));
    Secret::new(characters.collect::<String>())
}

#[cfg(test)]
mod tests {
    use pressroom_ports::Slice;

    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_site_starts_with_groups_an_administrator_and_a_guest() {
        let site = Site::empty();
        let first = setup(&site.app, &Setup::default()).await.unwrap();
        let password = first.made_password.unwrap();
        assert!(first.is_first && password.reveal().len() == 20);
        assert!(!site.token("admin", password.reveal()).await.is_empty());
        let groups = site.app.stores.groups.list(Slice::first(10)).await.unwrap();
        let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(names, BuiltInGroup::ALL.map(BuiltInGroup::name));
        let guest = site.app.stores.users.find_by_name("guest").await.unwrap().unwrap();
        assert!(!guest.active);
    }

    #[tokio::test]
    async fn a_start_that_was_cut_short_is_made_up_for() {
        let site = Site::empty();
        let kind = BuiltInGroup::DocumentViewers;
        let group = built_in_group(&site.app, kind).await.unwrap();
        let first = setup(&site.app, &Setup::default()).await.unwrap();
        assert!(first.is_first);
        let held = site.app.stores.permissions.granted_to(Holder::Group(group.id)).await.unwrap();
        assert_eq!(held, permissions_of(kind));
        assert_eq!(site.app.stores.groups.list(Slice::first(10)).await.unwrap().len(), 4);
    }

    #[tokio::test]
    async fn an_administrator_who_was_deleted_does_not_come_back() {
        let site = Site::new().await;
        let other = site.other_administrator("anna").await;
        let admin = site.app.stores.users.find_by_name("admin").await.unwrap().unwrap();
        crate::users::delete(&site.app, &other, admin.id).await.unwrap();
        let start = setup(&site.app, &Setup { guest: true, ..Setup::default() }).await.unwrap();
        assert!(!start.is_first && start.made_password.is_none());
        assert_eq!(site.app.stores.users.find_by_name("admin").await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_second_start_changes_nothing_but_the_guest() {
        let site = Site::empty();
        let given = Setup { admin_password: Some(Secret::new("secret")), guest: true };
        let first = setup(&site.app, &given).await.unwrap();
        assert!(first.is_first && first.made_password.is_none());
        let lines = site.trail().await.len();
        let other = Setup { admin_password: Some(Secret::new("other")), guest: true };
        let second = setup(&site.app, &other).await.unwrap();
        assert!(!second.is_first && second.made_password.is_none());
        assert_eq!(site.trail().await.len(), lines);
        assert!(!site.token("admin", "secret").await.is_empty());
        setup(&site.app, &Setup { guest: false, ..other }).await.unwrap();
        let guest = site.app.stores.users.find_by_name("guest").await.unwrap().unwrap();
        assert!(!guest.active);
    }
}
