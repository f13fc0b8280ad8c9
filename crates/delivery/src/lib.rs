//! Where bytes go: blob stores and temporary files.
//!
//! - [`FolderBlobs`] keeps layouts and finished documents in a folder, by the hash of their contents.
//! - [`SpillFolder`] holds what a report must put aside while it is composed.

mod blobs;
mod disk;
mod spill;

pub use blobs::FolderBlobs;
pub use spill::SpillFolder;
