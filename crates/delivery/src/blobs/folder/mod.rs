//! Bytes in a folder, by the hash of their contents.
//!
//! ```text
//! blobs/
//!   lock            held for the moment in which bytes get their name or lose it
//!   incoming/       bytes that have no name yet
//!   00/ … ff/       bytes by the first two digits of their name
//! ```
//! Bytes are written beside their place and moved there when they are whole; a crash leaves at most a
//! file in `incoming`, which a later start removes.

mod reader;
mod writer;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use pressroom_domain::BlobHash;
use pressroom_ports::{BlobEntry, BlobError, BlobReader, BlobStore, BlobWriter, StoredBlob};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::disk::blob_error;

/// After how long a file in `incoming` was left behind by a crash.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);

/// Bytes in a folder, by the SHA-256 hash of their contents. Clones share it.
#[derive(Clone, Debug)]
pub struct FolderBlobs {
    folder: Arc<Folder>,
}

#[derive(Debug)]
struct Folder {
    root: PathBuf,
    /// Whether what a writer commits waits for the disk, as what is put always does.
    flush_writers: bool,
}

impl FolderBlobs {
    /// The store in a folder, which is made where it is missing. Blocks: call it where that is
    /// allowed.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unavailable`].
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, BlobError> {
        let folder = Folder { root: folder.into(), flush_writers: true };
        folder.prepare().map_err(blob_error)?;
        Ok(Self { folder: Arc::new(folder) })
    }

    /// Lets writers commit without waiting for the disk; what is put still waits.
    ///
    /// For a site where writers write what can be made again, such as finished exports: a power cut
    /// may take the newest of them, or leave fewer bytes of one than its row says, and waiting for
    /// the disk would be most of what a short document costs.
    #[must_use]
    pub fn with_quick_writers(self) -> Self {
        let folder = Folder { root: self.folder.root.clone(), flush_writers: false };
        Self { folder: Arc::new(folder) }
    }

    /// Works on the folder on a thread that may block.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Folder) -> Result<T, BlobError> + Send + 'static,
    ) -> Result<T, BlobError> {
        let folder = self.folder.clone();
        let work = tokio::task::spawn_blocking(move || work(&folder));
        work.await.map_err(|error| BlobError::Unavailable(io::Error::other(error)))?
    }
}

#[async_trait]
impl BlobStore for FolderBlobs {
    async fn put(&self, bytes: Vec<u8>) -> Result<StoredBlob, BlobError> {
        self.blocking(move |folder| folder.put(&bytes).map_err(blob_error)).await
    }

    async fn writer(&self) -> Result<Box<dyn BlobWriter>, BlobError> {
        let folder = self.folder.clone();
        self.blocking(move |_| writer::begin(folder).map_err(blob_error)).await
    }

    async fn get(&self, hash: &BlobHash, limit_bytes: u64) -> Result<Vec<u8>, BlobError> {
        let hash = *hash;
        self.blocking(move |folder| {
            let (file, size_bytes) = folder.find(&hash)?;
            if size_bytes > limit_bytes {
                return Err(BlobError::TooLarge { hash, size_bytes, limit_bytes });
            }
            let mut bytes = Vec::with_capacity(usize::try_from(size_bytes).unwrap_or(0));
            file.take(size_bytes).read_to_end(&mut bytes).map_err(blob_error)?;
            Ok(bytes)
        })
        .await
    }

    async fn open(&self, hash: &BlobHash) -> Result<BlobReader, BlobError> {
        let hash = *hash;
        self.blocking(move |folder| {
            let (file, size_bytes) = folder.find(&hash)?;
            reader::begin(file, size_bytes).map_err(blob_error)
        })
        .await
    }

    async fn exists(&self, hash: &BlobHash) -> Result<bool, BlobError> {
        let hash = *hash;
        self.blocking(move |folder| folder.place(&hash).try_exists().map_err(blob_error)).await
    }

    async fn delete(&self, hash: &BlobHash, put_before: DateTime<Utc>) -> Result<bool, BlobError> {
        let hash = *hash;
        self.blocking(move |folder| folder.delete(&hash, put_before).map_err(blob_error)).await
    }

    async fn list(&self, after: Option<BlobHash>, limit: u32) -> Result<Vec<BlobEntry>, BlobError> {
        self.blocking(move |folder| folder.list(after, limit as usize).map_err(blob_error)).await
    }
}

