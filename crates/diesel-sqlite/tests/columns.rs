//! The migrations make the tables that the queries are written for.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use pressroom_contracts::schema::assert_columns;
use pressroom_diesel_sqlite::Store;
use tempfile::TempDir;

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
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("pressroom.db");
    let _store = Store::open(&file, true).expect("a new store");
    let mut conn =
        SqliteConnection::establish(file.to_str().expect("a name in UTF-8")).expect("a connection");
    let columns: Vec<Column> = diesel::sql_query(
        "select t.name as in_table, c.name as name, c.type as kind, c.\"notnull\" = 0 as nullable
         from sqlite_master t join pragma_table_info(t.name) c
         where t.type = 'table' and t.name not like 'sqlite%'",
    )
    .load(&mut conn)
    .expect("the columns");
    assert_columns(
        columns
            .into_iter()
            .map(|column| (column.in_table, column.name, column.kind, column.nullable)),
    );
}
