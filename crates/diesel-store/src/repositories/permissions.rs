//! Who may do what.

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::{
    Access, GroupId, Holder, OptimisticLock, Permission, PermissionEdit, Scope, UserId,
};
use pressroom_ports::{Change, Edit, Grant, Held, Kind, PermissionRepository, StoreError};

use super::lock::write_under_lock;
use super::{groups, users};
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::Failure;
use pressroom_diesel_store::Reader;
use pressroom_diesel_store::schema::{self, memberships, permissions};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = permissions)]
struct Row {
    holder_kind: String,
    holder_id: i64,
    scope: String,
    entity_id: i64,
    access: i64,
}

/// The entity that stands with the `all…` scopes.
const NO_ENTITY: i64 = 0;

impl Row {
    fn new(holder: Holder, permission: Permission) -> Self {
        let (kind, id) = key(holder);
        Self {
            holder_kind: kind.to_owned(),
            holder_id: id,
            scope: permission.scope.name().to_owned(),
            entity_id: permission.scope.entity_id().unwrap_or(NO_ENTITY),
            access: permission.access.bits().into(),
        }
    }

    fn read(self, holder: Holder) -> Result<Permission, StoreError> {
        let reader = Reader { kind: kind(holder), id: &self.holder_id };
        let access = Access::from_bits(self.access)
            .ok_or_else(|| reader.unreadable(format_args!("{} is no access", self.access)))?;
        let scope = reader.read(Scope::new(&self.scope, Some(self.entity_id)))?;
        Ok(Permission::new(access, scope))
    }
}

/// How a holder is written.
const fn key(holder: Holder) -> (&'static str, i64) {
    match holder {
        Holder::User(id) => ("user", id.0),
        Holder::Group(id) => ("group", id.0),
    }
}

const fn kind(holder: Holder) -> Kind {
    match holder {
        Holder::User(_) => Kind::User,
        Holder::Group(_) => Kind::Group,
    }
}

/// What a holder may do, ordered.
pub(crate) fn of(conn: &mut Connection, holder: Holder) -> Result<Vec<Permission>, Failure> {
    let (kind, id) = key(holder);
    let rows: Vec<Row> = permissions::table
        .filter(permissions::holder_kind.eq(kind))
        .filter(permissions::holder_id.eq(id))
        .select(Row::as_select())
        .load(conn)?;
    let read: Result<Vec<Permission>, StoreError> =
        rows.into_iter().map(|row| row.read(holder)).collect();
    let mut read = read?;
    read.sort_unstable();
    Ok(read)
}

/// What a user and their groups may do, ordered by whom it is given to.
pub(crate) fn of_member(conn: &mut Connection, user: UserId) -> Result<Vec<Permission>, Failure> {
    let groups =
        memberships::table.filter(memberships::user_id.eq(user.0)).select(memberships::group_id);
    let own = permissions::holder_kind.eq("user").and(permissions::holder_id.eq(user.0));
    let shared = permissions::holder_kind.eq("group").and(permissions::holder_id.eq_any(groups));
    let rows: Vec<Row> =
        permissions::table.filter(own.or(shared)).select(Row::as_select()).load(conn)?;
    let held: Result<Vec<(Holder, Permission)>, StoreError> = rows
        .into_iter()
        .map(|row| {
            let id = row.holder_id;
            let holder = match &*row.holder_kind {
                "user" => Holder::User(UserId(id)),
                _ => Holder::Group(GroupId(id)),
            };
            Ok((holder, row.read(holder)?))
        })
        .collect();
    let mut held = held?;
    held.sort_unstable();
    Ok(held.into_iter().map(|(_, permission)| permission).collect())
}

/// Deletes every permission on things that are gone.
pub(crate) fn forget(conn: &mut Connection, scopes: &[Scope]) -> Result<(), Failure> {
    for scope in scopes {
        let on_it = permissions::table
            .filter(permissions::scope.eq(scope.name()))
            .filter(permissions::entity_id.eq(scope.entity_id().unwrap_or(NO_ENTITY)));
        diesel::delete(on_it).execute(conn)?;
    }
    Ok(())
}

/// Deletes every permission of a holder that goes.
pub(crate) fn forget_holder(conn: &mut Connection, holder: Holder) -> QueryResult<usize> {
    let (kind, id) = key(holder);
    let held = permissions::table
        .filter(permissions::holder_kind.eq(kind))
        .filter(permissions::holder_id.eq(id));
    diesel::delete(held).execute(conn)
}

/// The lock of the row that permissions of a holder are written under.
fn lock(conn: &mut Connection, holder: Holder) -> QueryResult<Option<i64>> {
    match holder {
        Holder::User(id) => users::lock(conn, id),
        Holder::Group(id) => groups::lock(conn, id),
    }
}

fn raise_lock(conn: &mut Connection, holder: Holder, seen: i64) -> QueryResult<usize> {
    match holder {
        Holder::User(id) => {
            use schema::users;
            let row = users::table.find(id.0).filter(users::optimistic_lock.eq(seen));
            diesel::update(row).set(users::optimistic_lock.eq(seen + 1)).execute(conn)
        }
        Holder::Group(id) => {
            use schema::user_groups;
            let row = user_groups::table.find(id.0).filter(user_groups::optimistic_lock.eq(seen));
            diesel::update(row).set(user_groups::optimistic_lock.eq(seen + 1)).execute(conn)
        }
    }
}

/// Writes what a holder may do after an edit, under the lock of their row.
fn write(conn: &mut Connection, edit: Edit) -> Result<Held, Failure> {
    let Edit { holder, expected, edit } = edit;
    write_under_lock(
        conn,
        (kind(holder), key(holder).1),
        expected,
        |conn| lock(conn, holder),
        |conn, seen| Ok(raise_lock(conn, holder, seen)?),
    )?;
    let permissions = edit.apply(of(conn, holder)?);
    forget_holder(conn, holder)?;
    for permission in &permissions {
        let row = Row::new(holder, *permission);
        diesel::insert_into(permissions::table).values(row).execute(conn)?;
    }
    let lock = lock(conn, holder)?.ok_or_else(|| not_found(holder))?;
    Ok(Held { permissions, lock: OptimisticLock(lock) })
}

fn not_found(holder: Holder) -> StoreError {
    StoreError::not_found(kind(holder), key(holder).1)
}

#[async_trait]
impl PermissionRepository for Store {
    async fn granted_to(&self, holder: Holder) -> Result<Vec<Permission>, StoreError> {
        self.read(move |conn| {
            if lock(conn, holder)?.is_none() {
                return Err(not_found(holder).into());
            }
            of(conn, holder)
        })
        .await
    }

    async fn grant(&self, change: Change<Grant>) -> Result<Vec<Permission>, StoreError> {
        self.change(change, move |conn, Grant { holder, expected, permissions }, along| {
            let edit = PermissionEdit::Replace(permissions);
            let held = write(conn, Edit { holder, expected, edit })?;
            along.record(conn)?;
            Ok(held.permissions)
        })
        .await
    }

    async fn edit(&self, change: Change<Edit>) -> Result<Held, StoreError> {
        self.change(change, move |conn, entity, along| {
            let held = write(conn, entity)?;
            along.record(conn)?;
            Ok(held)
        })
        .await
    }
}
