//! All rows of all tables.

#[macro_use]
mod table;
mod cells;
mod one_of;
mod tables;

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_ports::{Cell, Kind, Sealed, StoreContents, StoreError, Table};

use pressroom_diesel_store::Failure;
use pressroom_diesel_store::schema::{data_models, outbox};
use pressroom_diesel_store::seal::{is_sealed, unseal};

use self::tables::{ACCESS, TABLES};
use super::{data_models::place, outbox::PLACE};
use crate::{Connection, Store};

/// Rows whose secrets are looked at in one transaction.
const SLICE: i64 = 200;

/// A row: its cells in the order of the table's columns.
type Cells = Vec<Cell>;
/// Rows that a table has, or what failed.
type Found = Result<Vec<Cells>, Failure>;

/// What is done with the rows of one table.
struct Access {
    table: Table,
    rows: fn(&mut Connection, Option<&[Cell]>, i64) -> Found,
    find: fn(&mut Connection, &[Cells]) -> Found,
    count: fn(&mut Connection) -> Result<i64, Failure>,
    put: fn(&mut Connection, &[Cells]) -> Result<(), Failure>,
    delete: fn(&mut Connection, &[Cells]) -> Result<(), Failure>,
}

/// What is done with the rows of a table of this name.
fn access(table: &str) -> Result<&'static Access, StoreError> {
    let found = ACCESS.iter().find(|access| access.table.name == table);
    found.ok_or_else(|| unreadable(table, "there is no such table"))
}

fn unreadable(table: &str, what: &str) -> StoreError {
    StoreError::Unreadable { kind: Kind::Row, detail: format!("{table}: {what}") }
}

#[async_trait]
impl StoreContents for Store {
    fn tables(&self) -> &'static [Table] {
        TABLES
    }

    async fn rows(
        &self,
        table: &str,
        after: Option<Vec<Cell>>,
        limit: u32,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        let access = access(table)?;
        self.read(move |conn| (access.rows)(conn, after.as_deref(), limit.into())).await
    }

    async fn find(&self, table: &str, keys: Vec<Vec<Cell>>) -> Result<Vec<Vec<Cell>>, StoreError> {
        let access = access(table)?;
        self.read(move |conn| (access.find)(conn, &keys)).await
    }

    async fn count(&self, table: &str) -> Result<u64, StoreError> {
        let access = access(table)?;
        let count = self.read(move |conn| (access.count)(conn)).await?;
        Ok(count.unsigned_abs())
    }

    async fn put(&self, table: &str, rows: Vec<Vec<Cell>>) -> Result<(), StoreError> {
        let access = access(table)?;
        self.write(move |conn| (access.put)(conn, &rows)).await
    }

    async fn delete(&self, table: &str, keys: Vec<Vec<Cell>>) -> Result<(), StoreError> {
        let access = access(table)?;
        self.write(move |conn| (access.delete)(conn, &keys)).await
    }

    async fn sealed(&self) -> Result<Sealed, StoreError> {
        let mut sealed = Sealed::default();
        let key = self.key();
        let mut look = |text: String, place: &str| {
            if is_sealed(&text) {
                sealed.texts += 1;
                sealed.unopened += u64::from(unseal(key.as_ref(), text, place).is_err());
            }
        };
        let mut after = i64::MIN;
        loop {
            let texts = self.read(move |conn| providers(conn, after)).await?;
            let Some((last, _)) = texts.last() else { break };
            after = *last;
            texts.into_iter().for_each(|(id, text)| look(text, &place(id)));
        }
        let mut after = i64::MIN;
        loop {
            let texts = self.read(move |conn| mails(conn, after)).await?;
            let Some((last, _)) = texts.last() else { break };
            after = *last;
            texts.into_iter().for_each(|(_, text)| look(text, PLACE));
        }
        Ok(sealed)
    }
}

fn providers(conn: &mut Connection, after: i64) -> Result<Vec<(i64, String)>, Failure> {
    let query = data_models::table.filter(data_models::id.gt(after)).order(data_models::id);
    Ok(query.select((data_models::id, data_models::provider)).limit(SLICE).load(conn)?)
}

fn mails(conn: &mut Connection, after: i64) -> Result<Vec<(i64, String)>, Failure> {
    let query = outbox::table.filter(outbox::id.gt(after)).order(outbox::id);
    Ok(query.select((outbox::id, outbox::mail)).limit(SLICE).load(conn)?)
}
