//! Where bytes are kept: layouts and finished documents.

use std::collections::BTreeSet;
use std::io::{self, Write};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use pressroom_domain::BlobHash;

use crate::StoreError;

/// Why bytes were not stored or not found.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There are no bytes of that name.
    #[error("the bytes {0} are not stored")]
    NotFound(BlobHash),
    /// The disk is full.
    #[error("the disk that holds the stored bytes is full; free some space")]
    Full(#[source] io::Error),
    /// There are more bytes than the caller takes.
    #[error("the bytes {hash} are {size_bytes}, more than the {limit_bytes} that are taken")]
    TooLarge {
        /// Their name.
        hash: BlobHash,
        /// How many there are.
        size_bytes: u64,
        /// How many are taken.
        limit_bytes: u64,
    },
    /// The place cannot be reached or failed.
    #[error("the stored bytes cannot be reached now: {0}")]
    Unavailable(#[source] io::Error),
}

/// Bytes that were stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredBlob {
    /// Their name.
    pub hash: BlobHash,
    /// How many.
    pub size_bytes: u64,
}

/// Stored bytes and when they were last put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobEntry {
    /// Their name.
    pub hash: BlobHash,
    /// How many.
    pub size_bytes: u64,
    /// When they were last put.
    pub stored_at: DateTime<Utc>,
}

/// Stored bytes as they come.
pub struct BlobReader {
    /// How many there are.
    pub size_bytes: u64,
    /// The bytes, in pieces of at most 64 KiB or so.
    pub stream: BoxStream<'static, Result<Vec<u8>, BlobError>>,
}

impl std::fmt::Debug for BlobReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobReader").field("size_bytes", &self.size_bytes).finish_non_exhaustive()
    }
}

/// Takes bytes whose name is not known before the last one. Synchronous: used on a thread that may
/// block.
///
/// # Contract
/// Bytes MUST NOT be seen before [`commit`](Self::commit), and MUST be gone if it is dropped before.
pub trait BlobWriter: Write + Send {
    /// Flushes the bytes to the disk and gives them their name.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`].
    fn commit(self: Box<Self>) -> Result<StoredBlob, BlobError>;
}

/// Keeps bytes by the SHA-256 hash of their contents.
///
/// # Contract
/// - When `put` or `commit` returns, the bytes MUST be on the disk and readable as a whole; a crash
///   before that MUST leave nothing that is seen.
/// - Storing the same bytes again MUST succeed and MUST count as just put (see
///   [`BlobEntry::stored_at`]), so that a sweeper leaves them alone.
/// - A reader that was opened SHOULD read to the end though the bytes are deleted meanwhile.
/// - No memory grows with the size of the bytes, but for `put` and `get`.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Stores bytes.
    async fn put(&self, bytes: Vec<u8>) -> Result<StoredBlob, BlobError>;

    /// Starts to store bytes that come bit by bit.
    async fn writer(&self) -> Result<Box<dyn BlobWriter>, BlobError>;

    /// All bytes of a name; [`BlobError::TooLarge`] where there are more than `limit_bytes`.
    async fn get(&self, hash: &BlobHash, limit_bytes: u64) -> Result<Vec<u8>, BlobError>;

    /// The bytes of a name, bit by bit.
    async fn open(&self, hash: &BlobHash) -> Result<BlobReader, BlobError>;

    /// Whether there are bytes of a name.
    async fn exists(&self, hash: &BlobHash) -> Result<bool, BlobError>;

    /// Deletes the bytes of a name if they were last put before `put_before`, and says whether it
    /// did.
    async fn delete(&self, hash: &BlobHash, put_before: DateTime<Utc>) -> Result<bool, BlobError>;

    /// What is stored, by hash: at most `limit` entries that follow `after`.
    async fn list(&self, after: Option<BlobHash>, limit: u32) -> Result<Vec<BlobEntry>, BlobError>;
}

/// Knows which bytes are still needed.
///
/// # Contract
/// A hash that a revision, a queued or running export, or the result of an export names MUST be
/// among the answer.
#[async_trait]
pub trait BlobReferences: Send + Sync {
    /// Those of the hashes that something names.
    async fn named(&self, hashes: &[BlobHash]) -> Result<BTreeSet<BlobHash>, StoreError>;
}
