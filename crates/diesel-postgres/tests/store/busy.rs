//! What a store does when all its connections are in use.

use std::time::{Duration, Instant};

use pressroom_contracts::build;
use pressroom_contracts::servers::{Database, Missing, Postgres};
use pressroom_diesel_postgres::Store;
use pressroom_ports::{CategoryRepository, Slice, StoreError};

use crate::support::{becomes, blocking, open};

/// How many connections there are that read, and as many that write.
const CONNECTIONS: usize = 8;
/// What is longer than anybody waits for a connection, on a machine that is busy too.
const BOUND: Duration = Duration::from_secs(15);

async fn store() -> (Store, &'static Postgres, Database) {
    let (server, database) = blocking(|| {
        let server = Postgres::shared().unwrap_or_else(Missing::skip);
        (server, server.database())
    })
    .await;
    (open(&database.url, true).await.unwrap(), server, database)
}

async fn create(store: &Store, name: &str) -> Result<(), StoreError> {
    CategoryRepository::create(store, build::new_category(name)).await.map(drop)
}

async fn count(store: &Store) -> Result<usize, StoreError> {
    Ok(CategoryRepository::list(store, Slice::first(100)).await?.len())
}

/// Waits until all connections for a purpose wait for what somebody else holds.
async fn used_up(database: &Database) {
    let waiting = "select count(*) from pg_stat_activity
                   where datname = current_database() and wait_event_type = 'Lock'";
    let all = CONNECTIONS.to_string();
    assert!(becomes(async || database.sql(waiting) == all).await);
}

/// It is refused after a bounded wait, as what may work later.
async fn is_refused<T: std::fmt::Debug>(work: impl Future<Output = Result<T, StoreError>>) {
    let asked = Instant::now();
    let error = work.await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert_eq!(error.to_string(), "the store is not available now; try again in a moment");
    let waited = asked.elapsed();
    assert!(waited > Duration::from_secs(4), "it may have become free: {waited:?}");
    assert!(waited < BOUND, "{waited:?}");
}

#[test]
fn writes_wait_a_while_for_a_connection_and_go_on_by_themselves() {
    pressroom_contracts::run(async {
        let (store, server, database) = store().await;
        let held =
            server.hold(&database, "update sequences set last_id = last_id where name = 'writes'");
        let writing: Vec<_> = (0..CONNECTIONS)
            .map(|number| {
                let store = store.clone();
                tokio::spawn(async move { create(&store, &format!("Shelf {number}")).await })
            })
            .collect();
        used_up(&database).await;
        is_refused(create(&store, "One too many")).await;
        // Who reads has other connections.
        assert_eq!(count(&store).await.unwrap(), 0);
        drop(held);
        for written in writing {
            written.await.unwrap().unwrap();
        }
        create(&store, "Afterwards").await.unwrap();
        assert_eq!(count(&store).await.unwrap(), CONNECTIONS + 1);
    });
}

#[test]
fn reads_wait_a_while_for_a_connection_and_go_on_by_themselves() {
    pressroom_contracts::run(async {
        let (store, server, database) = store().await;
        create(&store, "Before").await.unwrap();
        let held = server.hold(&database, "lock table categories in access exclusive mode");
        let reading: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { count(&store).await })
            })
            .collect();
        used_up(&database).await;
        is_refused(count(&store)).await;
        drop(held);
        for read in reading {
            assert_eq!(read.await.unwrap().unwrap(), 1);
        }
        assert_eq!(count(&store).await.unwrap(), 1);
    });
}
