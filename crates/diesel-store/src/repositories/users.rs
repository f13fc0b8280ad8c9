//! Users.

use std::collections::HashMap;

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use pressroom_domain::{
    AccountType, Administrators, BuiltInGroup, EmailAddress, GroupId, Holder, NewUser,
    OptimisticLock, PasswordHash, PhotoFormat, PhotoRecord, User, UserId,
};
use pressroom_ports::{Change, Kind, Slice, StoreError, UserRepository, UserUpdate};

use super::lock::write_under_lock;
use super::sequence::Sequence;
use super::{account_links, permissions, tokens};
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::{memberships, user_groups, user_photos, users};
use pressroom_diesel_store::{Failure, OnViolation};
use pressroom_diesel_store::{Reader, kept_text};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
pub(crate) struct Row {
    id: i64,
    user_name: String,
    user_name_key: String,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    account_type: String,
    active: bool,
    pending: bool,
    password_hash: Option<String>,
    optimistic_lock: i64,
}

impl Row {
    /// The user of this row, in these groups.
    pub(crate) fn into_user(self, groups: Vec<GroupId>) -> Result<User, StoreError> {
        let reader = Reader { kind: Kind::User, id: &self.id };
        let name = |text: Option<String>| text.map(|text| reader.name(&text)).transpose();
        let email = self.email.map(|text| reader.read(EmailAddress::new(&text)));
        Ok(User {
            id: UserId(self.id),
            user_name: reader.user_name(&self.user_name)?,
            first_name: name(self.first_name)?,
            last_name: name(self.last_name)?,
            email: email.transpose()?,
            account_type: reader.word(&self.account_type, AccountType::find)?,
            groups,
            active: self.active,
            pending: self.pending,
            password: self.password_hash.map(PasswordHash::new),
            lock: OptimisticLock(self.optimistic_lock),
        })
    }
}

#[diesel::declare_sql_function]
extern "SQL" {
    /// A text whose letters are lower-case: those of ASCII, of some engines others too.
    fn lower(text: Nullable<Text>) -> Nullable<Text>;
}

/// What an update writes: all but the password.
#[derive(AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
struct Changes {
    user_name: String,
    user_name_key: String,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    account_type: String,
    active: bool,
    pending: bool,
    optimistic_lock: i64,
}

fn not_found(id: UserId) -> StoreError {
    StoreError::not_found(Kind::User, id)
}

/// One by id.
pub(crate) fn find(conn: &mut Connection, id: UserId) -> Result<User, Failure> {
    let row: Option<Row> =
        users::table.find(id.0).select(Row::as_select()).first(conn).optional()?;
    let row = row.ok_or_else(|| not_found(id))?;
    let groups = groups_of(conn, id)?;
    Ok(row.into_user(groups)?)
}

fn groups_of(conn: &mut Connection, id: UserId) -> QueryResult<Vec<GroupId>> {
    let ids: Vec<i64> = memberships::table
        .filter(memberships::user_id.eq(id.0))
        .order(memberships::group_id)
        .select(memberships::group_id)
        .load(conn)?;
    Ok(ids.into_iter().map(GroupId).collect())
}

fn set_groups(conn: &mut Connection, id: UserId, groups: &[GroupId]) -> Result<(), Failure> {
    diesel::delete(memberships::table.filter(memberships::user_id.eq(id.0))).execute(conn)?;
    let mut groups = groups.to_vec();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        diesel::insert_into(memberships::table)
            .values((memberships::user_id.eq(id.0), memberships::group_id.eq(group.0)))
            .execute(conn)
            .on_broken_reference(|| StoreError::not_found(Kind::Group, group))?;
    }
    Ok(())
}

/// Adds one, and gives its id.
pub(crate) fn insert(conn: &mut Connection, new: &NewUser) -> Result<UserId, Failure> {
    let id = UserId(Sequence::USERS.next(conn)?);
    let row = Row {
        id: id.0,
        user_name: new.user_name.to_string(),
        user_name_key: new.user_name.key(),
        first_name: text(new.first_name.as_ref()),
        last_name: text(new.last_name.as_ref()),
        email: new.email.as_ref().map(|email| email.as_str().to_owned()),
        account_type: new.account_type.name().to_owned(),
        active: new.active,
        pending: new.pending,
        password_hash: new.password.as_ref().map(|hash| hash.reveal().to_owned()),
        optimistic_lock: OptimisticLock::NEW.0,
    };
    diesel::insert_into(users::table)
        .values(row)
        .execute(conn)
        .on_duplicate(|| StoreError::duplicate(Kind::User, &new.user_name))?;
    set_groups(conn, id, &new.groups)?;
    Ok(id)
}

