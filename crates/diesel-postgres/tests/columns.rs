//! The migrations make the tables that the queries are written for.

use pressroom_contracts::schema::assert_columns;
use pressroom_contracts::servers::{Missing, Postgres};
use pressroom_diesel_postgres::Store;

#[test]
fn columns_are_those_of_the_queries() {
    pressroom_contracts::run(async {
        let asking = tokio::task::spawn_blocking(|| {
            let server = Postgres::shared().unwrap_or_else(Missing::skip);
            let database = server.database();
            drop(Store::open(&database.url, true).expect("a new store"));
            database.sql(
                "select table_name || ' ' || column_name || ' ' || is_nullable || ' ' || data_type
                 from information_schema.columns where table_schema = 'public'",
            )
        });
        let columns = match asking.await {
            Ok(columns) => columns,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        };
        assert_columns(columns.lines().map(|line| {
            let mut words = line.splitn(4, ' ').map(str::to_owned);
            let mut next = || words.next().expect("four words");
            let (table, name, nullable) = (next(), next(), next());
            (table, name, next(), nullable == "YES")
        }));
    });
}
