//! What a `BlobStore` promises.

use std::io::Write;

use chrono::{TimeDelta, Utc};
use futures_util::StreamExt;
use pressroom_domain::BlobHash;
use pressroom_ports::{BlobError, BlobStore, BlobWriter, StoredBlob};
use sha2::{Digest, Sha256};

use super::{assert_error, race};

/// Makes tests of a store of bytes.
#[macro_export]
macro_rules! blob_store_contract {
    ($make:expr) => {
        $crate::suite! { blob_store, $make,
            names_bytes_by_their_hash
            keeps_nothing_too
            keeps_large_bytes
            writes_bit_by_bit
            bytes_are_not_seen_before_the_commit
            storing_again_is_no_error
            many_writers_of_the_same_bytes_agree
            what_is_missing_is_not_found
            gives_no_more_than_is_taken
            deletes_what_is_old_and_keeps_what_was_just_put
            putting_and_deleting_at_a_time_agree
            a_reader_outlives_a_deletion
            lists_slice_by_slice
        }
    };
}

fn name(bytes: &[u8]) -> BlobHash {
    BlobHash::from_bytes(Sha256::digest(bytes).into())
}

/// Bytes that do not repeat soon.
fn many(length: usize) -> Vec<u8> {
    (0..length as u64).map(|i| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

async fn read(store: &dyn BlobStore, hash: &BlobHash) -> Vec<u8> {
    let mut reader = store.open(hash).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(piece) = reader.stream.next().await {
        bytes.extend(piece.unwrap());
    }
    assert_eq!(reader.size_bytes, bytes.len() as u64);
    bytes
}

/// Writes and commits on a thread that may block, as the contract of a writer asks.
async fn write(mut writer: Box<dyn BlobWriter>, pieces: Vec<Vec<u8>>) -> StoredBlob {
    tokio::task::spawn_blocking(move || {
        for piece in pieces {
            writer.write_all(&piece).unwrap();
        }
        writer.commit().unwrap()
    })
    .await
    .unwrap()
}

/// The name is the SHA-256 of the contents.
pub async fn names_bytes_by_their_hash(store: &impl BlobStoreRef) {
    let store = store.blobs();
    let bytes = "<Report>Größe 漢字</Report>\u{0}".as_bytes().to_vec();
    let stored = store.put(bytes.clone()).await.unwrap();
    assert_eq!(stored, StoredBlob { hash: name(&bytes), size_bytes: bytes.len() as u64 });
    assert_eq!(store.get(&stored.hash, 1_000).await.unwrap(), bytes);
    assert_eq!(read(store, &stored.hash).await, bytes);
    assert!(store.exists(&stored.hash).await.unwrap());
}

/// No bytes at all are bytes.
pub async fn keeps_nothing_too(store: &impl BlobStoreRef) {
    let store = store.blobs();
    let stored = store.put(Vec::new()).await.unwrap();
    assert_eq!(stored.size_bytes, 0);
    assert_eq!(store.get(&stored.hash, 0).await.unwrap(), b"");
    assert_eq!(read(store, &stored.hash).await, b"");
}

/// Large bytes come in pieces.
pub async fn keeps_large_bytes(store: &impl BlobStoreRef) {
    let store = store.blobs();
    let bytes = many(5_000_001);
    let stored = store.put(bytes.clone()).await.unwrap();
    let mut reader = store.open(&stored.hash).await.unwrap();
    let mut read = Vec::new();
    while let Some(piece) = reader.stream.next().await {
        let piece = piece.unwrap();
        assert!(!piece.is_empty() && piece.len() <= 1 << 20, "a piece of {}", piece.len());
        read.extend(piece);
    }
    assert!(read == bytes);
}

/// However the bytes come, they get the same name.
pub async fn writes_bit_by_bit(store: &impl BlobStoreRef) {
    let store = store.blobs();
    let bytes = many(300_000);
    let pieces = bytes.chunks(7_001).map(<[u8]>::to_vec).collect();
    let stored = write(store.writer().await.unwrap(), pieces).await;
    assert_eq!(stored, StoredBlob { hash: name(&bytes), size_bytes: 300_000 });
    assert!(store.get(&stored.hash, 300_000).await.unwrap() == bytes);
}

/// A writer that is dropped leaves nothing.
pub async fn bytes_are_not_seen_before_the_commit(store: &impl BlobStoreRef) {
    let store = store.blobs();
    let bytes = many(100_000);
    let mut writer = store.writer().await.unwrap();
    let copy = bytes.clone();
    let writer = tokio::task::spawn_blocking(move || {
        writer.write_all(&copy).unwrap();
        writer
    })
    .await
    .unwrap();
    assert!(!store.exists(&name(&bytes)).await.unwrap());
    assert_eq!(store.list(None, 10).await.unwrap(), []);
    tokio::task::spawn_blocking(move || drop(writer)).await.unwrap();
    assert!(!store.exists(&name(&bytes)).await.unwrap());
    assert_eq!(store.list(None, 10).await.unwrap(), []);
}

/// The same bytes are kept once, and count as just put.
pub async fn storing_again_is_no_error(store: &impl BlobStoreRef) {
    let store = store.blobs();
    let first = store.put(b"layout".to_vec()).await.unwrap();
    let before = store.list(None, 10).await.unwrap();
    let second = store.put(b"layout".to_vec()).await.unwrap();
    let third = write(store.writer().await.unwrap(), vec![b"lay".to_vec(), b"out".to_vec()]).await;
    assert_eq!((second, third), (first, first));
    let after = store.list(None, 10).await.unwrap();
    assert_eq!(after.len(), 1);
    assert!(after[0].stored_at >= before[0].stored_at);
}

/// Writers of the same bytes at the same time all succeed.
pub async fn many_writers_of_the_same_bytes_agree(store: &impl BlobStoreRef) {
    let bytes = many(200_000);
    let stored = race((0..8).map(|_| {
        let (store, bytes) = (store.shared(), bytes.clone());
        async move { store.put(bytes).await.unwrap() }
    }))
    .await;
    assert!(stored.iter().all(|blob| blob.hash == name(&bytes)));
    assert!(store.blobs().get(&name(&bytes), 200_000).await.unwrap() == bytes);
}

/// What is not there is said not to be there.
pub async fn what_is_missing_is_not_found(store: &impl BlobStoreRef) {
    let store = store.blobs();
    let hash = name(b"never stored");
    assert_error!(store.get(&hash, 10).await, BlobError::NotFound(missing) if missing == hash);
    assert_error!(store.open(&hash).await, BlobError::NotFound(missing) if missing == hash);
    assert!(!store.exists(&hash).await.unwrap());
    assert!(!store.delete(&hash, Utc::now() + TimeDelta::days(36_500)).await.unwrap());
}

/// A reader with a bound is not flooded.
pub async fn gives_no_more_than_is_taken(store: &impl BlobStoreRef) {
    let store = store.blobs();
    let hash = store.put(many(1_000)).await.unwrap().hash;
    assert!(store.get(&hash, 1_000).await.is_ok());
    assert_error!(
        store.get(&hash, 999).await,
        BlobError::TooLarge { size_bytes: 1_000, limit_bytes: 999, .. }
    );
}

/// A sweeper with an old list does not take what somebody has just put again.
pub async fn deletes_what_is_old_and_keeps_what_was_just_put(store: &impl BlobStoreRef) {
    let store = store.blobs();
    let hash = store.put(b"layout".to_vec()).await.unwrap().hash;
    let stored_at = store.list(None, 1).await.unwrap()[0].stored_at;
    assert!(!store.delete(&hash, stored_at).await.unwrap());
    assert!(store.exists(&hash).await.unwrap());
    assert!(store.delete(&hash, stored_at + TimeDelta::seconds(5)).await.unwrap());
    assert!(!store.exists(&hash).await.unwrap());
    assert_eq!(store.list(None, 10).await.unwrap(), []);
    assert_eq!(store.put(b"layout".to_vec()).await.unwrap().hash, hash);
}

/// However a put and a deletion fall together, either the deletion says that it deleted or the bytes
/// are there; and they are never there in part.
pub async fn putting_and_deleting_at_a_time_agree(store: &impl BlobStoreRef) {
    let bytes = many(100_000);
    let hash = name(&bytes);
    for _ in 0..10 {
        let (putter, deleter, bytes) = (store.shared(), store.shared(), bytes.clone());
        let put = tokio::spawn(async move { putter.put(bytes).await.unwrap() });
        let later = Utc::now() + TimeDelta::days(36_500);
        let deleted = tokio::spawn(async move { deleter.delete(&hash, later).await.unwrap() });
        put.await.unwrap();
        let deleted = deleted.await.unwrap();
        match store.blobs().get(&hash, u64::MAX).await {
            Ok(read) => assert!(read == many(100_000)),
            Err(BlobError::NotFound(_)) => assert!(deleted, "nobody deleted what is gone"),
            Err(error) => panic!("{error}"),
        }
    }
    store.blobs().put(bytes).await.unwrap();
    assert!(store.blobs().exists(&hash).await.unwrap());
}

/// A download that has begun comes to its end.
pub async fn a_reader_outlives_a_deletion(store: &impl BlobStoreRef) {
    let store = store.blobs();
    let bytes = many(1_000_000);
    let hash = store.put(bytes.clone()).await.unwrap().hash;
    let mut reader = store.open(&hash).await.unwrap();
    let mut read = reader.stream.next().await.unwrap().unwrap();
    assert!(store.delete(&hash, Utc::now() + TimeDelta::days(36_500)).await.unwrap());
    while let Some(piece) = reader.stream.next().await {
        read.extend(piece.unwrap());
    }
    assert!(read == bytes);
}

/// The list can be read in slices that neither overlap nor leave anything out.
pub async fn lists_slice_by_slice(store: &impl BlobStoreRef) {
    let store = store.blobs();
    let mut stored = Vec::new();
    for number in 0..20_u8 {
        stored.push(store.put(vec![number; usize::from(number)]).await.unwrap());
    }
    stored.sort_by_key(|blob| blob.hash);
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let part = store.list(after, 7).await.unwrap();
        assert!(part.len() <= 7);
        let Some(last) = part.last() else { break };
        after = Some(last.hash);
        let blob = |entry: &pressroom_ports::BlobEntry| StoredBlob {
            hash: entry.hash,
            size_bytes: entry.size_bytes,
        };
        listed.extend(part.iter().map(blob));
    }
    assert_eq!(listed, stored);
}

/// What a suite of bytes is run on: anything that leads to a shared `BlobStore`, such as a structure
/// that owns the folder too.
pub trait BlobStoreRef {
    /// The store.
    fn blobs(&self) -> &dyn BlobStore;

    /// The store, shared.
    fn shared(&self) -> std::sync::Arc<dyn BlobStore>;
}

impl<S: BlobStore + 'static> BlobStoreRef for std::sync::Arc<S> {
    fn blobs(&self) -> &dyn BlobStore {
        &**self
    }

    fn shared(&self) -> std::sync::Arc<dyn BlobStore> {
        self.clone()
    }
}

/// A store and whatever must outlive it, such as its folder.
impl<S: BlobStore + 'static, G> BlobStoreRef for (std::sync::Arc<S>, G) {
    fn blobs(&self) -> &dyn BlobStore {
        &*self.0
    }

    fn shared(&self) -> std::sync::Arc<dyn BlobStore> {
        self.0.clone()
    }
}
