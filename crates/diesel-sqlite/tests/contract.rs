//! The store keeps what the ports promise.

use std::ops::Deref;
use std::sync::Arc;

use pressroom_diesel_sqlite::Store;
use pressroom_ports::Stores;
use tempfile::TempDir;

/// A new, empty store in a folder of its own.
struct Empty {
    stores: Stores,
    _folder: TempDir,
}

impl Deref for Empty {
    type Target = Stores;

    fn deref(&self) -> &Stores {
        &self.stores
    }
}

async fn empty_store() -> Empty {
    let folder = TempDir::new().expect("a temporary folder");
    let store = Store::open(&folder.path().join("pressroom.db"), true).expect("a new store");
    Empty { stores: Stores::of(Arc::new(store)), _folder: folder }
}

pressroom_contracts::stores_contract!(empty_store);
