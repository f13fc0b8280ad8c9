//! How PostgreSQL finds what is asked for often.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Text;
use pressroom_contracts::large;
use pressroom_contracts::servers::{Missing, Postgres};
use pressroom_diesel_store::schema::{audit_lines, documents, exports, revisions};

use crate::repositories::exports::{State, first, first_left};
use crate::{Connection, Store, address, connect};

/// What the engine says of how it would find an answer.
struct Explain<Q>(Q);

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for Explain<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("explain ");
        self.0.walk_ast(out)
    }
}

impl<Q> QueryId for Explain<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q> Query for Explain<Q> {
    type SqlType = Text;
}

impl<Q> RunQueryDsl<Connection> for Explain<Q> {}

fn plan(conn: &mut Connection, query: impl QueryFragment<Pg>) -> String {
    Explain(query).load::<String>(conn).unwrap().join("; ")
}

/// However many there are, a claim looks at a few, and so does a part of a list.
#[test]
fn lists_and_claims_are_looked_up_by_an_index() {
    pressroom_contracts::run(async {
        let looks = || {
            let database = Postgres::shared().unwrap_or_else(Missing::skip).database();
            drop(Store::open(&database.url, true).unwrap());
            // A hundredth of what a large site has, of the same shape.
            let numbers =
                |most| format!("with numbers(n) as (select generate_series(1, {}))", most / 100);
            let id = "decode(md5(n::text), 'hex')";
            let hash = "decode(md5(n::text) || md5(n::text), 'hex')";
            let said = database.sql(&large::fill(&numbers, hash, id));
            assert_eq!(said + &database.sql("analyze"), "");
            let conn =
                &mut connect::connect(&address::Address::parse(&database.url).unwrap()).unwrap();
            let check = |plan: String, index: &str| {
                assert!(plan.contains(index), "{index}: {plan}");
                assert!(!plan.contains("Seq Scan"), "{index}: {plan}");
            };
            check(plan(conn, first(State::QUEUED)), "exports_state_queued_at");
            check(
                plan(conn, first(State::QUEUED).for_update().skip_locked()),
                "exports_state_queued_at",
            );
            check(plan(conn, first_left(State::RUNNING, 1)), "exports_state_queued_at");
            check(plan(conn, exports::table.find(vec![1_u8; 16])), "exports_pkey");
            let slice =
                documents::table.filter(documents::id.gt(500)).order(documents::id).limit(10);
            check(plan(conn, slice), "documents_pkey");
            let named = documents::table.filter(documents::name_key.eq("document 7"));
            check(plan(conn, named), "documents_name_key");
            let of_one = revisions::table
                .filter(revisions::document_id.eq(7))
                .order(revisions::number.desc());
            check(plan(conn, of_one), "revisions_document_number");
            let newest = audit_lines::table
                .filter(audit_lines::subject_kind.eq("document"))
                .select(diesel::dsl::max(audit_lines::id));
            check(plan(conn, newest), "audit_lines_");
        };
        match tokio::task::spawn_blocking(looks).await {
            Ok(()) => {}
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    });
}
