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
    /// There is no room for what was to be stored; the same call works once there is.
    #[error(
        "the place that holds the stored documents is full; free some space there, then try again"
    )]
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

impl BlobError {
    /// Whether the same call may work in a moment though nobody frees space or changes a setting: the
    /// place is away, and nothing was refused.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        use io::ErrorKind::{InvalidInput, NotFound, PermissionDenied};
        match self {
            Self::Unavailable(error) => {
                !matches!(error.kind(), InvalidInput | NotFound | PermissionDenied)
            }
            Self::NotFound(_) | Self::Full(_) | Self::TooLarge { .. } => false,
        }
    }
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
    /// When they were last put, by the store's clock, which may count in whole seconds: then it is the
    /// second in which they were, or began to be.
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
    /// Gives the bytes their name. Whether it waits for the disk, see [`BlobStore`]. Where the place
    /// is away it MAY wait some minutes for it, because nobody else has the bytes.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`].
    fn commit(self: Box<Self>) -> Result<StoredBlob, BlobError>;
}

/// Keeps bytes by the SHA-256 hash of their contents.
///
/// # Contract
/// - When `put` or `commit` returns, the bytes MUST be readable as a whole; the end of the process
///   before that MUST leave nothing that is seen.
/// - When `put` returns, the bytes MUST be on the disk: layouts go this way, and nobody can make them
///   again. When `commit` returns, they SHOULD be, but a store MAY let the system write them later:
///   finished documents go this way, and can be made again. A power cut may then take such bytes, or
///   leave fewer of them; [`BlobReader::size_bytes`] MUST say how many there are, so that a caller who
///   knows how many there were can tell.
/// - Storing bytes by `put` of which a power cut left fewer MUST make them whole again.
/// - Where there is no room, `put`, `write` and `commit` MUST fail and leave nothing that is seen:
///   `put` and `commit` with [`BlobError::Full`], `write` with an error whose kind is
///   [`StorageFull`](io::ErrorKind::StorageFull) or
///   [`QuotaExceeded`](io::ErrorKind::QuotaExceeded).
/// - Storing the same bytes again MUST succeed and MUST count as just put (see
///   [`BlobEntry::stored_at`]), so that a sweeper leaves them alone.
/// - However `put` or `commit` and `delete` fall together, on however many machines: when both have
///   returned, the bytes MUST be there unless `put_before` is later than that put.
/// - The clocks of a store and of who sweeps it differ, and bytes may be long on their way: who deletes
///   SHOULD leave an hour between `put_before` and now.
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
/// A hash that a revision, a queued or running export, the result of an export or the photo of a user
/// names MUST be among the answer, once.
#[async_trait]
pub trait BlobReferences: Send + Sync {
    /// Those of the hashes that something names.
    async fn named(&self, hashes: &[BlobHash]) -> Result<BTreeSet<BlobHash>, StoreError>;

    /// All that something names, in order: at most `limit` hashes that follow `after`.
    async fn list(&self, after: Option<BlobHash>, limit: u32) -> Result<Vec<BlobHash>, StoreError>;
}
