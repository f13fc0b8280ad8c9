//! Permissions as they are asked for.

use std::collections::BTreeSet;

use pressroom_domain::{Access, Holder, OptimisticLock, Permission, Scope};
use pressroom_ports::StoreError;

use crate::error::Check;
use crate::{App, Caller, Error, authorise};

/// A permission as it is asked for.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The bits of the access.
    pub access_mode: Option<i64>,
    /// The name of the scope, in any letter case.
    pub scope: String,
    /// The entity that the scope is about; the `all…` scopes take no notice of it.
    pub entity_id: Option<i64>,
}

/// Permissions of a user or group to be added or taken away.
#[derive(Clone, Debug)]
pub struct EditPermissions {
    /// Whose.
    pub holder: Holder,
    /// The lock of the user or group that the caller saw.
    pub lock: Option<OptimisticLock>,
    /// Which.
    pub entries: Vec<Entry>,
}

/// The most entries of one request.
const MOST: usize = 1_000;

/// The holder is there, and the caller may do that with them; what they are called.
pub(super) async fn check_holder(
    app: &App,
    caller: &Caller,
    holder: Holder,
    wanted: Access,
) -> Result<String, Error> {
    match holder {
        Holder::User(id) => {
            let user = app.stores.users.get(id).await?;
            authorise::user(caller, &user, wanted)?;
            Ok(user.user_name.to_string())
        }
        Holder::Group(id) => {
            let group = app.stores.groups.get(id).await?;
            authorise::group(caller, &group, wanted)?;
            Ok(group.name.to_string())
        }
    }
}

/// The permissions of a command; an entry without access has this one.
pub(super) fn read(
    app: &App,
    command: &EditPermissions,
    default: Option<Access>,
) -> Result<Vec<Permission>, Error> {
    let mut check = Check::default();
    check.lock(app, command.lock);
    if command.entries.len() > MOST {
        let message = format!("at most {MOST} are taken at a time; send them in several requests");
        check.field("permissions", Err::<(), _>(message));
        return Err(check.into_error());
    }
    let mut permissions = Vec::with_capacity(command.entries.len());
    for (index, entry) in command.entries.iter().enumerate() {
        let field = |name: &str| format!("permissions[{index}].{name}");
        let access = match entry.access_mode {
            Some(bits) => Access::from_bits(bits).ok_or_else(|| {
                "must be a sum of create 1, read 2, modify 4 and delete 8".to_owned()
            }),
            None => default.ok_or_else(|| "must be given".to_owned()),
        };
        let access = check.field(&field("accessMode"), access);
        let scope = Scope::new(&entry.scope, entry.entity_id);
        let wrong = match scope {
            Err(pressroom_domain::UnknownScope::Entity(_)) => "entityId",
            _ => "scope",
        };
        let scope = check.field(&field(wrong), scope);
        if let (Some(access), Some(scope)) = (access, scope) {
            permissions.push(Permission { scope, access });
        }
    }
    check.end()?;
    Ok(permissions)
}

/// What the permissions are about is there.
pub(super) async fn check_entities(app: &App, permissions: &[Permission]) -> Result<(), Error> {
    let mut check = Check::default();
    let mut seen = BTreeSet::new();
    for (index, Permission { scope, .. }) in permissions.iter().enumerate() {
        if seen.insert(*scope)
            && let Some(missing) = missing(app, *scope).await?
        {
            check.field(&format!("permissions[{index}].entityId"), Err::<(), _>(missing));
        }
    }
    check.end()
}

/// What the store says where the entity of a scope is not there.
async fn missing(app: &App, scope: Scope) -> Result<Option<StoreError>, Error> {
    let stores = &app.stores;
    let found = match scope {
        Scope::Category(id) | Scope::DocumentsIn(id) => stores.categories.get(id).await.map(drop),
        Scope::Document(id) => stores.documents.get(id).await.map(drop),
        Scope::DataModel(id) => stores.data_models.get(id).await.map(drop),
        Scope::ScheduledJob(id) => stores.jobs.get(id).await.map(drop),
        Scope::AllCategories
        | Scope::AllDocuments
        | Scope::AllDataModels
        | Scope::AllScheduledJobs => Ok(()),
    };
    match found {
        Ok(()) => Ok(None),
        Err(error @ StoreError::NotFound { .. }) => Ok(Some(error)),
        Err(error) => Err(error.into()),
    }
}

/// What the audit trail says about an edit: whose, and what.
pub(super) fn detail(holder: &str, verb: &str, permissions: &[Permission]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<String> = permissions.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = permissions.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{holder}: {verb} {}{more}", shown.join("; "))
}
