//! Moments that the site remembers.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use pressroom_ports::{Kind, MomentRepository, StoreError};

use crate::Connection;
use crate::Store;
use pressroom_diesel_store::schema::moments;
use pressroom_diesel_store::{Reader, kept_text, micros};

fn find(conn: &mut Connection, name: &str) -> QueryResult<Option<i64>> {
    moments::table
        .filter(is_exactly!(moments::name, name))
        .select(moments::at)
        .first(conn)
        .optional()
}

fn read(name: &str, at: i64) -> Result<DateTime<Utc>, StoreError> {
    Reader { kind: Kind::Moment, id: &name }.time(at)
}

#[async_trait]
impl MomentRepository for Store {
    async fn note(&self, name: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
        let name = kept_text(name);
        self.write(move |conn| {
            if let Some(at) = find(conn, &name)? {
                return Ok(read(&name, at)?);
            }
            diesel::insert_into(moments::table)
                .values((moments::name.eq(&name), moments::at.eq(micros(now))))
                .execute(conn)?;
            Ok(read(&name, micros(now))?)
        })
        .await
    }

    async fn noted(&self, name: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
        let name = kept_text(name);
        self.look_up(move |conn| {
            let at = find(conn, &name)?;
            Ok(at.map(|at| read(&name, at)).transpose()?)
        })
        .await
    }

    async fn forget(&self, name: &str) -> Result<(), StoreError> {
        let name = kept_text(name);
        self.write(move |conn| {
            diesel::delete(moments::table.filter(is_exactly!(moments::name, name)))
                .execute(conn)?;
            Ok(())
        })
        .await
    }
}
