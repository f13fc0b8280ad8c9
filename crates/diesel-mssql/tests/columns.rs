//! The migrations make the tables that the queries are written for.

mod blocking;

use blocking::blocking;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use pressroom_contracts::schema::assert_columns;
use pressroom_contracts::servers::{Missing, mssql};
use pressroom_diesel_mssql::Store;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    in_table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

#[test]
fn columns_are_those_of_the_queries() {
    pressroom_contracts::run(async {
        let columns = blocking(|| {
            let database = mssql().unwrap_or_else(Missing::skip).database();
            drop(Store::open(&database.url, true).expect("a new store"));
            // What the database computes is for indexes alone.
            let columns: Vec<Column> = diesel::sql_query(
                "select cast(t.name as nvarchar(128)) as in_table,
                        cast(c.name as nvarchar(128)) as name,
                        cast(type_name(c.user_type_id) as nvarchar(128)) as kind,
                        c.is_nullable as nullable
                 from sys.tables t join sys.columns c on c.object_id = t.object_id
                 where c.is_computed = 0 and t.schema_id = schema_id()",
            )
            .load(&mut database.connect())
            .expect("the columns");
            columns
        })
        .await;
        assert_columns(
            columns
                .into_iter()
                .map(|column| (column.in_table, column.name, column.kind, column.nullable)),
        );
    });
}
