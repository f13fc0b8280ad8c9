//! Categories.

use async_trait::async_trait;
use diesel::prelude::*;
use pressroom_domain::{Category, CategoryId, CategoryUpdate, NewCategory, OptimisticLock, Scope};
use pressroom_ports::{CategoryRepository, Change, Kind, Slice, StoreError};

use super::lock::write_under_lock;
use super::permissions;
use super::sequence::Sequence;
use crate::Connection;
use crate::Store;
use pressroom_diesel_store::Reader;
use pressroom_diesel_store::schema::{categories, documents};
use pressroom_diesel_store::{Failure, OnViolation};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = categories)]
struct Row {
    id: i64,
    name: String,
    optimistic_lock: i64,
}

impl TryFrom<Row> for Category {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let reader = Reader { kind: Kind::Category, id: &row.id };
        Ok(Self {
            id: CategoryId(row.id),
            name: reader.name(&row.name)?,
            lock: OptimisticLock(row.optimistic_lock),
        })
    }
}

fn find(conn: &mut Connection, id: CategoryId) -> Result<Category, Failure> {
    let row: Option<Row> =
        categories::table.find(id.0).select(Row::as_select()).first(conn).optional()?;
    let row = row.ok_or_else(|| StoreError::not_found(Kind::Category, id))?;
    Ok(row.try_into()?)
}

#[async_trait]
impl CategoryRepository for Store {
    async fn create(&self, change: Change<NewCategory>) -> Result<Category, StoreError> {
        self.change(change, move |conn, NewCategory { name }, along| {
            let id = Sequence::CATEGORIES.next(conn)?;
            let row = Row { id, name: name.to_string(), optimistic_lock: OptimisticLock::NEW.0 };
            diesel::insert_into(categories::table).values(row).execute(conn)?;
            along.record_made(conn, id)?;
            Ok(Category { id: CategoryId(id), name, lock: OptimisticLock::NEW })
        })
        .await
    }

    async fn get(&self, id: CategoryId) -> Result<Category, StoreError> {
        self.read(move |conn| find(conn, id)).await
    }

    async fn list(&self, slice: Slice<CategoryId>) -> Result<Vec<Category>, StoreError> {
        let rows: Vec<Row> = self
            .read(move |conn| {
                Ok(categories::table
                    .filter(categories::id.gt(slice.after.map_or(i64::MIN, |id| id.0)))
                    .order(categories::id)
                    .limit(slice.limit.into())
                    .select(Row::as_select())
                    .load(conn)?)
            })
            .await?;
        rows.into_iter().map(Category::try_from).collect()
    }

    async fn update(&self, change: Change<CategoryUpdate>) -> Result<Category, StoreError> {
        self.change(change, move |conn, CategoryUpdate { id, expected, name }, along| {
            let row = categories::table.find(id.0);
            write_under_lock(
                conn,
                (Kind::Category, id.0),
                expected,
                |conn| row.select(categories::optimistic_lock).first(conn).optional(),
                |conn, seen| {
                    Ok(diesel::update(row.filter(categories::optimistic_lock.eq(seen)))
                        .set((
                            categories::name.eq(name.as_str()),
                            categories::optimistic_lock.eq(seen + 1),
                        ))
                        .execute(conn)?)
                },
            )?;
            along.record(conn)?;
            find(conn, id)
        })
        .await
    }

    async fn delete(&self, change: Change<CategoryId>) -> Result<(), StoreError> {
        self.change(change, move |conn, id, along| {
            let held: i64 = documents::table
                .filter(documents::category_id.eq(id.0))
                .count()
                .get_result(conn)?;
            let in_use = || {
                let (number, noun) = (held.max(1), if held > 1 { "documents" } else { "document" });
                StoreError::in_use(Kind::Category, id, format!("it holds {number} {noun}"))
            };
            if held > 0 {
                return Err(in_use().into());
            }
            let deleted = diesel::delete(categories::table.find(id.0))
                .execute(conn)
                .on_broken_reference(in_use)?;
            if deleted == 0 {
                return Err(StoreError::not_found(Kind::Category, id).into());
            }
            permissions::forget(conn, &[Scope::Category(id), Scope::DocumentsIn(id)])?;
            along.record(conn)
        })
        .await
    }
}
