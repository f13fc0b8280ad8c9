//! Who somebody is at another provider.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as DatabaseError};
use pressroom_domain::{ExternalSubject, NewExternalUser, User, UserId};
use pressroom_ports::{Change, ExternalUserRepository, Kind, StoreError};

use super::users;
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::external_users;
use pressroom_diesel_store::{Failure, OnViolation};

fn insert(conn: &mut Connection, subject: &ExternalSubject, user: UserId) -> Result<(), Failure> {
    let inserted = diesel::insert_into(external_users::table)
        .values((
            external_users::issuer.eq(subject.issuer()),
            external_users::subject.eq(subject.subject()),
            external_users::user_id.eq(user.0),
        ))
        .execute(conn);
    match inserted {
        Err(DatabaseError::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _)) => {
            Err(StoreError::not_found(Kind::User, user).into())
        }
        other => {
            other.map(drop).on_duplicate(|| StoreError::duplicate(Kind::User, subject.subject()))
        }
    }
}

#[async_trait]
impl ExternalUserRepository for Store {
    async fn find(&self, subject: &ExternalSubject) -> Result<Option<User>, StoreError> {
        let subject = subject.clone();
        self.read(move |conn| {
            let id: Option<i64> = external_users::table
                .filter(is_exactly!(external_users::issuer, subject.issuer()))
                .filter(is_exactly!(external_users::subject, subject.subject()))
                .select(external_users::user_id)
                .first(conn)
                .optional()?;
            id.map(|id| users::find(conn, UserId(id))).transpose()
        })
        .await
    }

    async fn create(&self, change: Change<NewExternalUser>) -> Result<User, StoreError> {
        self.change(change, move |conn, NewExternalUser { subject, user }, along| {
            let id = users::insert(conn, &user)?;
            insert(conn, &subject, id)?;
            along.record_made(conn, id.0)?;
            users::find(conn, id)
        })
        .await
    }

    async fn link(&self, change: Change<(ExternalSubject, UserId)>) -> Result<(), StoreError> {
        self.change(change, move |conn, (subject, user), along| {
            let linked: i64 = external_users::table
                .filter(external_users::user_id.eq(user.0))
                .count()
                .get_result(conn)?;
            if linked > 0 {
                return Err(StoreError::duplicate(Kind::User, subject.subject()).into());
            }
            insert(conn, &subject, user)?;
            along.record(conn)
        })
        .await
    }
}
