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
    let open = || {
        let server = Postgres::shared().unwrap_or_else(Missing::skip);
        let make = |url: &str| drop(Store::open(url, true).expect("a new store"));
        let database = server.database_from("diesel_postgres", make);
        let store = Store::open(&database.url, false).expect("the store");
        Empty { stores: Stores::of(Arc::new(store)), _database: database }
    };
    match tokio::task::spawn_blocking(open).await {
        Ok(empty) => empty,
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
