//! The store keeps what the ports promise, in a real PostgreSQL.

use std::ops::Deref;
use std::sync::Arc;

use pressroom_contracts::servers::{Database, Missing, Postgres};
use pressroom_diesel_postgres::Store;
use pressroom_ports::Stores;

/// A new, empty store in a database of its own.
struct Empty {
    stores: Stores,
    _database: Database,
}

impl Deref for Empty {
    type Target = Stores;

    fn deref(&self) -> &Stores {
        &self.stores
    }
}

async fn empty_store() -> Empty {
    let (store, database) = open().await;
    Empty { stores: Stores::of(Arc::new(store)), _database: database }
}

async fn open() -> (Store, Database) {
    let open = || {
        let server = Postgres::shared().unwrap_or_else(Missing::skip);
        let make = |url: &str| drop(Store::open(url, true).expect("a new store"));
        let database = server.database_from("diesel_postgres", make);
        let store = Store::open(&database.url, false).expect("the store");
        (store, database)
    };
    match tokio::task::spawn_blocking(open).await {
        Ok(opened) => opened,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

pressroom_contracts::stores_contract!(empty_store);

mod two_nodes {
    use pressroom_contracts::suites::two_nodes::Fixture;

    use super::*;

    async fn stores() -> Fixture {
        let Empty { stores: one, _database: database } = empty_store().await;
        let url = database.url.clone();
        let open = move || Store::open(&url, false).expect("the store of another node");
        let other = tokio::task::spawn_blocking(open).await.expect("nothing panics");
        Fixture { one, other: Stores::of(Arc::new(other)), guard: Box::new(database) }
    }

    pressroom_contracts::two_nodes_contract!(stores);
}

mod contents {
    use pressroom_contracts::suites::store_contents::Contents;

    use super::*;

    /// The contents of a new store in a database of its own.
    struct Made {
        contents: Contents,
        _database: Database,
    }

    impl Deref for Made {
        type Target = Contents;

        fn deref(&self) -> &Contents {
            &self.contents
        }
    }

    async fn contents() -> Made {
        let (store, database) = open().await;
        Made { contents: Arc::new(store), _database: database }
    }

    pressroom_contracts::store_contents_contract!(contents);
}
