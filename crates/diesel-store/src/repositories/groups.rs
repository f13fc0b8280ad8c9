//! Groups.

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::{
    BuiltInGroup, Group, GroupId, GroupUpdate, Holder, NewGroup, OptimisticLock, UserId,
};
use pressroom_ports::{Change, GroupRepository, Kind, Slice, StoreError};

use super::lock::write_under_lock;
use super::permissions;
use super::sequence::Sequence;
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::Reader;
use pressroom_diesel_store::schema::{memberships, user_groups, users};
use pressroom_diesel_store::{Failure, OnViolation};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = user_groups)]
struct Row {
    id: i64,
    name: String,
    name_key: String,
    built_in: Option<String>,
    optimistic_lock: i64,
}

impl TryFrom<Row> for Group {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reader = Reader { kind: Kind::Group, id: &row.id };
        let built_in = row.built_in.map(|code| reader.word(&code, BuiltInGroup::find));
        Ok(Self {
            id: GroupId(row.id),
            name: reader.name(&row.name)?,
            built_in: built_in.transpose()?,
            lock: OptimisticLock(row.optimistic_lock),
        })
    }
}

/// The groups of a user, smallest id first.
pub(crate) fn of_user(conn: &mut Connection, user: UserId) -> Result<Vec<Group>, Failure> {
    let rows: Vec<Row> = user_groups::table
        .inner_join(memberships::table)
        .filter(memberships::user_id.eq(user.0))
        .order(user_groups::id)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// The lock of a group's row.
pub(crate) fn lock(conn: &mut Connection, id: GroupId) -> QueryResult<Option<i64>> {
    let row = user_groups::table.find(id.0);
    row.select(user_groups::optimistic_lock).first(conn).optional()
}

fn find(conn: &mut Connection, id: GroupId) -> Result<Group, Failure> {
    let row: Option<Row> =
        user_groups::table.find(id.0).select(Row::as_select()).first(conn).optional()?;
    Ok(row.ok_or_else(|| StoreError::not_found(Kind::Group, id))?.try_into()?)
}

#[async_trait]
impl GroupRepository for Store {
    async fn create(&self, change: Change<NewGroup>) -> Result<Group, StoreError> {
        self.change(change, move |conn, new, along| {
            let id = Sequence::GROUPS.next(conn)?;
            let row = Row {
                id,
                name: new.name.to_string(),
                name_key: new.name.key(),
                built_in: new.built_in.map(|group| group.code().to_owned()),
                optimistic_lock: OptimisticLock::NEW.0,
            };
            diesel::insert_into(user_groups::table)
                .values(row)
                .execute(conn)
                .on_duplicate(|| StoreError::duplicate(Kind::Group, &new.name))?;
            along.record_made(conn, id)?;
            find(conn, GroupId(id))
        })
        .await
    }

    async fn get(&self, id: GroupId) -> Result<Group, StoreError> {
        self.read(move |conn| find(conn, id)).await
    }

    async fn list(&self, slice: Slice<GroupId>) -> Result<Vec<Group>, StoreError> {
        let rows: Vec<Row> = self
            .read(move |conn| {
                Ok(user_groups::table
                    .filter(user_groups::id.gt(slice.after.map_or(i64::MIN, |id| id.0)))
                    .order(user_groups::id)
                    .limit(slice.limit.into())
                    .select(Row::as_select())
                    .load(conn)?)
            })
            .await?;
        rows.into_iter().map(Group::try_from).collect()
    }
    async fn update(&self, change: Change<GroupUpdate>) -> Result<Group, StoreError> {
        self.change(change, move |conn, GroupUpdate { id, expected, name }, along| {
            let row = user_groups::table.find(id.0);
            write_under_lock(
                conn,
                (Kind::Group, id.0),
                expected,
                |conn| lock(conn, id),
                |conn, seen| {
                    diesel::update(row.filter(user_groups::optimistic_lock.eq(seen)))
                        .set((
                            user_groups::name.eq(name.as_str()),
                            user_groups::name_key.eq(name.key()),
                            user_groups::optimistic_lock.eq(seen + 1),
                        ))
                        .execute(conn)
                        .on_duplicate(|| StoreError::duplicate(Kind::Group, &name))
                },
            )?;
            along.record(conn)?;
            find(conn, id)
        })
        .await
    }

    async fn delete(&self, change: Change<GroupId>) -> Result<(), StoreError> {
        self.change(change, move |conn, id, along| {
            let members = memberships::table
                .filter(memberships::group_id.eq(id.0))
                .select(memberships::user_id);
            diesel::update(users::table.filter(users::id.eq_any(members)))
                .set(users::optimistic_lock.eq(users::optimistic_lock + 1))
                .execute(conn)?;
            permissions::forget_holder(conn, Holder::Group(id))?;
            // Memberships go with the row.
            if diesel::delete(user_groups::table.find(id.0)).execute(conn)? == 0 {
                return Err(StoreError::not_found(Kind::Group, id).into());
            }
            along.record(conn)
        })
        .await
    }
}
