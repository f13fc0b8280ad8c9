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

mod two_nodes {
    use pressroom_contracts::suites::two_nodes::Fixture;

    use super::*;

    /// As where a command of the server works on the store of one that runs.
    async fn stores() -> Fixture {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join("pressroom.db");
        let [one, other] = [true, false].map(|create| {
            Stores::of(Arc::new(Store::open(&path, create).expect("a store that two share")))
        });
        Fixture { one, other, guard: Box::new(folder) }
    }

    pressroom_contracts::two_nodes_contract!(stores);
}

mod contents {
    use pressroom_contracts::suites::store_contents::Contents;

    use super::*;

    /// The contents of a new store in a folder of its own.
    struct Made {
        contents: Contents,
        _folder: TempDir,
    }

    impl Deref for Made {
        type Target = Contents;

        fn deref(&self) -> &Contents {
            &self.contents
        }
    }

    async fn contents() -> Made {
        let folder = TempDir::new().expect("a temporary folder");
        let store = Store::open(&folder.path().join("pressroom.db"), true).expect("a new store");
        Made { contents: Arc::new(store), _folder: folder }
    }

    pressroom_contracts::store_contents_contract!(contents);
}
