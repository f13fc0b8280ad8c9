//! Links that set passwords.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use pressroom_domain::{AccountLink, LinkPurpose, NewUser, TokenHash, User, UserId};
use pressroom_ports::{AccountLinkRepository, Change, IssueLink, Kind, RedeemLink, StoreError};

use super::users;
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::account_links;
use pressroom_diesel_store::{Failure, OnViolation};
use pressroom_diesel_store::{Reader, micros};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = account_links)]
struct Row {
    hash: Vec<u8>,
    user_id: i64,
    purpose: String,
    issued_at: i64,
    expires_at: i64,
}

impl Row {
    fn new(user: UserId, link: &AccountLink) -> Self {
        Self {
            hash: link.hash.as_bytes().to_vec(),
            user_id: user.0,
            purpose: link.purpose.name().to_owned(),
            issued_at: micros(link.issued_at),
            expires_at: micros(link.expires_at),
        }
    }

    fn read(self) -> Result<(AccountLink, UserId), StoreError> {
        let reader =
            Reader { kind: Kind::AccountLink, id: &format_args!("of user {}", self.user_id) };
        let link = AccountLink {
            hash: reader.read(TokenHash::try_from(self.hash.as_slice()))?,
            purpose: reader.word(&self.purpose, LinkPurpose::find)?,
            issued_at: reader.time(self.issued_at)?,
            expires_at: reader.time(self.expires_at)?,
        };
        Ok((link, UserId(self.user_id)))
    }
}

/// Ends all links of an account.
pub(crate) fn revoke(conn: &mut Connection, user: UserId) -> QueryResult<usize> {
    diesel::delete(account_links::table.filter(account_links::user_id.eq(user.0))).execute(conn)
}

/// Keeps a link, in place of an older one of its purpose.
fn put(conn: &mut Connection, user: UserId, link: &AccountLink) -> Result<(), Failure> {
    let of_purpose = account_links::table
        .filter(account_links::user_id.eq(user.0))
        .filter(account_links::purpose.eq(link.purpose.name()));
    diesel::delete(of_purpose).execute(conn)?;
    diesel::insert_into(account_links::table)
        .values(Row::new(user, link))
        .execute(conn)
        .on_broken_reference(|| StoreError::not_found(Kind::User, user))?;
    Ok(())
}

fn find(conn: &mut Connection, hash: &TokenHash) -> Result<Option<(AccountLink, User)>, Failure> {
    let row: Option<Row> = account_links::table
        .find(hash.as_bytes().as_slice())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let (link, user) = row.read()?;
    Ok(Some((link, users::find(conn, user)?)))
}

#[async_trait]
impl AccountLinkRepository for Store {
    async fn create_user(
        &self,
        change: Change<(NewUser, AccountLink)>,
    ) -> Result<User, StoreError> {
        self.change(change, move |conn, (new, link), along| {
            let id = users::insert(conn, &new)?;
            put(conn, id, &link)?;
            along.record_made(conn, id.0)?;
            users::find(conn, id)
        })
        .await
    }

    async fn issue(&self, change: Change<IssueLink>) -> Result<bool, StoreError> {
        self.change(change, move |conn, entity, along| {
            let IssueLink { user_id, link, unless_issued_after } = entity;
            let newest: Option<i64> = account_links::table
                .filter(account_links::user_id.eq(user_id.0))
                .filter(account_links::purpose.eq(link.purpose.name()))
                .select(account_links::issued_at)
                .first(conn)
                .optional()?;
            let too_soon = newest.zip(unless_issued_after);
            if too_soon.is_some_and(|(newest, after)| newest > micros(after)) {
                along.without_mails().record(conn)?;
                return Ok(false);
            }
            put(conn, user_id, &link)?;
            along.record(conn)?;
            Ok(true)
        })
        .await
    }

    async fn find(&self, hash: &TokenHash) -> Result<Option<(AccountLink, User)>, StoreError> {
        let hash = *hash;
        self.read(move |conn| find(conn, &hash)).await
    }

    async fn redeem(&self, change: Change<RedeemLink>) -> Result<Option<User>, StoreError> {
        self.change(change, move |conn, entity, along| {
            let RedeemLink { hash, purpose, password, at } = entity;
            let Some((link, user)) = find(conn, &hash)? else { return Ok(None) };
            let open = match purpose {
                LinkPurpose::Activate => user.pending,
                LinkPurpose::Reset => user.active && !user.pending,
            };
            if !open || !link.works(purpose, at) {
                return Ok(None);
            }
            users::set_password(conn, user.id, &password)?;
            along.record(conn)?;
            Ok(Some(users::find(conn, user.id)?))
        })
        .await
    }

    async fn delete_expired(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(move |conn| {
            let expired = account_links::table.filter(account_links::expires_at.le(micros(now)));
            Ok(diesel::delete(expired).execute(conn)? as u64)
        })
        .await
    }
}
