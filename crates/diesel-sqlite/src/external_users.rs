//! Who somebody is at another provider.

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::{ExternalSubject, NewExternalUser, User, UserId};
use pressroom_ports::{Change, ExternalUserRepository, Kind, StoreError};

use crate::Store;
use crate::error::OnViolation;
use crate::schema::external_users;
use crate::{change, users};

#[async_trait]
impl ExternalUserRepository for Store {
    async fn find(&self, subject: &ExternalSubject) -> Result<Option<User>, StoreError> {
        let subject = subject.clone();
        self.read(move |conn| {
            let id: Option<i64> = external_users::table
                .find((subject.issuer(), subject.subject()))
                .select(external_users::user_id)
                .first(conn)
                .optional()?;
            id.map(|id| users::find(conn, UserId(id))).transpose()
        })
        .await
    }

    async fn create(&self, change: Change<NewExternalUser>) -> Result<User, StoreError> {
        self.write(move |conn| {
            let Change { entity: NewExternalUser { subject, user }, audit, outbox } = change;
            let id = users::insert(conn, &user)?;
            diesel::insert_into(external_users::table)
                .values((
                    external_users::issuer.eq(subject.issuer()),
                    external_users::subject.eq(subject.subject()),
                    external_users::user_id.eq(id.0),
                ))
                .execute(conn)
                .on_duplicate(|| StoreError::duplicate(Kind::User, subject.subject()))?;
            change::record_made(conn, audit, outbox, id.0)?;
            users::find(conn, id)
        })
        .await
    }
}
