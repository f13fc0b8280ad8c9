//! Locks between processes, on files that may be removed meanwhile.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Opens a file to lock it; its folder is made where it is missing.
pub(super) fn open(path: &Path) -> File {
    let parent = path.parent().expect("a lock has a folder");
    loop {
        std::fs::create_dir_all(parent).expect("the folder of a lock is made");
        match OpenOptions::new().create(true).truncate(false).write(true).open(path) {
            Ok(file) => return file,
            // The folder was removed in between.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => panic!("cannot open {}: {error}", path.display()),
        }
    }
}

/// Locks a file for this process alone, and waits for that. Whoever held the lock may have removed
/// the file: then it is another one's turn on the file that is there now.
pub(in super::super) fn exclusive(path: &Path) -> File {
    loop {
        let file = open(path);
        file.lock().expect("a file can be locked");
        if is_at(&file, path) {
            return file;
        }
    }
}

fn is_at(file: &File, path: &Path) -> bool {
    let (Ok(held), Ok(there)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    (held.dev(), held.ino()) == (there.dev(), there.ino())
}
