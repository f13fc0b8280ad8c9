//! Telling a full disk from a broken one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use pressroom_diesel_store::Failure;
use pressroom_ports::StoreError;

/// What SQLite says where a write finds no room.
const FULL: &str = "database or disk is full";
/// What it says of everything else that goes wrong with a file, a used-up quota and a file of locks
/// that cannot grow among it.
const FAILED: &str = "disk I/O error";

/// Whether SQLite's words about a store mean that there is no room. Diesel has no kind for it. Where
/// the words leave it open, a look at the disk decides.
pub(crate) fn is_full(words: &str, store: &Path) -> bool {
    words.contains(FULL) || (words.contains(FAILED) && !has_room_beside(store))
}

/// The failure of a write to the store in a file, which may have found no room.
pub(crate) fn of_write(failure: Failure, store: &Path) -> StoreError {
    match failure {
        Failure::Database(error) if is_full(&error.to_string(), store) => StoreError::full(error),
        other => other.into(),
    }
}

/// Whether a few bytes can be written beside a file. Where that fails for another reason than that
/// there is no room, nothing is known against the disk.
fn has_room_beside(store: &Path) -> bool {
    let probe = store.with_extension(format!("room-{}", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .open(&probe)
        .and_then(|mut file| file.write_all(&[0; 64 << 10]));
    // Where it was not made, there is nothing to remove.
    let _ = fs::remove_file(&probe);
    !written.is_err_and(|error| {
        matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_the_disk_tell_whether_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let check = |words: &str, expect: bool| {
            assert_eq!(is_full(words, &folder.path().join("pressroom.db")), expect, "{words}");
        };
        check("database or disk is full", true);
        check("Failed to run a migration: database or disk is full", true);
        check("disk I/O error", false);
        check("database is locked", false);
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 0, "the look leaves nothing behind");
        assert!(!is_full("disk I/O error", &folder.path().join("nowhere/pressroom.db")));
    }
}
