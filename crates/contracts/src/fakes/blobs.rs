//! Bytes in memory.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, stream};
use pressroom_domain::BlobHash;
use pressroom_ports::{BlobEntry, BlobError, BlobReader, BlobStore, BlobWriter, Clock, StoredBlob};
use sha2::{Digest, Sha256};

type Blobs = BTreeMap<BlobHash, (Arc<[u8]>, DateTime<Utc>)>;

/// Bytes in memory, with the times of a clock.
#[derive(Clone)]
pub struct MemoryBlobs {
    blobs: Arc<Mutex<Blobs>>,
    clock: Arc<dyn Clock>,
    full: Arc<Mutex<bool>>,
    away: Arc<AtomicBool>,
    refusals: Arc<AtomicU64>,
}

impl MemoryBlobs {
    /// An empty store.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            blobs: Arc::default(),
            clock,
            full: Arc::default(),
            away: Arc::default(),
            refusals: Arc::default(),
        }
    }

    /// Makes every further write fail as on a full disk, or ends that.
    pub fn set_full(&self, full: bool) {
        *self.full.lock().unwrap_or_else(PoisonError::into_inner) = full;
    }

    /// Makes every further call that needs what is stored fail as while a server is away, or ends that.
    pub fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    /// How many calls failed because it was away.
    pub fn refusals(&self) -> u64 {
        self.refusals.load(Ordering::SeqCst)
    }

    /// The blobs, unless they are away.
    fn reached(&self) -> Result<MutexGuard<'_, Blobs>, BlobError> {
        if self.away.load(Ordering::SeqCst) {
            self.refusals.fetch_add(1, Ordering::SeqCst);
            return Err(BlobError::Unavailable(io::ErrorKind::NotConnected.into()));
        }
        Ok(self.blobs())
    }

    /// Leaves half of the bytes of a name, as a power cut may do.
    pub fn cut_short(&self, hash: &BlobHash) {
        if let Some((bytes, _)) = self.blobs().get_mut(hash) {
            *bytes = bytes[..bytes.len() / 2].into();
        }
    }

    fn blobs(&self) -> MutexGuard<'_, Blobs> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn store(&self, bytes: Vec<u8>) -> Result<StoredBlob, BlobError> {
        if *self.full.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(BlobError::Full(io::ErrorKind::StorageFull.into()));
        }
        let hash = BlobHash::from_bytes(Sha256::digest(&bytes).into());
        let size_bytes = bytes.len() as u64;
        self.reached()?.insert(hash, (bytes.into(), self.clock.now()));
        Ok(StoredBlob { hash, size_bytes })
    }

    fn find(&self, hash: &BlobHash) -> Result<Arc<[u8]>, BlobError> {
        self.reached()?.get(hash).map(|(bytes, _)| bytes.clone()).ok_or(BlobError::NotFound(*hash))
    }
}

struct MemoryWriter {
    store: MemoryBlobs,
    bytes: Vec<u8>,
}

impl Write for MemoryWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl BlobWriter for MemoryWriter {
    fn commit(self: Box<Self>) -> Result<StoredBlob, BlobError> {
        self.store.store(self.bytes)
    }
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    async fn put(&self, bytes: Vec<u8>) -> Result<StoredBlob, BlobError> {
        self.store(bytes)
    }

    async fn writer(&self) -> Result<Box<dyn BlobWriter>, BlobError> {
        Ok(Box::new(MemoryWriter { store: self.clone(), bytes: Vec::new() }))
    }

    async fn get(&self, hash: &BlobHash, limit_bytes: u64) -> Result<Vec<u8>, BlobError> {
        let bytes = self.find(hash)?;
        let size_bytes = bytes.len() as u64;
        if size_bytes > limit_bytes {
            return Err(BlobError::TooLarge { hash: *hash, size_bytes, limit_bytes });
        }
        Ok(bytes.to_vec())
    }

    async fn open(&self, hash: &BlobHash) -> Result<BlobReader, BlobError> {
        let bytes = self.find(hash)?;
        let size_bytes = bytes.len() as u64;
        let pieces: Vec<Vec<u8>> = bytes.chunks(64 << 10).map(<[u8]>::to_vec).collect();
        Ok(BlobReader { size_bytes, stream: stream::iter(pieces.into_iter().map(Ok)).boxed() })
    }

    async fn exists(&self, hash: &BlobHash) -> Result<bool, BlobError> {
        Ok(self.reached()?.contains_key(hash))
    }

    async fn delete(&self, hash: &BlobHash, put_before: DateTime<Utc>) -> Result<bool, BlobError> {
        let mut blobs = self.reached()?;
        let old = blobs.get(hash).is_some_and(|(_, stored_at)| *stored_at < put_before);
        Ok(old && blobs.remove(hash).is_some())
    }

    async fn list(&self, after: Option<BlobHash>, limit: u32) -> Result<Vec<BlobEntry>, BlobError> {
        let blobs = self.reached()?;
        let following = blobs.iter().filter(|(hash, _)| after.is_none_or(|after| **hash > after));
        let entry = |(hash, (bytes, stored_at)): (&BlobHash, &(Arc<[u8]>, DateTime<Utc>))| {
            BlobEntry { hash: *hash, size_bytes: bytes.len() as u64, stored_at: *stored_at }
        };
        Ok(following.take(limit as usize).map(entry).collect())
    }
}
