//! Bytes that come bit by bit.

use std::io::{self, Write};
use std::sync::Arc;

use pressroom_ports::{BlobError, BlobWriter, StoredBlob};
use tempfile::NamedTempFile;

use super::Folder;
use crate::blobs::hashed::Hashed;
use crate::disk::blob_error;

/// What an exporter hears where there is no room; its readers are told that a document was not written.
const FULL: &str =
    "the place that holds the stored documents is full; free some space there, then try again";

pub(super) fn begin(folder: Arc<Folder>) -> io::Result<Box<dyn BlobWriter>> {
    let file = NamedTempFile::new_in(folder.incoming())?;
    Ok(Box::new(Writer { folder, bytes: Hashed::new(file, FULL) }))
}

/// Bytes without a name. Dropping it deletes the file.
struct Writer {
    folder: Arc<Folder>,
    bytes: Hashed<NamedTempFile>,
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.bytes.flush()
    }
}

impl BlobWriter for Writer {
    fn commit(self: Box<Self>) -> Result<StoredBlob, BlobError> {
        let Self { folder, bytes } = *self;
        let (file, stored) = bytes.finish()?;
        // Where the bytes are there already, the new copy goes with its file.
        if !folder.put_again(&stored, folder.flush_writers).map_err(blob_error)? {
            folder.put_new(file, &stored.hash, folder.flush_writers).map_err(blob_error)?;
        }
        Ok(stored)
    }
}
