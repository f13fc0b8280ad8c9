//! Bringing stored bytes to where they are missing.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::Arc;

use futures_util::StreamExt;
use pressroom_domain::BlobHash;
use pressroom_ports::{BlobEntry, BlobError, BlobReferences, BlobStore};

use super::copy::{CopyError, Progress, Step};

/// Names that are looked up at a time.
const SLICE: u32 = 500;

/// Where bytes are copied from and to.
#[derive(Clone)]
pub struct Bytes {
    /// Where they are.
    pub from: Arc<dyn BlobStore>,
    /// Where they go.
    pub to: Arc<dyn BlobStore>,
    /// Which of them are needed.
    pub needed: Arc<dyn BlobReferences>,
}

/// What became of stored bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopiedBytes {
    /// Files that were copied.
    pub copied: u64,
    /// How many bytes they have.
    pub size_bytes: u64,
    /// Files that the source's rows name, and that the source does not hold.
    pub missing: u64,
    /// Files that the source holds, but not as they were stored: they are left out.
    pub damaged: u64,
}

/// Copies the bytes that something names and that the target does not hold, in constant memory: what
/// is named and what both sides hold is listed by name.
pub(super) async fn copy_bytes(
    bytes: &Bytes,
    copied: &mut CopiedBytes,
    progress: Progress<'_>,
) -> Result<(), CopyError> {
    (copied.missing, copied.damaged) = (0, 0);
    let (mut here, mut there) = (Listed::new(&*bytes.from), Listed::new(&*bytes.to));
    let mut after = None;
    loop {
        let needed = bytes.needed.list(after, SLICE).await.map_err(CopyError::From)?;
        let Some(last) = needed.last() else { return Ok(()) };
        after = Some(*last);
        for hash in needed {
            let Some(source) = here.find(&hash).await.map_err(CopyError::FromBytes)? else {
                copied.missing += 1;
                continue;
            };
            let target = there.find(&hash).await.map_err(CopyError::ToBytes)?;
            if target.is_some_and(|target| target.size_bytes == source.size_bytes) {
                continue;
            }
            match copy_one(bytes, &hash).await? {
                Outcome::Copied(size_bytes) => {
                    copied.copied += 1;
                    copied.size_bytes += size_bytes;
                }
                Outcome::Damaged => copied.damaged += 1,
                Outcome::Gone => copied.missing += 1,
            }
            progress(Step::Bytes(*copied));
        }
    }
}

/// What became of the bytes of a name.
enum Outcome {
    Copied(u64),
    /// They are not those of the name.
    Damaged,
    /// Somebody deleted them meanwhile.
    Gone,
}

async fn copy_one(bytes: &Bytes, hash: &BlobHash) -> Result<Outcome, CopyError> {
    let mut reader = match bytes.from.open(hash).await {
        Ok(reader) => reader,
        Err(BlobError::NotFound(_)) => return Ok(Outcome::Gone),
        Err(error) => return Err(CopyError::FromBytes(error)),
    };
    let mut writer = bytes.to.writer().await.map_err(CopyError::ToBytes)?;
    while let Some(piece) = reader.stream.next().await {
        let piece = piece.map_err(CopyError::FromBytes)?;
        let write = move || writer.write_all(&piece).map(|()| writer);
        writer = blocking(write).await?.map_err(|error| CopyError::ToBytes(write_error(error)))?;
    }
    // Bytes of another name would be stored under it; the target's sweeper drops them.
    let stored = blocking(move || writer.commit()).await?.map_err(CopyError::ToBytes)?;
    let whole = stored.hash == *hash;
    Ok(if whole { Outcome::Copied(stored.size_bytes) } else { Outcome::Damaged })
}

/// Runs work that may block on a thread for that.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CopyError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| CopyError::ToBytes(BlobError::Unavailable(io::Error::other(error))))
}

/// A failed write in the words of the port.
fn write_error(error: io::Error) -> BlobError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => BlobError::Full(error),
        _ => BlobError::Unavailable(error),
    }
}

/// What is stored, for questions in the order of names.
struct Listed<'a> {
    store: &'a dyn BlobStore,
    ahead: VecDeque<BlobEntry>,
    after: Option<BlobHash>,
    ended: bool,
}

impl<'a> Listed<'a> {
    fn new(store: &'a dyn BlobStore) -> Self {
        Self { store, ahead: VecDeque::new(), after: None, ended: false }
    }

    /// The bytes of a name that follows all names that were asked for before.
    async fn find(&mut self, hash: &BlobHash) -> Result<Option<BlobEntry>, BlobError> {
        loop {
            while let Some(entry) = self.ahead.front() {
                if entry.hash >= *hash {
                    return Ok((entry.hash == *hash).then_some(*entry));
                }
                self.ahead.pop_front();
            }
            if self.ended {
                return Ok(None);
            }
            self.ahead = self.store.list(self.after, SLICE).await?.into();
            match self.ahead.back() {
                Some(last) => self.after = Some(last.hash),
                None => self.ended = true,
            }
        }
    }
}
