//! Lists and claims in a store of a million revisions and exports.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use pressroom_contracts::large;
use pressroom_diesel_sqlite::Store;
use pressroom_ports::Stores;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("pressroom.db");
    drop(Store::open(&file, true).expect("a new store"));
    let numbers = |most| {
        format!(
            "with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < {most})"
        )
    };
    let (hash, id) = ("cast(printf('%032d', n) as blob)", "cast(printf('%016d', n) as blob)");
    let fill = large::fill(&numbers, hash, id);
    let mut conn = SqliteConnection::establish(&file.to_string_lossy()).expect("a connection");
    conn.batch_execute(&format!("begin; {fill} commit;")).expect("it can be filled");
    drop(conn);
    let store = Store::open(&file, false).expect("the store");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!("SQLite, {} documents, {} revisions and exports", large::DOCUMENTS, large::MANY);
    for figure in runtime.block_on(large::measure(&Stores::of(Arc::new(store)))) {
        println!(
            "  {:<32} half within {:?}, 99 % within {:?}",
            figure.what, figure.median, figure.worst
        );
    }
}
