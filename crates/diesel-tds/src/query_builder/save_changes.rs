//! `save_changes`.

use diesel::RunQueryDsl as _;
use diesel::associations::{HasTable, Identifiable};
use diesel::dsl::{Find, Update};
use diesel::query_builder::{AsChangeset, AsQuery, IntoUpdateTarget};
use diesel::query_dsl::methods::{ExecuteDsl, FindDsl};
use diesel::query_dsl::{LoadQuery, UpdateAndFetchResults};
use diesel::result::QueryResult;

use crate::connection::TdsConnection;

impl<'query, Changes, Output> UpdateAndFetchResults<Changes, Output> for TdsConnection
where
    Changes: Copy + Identifiable,
    Changes: AsChangeset<Target = <Changes as HasTable>::Table> + IntoUpdateTarget,
    Changes::Table: FindDsl<Changes::Id>,
    Update<Changes, Changes>: ExecuteDsl<TdsConnection> + AsQuery,
    Find<Changes::Table, Changes::Id>: LoadQuery<'query, TdsConnection, Output>,
{
    fn update_and_fetch(&mut self, changeset: Changes) -> QueryResult<Output> {
        diesel::update(changeset).set(changeset).execute(self)?;
        Changes::table().find(changeset.id()).get_result(self)
    }
}
