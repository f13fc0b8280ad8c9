//! Bytes that come bit by bit.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use pressroom_domain::BlobHash;
use pressroom_ports::{BlobError, BlobWriter, StoredBlob};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::Folder;
use crate::disk::{blob_error, write_error};

/// What an exporter hears where there is no room; its readers are told that a document was not written.
const FULL: &str =
    "the disk that holds the stored documents is full; free some space there, then try again";
/// Small pieces are hashed and written together.
const BUFFER: usize = 64 << 10;

pub(super) fn begin(folder: Arc<Folder>) -> io::Result<Box<dyn BlobWriter>> {
    let file = NamedTempFile::new_in(folder.incoming())?;
    let counted = Counted { file, hash: Sha256::new(), size_bytes: 0 };
    Ok(Box::new(Writer::new(folder, counted)))
}

/// Bytes without a name. Dropping it deletes the file.
struct Writer {
    folder: Arc<Folder>,
    bytes: BufWriter<Counted>,
    /// Why bytes are missing, if some could not be written: then there is nothing to commit.
    failed: Option<io::ErrorKind>,
}

impl Writer {
    fn new(folder: Arc<Folder>, file: Counted) -> Self {
        Self { folder, bytes: BufWriter::with_capacity(BUFFER, file), failed: None }
    }

    fn noted<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            if error.kind() != io::ErrorKind::Interrupted {
                self.failed = Some(error.kind());
            }
            write_error(error, FULL)
        })
    }
}

/// Hashes and counts what goes to the file.
struct Counted {
    file: NamedTempFile,
    hash: Sha256,
    size_bytes: u64,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.size_bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.bytes.write(bytes);
        self.noted(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.bytes.flush();
        self.noted(flushed)
    }
}

impl BlobWriter for Writer {
    fn commit(self: Box<Self>) -> Result<StoredBlob, BlobError> {
        let Self { folder, bytes, failed } = *self;
        if let Some(kind) = failed {
            return Err(blob_error(kind.into()));
        }
        let counted = bytes.into_inner().map_err(|failure| blob_error(failure.into_error()))?;
        let hash = BlobHash::from_bytes(counted.hash.finalize().into());
        let stored = StoredBlob { hash, size_bytes: counted.size_bytes };
        // Where the bytes are there already, the new copy goes with its file.
        if !folder.put_again(&stored, folder.flush_writers).map_err(blob_error)? {
            folder.put_new(counted.file, &hash, folder.flush_writers).map_err(blob_error)?;
        }
        Ok(stored)
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::FolderBlobs;

    #[test]
    fn what_could_not_be_written_is_not_committed() {
        let root = tempfile::tempdir().unwrap();
        let folder = FolderBlobs::open(root.path()).unwrap().folder;
        let path = NamedTempFile::new_in(folder.incoming()).unwrap().into_temp_path();
        // A file that takes nothing.
        let file = NamedTempFile::from_parts(File::open(&path).unwrap(), path);
        let file = Counted { file, hash: Sha256::new(), size_bytes: 0 };
        let mut writer = Writer::new(folder, file);
        assert!(writer.write_all(&[7; 2 * BUFFER]).is_err());
        assert!(Box::new(writer).commit().is_err());
    }

    /// Linux has a file that is always full.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_to_who_writes_and_who_commits() {
        let root = tempfile::tempdir().unwrap();
        let folder = FolderBlobs::open(root.path()).unwrap().folder;
        let writer = || {
            let path = NamedTempFile::new_in(folder.incoming()).unwrap().into_temp_path();
            let full = File::options().write(true).open("/dev/full").unwrap();
            let file = NamedTempFile::from_parts(full, path);
            let file = Counted { file, hash: Sha256::new(), size_bytes: 0 };
            Box::new(Writer::new(folder.clone(), file))
        };
        let mut long = writer();
        let error = long.write_all(&[7; 2 * BUFFER]).unwrap_err();
        assert_eq!((error.kind(), &*error.to_string()), (io::ErrorKind::StorageFull, FULL));
        assert!(matches!(long.commit(), Err(BlobError::Full(_))));
        // A short document meets the disk with its end.
        let mut short = writer();
        short.write_all(&[7; 10]).unwrap();
        assert!(matches!(short.commit(), Err(BlobError::Full(_))));
    }
}
