//! Bytes in a bucket of an S3 server, by the hash of their contents, for many servers at a time.
//!
//! ```text
//! prefix/
//!   ab/                                           the first two digits of a name
//!     ab34…ef/                                    a name
//!       0193a4f2-….                               a copy of the bytes, under a name of its own
//! ```
//! An S3 server has no locks, and the same bytes have the same entity tag whenever they are put, so no
//! condition tells bytes that were put again from those that a sweeper looked at. That is why every
//! put makes an object of its own, which is never written again: what was seen of it stays true, and
//! deleting it takes nothing that was put later. Of several copies the newest counts, and whoever
//! has put one takes the others away.

mod client;
mod keys;
mod reader;
mod words;
mod writer;

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use futures_util::TryStreamExt;
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::{GetResult, ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload};
use pressroom_domain::BlobHash;
use pressroom_ports::{BlobEntry, BlobError, BlobReader, BlobStore, BlobWriter, StoredBlob};
use sha2::{Digest, Sha256};

use self::keys::Keys;
use self::words::Words;
use crate::disk::blob_error;

pub use self::client::Bucket;

/// Bytes that go in one request; more go in parts of that size.
const PART: u64 = 8 << 20;
/// The most parts that a server takes.
const PARTS: u64 = 10_000;
/// The longest that bytes may be on their way. A server may count the age of bytes that go in parts
/// from the first of them: a sweeper must leave those alone that are younger than this.
const UPLOAD_TIME: Duration = Duration::from_secs(30 * 60);
/// How often bytes are looked up anew that were put again, and so lie elsewhere, before they came.
const LOOKS: usize = 5;

/// Bytes in a bucket, by the SHA-256 hash of their contents. Clones share it.
#[derive(Clone)]
pub struct ObjectBlobs {
    objects: Arc<Objects>,
}

struct Objects {
    client: AmazonS3,
    keys: Keys,
    words: Words,
    /// The folder of bytes that are written and have no name yet.
    spool: PathBuf,
    threads: client::Threads,
}

impl ObjectBlobs {
    /// The store in a bucket, which must be there once it is used: nothing is asked of the server
    /// yet. `spool` is a folder for bytes that are being written, which is made where it is missing.
    /// Blocks: call it where that is allowed.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`] where the folder cannot be made or the
    /// bucket cannot be meant.
    pub fn open(bucket: &Bucket, spool: impl Into<PathBuf>) -> Result<Self, BlobError> {
        let spool = spool.into();
        fs::create_dir_all(&spool).map_err(blob_error)?;
        let bucket = &client::completed(bucket);
        let words = Words::new(bucket);
        let threads = client::Threads::start().map_err(BlobError::Unavailable)?;
        let client = client::connect(bucket, &threads).map_err(|error| words.error(&error))?;
        let keys = Keys::new(&bucket.prefix);
        Ok(Self { objects: Arc::new(Objects { client, keys, words, spool, threads }) })
    }
}

impl fmt::Debug for ObjectBlobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ObjectBlobs").field(&self.objects.words.place()).finish()
    }
}

#[async_trait]
impl BlobStore for ObjectBlobs {
    async fn put(&self, bytes: Vec<u8>) -> Result<StoredBlob, BlobError> {
        let named = tokio::task::spawn_blocking(move || {
            let hash = BlobHash::from_bytes(Sha256::digest(&bytes).into());
            (StoredBlob { hash, size_bytes: bytes.len() as u64 }, bytes)
        });
        let (stored, bytes) =
            named.await.map_err(|error| BlobError::Unavailable(io::Error::other(error)))?;
        self.objects.store(&stored, &*bytes).await?;
        Ok(stored)
    }

    async fn writer(&self) -> Result<Box<dyn BlobWriter>, BlobError> {
        Ok(writer::begin(self.objects.clone()))
    }

    async fn get(&self, hash: &BlobHash, limit_bytes: u64) -> Result<Vec<u8>, BlobError> {
        let found = self.objects.find(hash, limit_bytes).await?;
        let bytes = found.bytes().await.map_err(|error| self.objects.words.error(&error))?;
        Ok(bytes.into())
    }

    async fn open(&self, hash: &BlobHash) -> Result<BlobReader, BlobError> {
        let found = self.objects.find(hash, u64::MAX).await?;
        Ok(reader::begin(self.objects.clone(), found))
    }

    async fn exists(&self, hash: &BlobHash) -> Result<bool, BlobError> {
        Ok(!self.objects.copies(hash).await?.is_empty())
    }

