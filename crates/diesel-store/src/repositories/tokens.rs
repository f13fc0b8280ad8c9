//! Access tokens.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use pressroom_domain::{AccessToken, ApiKeyId, SignInId, TokenHash, TokenOrigin, UserId};
use pressroom_ports::{
    Change, Identity, Kind, ProlongedToken, Session, StoreError, TokenRepository,
};

use super::{groups, permissions};
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::{access_tokens, api_keys, sign_ins, users};
use pressroom_diesel_store::{Failure, OnViolation};
use pressroom_diesel_store::{Reader, micros};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = access_tokens)]
struct Row {
    hash: Vec<u8>,
    user_id: i64,
    sign_in_id: Option<Vec<u8>>,
    api_key_id: Option<i64>,
    issued_at: i64,
    expires_at: i64,
}

impl TryFrom<Row> for AccessToken {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reader = Reader { kind: Kind::Token, id: &"of a user" };
        let origin = match (row.sign_in_id, row.api_key_id) {
            (Some(id), None) => {
                TokenOrigin::SignIn(reader.read(SignInId::try_from(id.as_slice()))?)
            }
            (None, Some(id)) => TokenOrigin::ApiKey(ApiKeyId(id)),
            _ => return Err(reader.unreadable("it came from nowhere")),
        };
        Ok(Self {
            hash: reader.read(TokenHash::try_from(row.hash.as_slice()))?,
            user_id: UserId(row.user_id),
            origin,
            issued_at: reader.time(row.issued_at)?,
            expires_at: reader.time(row.expires_at)?,
        })
    }
}

/// Adds a token.
pub(crate) fn insert(conn: &mut Connection, token: &AccessToken) -> Result<(), Failure> {
    let (sign_in_id, api_key_id) = match token.origin {
        TokenOrigin::SignIn(id) => (Some(id.as_bytes().to_vec()), None),
        TokenOrigin::ApiKey(id) => (None, Some(id.0)),
    };
    let row = Row {
        hash: token.hash.as_bytes().to_vec(),
        user_id: token.user_id.0,
        sign_in_id,
        api_key_id,
        issued_at: micros(token.issued_at),
        expires_at: micros(token.expires_at),
    };
    diesel::insert_into(access_tokens::table)
        .values(row)
        .execute(conn)
        .on_broken_reference(|| StoreError::not_found(Kind::User, token.user_id))?;
    Ok(())
}

/// Deletes all by which a user, or a program of theirs, is let in without a password.
pub(crate) fn delete_all_of(conn: &mut Connection, user: UserId) -> QueryResult<()> {
    diesel::delete(access_tokens::table.filter(access_tokens::user_id.eq(user.0))).execute(conn)?;
    diesel::delete(sign_ins::table.filter(sign_ins::user_id.eq(user.0))).execute(conn)?;
    diesel::delete(api_keys::table.filter(api_keys::user_id.eq(user.0))).execute(conn)?;
    Ok(())
}

fn identity(
    conn: &mut Connection,
    row: super::users::Row,
    id: UserId,
) -> Result<Identity, Failure> {
    let groups = groups::of_user(conn, id)?;
    let permissions = permissions::of_member(conn, id)?;
    let user = row.into_user(groups.iter().map(|group| group.id).collect())?;
    Ok(Identity { user, groups, permissions })
}

#[async_trait]
impl TokenRepository for Store {
    async fn create(&self, change: Change<AccessToken>) -> Result<(), StoreError> {
        self.change(change, move |conn, token, along| {
            insert(conn, &token)?;
            along.record(conn)
        })
        .await
    }

    async fn find(&self, hash: &TokenHash) -> Result<Option<Session>, StoreError> {
        let hash = hash.as_bytes().to_vec();
        self.read(move |conn| {
            let found: Option<(Row, super::users::Row)> = access_tokens::table
                .inner_join(users::table)
                .filter(access_tokens::hash.eq(&hash))
                .select((Row::as_select(), super::users::Row::as_select()))
                .first(conn)
                .optional()?;
            let Some((token, user)) = found else { return Ok(None) };
            let token = AccessToken::try_from(token)?;
            let identity = identity(conn, user, token.user_id)?;
            Ok(Some(Session { token, identity }))
        })
        .await
    }

    async fn identity(&self, user: UserId) -> Result<Identity, StoreError> {
        self.read(move |conn| {
            let row: Option<super::users::Row> = users::table
                .find(user.0)
                .select(super::users::Row::as_select())
                .first(conn)
                .optional()?;
            let row = row.ok_or_else(|| StoreError::not_found(Kind::User, user))?;
            identity(conn, row, user)
        })
        .await
    }

    async fn prolong(&self, change: Change<ProlongedToken>) -> Result<(), StoreError> {
        self.change(change, move |conn, ProlongedToken { hash, expires_at }, along| {
            let changed = diesel::update(access_tokens::table.find(hash.as_bytes().as_slice()))
                .set(access_tokens::expires_at.eq(micros(expires_at)))
                .execute(conn)?;
            if changed == 0 {
                return Ok(());
            }
            along.record(conn)
        })
        .await
    }

    async fn delete(&self, change: Change<TokenHash>) -> Result<(), StoreError> {
        self.change(change, move |conn, hash, along| {
            diesel::delete(access_tokens::table.find(hash.as_bytes().as_slice())).execute(conn)?;
            along.record(conn)
        })
        .await
    }

    async fn delete_expired(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(move |conn| {
            let expired = access_tokens::table.filter(access_tokens::expires_at.le(micros(now)));
            Ok(diesel::delete(expired).execute(conn)? as u64)
        })
        .await
    }
}
