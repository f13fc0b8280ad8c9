//! Temporary files of reports that are being composed.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use pressroom_data::{SpillFile, SpillStore};
use tempfile::SpooledTempFile;

use crate::disk::write_error;

/// What a composition hears where there is no room; it adds what to do.
const FULL: &str = "the disk that holds temporary files is full";

/// Holds what is put aside in memory, and beyond a bound in a nameless file: whatever happens to the
/// process, nothing stays behind.
#[derive(Clone, Debug)]
pub struct SpillFolder {
    folder: PathBuf,
    memory_bytes: usize,
}

impl SpillFolder {
    /// Bytes of each file that stay in memory unless told otherwise.
    pub const MEMORY_BYTES: usize = 4 << 20;

    /// Temporary files in a folder, which is made where it is missing.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, memory_bytes: Self::MEMORY_BYTES })
    }

    /// Another bound of the bytes of each file that stay in memory.
    #[must_use]
    pub fn with_memory(mut self, bytes: usize) -> Self {
        self.memory_bytes = bytes;
        self
    }
}

impl SpillStore for SpillFolder {
    fn create(&self) -> io::Result<Box<dyn SpillFile>> {
        let file = tempfile::spooled_tempfile_in(self.memory_bytes, &self.folder);
        Ok(Box::new(Spill(file)))
    }
}

/// A temporary file that says so where the disk is full.
struct Spill(SpooledTempFile);

impl Read for Spill {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl Write for Spill {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(|error| write_error(error, FULL))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(|error| write_error(error, FULL))
    }
}

impl Seek for Spill {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_aside_comes_back_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let store = SpillFolder::open(folder.path().join("spill")).unwrap().with_memory(1_000);
        let mut file = store.create().unwrap();
        let bytes: Vec<u8> = (0..100_000_u32).map(|i| i as u8).collect();
        for piece in bytes.chunks(300) {
            file.write_all(piece).unwrap();
        }
        file.seek(SeekFrom::Start(50_000)).unwrap();
        let mut rest = Vec::new();
        file.read_to_end(&mut rest).unwrap();
        assert!(rest == bytes[50_000..]);
        let names = fs::read_dir(folder.path().join("spill")).unwrap().count();
        assert_eq!(names, 0, "the file has no name while it is in use");
    }
}
