//! Bytes that come bit by bit.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use pressroom_domain::BlobHash;
use pressroom_ports::{BlobError, BlobWriter, StoredBlob};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::Folder;
use crate::disk::{blob_error, write_error};

/// Small pieces are hashed and written together.
const BUFFER: usize = 64 << 10;

pub(super) fn begin(folder: Arc<Folder>) -> io::Result<Box<dyn BlobWriter>> {
    let file = NamedTempFile::new_in(folder.incoming())?;
    let counted = Counted { file, hash: Sha256::new(), size_bytes: 0 };
    Ok(Box::new(Writer { folder, bytes: BufWriter::with_capacity(BUFFER, counted) }))
}

/// Bytes without a name. Dropping it deletes the file.
struct Writer {
    folder: Arc<Folder>,
    bytes: BufWriter<Counted>,
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

fn error(error: io::Error) -> io::Error {
    write_error(error, "the stored documents")
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.write(bytes).map_err(error)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.bytes.flush().map_err(error)
    }
}

impl BlobWriter for Writer {
    fn commit(self: Box<Self>) -> Result<StoredBlob, BlobError> {
        let Self { folder, bytes } = *self;
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
