//! A bucket for tests, and a look behind it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use pressroom_contracts::servers::S3Server;
use pressroom_delivery::{Bucket, ObjectBlobs};
use pressroom_domain::{BlobHash, Secret};
use tempfile::TempDir;

/// An S3 server with a bucket, and a folder for what is being written.
pub(crate) struct Site {
    pub(crate) server: S3Server,
    pub(crate) bucket: String,
    pub(crate) spool: TempDir,
}

impl Site {
    pub(crate) fn new() -> Self {
        let server = S3Server::start();
        let bucket = server.bucket();
        Self { server, bucket, spool: TempDir::new().expect("a temporary folder") }
    }

    /// The bucket and how to get there.
    pub(crate) fn settings(&self) -> Bucket {
        let (key, secret) = (S3Server::ACCESS_KEY, S3Server::SECRET_KEY);
        Bucket {
            name: self.bucket.clone(),
            prefix: "site".to_owned(),
            region: None,
            endpoint: Some(self.server.endpoint()),
            path_style: None,
            access: Some((key.to_owned(), Secret::new(secret))),
        }
    }

    pub(crate) fn blobs(&self) -> ObjectBlobs {
        self.blobs_with(|_| {})
    }

    pub(crate) fn blobs_with(&self, change: impl FnOnce(&mut Bucket)) -> ObjectBlobs {
        let mut settings = self.settings();
        change(&mut settings);
        ObjectBlobs::open(&settings, self.spool.path().join("tmp")).expect("a store")
    }

    /// The folder of all objects of this site.
    #[allow(dead_code, reason = "not every test looks behind")]
    pub(crate) fn objects(&self) -> PathBuf {
        self.server.folder(&self.bucket).join("site")
    }

    /// The files that are copies of bytes.
    #[allow(dead_code, reason = "not every test looks behind")]
    pub(crate) fn copies(&self, hash: &BlobHash) -> Vec<PathBuf> {
        let name = hash.to_string();
        files(&self.objects().join(&name[..2]).join(name))
    }

    /// Makes all copies of bytes as old as if they had been put at a time.
    #[allow(dead_code, reason = "not every test looks behind")]
    pub(crate) fn put_at(&self, hash: &BlobHash, time: SystemTime) {
        for copy in self.copies(hash) {
            // It may be deleted meanwhile.
            if let Ok(file) = File::options().write(true).open(copy) {
                file.set_modified(time).expect("another age");
            }
        }
    }
}

#[allow(dead_code, reason = "not every test looks behind")]
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten();
    entries.map(|entry| entry.expect("an entry").path()).collect()
}
