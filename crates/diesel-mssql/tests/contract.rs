//! The store keeps what the ports promise, in the SQL Server that `MSSQL_URL` names.

mod database;

use std::ops::Deref;
use std::sync::Arc;

use database::Database;
use pressroom_diesel_mssql::Store;
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
    database::blocking(|| {
        let database = Database::new();
        let store = Store::open(&database.url, true).expect("a new store");
        Empty { stores: Stores::of(Arc::new(store)), _database: database }
    })
    .await
}

pressroom_contracts::stores_contract!(empty_store);
