//! Backups: a site in one file, which any machine can bring back.
//!
//! A backup is a tar file, compressed by gzip, so that a person without this program can look into it:
//!
//! ```text
//! pressroom-backup.json   what the backup is of: see Manifest
//! pressroom.db            the store, as a SQLite file
//! blobs/<sha-256>         layouts and finished documents
//! data/…                  customers' files below the data folder, unless left out
//! secret.key              the key of secrets, where it was asked for
//! end.json                that all is there, and what the site itself had lost: see End
//! ```

mod read;
mod write;

pub(crate) use read::restore;
pub(crate) use write::{Source, write};

use pressroom_domain::BlobHash;
use serde::{Deserialize, Serialize};

const MANIFEST: &str = "pressroom-backup.json";
const STORE: &str = "pressroom.db";
const BLOBS: &str = "blobs/";
const DATA: &str = "data/";
const KEY: &str = "secret.key";
const END: &str = "end.json";

/// The layout of backups that this version writes and reads.
const FORMAT: u32 = 1;

/// What a backup is of.
#[derive(Debug, Deserialize, Serialize)]
struct Manifest {
    format: u32,
    /// The version that wrote it.
    version: String,
    /// When it was taken, as RFC 3339.
    taken_at: String,
    store_bytes: u64,
    /// In hexadecimal digits.
    store_sha256: String,
}

/// What stands at the end of a whole backup.
#[derive(Debug, Default, Deserialize, Serialize)]
struct End {
    /// The files before this one.
    files: u64,
    /// Bytes that the store names and that the site had lost, or no longer had as they were stored.
    lost: Vec<String>,
}

impl End {
    fn lost(&self, hash: &BlobHash) -> bool {
        self.lost.iter().any(|lost| *lost == hash.to_string())
    }
}
