//! What a store does when the disk of its PostgreSQL is full. The server speaks another language than
//! English, where it can.

use std::sync::Arc;

use pressroom_contracts::build;
use pressroom_contracts::servers::{Database, Missing, Postgres};
use pressroom_contracts::suites::full_store::{Fixture, Moment};
use pressroom_diesel_postgres::OpenError;
use pressroom_ports::{CategoryRepository, Slice, Stores};

use crate::support::{blocking, open};

async fn on_a_small_disk() -> (Postgres, Database) {
    blocking(|| {
        let server = Postgres::on_a_small_disk().unwrap_or_else(Missing::skip);
        let database = server.database();
        (server, database)
    })
    .await
}

/// A new, empty store on a disk that can be filled.
async fn store() -> Fixture {
    let (server, database) = on_a_small_disk().await;
    let store = open(&database.url, true).await.expect("a new store");
    let at = |does: fn(&Postgres)| {
        let server = server.clone();
        Box::new(move || {
            let server = server.clone();
            Box::pin(blocking(move || does(&server))) as Moment
        })
    };
    Fixture {
        stores: Stores::of(Arc::new(store)),
        fill: at(Postgres::fill_disk),
        free: at(Postgres::free_disk),
        guard: Box::new((server.clone(), database)),
    }
}

pressroom_contracts::full_store_contract!(store);

#[test]
fn a_store_that_finds_no_room_is_made_once_there_is_some() {
    pressroom_contracts::run(async {
        let (server, database) = on_a_small_disk().await;
        // The first connection to a new database needs room for what all others then find.
        let _ = database.sql("select 1");
        server.fill_disk();
        let error = open(&database.url, true).await.unwrap_err();
        assert!(matches!(error, OpenError::Full(_)), "{error:?}");
        server.free_disk();
        let store = open(&database.url, true).await.unwrap();
        CategoryRepository::create(&store, build::new_category("Sales")).await.unwrap();
        // What is there is opened and read without any room.
        drop(store);
        server.fill_disk();
        let store = open(&database.url, false).await.unwrap();
        assert_eq!(CategoryRepository::list(&store, Slice::first(9)).await.unwrap().len(), 1);
        server.free_disk();
    });
}
