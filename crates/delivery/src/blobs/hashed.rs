//! Bytes that are written bit by bit, and get their name with the last one.

use std::io::{self, BufWriter, Write};

use pressroom_domain::BlobHash;
use pressroom_ports::{BlobError, StoredBlob};
use sha2::{Digest, Sha256};

use crate::disk::{blob_error, write_error};

/// Small pieces are hashed and written together.
const BUFFER: usize = 64 << 10;

/// Bytes without a name, in a file or what is used like one.
pub(super) struct Hashed<F: Write> {
    bytes: BufWriter<Counted<F>>,
    /// Why bytes are missing, if some could not be written: then there is nothing to name.
    failed: Option<io::ErrorKind>,
    /// What whoever writes hears where there is no room.
    full: &'static str,
}

/// Hashes and counts what goes to the file.
struct Counted<F> {
    file: F,
    hash: Sha256,
    size_bytes: u64,
}

impl<F: Write> Hashed<F> {
    /// Takes bytes into a file that is empty. Where it is full, `full` says so.
    pub(super) fn new(file: F, full: &'static str) -> Self {
        let counted = Counted { file, hash: Sha256::new(), size_bytes: 0 };
        Self { bytes: BufWriter::with_capacity(BUFFER, counted), failed: None, full }
    }

    /// The file with all bytes in it, and their name.
    pub(super) fn finish(self) -> Result<(F, StoredBlob), BlobError> {
        if let Some(kind) = self.failed {
            return Err(blob_error(kind.into()));
        }
        let counted =
            self.bytes.into_inner().map_err(|failure| blob_error(failure.into_error()))?;
        let hash = BlobHash::from_bytes(counted.hash.finalize().into());
        Ok((counted.file, StoredBlob { hash, size_bytes: counted.size_bytes }))
    }

    fn noted<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            if error.kind() != io::ErrorKind::Interrupted {
                self.failed = Some(error.kind());
            }
            write_error(error, self.full)
        })
    }
}

impl<F: Write> Write for Hashed<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.bytes.write(bytes);
        self.noted(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.bytes.flush();
        self.noted(flushed)
    }
}

impl<F: Write> Write for Counted<F> {
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

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    const FULL: &str = "no room";

    #[test]
    fn what_could_not_be_written_has_no_name() {
        let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        // A file that takes nothing.
        let mut hashed = Hashed::new(File::open(&path).unwrap(), FULL);
        assert!(hashed.write_all(&[7; 2 * BUFFER]).is_err());
        assert!(hashed.finish().is_err());
    }

    /// Linux has a file that is always full.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_to_who_writes_and_who_finishes() {
        let full = || Hashed::new(File::options().write(true).open("/dev/full").unwrap(), FULL);
        let mut long = full();
        let error = long.write_all(&[7; 2 * BUFFER]).unwrap_err();
        assert_eq!((error.kind(), &*error.to_string()), (io::ErrorKind::StorageFull, FULL));
        assert!(matches!(long.finish(), Err(BlobError::Full(_))));
        // A short document meets the disk with its end.
        let mut short = full();
        short.write_all(&[7; 10]).unwrap();
        assert!(matches!(short.finish(), Err(BlobError::Full(_))));
    }
}
