//! The store keeps what the ports promise, in the SQL Server that `MSSQL_URL` names.

mod blocking;

use std::ops::Deref;
use std::sync::Arc;

use blocking::blocking;
use pressroom_contracts::servers::{Missing, MssqlDatabase, mssql};
use pressroom_diesel_mssql::Store;
use pressroom_ports::Stores;

/// A new, empty store in a database of its own.
struct Empty {
    stores: Stores,
    _database: MssqlDatabase,
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

async fn open() -> (Store, MssqlDatabase) {
    blocking(|| {
        let database = mssql().unwrap_or_else(Missing::skip).database();
        let store = Store::open(&database.url, true).expect("a new store");
        (store, database)
    })
    .await
}

pressroom_contracts::stores_contract!(empty_store);

mod two_nodes {
    use pressroom_contracts::suites::two_nodes::Fixture;

    use super::*;

    async fn stores() -> Fixture {
        let Empty { stores: one, _database: database } = empty_store().await;
        let url = database.url.clone();
        let open = move || Store::open(&url, false).expect("the store of another node");
        let other = blocking(open).await;
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
        _database: MssqlDatabase,
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
