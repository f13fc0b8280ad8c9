//! Lists and claims in a store of a million revisions and exports.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::sync::Arc;

use pressroom_contracts::large;
use pressroom_contracts::servers::{Missing, Postgres};
use pressroom_diesel_postgres::Store;
use pressroom_ports::Stores;

fn main() {
    let server = Postgres::dedicated().unwrap_or_else(Missing::skip);
    let database = server.database();
    drop(Store::open(&database.url, true).expect("a new store"));
    let numbers = |most| format!("with numbers(n) as (select generate_series(1, {most}))");
    let (hash, id) = ("decode(md5(n::text) || md5(n::text), 'hex')", "decode(md5(n::text), 'hex')");
    let said = database.sql(&large::fill(&numbers, hash, id));
    let analysed = database.sql("analyze");
    assert!(!said.contains("ERROR") && !analysed.contains("ERROR"), "{said}{analysed}");
    let store = Store::open(&database.url, false).expect("the store");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!("PostgreSQL, {} documents, {} revisions and exports", large::DOCUMENTS, large::MANY);
    for figure in runtime.block_on(large::measure(&Stores::of(Arc::new(store)))) {
        println!(
            "  {:<32} half within {:?}, 99 % within {:?}",
            figure.what, figure.median, figure.worst
        );
    }
}