impl Folder {
    fn prepare(&self) -> io::Result<()> {
        fs::create_dir_all(self.incoming())?;
        for shard in 0..=u8::MAX {
            match fs::create_dir(self.shard(shard)) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        OpenOptions::new().create(true).append(true).open(self.root.join("lock"))?;
        sync_folder(&self.root)?;
        let now = SystemTime::now();
        for entry in fs::read_dir(self.incoming())? {
            let entry = entry?;
            let age = entry.metadata().and_then(|metadata| metadata.modified());
            let age = age.ok().and_then(|modified| now.duration_since(modified).ok());
            if age.is_some_and(|age| age > LEFT_BEHIND) {
                // Another server may have been faster.
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }

    fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    fn shard(&self, first: u8) -> PathBuf {
        self.root.join(format!("{first:02x}"))
    }

    fn place(&self, hash: &BlobHash) -> PathBuf {
        self.shard(hash.as_bytes()[0]).join(hash.to_string())
    }

    /// The file of a name, and its bytes.
    fn find(&self, hash: &BlobHash) -> Result<(File, u64), BlobError> {
        let found = File::open(self.place(hash)).and_then(|file| {
            let size = file.metadata()?.len();
            Ok((file, size))
        });
        found.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => BlobError::NotFound(*hash),
            _ => blob_error(error),
        })
    }

    fn put(&self, bytes: &[u8]) -> io::Result<StoredBlob> {
        let hash = BlobHash::from_bytes(Sha256::digest(bytes).into());
        let stored = StoredBlob { hash, size_bytes: bytes.len() as u64 };
        if !self.put_again(&stored, true)? {
            let mut file = NamedTempFile::new_in(self.incoming())?;
            file.write_all(bytes)?;
            self.put_new(file, &hash, true)?;
        }
        Ok(stored)
    }

    /// Marks bytes as just put that are there already, and says whether they were.
    fn put_again(&self, stored: &StoredBlob, flush: bool) -> io::Result<bool> {
        let place = self.place(&stored.hash);
        {
            let _lock = self.lock(File::lock_shared)?;
            let file = match OpenOptions::new().append(true).open(&place) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
                Err(error) => return Err(error),
            };
            // Fewer bytes are what a power cut left of them: they are written anew.
            if file.metadata()?.len() != stored.size_bytes {
                return Ok(false);
            }
            file.set_modified(SystemTime::now())?;
            if flush {
                // A quick writer may have left them to the system.
                file.sync_all()?;
            }
        }
        if flush {
            sync_folder(&self.shard(stored.hash.as_bytes()[0]))?;
        }
        Ok(true)
    }

    /// Gives bytes their name.
    fn put_new(&self, file: NamedTempFile, hash: &BlobHash, flush: bool) -> io::Result<()> {
        if flush {
            file.as_file().sync_all()?;
        }
        {
            let _lock = self.lock(File::lock_shared)?;
            file.persist(self.place(hash)).map_err(|failure| failure.error)?;
        }
        if flush {
            sync_folder(&self.shard(hash.as_bytes()[0]))?;
        }
        Ok(())
    }

    fn delete(&self, hash: &BlobHash, put_before: DateTime<Utc>) -> io::Result<bool> {
        let place = self.place(hash);
        // Nobody puts the same bytes between the look and the deletion.
        let _lock = self.lock(File::lock)?;
        let deleted = fs::metadata(&place).and_then(|metadata| {
            let old = stored_at(metadata.modified()?) < put_before;
            if old {
                fs::remove_file(&place)?;
            }
            Ok(old)
        });
        match deleted {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            deleted => deleted,
        }
    }

    fn list(&self, after: Option<BlobHash>, limit: usize) -> io::Result<Vec<BlobEntry>> {
        let mut entries = Vec::new();
        for shard in after.map_or(0, |hash| hash.as_bytes()[0])..=u8::MAX {
            let mut hashes = Vec::new();
            for entry in fs::read_dir(self.shard(shard))? {
                // What somebody else laid there has no hash for a name.
                let hash: Option<BlobHash> =
                    entry?.file_name().to_str().and_then(|name| name.parse().ok());
                hashes.extend(hash.filter(|hash| after.is_none_or(|after| *hash > after)));
            }
            hashes.sort_unstable();
            for hash in hashes {
                if entries.len() == limit {
                    return Ok(entries);
                }
                let metadata = match fs::metadata(self.place(&hash)) {
                    Ok(metadata) => metadata,
                    // Deleted meanwhile.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => return Err(error),
                };
                let stored_at = stored_at(metadata.modified()?);
                entries.push(BlobEntry { hash, size_bytes: metadata.len(), stored_at });
            }
        }
        Ok(entries)
    }

    /// Holds the lock of all servers on this folder until it is dropped.
    fn lock(&self, lock: impl FnOnce(&File) -> io::Result<()>) -> io::Result<File> {
        let file = OpenOptions::new().append(true).open(self.root.join("lock"))?;
        match lock(&file) {
            // Some network folders have no locks; one server alone needs none but between threads,
            // where the sweeper's wait before it deletes is protection enough.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
            locked => locked.map(|()| file),
        }
    }
}

/// A time of the file system in whole microseconds.
fn stored_at(time: SystemTime) -> DateTime<Utc> {
    DateTime::<Utc>::from(time).trunc_subsecs(6)
}

/// Makes sure that a folder's names are on the disk.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Folders cannot be flushed there; the system writes names with their files.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
