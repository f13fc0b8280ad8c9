//! How SQLite finds what is asked for often.

use diesel::prelude::*;
use diesel::query_builder::QueryFragment;
use diesel::sqlite::Sqlite;

use pressroom_diesel_store::schema::{audit_lines, documents, revisions};

use crate::repositories::exports::{State, beyond, first, first_left};
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

/// However many there are, a claim looks at a few, and so does a part of a list.
#[tokio::test]
async fn lists_and_claims_are_looked_up_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("pressroom.db"), true).unwrap();
    let claims = "USING INDEX exports_state_queued_at (state=?)";
    let plans = store.read(move |conn| {
        let slice = documents::table.filter(documents::id.gt(500)).order(documents::id).limit(10);
        let named = documents::table.filter(documents::name_key.eq("document 7"));
        let of_one =
            revisions::table.filter(revisions::document_id.eq(7)).order(revisions::number.desc());
        let newest = audit_lines::table
            .filter(audit_lines::subject_kind.eq("document"))
            .select(diesel::dsl::max(audit_lines::id));
        Ok([
            (plan(conn, &first(State::QUEUED)), claims),
            (plan(conn, &first_left(State::RUNNING, 0)), claims),
            (plan(conn, &beyond(State::RUNNING, 0)), claims),
            (plan(conn, &slice), "USING INTEGER PRIMARY KEY (rowid>?)"),
            (plan(conn, &named), "USING INDEX documents_name_key"),
            (plan(conn, &of_one), "USING INDEX revisions_document_number"),
            (plan(conn, &newest), "INDEX audit_lines_subject_kind (subject_kind=?)"),
        ])
    });
    for (plan, index) in plans.await.unwrap() {
        assert!(plan.contains(index), "{index}: {plan}");
        // Sorting by id among those of one moment is a matter of a few.
        assert!(!plan.contains("TEMP B-TREE FOR ORDER BY"), "{index}: {plan}");
    }
}