    async fn delete(&self, hash: &BlobHash, put_before: DateTime<Utc>) -> Result<bool, BlobError> {
        let copies = self.objects.copies(hash).await?;
        if copies.is_empty() || copies.iter().any(|copy| stored_at(copy) >= put_before) {
            return Ok(false);
        }
        // What is put from now on is another object.
        for copy in copies {
            self.objects.delete(&copy.location).await?;
        }
        Ok(true)
    }

    async fn list(&self, after: Option<BlobHash>, limit: u32) -> Result<Vec<BlobEntry>, BlobError> {
        self.objects.list(after, limit as usize).await
    }
}

impl Objects {
    /// Stores a copy of bytes, and takes older ones away.
    async fn store(&self, stored: &StoredBlob, bytes: impl Read + Send) -> Result<(), BlobError> {
        let copy = self.keys.new_copy(&stored.hash);
        if stored.size_bytes <= PART {
            self.send(&copy, stored.size_bytes, bytes).await?;
        } else {
            self.send_in_parts(&copy, stored.size_bytes, bytes).await?;
        }
        // Copies that stay cost room and nothing else; the next put tries again.
        let _ = self.delete_older(&stored.hash).await;
        Ok(())
    }

    async fn send(
        &self,
        copy: &Path,
        size_bytes: u64,
        mut bytes: impl Read + Send,
    ) -> Result<(), BlobError> {
        let bytes = take(&mut bytes, size_bytes)?;
        self.client.put(copy, bytes).await.map_err(|error| self.words.error(&error))?;
        Ok(())
    }

    /// Sends many bytes, a bounded number at a time; they are seen when the last part is there.
    async fn send_in_parts(
        &self,
        copy: &Path,
        size_bytes: u64,
        mut bytes: impl Read + Send,
    ) -> Result<(), BlobError> {
        let part = PART.max(size_bytes.div_ceil(PARTS));
        let wrong = |error| self.words.error(&error);
        let mut upload = self.client.put_multipart(copy).await.map_err(wrong)?;
        let sending = async {
            let mut left = size_bytes;
            while left > 0 {
                let size = part.min(left);
                upload.put_part(take(&mut bytes, size)?).await.map_err(wrong)?;
                left -= size;
            }
            upload.complete().await.map_err(wrong)
        };
        let sent = tokio::time::timeout(UPLOAD_TIME, sending).await;
        let sent = sent.unwrap_or_else(|_| Err(self.words.too_slow()));
        if sent.is_err() {
            // Where that fails too, parts stay behind unseen: a rule of the bucket drops them.
            let _ = upload.abort().await;
        }
        sent.map(drop)
    }

    /// The copies of bytes.
    async fn copies(&self, hash: &BlobHash) -> Result<Vec<ObjectMeta>, BlobError> {
        let listed = self.client.list(Some(&self.keys.copies(hash)));
        let copies = listed.try_filter(|copy| {
            std::future::ready(self.keys.hash(&copy.location).is_some_and(|named| named == *hash))
        });
        copies.try_collect().await.map_err(|error| self.words.error(&error))
    }

    /// The newest copy of bytes, about to be read.
    async fn find(&self, hash: &BlobHash, limit_bytes: u64) -> Result<GetResult, BlobError> {
        for _ in 0..LOOKS {
            let copies = self.copies(hash).await?;
            let newest = copies.into_iter().max_by(older).ok_or(BlobError::NotFound(*hash))?;
            if newest.size > limit_bytes {
                return Err(BlobError::TooLarge {
                    hash: *hash,
                    size_bytes: newest.size,
                    limit_bytes,
                });
            }
            match self.client.get(&newest.location).await {
                // Put again or deleted since it was listed.
                Err(object_store::Error::NotFound { .. }) => {}
                found => return found.map_err(|error| self.words.error(&error)),
            }
        }
        Err(self.words.restless(hash))
    }

    /// Deletes all copies but the newest, which is as good as any.
    async fn delete_older(&self, hash: &BlobHash) -> Result<(), BlobError> {
        let mut copies = self.copies(hash).await?;
        copies.sort_by(older);
        copies.pop();
        for copy in copies {
            self.delete(&copy.location).await?;
        }
        Ok(())
    }

    async fn delete(&self, copy: &Path) -> Result<(), BlobError> {
        match self.client.delete(copy).await {
            // Somebody was faster.
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            deleted => deleted.map_err(|error| self.words.error(&error)),
        }
    }

