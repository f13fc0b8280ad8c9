//! Sign-ins that can be refreshed.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use pressroom_domain::{LockConflict, OptimisticLock, SignIn, SignInId, TokenHash, User, UserId};
use pressroom_ports::{Change, Kind, NewSignIn, RefreshedSignIn, SignInRepository, StoreError};

use super::{tokens, users};
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::{access_tokens, sign_ins};
use pressroom_diesel_store::{Reader, micros};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_ins)]
struct Row {
    id: Vec<u8>,
    user_id: i64,
    refresh_hash: Vec<u8>,
    started_at: i64,
    expires_at: i64,
}

impl TryFrom<Row> for SignIn {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reader = Reader { kind: Kind::SignIn, id: &"of a user" };
        Ok(Self {
            id: reader.read(SignInId::try_from(row.id.as_slice()))?,
            user_id: UserId(row.user_id),
            refresh: reader.read(TokenHash::try_from(row.refresh_hash.as_slice()))?,
            started_at: reader.time(row.started_at)?,
            expires_at: reader.time(row.expires_at)?,
        })
    }
}

/// Leaves room for one more sign-in of a user.
fn make_room(conn: &mut Connection, user: UserId) -> QueryResult<()> {
    let kept = i64::try_from(SignIn::MOST_OF_A_USER).unwrap_or(i64::MAX) - 1;
    let beyond: Vec<Vec<u8>> = sign_ins::table
        .filter(sign_ins::user_id.eq(user.0))
        .order((sign_ins::expires_at.desc(), sign_ins::id))
        // An engine that skips rows wants to know how many are taken.
        .offset(kept)
        .limit(1_000)
        .select(sign_ins::id)
        .load(conn)?;
    for id in beyond {
        diesel::delete(sign_ins::table.find(id)).execute(conn)?;
    }
    Ok(())
}

#[async_trait]
impl SignInRepository for Store {
    async fn begin(&self, change: Change<NewSignIn>) -> Result<(), StoreError> {
        self.change(change, move |conn, NewSignIn { sign_in, access, seen }, along| {
            let user = sign_in.user_id;
            let current = users::lock(conn, user)?.map(OptimisticLock);
            let current = current.ok_or_else(|| StoreError::not_found(Kind::User, user))?;
            if current != seen {
                let conflict = LockConflict { current };
                return Err(StoreError::conflict(Kind::User, user, conflict).into());
            }
            make_room(conn, user)?;
            let row = Row {
                id: sign_in.id.as_bytes().to_vec(),
                user_id: user.0,
                refresh_hash: sign_in.refresh.as_bytes().to_vec(),
                started_at: micros(sign_in.started_at),
                expires_at: micros(sign_in.expires_at),
            };
            diesel::insert_into(sign_ins::table).values(row).execute(conn)?;
            tokens::insert(conn, &access)?;
            along.record(conn)
        })
        .await
    }

    async fn find(&self, id: SignInId) -> Result<Option<(SignIn, User)>, StoreError> {
        self.read(move |conn| {
            let row: Option<Row> = sign_ins::table
                .find(id.as_bytes().as_slice())
                .select(Row::as_select())
                .first(conn)
                .optional()?;
            let Some(row) = row else { return Ok(None) };
            let sign_in = SignIn::try_from(row)?;
            let user = users::find(conn, sign_in.user_id)?;
            Ok(Some((sign_in, user)))
        })
        .await
    }

    async fn refresh(&self, change: Change<RefreshedSignIn>) -> Result<(), StoreError> {
        self.change(change, move |conn, refreshed, along| {
            let RefreshedSignIn { id, shown, refresh, expires_at, access } = refreshed;
            let row = sign_ins::table
                .find(id.as_bytes().as_slice())
                .filter(sign_ins::refresh_hash.eq(shown.as_bytes().as_slice()));
            let changed = diesel::update(row)
                .set((
                    sign_ins::refresh_hash.eq(refresh.as_bytes().as_slice()),
                    sign_ins::expires_at.eq(micros(expires_at)),
                ))
                .execute(conn)?;
            if changed == 0 {
                return Err(StoreError::not_found(Kind::SignIn, id).into());
            }
            tokens::insert(conn, &access)?;
            along.record(conn)
        })
        .await
    }

    async fn end(&self, change: Change<SignInId>) -> Result<(), StoreError> {
        self.change(change, move |conn, id, along| {
            let id = id.as_bytes().as_slice();
            let sign_ins = diesel::delete(sign_ins::table.find(id)).execute(conn)?;
            let of_it = access_tokens::table.filter(access_tokens::sign_in_id.eq(id));
            let tokens = diesel::delete(of_it).execute(conn)?;
            if sign_ins + tokens == 0 {
                return Ok(());
            }
            along.record(conn)
        })
        .await
    }

    async fn delete_expired(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(move |conn| {
            let expired = sign_ins::table.filter(sign_ins::expires_at.le(micros(now)));
            Ok(diesel::delete(expired).execute(conn)? as u64)
        })
        .await
    }
}