/// Sets a password, makes the account one that is active and not pending, and ends its tokens and
/// links.
pub(crate) fn set_password(
    conn: &mut Connection,
    id: UserId,
    hash: &PasswordHash,
) -> Result<(), Failure> {
    let changed = diesel::update(users::table.find(id.0))
        .set((
            users::password_hash.eq(hash.reveal()),
            users::pending.eq(false),
            users::active.eq(true),
            users::optimistic_lock.eq(users::optimistic_lock + 1),
        ))
        .execute(conn)?;
    if changed == 0 {
        return Err(not_found(id).into());
    }
    tokens::delete_all_of(conn, id)?;
    account_links::revoke(conn, id)?;
    Ok(())
}

/// The System Administrators who can sign in, as one account sees them.
fn administrators(conn: &mut Connection, id: UserId) -> QueryResult<Administrators> {
    let code = BuiltInGroup::SystemAdministrators.code();
    let usable = || {
        memberships::table
            .inner_join(user_groups::table)
            .inner_join(users::table)
            .filter(user_groups::built_in.eq(code))
            .filter(users::active.eq(true))
            .filter(users::pending.eq(false))
    };
    // Counted: not every engine selects whether something exists.
    let is_one: i64 = usable().filter(users::id.eq(id.0)).count().get_result(conn)?;
    let others: i64 = usable().filter(users::id.ne(id.0)).count().get_result(conn)?;
    Ok(Administrators { is_one: is_one > 0, has_others: others > 0 })
}

fn exists_user(conn: &mut Connection, id: UserId) -> Result<(), Failure> {
    if lock(conn, id)?.is_some() { Ok(()) } else { Err(not_found(id).into()) }
}

fn text(value: Option<&impl ToString>) -> Option<String> {
    value.map(ToString::to_string)
}

#[async_trait]
impl UserRepository for Store {
    async fn create(&self, change: Change<NewUser>) -> Result<User, StoreError> {
        self.change(change, move |conn, new, along| {
            let id = insert(conn, &new)?;
            along.record_made(conn, id.0)?;
            find(conn, id)
        })
        .await
    }

    async fn get(&self, id: UserId) -> Result<User, StoreError> {
        self.read(move |conn| find(conn, id)).await
    }

    async fn find_by_name(&self, user_name: &str) -> Result<Option<User>, StoreError> {
        let key = kept_text(&user_name.trim().to_lowercase());
        self.read(move |conn| {
            let id: Option<i64> = users::table
                .filter(users::user_name_key.eq(&key))
                .select(users::id)
                .first(conn)
                .optional()?;
            id.map(|id| find(conn, UserId(id))).transpose()
        })
        .await
    }

    async fn find_by_email(&self, email: &str) -> Result<Vec<User>, StoreError> {
        let email = kept_text(email.trim());
        self.read(move |conn| {
            // Some engines know of ASCII letters only, others of more.
            let lower_case = [email.to_ascii_lowercase(), email.to_lowercase()];
            let found: Vec<(i64, Option<String>)> = users::table
                .filter(lower(users::email).eq_any(lower_case))
                .order(users::id)
                .select((users::id, users::email))
                .load(conn)?;
            let is_it = |found: &Option<String>| {
                found.as_ref().is_some_and(|found| found.eq_ignore_ascii_case(&email))
            };
            let ids = found.into_iter().filter(|(_, found)| is_it(found)).map(|(id, _)| id);
            ids.map(|id| find(conn, UserId(id))).collect()
        })
        .await
    }

