//! Opening a store, and what a store does when the database goes away.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pressroom_contracts::build;
use pressroom_contracts::servers::{Missing, Postgres, Proxy};
use pressroom_diesel_postgres::{OpenError, Store};
use pressroom_ports::{CategoryRepository, Queue, Slice, StoreError, Stores, WorkSignals};

use crate::support::{becomes, blocking, open};

async fn shared() -> &'static Postgres {
    blocking(|| Postgres::shared().unwrap_or_else(Missing::skip)).await
}

async fn names(store: &Store) -> Vec<String> {
    let all = CategoryRepository::list(store, Slice::first(100)).await.unwrap();
    all.into_iter().map(|category| category.name.to_string()).collect()
}

#[test]
fn what_is_written_is_there_after_the_next_start() {
    pressroom_contracts::run(async {
        let database =
            blocking(|| Postgres::shared().unwrap_or_else(Missing::skip).database()).await;
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
        let database =
            blocking(|| Postgres::shared().unwrap_or_else(Missing::skip).database()).await;
        let error = open(&database.url, false).await.unwrap_err();
        assert!(matches!(error, OpenError::Missing(_)), "{error}");
        assert_eq!(
            database.sql(
                "select count(*) from information_schema.tables where table_schema = 'public'"
            ),
            "0"
        );
        open(&database.url, true).await.unwrap();
    });
}

#[test]
fn another_programs_database_is_left_alone() {
    pressroom_contracts::run(async {
        let database =
            blocking(|| Postgres::shared().unwrap_or_else(Missing::skip).database()).await;
        let made = database.sql("create table invoices (id bigint)");
        let error = open(&database.url, true).await.unwrap_err();
        assert!(matches!(error, OpenError::Foreign(_)), "{made} {error}");
    });
}

#[test]
fn what_waiting_does_not_help_is_told_from_what_it_does() {
    pressroom_contracts::run(async {
        let server = shared().await;
        let database = blocking(|| server.database()).await;
        let check = async |url: String, away: bool| {
            let error = open(&url, true).await.unwrap_err();
            assert_eq!(matches!(error, OpenError::Away { .. }), away, "{error}");
            let words = error.to_string();
            assert!(!words.contains("hunter2"), "{words}");
        };
        let (account, host) = database.url["postgres://".len()..].split_once('@').unwrap();
        let user = account.split(':').next().unwrap();
        check(format!("postgres://{user}:hunter2@{host}"), false).await;
        check(server.url("there_is_no_such_database"), false).await;
        // Nobody listens at port 1.
        check(format!("postgres://{account}@127.0.0.1:1/press"), true).await;
    });
}

#[test]
fn two_nodes_that_start_at_once_make_one_store() {
    pressroom_contracts::run(async {
        let database =
            blocking(|| Postgres::shared().unwrap_or_else(Missing::skip).database()).await;
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
fn a_node_hears_of_work_that_another_queued() {
    pressroom_contracts::run(async {
        let database =
            blocking(|| Postgres::shared().unwrap_or_else(Missing::skip).database()).await;
        let here = open(&database.url, true).await.unwrap();
        let there = open(&database.url, false).await.unwrap();
        let stores = Stores::of(Arc::new(here));
        let owner = build::user(&stores, "ann").await.id;
        // The other may not listen yet: word is a hint, and comes with the next export at the latest.
        let mut number = 0;
        let heard = becomes(async || {
            number += 1;
            stores.exports.enqueue(build::new_export(number, owner, build::at(1))).await.unwrap();
            let queued = there.queued(Queue::Exports);
            tokio::time::timeout(Duration::from_millis(500), queued).await.is_ok()
        });
        assert!(heard.await);
    });
}

/// Connections that waited in the pool while the database was away are found out, and made anew.
#[test]
fn a_store_comes_back_by_itself() {
    pressroom_contracts::run(async {
        let server = blocking(|| Postgres::dedicated().unwrap_or_else(Missing::skip)).await;
        let server = Arc::new(server);
        let making = server.clone();
        let database = blocking(move || making.database()).await;
        let store = open(&database.url, true).await.unwrap();
        CategoryRepository::create(&store, build::new_category("Before")).await.unwrap();
        let stopping = server.clone();
        blocking(move || stopping.stop_hard()).await;
        let error = CategoryRepository::list(&store, Slice::first(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        let error =
            CategoryRepository::create(&store, build::new_category("Away")).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        blocking(move || server.start()).await;
        let back = becomes(async || {
            CategoryRepository::create(&store, build::new_category("After")).await.is_ok()
        });
        assert!(back.await);
        assert_eq!(names(&store).await, ["Before", "After"]);
    });
}

/// A restart between two requests is not even noticed.
#[test]
fn connections_that_were_cut_while_idle_fail_no_request() {
    pressroom_contracts::run(async {
        let server = shared().await;
        let database = blocking(|| server.database()).await;
        let proxy = Proxy::before(server.address()).await;
        let store = open(&database.url_by(proxy.address()), true).await.unwrap();
        let several = || async {
            let creating = (0..8).map(|number| {
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
        assert_eq!(names(&store).await.len(), 16);
    });
}

/// Whoever asks a server hears soon that its database is away; a pool that is used up is waited for.
#[test]
fn once_no_connection_can_be_made_nobody_waits_long_for_one() {
    pressroom_contracts::run(async {
        let server = shared().await;
        let database = blocking(|| server.database()).await;
        let proxy = Proxy::before(server.address()).await;
        let store = open(&database.url_by(proxy.address()), true).await.unwrap();
        proxy.cut();
        let ask = async || {
            let asked = Instant::now();
            let error = CategoryRepository::list(&store, Slice::first(1)).await.unwrap_err();
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
            asked.elapsed()
        };
        ask().await;
        // Less than what a connection of a pool that is used up is waited for.
        let took = ask().await;
        assert!(took < Duration::from_secs(4), "{took:?}");
        proxy.heal();
        assert!(
            becomes(async || CategoryRepository::list(&store, Slice::first(1)).await.is_ok()).await
        );
    });
}

/// A network that swallows all is told from a database that takes its time.
#[test]
fn who_takes_connections_and_says_nothing_is_away() {
    pressroom_contracts::run(async {
        let server = shared().await;
        let database = blocking(|| server.database()).await;
        let proxy = Proxy::before(server.address()).await;
        proxy.freeze();
        let error = open(&database.url_by(proxy.address()), true).await.unwrap_err();
        assert!(matches!(error, OpenError::Away { .. }), "{error}");
        assert!(error.to_string().contains("does not answer"), "{error}");
    });
}
