//! Opening a store, and what a store does about other sessions and lost connections.

mod blocking;

use std::time::{Duration, Instant};

use blocking::blocking;
use diesel::connection::SimpleConnection;
use pressroom_contracts::build;
use pressroom_contracts::servers::{Missing, MssqlDatabase, Proxy, mssql};
use pressroom_diesel_mssql::{OpenError, Store};
use pressroom_ports::{CategoryRepository, Slice, StoreError};

fn database() -> MssqlDatabase {
    mssql().unwrap_or_else(Missing::skip).database()
}

async fn open(url: &str, create: bool) -> Result<Store, OpenError> {
    let url = url.to_owned();
    blocking(move || Store::open(&url, create)).await
}

async fn names(store: &Store) -> Vec<String> {
    let all = CategoryRepository::list(store, Slice::first(100)).await.unwrap();
    all.into_iter().map(|category| category.name.to_string()).collect()
}

#[test]
fn what_is_written_is_there_after_the_next_start() {
    pressroom_contracts::run(async {
        let database = blocking(database).await;
        let store = open(&database.url, true).await.unwrap();
        CategoryRepository::create(&store, build::new_category("Größe 🧾")).await.unwrap();
        drop(store);
        let store = open(&database.url, false).await.unwrap();
        assert_eq!(names(&store).await, ["Größe 🧾"]);
    });
}

#[test]
fn an_empty_database_becomes_a_store_only_where_that_is_wanted() {
    pressroom_contracts::run(async {
        let database = blocking(database).await;
        let error = open(&database.url, false).await.unwrap_err();
        assert!(matches!(error, OpenError::Missing(_)), "{error}");
        open(&database.url, true).await.unwrap();
        open(&database.url, false).await.unwrap();
    });
}

#[test]
fn another_programs_database_is_left_alone() {
    pressroom_contracts::run(async {
        let database = blocking(database).await;
        database.connect().batch_execute("create table invoices (id bigint)").unwrap();
        let error = open(&database.url, true).await.unwrap_err();
        assert!(matches!(error, OpenError::Foreign(_)), "{error}");
    });
}

#[test]
fn what_waiting_does_not_help_is_told_from_what_it_does() {
    pressroom_contracts::run(async {
        let database = blocking(database).await;
        let (account, host) = database.url["mssql://".len()..].rsplit_once('@').unwrap();
        let user = account.split(':').next().unwrap();
        let name = host.split_once('/').unwrap().1;
        // Nobody listens at port 1.
        for (url, away) in [
            (format!("mssql://{user}:hunter2@{host}"), false),
            (database.url_of("there_is_no_such_database"), false),
            (format!("mssql://{account}@127.0.0.1:1/{name}"), true),
        ] {
            let error = open(&url, true).await.unwrap_err();
            assert_eq!(matches!(error, OpenError::Away { .. }), away, "{error}");
            let words = error.to_string();
            let password = account.split_once(':').unwrap().1;
            assert!(!words.contains("hunter2") && !words.contains(password), "{words}");
        }
        let error = open(&format!("{}&colour=blue", database.url), true).await.unwrap_err();
        assert!(error.to_string().contains("colour"), "{error}");
        assert!(matches!(error, OpenError::Place { .. }), "{error}");
    });
}

#[test]
fn nodes_that_start_at_once_make_one_store() {
    pressroom_contracts::run(async {
        let database = blocking(database).await;
        let nodes: Vec<_> = (0..4)
            .map(|_| {
                let url = database.url.clone();
                tokio::spawn(async move { open(&url, true).await })
            })
            .collect();
        for node in nodes {
            node.await.unwrap().unwrap();
        }
    });
}

#[test]
fn a_look_at_a_store_tells_what_it_is_like() {
    pressroom_contracts::run(async {
        let database = blocking(database).await;
        drop(open(&database.url, true).await.unwrap());
        let url = database.url.clone();
        let survey = blocking(move || Store::survey(&url)).await.unwrap();
        assert!(!survey.engine.is_empty() && !survey.engine.contains('\n'), "{survey:?}");
        assert_eq!(survey.isolation.as_deref(), Some("read committed, read by snapshot"));
        assert!(survey.connections_allowed.is_some_and(|most| most > survey.connections));
        let away = (survey.now.unwrap() - chrono::Utc::now()).abs();
        assert!(away < chrono::TimeDelta::days(1), "{survey:?}");
    });
}

/// Whoever reads does not wait for whoever writes, and sees nothing that is half done.
#[test]
fn readers_wait_for_no_writer() {
    pressroom_contracts::run(async {
        let database = blocking(database).await;
        let store = open(&database.url, true).await.unwrap();
        CategoryRepository::create(&store, build::new_category("Before")).await.unwrap();
        let mut other = database.connect();
        other.batch_execute("begin transaction; update categories set name = N'After'").unwrap();
        assert_eq!(names(&store).await, ["Before"]);
        other.batch_execute("commit transaction").unwrap();
        assert_eq!(names(&store).await, ["After"]);
    });
}

/// A node that was stopped in the middle of a transaction keeps its locks for as long as its session
/// lives. Who waits for them is told to come again.
#[test]
fn a_node_that_is_stopped_holds_up_nobody_for_ever() {
    pressroom_contracts::run(async {
        let database = blocking(database).await;
        let store = open(&database.url, true).await.unwrap();
        let mut stopped = database.connect();
        let lock =
            "begin transaction; update sequences set last_id = last_id where name = N'writes'";
        stopped.batch_execute(lock).unwrap();
        let begun = Instant::now();
        let error =
            CategoryRepository::create(&store, build::new_category("Shelf")).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
        drop(stopped);
        CategoryRepository::create(&store, build::new_category("Shelf")).await.unwrap();
    });
}

/// A restart between two requests is not even noticed.
#[test]
fn connections_that_were_cut_while_idle_fail_no_request() {
    pressroom_contracts::run(async {
        let database = blocking(database).await;
        let (account, host) = database.url["mssql://".len()..].rsplit_once('@').unwrap();
        let (server, name) = host.split_once('/').unwrap();
        let server = tokio::net::lookup_host(server).await.unwrap().next().unwrap();
        let proxy = Proxy::before(server).await;
        let url = format!("mssql://{account}@{}/{name}", proxy.address());
        let store = open(&url, true).await.unwrap();
        let several = || async {
            let creating = (0..4).map(|number| {
                let store = store.clone();
                tokio::spawn(async move {
                    let name = format!("Shelf {number}");
                    CategoryRepository::create(&store, build::new_category(&name)).await
                })
            });
            for created in creating.collect::<Vec<_>>() {
                created.await.unwrap().unwrap();
            }
        };
        several().await;
        proxy.cut();
        proxy.heal();
        several().await;
        assert_eq!(names(&store).await.len(), 8);
    });
}
