//! Bytes that come bit by bit.
//!
//! Their name is known with the last one, and an object cannot be given another name without being
//! copied. So they wait on this machine, in memory while they are few, and go to the server as a whole.

use std::io::{self, Seek, Write};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use pressroom_ports::{BlobError, BlobWriter, StoredBlob};
use tempfile::SpooledTempFile;

use super::Objects;
use crate::blobs::hashed::Hashed;
use crate::disk::blob_error;

/// What an exporter hears where there is no room; its readers are told that a document was not written.
const FULL: &str =
    "the disk that holds temporary files is full; free some space there, then try again";
/// Bytes that wait in memory; more wait in a nameless file, which goes with the process.
const MEMORY: usize = 1 << 20;
/// For how long a server that is away is waited for: a document that took minutes to write must not
/// be lost because the server is being started anew.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// How long it is left alone between two tries, which are retried themselves.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) fn begin(objects: Arc<Objects>) -> Box<dyn BlobWriter> {
    let file = tempfile::spooled_tempfile_in(MEMORY, &objects.spool);
    Box::new(Writer { objects, bytes: Hashed::new(file, FULL) })
}

/// Bytes without a name. Dropping it deletes them.
struct Writer {
    objects: Arc<Objects>,
    bytes: Hashed<SpooledTempFile>,
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
        let Self { objects, bytes } = *self;
        let (mut file, stored) = bytes.finish()?;
        let patient_until = Instant::now() + PATIENCE;
        loop {
            file.rewind().map_err(blob_error)?;
            match objects.threads.wait(objects.store(&stored, &mut file)) {
                Ok(()) => return Ok(stored),
                Err(error) if error.may_pass() && Instant::now() < patient_until => {
                    thread::sleep(PAUSE);
                }
                Err(error) => return Err(error),
            }
        }
    }
}