    async fn list(&self, slice: Slice<UserId>) -> Result<Vec<User>, StoreError> {
        self.read(move |conn| {
            let rows: Vec<Row> = users::table
                .filter(users::id.gt(slice.after.map_or(i64::MIN, |id| id.0)))
                .order(users::id)
                .limit(slice.limit.into())
                .select(Row::as_select())
                .load(conn)?;
            let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
                return Ok(Vec::new());
            };
            let pairs: Vec<(i64, i64)> = memberships::table
                .filter(memberships::user_id.between(first.id, last.id))
                .order((memberships::user_id, memberships::group_id))
                .select((memberships::user_id, memberships::group_id))
                .load(conn)?;
            let mut groups: HashMap<i64, Vec<GroupId>> = HashMap::new();
            for (user, group) in pairs {
                groups.entry(user).or_default().push(GroupId(group));
            }
            rows.into_iter()
                .map(|row| {
                    let groups = groups.remove(&row.id).unwrap_or_default();
                    Ok(row.into_user(groups)?)
                })
                .collect()
        })
        .await
    }

    async fn update(&self, change: Change<UserUpdate>) -> Result<User, StoreError> {
        self.change(change, move |conn, UserUpdate { id, expected, user }, along| {
            let before = administrators(conn, id)?;
            let email = user.email.as_ref().map(EmailAddress::as_str);
            let old_email: Option<Option<String>> =
                users::table.find(id.0).select(users::email).first(conn).optional()?;
            if old_email.is_some_and(|old| old.as_deref() != email) {
                // Whoever reads the old address's mail is somebody else, maybe.
                account_links::revoke(conn, id)?;
            }
            write_under_lock(
                conn,
                (Kind::User, id.0),
                expected,
                |conn| lock(conn, id),
                |conn, seen| {
                    let changes = Changes {
                        user_name: user.user_name.to_string(),
                        user_name_key: user.user_name.key(),
                        first_name: text(user.first_name.as_ref()),
                        last_name: text(user.last_name.as_ref()),
                        email: user.email.as_ref().map(|email| email.as_str().to_owned()),
                        account_type: user.account_type.name().to_owned(),
                        active: user.active,
                        pending: user.pending,
                        optimistic_lock: seen + 1,
                    };
                    diesel::update(users::table.find(id.0).filter(users::optimistic_lock.eq(seen)))
                        .set(changes)
                        .execute(conn)
                        .on_duplicate(|| StoreError::duplicate(Kind::User, &user.user_name))
                },
            )?;
            set_groups(conn, id, &user.groups)?;
            let after = administrators(conn, id)?;
            before.after(after.is_one).map_err(StoreError::from)?;
            if !user.active {
                tokens::delete_all_of(conn, id)?;
            }
            along.record(conn)?;
            find(conn, id)
        })
        .await
    }

    async fn set_password(
        &self,
        change: Change<(UserId, PasswordHash)>,
    ) -> Result<User, StoreError> {
        self.change(change, move |conn, (id, hash), along| {
            set_password(conn, id, &hash)?;
            along.record(conn)?;
            find(conn, id)
        })
        .await
    }

    async fn delete(&self, change: Change<UserId>) -> Result<(), StoreError> {
        self.change(change, move |conn, id, along| {
            administrators(conn, id)?.after(false).map_err(StoreError::from)?;
            permissions::forget_holder(conn, Holder::User(id))?;
            // Tokens, memberships and the photo go with the row.
            if diesel::delete(users::table.find(id.0)).execute(conn)? == 0 {
                return Err(not_found(id).into());
            }
            along.record(conn)
        })
        .await
    }

    async fn photo(&self, id: UserId) -> Result<Option<PhotoRecord>, StoreError> {
        self.read(move |conn| {
            exists_user(conn, id)?;
            let row: Option<(Vec<u8>, String)> = user_photos::table
                .find(id.0)
                .select((user_photos::photo, user_photos::media_type))
                .first(conn)
                .optional()?;
            let Some((hash, media_type)) = row else { return Ok(None) };
            let reader = Reader { kind: Kind::User, id: &id };
            Ok(Some(PhotoRecord {
                blob: reader.blob_hash(&hash)?,
                format: reader.word(&media_type, PhotoFormat::find)?,
            }))
        })
        .await
    }

    async fn set_photo(
        &self,
        change: Change<(UserId, Option<PhotoRecord>)>,
    ) -> Result<(), StoreError> {
        self.change(change, move |conn, (id, photo), along| {
            exists_user(conn, id)?;
            diesel::delete(user_photos::table.find(id.0)).execute(conn)?;
            if let Some(PhotoRecord { blob, format }) = photo {
                diesel::insert_into(user_photos::table)
                    .values((
                        user_photos::user_id.eq(id.0),
                        user_photos::photo.eq(blob.as_bytes().as_slice()),
                        user_photos::media_type.eq(format.media_type()),
                    ))
                    .execute(conn)?;
            }
            along.record(conn)
        })
        .await
    }
}

/// The lock of a user's row.
pub(crate) fn lock(conn: &mut Connection, id: UserId) -> QueryResult<Option<i64>> {
    users::table.find(id.0).select(users::optimistic_lock).first(conn).optional()
}
