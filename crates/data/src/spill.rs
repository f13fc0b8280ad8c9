//! Where bytes wait that are too many for memory.

use std::io::{self, Cursor, Read, Seek, Write};

/// A place to write to and read back from; its contents are gone when it is dropped.
pub trait SpillFile: Read + Write + Seek + Send {}

impl<T: Read + Write + Seek + Send> SpillFile for T {}

/// Makes [`SpillFile`]s.
pub trait SpillStore: Send + Sync {
    /// An empty one.
    ///
    /// # Errors
    /// The disk's.
    fn create(&self) -> io::Result<Box<dyn SpillFile>>;
}

/// Keeps everything in memory: for tests, and for embedders without a disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemorySpill;

impl SpillStore for MemorySpill {
    fn create(&self) -> io::Result<Box<dyn SpillFile>> {
        Ok(Box::new(Cursor::new(Vec::new())))
    }
}
