use std::panic::AssertUnwindSafe;

use uuid::Uuid;

use super::*;

fn shared() -> &'static Postgres {
    Postgres::shared().unwrap_or_else(Missing::skip)
}

#[test]
fn every_test_has_a_database_of_its_own() {
    crate::run(async {
        let (one, two) = (shared().database(), shared().database());
        assert_eq!(one.sql("CREATE TABLE t (n int); INSERT INTO t VALUES (7); TABLE t"), "7");
        assert_eq!(two.sql("SELECT count(*) FROM pg_tables WHERE tablename = 't'"), "0");
        let name = one.name.clone();
        drop(one);
        let left = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
        assert_eq!(two.sql(&left), "0");
    });
}

#[test]
fn a_database_can_start_as_another_was_prepared() {
    crate::run(async {
        let template = Uuid::new_v4().to_string();
        let prepared = std::cell::Cell::new(0);
        let make = || {
            shared().database_from(&template, |url| {
                prepared.set(prepared.get() + 1);
                let (_, name) = url.rsplit_once('/').unwrap();
                let _ = shared().sql(name, "CREATE TABLE t AS SELECT 7 AS n");
            })
        };
        let (one, two) = (make(), make());
        assert_eq!(prepared.get(), 1);
        assert_eq!(one.sql("UPDATE t SET n = 8; TABLE t"), "8");
        assert_eq!(two.sql("TABLE t"), "7");
    });
}

#[test]
fn a_server_of_its_own_stops_and_comes_back_with_what_it_held() {
    crate::run(async {
        let server = Postgres::dedicated().unwrap_or_else(Missing::skip);
        let database = server.database();
        assert_eq!(database.sql("CREATE TABLE t AS SELECT 7 AS n; TABLE t"), "7");
        server.stop_hard();
        assert!(std::net::TcpStream::connect(server.address()).is_err());
        server.start();
        assert_eq!(database.sql("TABLE t"), "7");
    });
}

#[test]
fn a_transaction_can_be_held_open() {
    crate::run(async {
        let database = shared().database();
        database.run("CREATE TABLE t AS SELECT 7 AS n;");
        let held = shared().hold(&database, "UPDATE t SET n = 8");
        let locks = "SELECT count(*) FROM pg_locks WHERE relation = 't'::regclass;";
        assert_ne!(database.sql(locks), "0");
        drop(held);
        assert_eq!(database.sql(locks), "0");
        assert_eq!(database.sql("TABLE t;"), "7");
    });
}

#[test]
fn a_disk_can_be_filled_and_freed() {
    crate::run(async {
        let server = Postgres::on_a_small_disk().unwrap_or_else(Missing::skip);
        let database = server.database();
        database.run("CREATE TABLE t (n int);");
        server.fill_disk();
        let insert = AssertUnwindSafe(|| database.run("INSERT INTO t VALUES (7);"));
        assert!(std::panic::catch_unwind(insert).is_err(), "there is no room");
        server.free_disk();
        assert_eq!(database.sql("INSERT INTO t VALUES (8); TABLE t;"), "8");
    });
}
