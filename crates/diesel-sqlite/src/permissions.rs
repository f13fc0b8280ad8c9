//! Who may do what.

use std::collections::BTreeMap;

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::{Access, GroupId, Holder, Permission, Scope, UserId};
use pressroom_ports::{Change, Grant, Kind, PermissionRepository, StoreError};

use crate::Store;
use crate::change;
use crate::error::Failure;
use crate::lock::write_under_lock;
use crate::schema::{memberships, permissions, user_groups, users};
use crate::stored::{Connection, Reader};

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

/// The lock of the row that permissions of a holder are written under.
fn lock(conn: &mut Connection, holder: Holder) -> QueryResult<Option<i64>> {
    match holder {
        Holder::User(id) => crate::users::lock(conn, id),
        Holder::Group(id) => {
            let row = user_groups::table.find(id.0);
            row.select(user_groups::optimistic_lock).first(conn).optional()
        }
    }
}

fn raise_lock(conn: &mut Connection, holder: Holder, seen: i64) -> QueryResult<usize> {
    match holder {
        Holder::User(id) => {
            let row = users::table.find(id.0).filter(users::optimistic_lock.eq(seen));
            diesel::update(row).set(users::optimistic_lock.eq(seen + 1)).execute(conn)
        }
        Holder::Group(id) => {
            let row = user_groups::table.find(id.0).filter(user_groups::optimistic_lock.eq(seen));
            diesel::update(row).set(user_groups::optimistic_lock.eq(seen + 1)).execute(conn)
        }
    }
}

#[async_trait]
impl PermissionRepository for Store {
    async fn granted_to(&self, holder: Holder) -> Result<Vec<Permission>, StoreError> {
        self.read(move |conn| {
            if lock(conn, holder)?.is_none() {
                return Err(StoreError::not_found(kind(holder), key(holder).1).into());
            }
            of(conn, holder)
        })
        .await
    }

    async fn grant(&self, change: Change<Grant>) -> Result<Vec<Permission>, StoreError> {
        self.write(move |conn| {
            let Change { entity: Grant { holder, expected, permissions: granted }, audit, outbox } =
                change;
            let (holder_kind, holder_id) = key(holder);
            write_under_lock(
                conn,
                (kind(holder), holder_id),
                expected,
                |conn| lock(conn, holder),
                |conn, seen| Ok(raise_lock(conn, holder, seen)?),
            )?;
            let held = permissions::table
                .filter(permissions::holder_kind.eq(holder_kind))
                .filter(permissions::holder_id.eq(holder_id));
            diesel::delete(held).execute(conn)?;
            let mut by_scope: BTreeMap<Scope, Access> = BTreeMap::new();
            for Permission { access, scope } in granted {
                let joined = by_scope.entry(scope).or_insert(Access::NONE);
                *joined = *joined | access;
            }
            for (scope, access) in by_scope {
                if access != Access::NONE {
                    let row = Row::new(holder, Permission::new(access, scope));
                    diesel::insert_into(permissions::table).values(row).execute(conn)?;
                }
            }
            change::record(conn, audit, outbox)?;
            of(conn, holder)
        })
        .await
    }
}
