//! Where bytes are kept by the hash of their contents: in a folder, or in a bucket.

mod folder;
mod hashed;
#[cfg(feature = "s3")]
mod object;

pub use folder::FolderBlobs;
#[cfg(feature = "s3")]
pub use object::{Bucket, ObjectBlobs};
