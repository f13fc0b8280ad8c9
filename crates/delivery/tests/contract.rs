//! Bytes keep what the port promises: in a folder, flushed or not, and in a bucket.

use std::sync::Arc;

use pressroom_delivery::FolderBlobs;
use tempfile::TempDir;

async fn folder() -> (Arc<FolderBlobs>, TempDir) {
    let folder = TempDir::new().expect("a temporary folder");
    let blobs = FolderBlobs::open(folder.path().join("blobs")).expect("a new store");
    (Arc::new(blobs), folder)
}

async fn quick_folder() -> (Arc<FolderBlobs>, TempDir) {
    let (blobs, folder) = folder().await;
    (Arc::new((*blobs).clone().with_quick_writers()), folder)
}

mod flushed {
    use super::*;
    pressroom_contracts::blob_store_contract!(folder);
}

mod quick {
    use super::*;
    pressroom_contracts::blob_store_contract!(quick_folder);
}

#[cfg(feature = "s3")]
#[path = "support/bucket.rs"]
mod support;

#[cfg(feature = "s3")]
mod bucket {
    use super::support::Site;

    async fn bucket() -> (std::sync::Arc<pressroom_delivery::ObjectBlobs>, Site) {
        let site = Site::new();
        (std::sync::Arc::new(site.blobs()), site)
    }

    pressroom_contracts::blob_store_contract!(bucket);
}
