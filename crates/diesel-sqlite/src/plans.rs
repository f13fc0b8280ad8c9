//! How SQLite finds what is asked for often.

use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sqlite::Sqlite;

use crate::repositories::exports::{State, first, first_left};
use crate::{Connection, Store};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

fn plan(conn: &mut Connection, query: &impl QueryFragment<Sqlite>) -> String {
    let sql = diesel::debug_query::<Sqlite, _>(query).to_string();
    let sql = sql.split(" -- binds").next().unwrap().to_owned();
    let steps: Vec<Step> =
        diesel::sql_query(format!("explain query plan {sql}")).load(conn).unwrap();
    steps.into_iter().map(|step| step.detail).collect::<Vec<_>>().join("; ")
}

/// However many wait, and however many came to their end, a claim looks at a few.
#[tokio::test]
async fn claims_are_looked_up_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("pressroom.db"), true).unwrap();
    let plans = store.read(|conn| {
        Ok([plan(conn, &first(State::QUEUED)), plan(conn, &first_left(State::RUNNING, 0))])
    });
    for plan in plans.await.unwrap() {
        assert!(plan.contains("USING INDEX exports_state_queued_at (state=?)"), "{plan}");
    }
}