    async fn list(
        &self,
        after: Option<BlobHash>,
        limit: usize,
    ) -> Result<Vec<BlobEntry>, BlobError> {
        let mut entries: Vec<BlobEntry> = Vec::new();
        let prefix = self.keys.all();
        let mut listed = match after {
            Some(hash) => self.client.list_with_offset(prefix, &self.keys.end_of(&hash)),
            None => self.client.list(prefix),
        };
        while let Some(copy) = listed.try_next().await.map_err(|error| self.words.error(&error))? {
            // What somebody else laid there has no such name.
            let Some(hash) = self.keys.hash(&copy.location) else { continue };
            let entry = BlobEntry { hash, size_bytes: copy.size, stored_at: stored_at(&copy) };
            let is_full = entries.len() >= limit;
            match entries.last_mut() {
                Some(last) if last.hash == hash => {
                    if last.stored_at <= entry.stored_at {
                        *last = entry;
                    }
                }
                _ if is_full => break,
                _ => entries.push(entry),
            }
        }
        Ok(entries)
    }
}

/// The next bytes, which are there.
fn take(bytes: &mut impl Read, size_bytes: u64) -> Result<PutPayload, BlobError> {
    let mut part = vec![0; usize::try_from(size_bytes).unwrap_or(usize::MAX)];
    bytes.read_exact(&mut part).map_err(blob_error)?;
    Ok(part.into())
}

/// When a copy was put, by the server's clock.
fn stored_at(copy: &ObjectMeta) -> DateTime<Utc> {
    copy.last_modified.trunc_subsecs(6)
}

/// Which of two copies was put earlier. Everybody agrees, because copies never change.
fn older(one: &ObjectMeta, other: &ObjectMeta) -> std::cmp::Ordering {
    let by_name = || one.location.cmp(&other.location);
    one.last_modified.cmp(&other.last_modified).then_with(by_name)
}

#[cfg(test)]
mod tests {
    use pressroom_contracts::servers::S3Server;
    use pressroom_domain::Secret;

    use super::*;

    /// Bytes that end with a failure, after doing something.
    struct Cut<F: FnMut()> {
        left: u64,
        at_the_end: F,
    }

    impl<F: FnMut()> Read for Cut<F> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.left == 0 {
                (self.at_the_end)();
                return Err(io::Error::other("the disk broke"));
            }
            let length = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
            buffer[..length].fill(7);
            self.left -= length as u64;
            Ok(length)
        }
    }

    fn blobs(server: &S3Server, spool: &std::path::Path) -> ObjectBlobs {
        let bucket = Bucket {
            name: server.bucket(),
            prefix: String::new(),
            region: None,
            endpoint: Some(server.endpoint()),
            path_style: None,
            access: Some((S3Server::ACCESS_KEY.into(), Secret::new(S3Server::SECRET_KEY))),
        };
        ObjectBlobs::open(&bucket, spool).unwrap()
    }

    const STORED: StoredBlob =
        StoredBlob { hash: BlobHash::from_bytes([7; 32]), size_bytes: 3 * PART };

    #[tokio::test(flavor = "multi_thread")]
    async fn bytes_that_end_too_soon_leave_nothing() {
        let (server, spool) = (S3Server::start(), tempfile::tempdir().unwrap());
        let blobs = blobs(&server, spool.path());
        let cut = Cut { left: PART + 1, at_the_end: || {} };
        let error = blobs.objects.store(&STORED, cut).await.unwrap_err();
        assert!(error.to_string().contains("the disk broke"), "{error}");
        assert_eq!(blobs.list(None, 10).await.unwrap(), []);
        assert_eq!(server.parts(), 0, "what had come is dropped");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_that_goes_away_while_bytes_are_put_shows_nothing_of_them() {
        let (mut server, spool) = (S3Server::start(), tempfile::tempdir().unwrap());
        let blobs = blobs(&server, spool.path());
        let cut = Cut { left: PART + 1, at_the_end: || server.stop() };
        blobs.objects.store(&STORED, cut).await.unwrap_err();
        server.start_again();
        assert_eq!(server.parts(), 1, "a part had come");
        assert_eq!(blobs.list(None, 10).await.unwrap(), []);
        assert!(!blobs.exists(&STORED.hash).await.unwrap());
        let whole = io::repeat(7).take(STORED.size_bytes);
        blobs.objects.store(&STORED, whole).await.unwrap();
        assert_eq!(blobs.list(None, 10).await.unwrap().len(), 1);
    }
}
