//! What a disk says, in words.

use std::io;

use pressroom_ports::BlobError;

/// Whether there is no room left.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// An error of a blob store's disk.
pub(crate) fn blob_error(error: io::Error) -> BlobError {
    if is_full(&error) { BlobError::Full(error) } else { BlobError::Unavailable(error) }
}

/// An error of writing, which says what the disk is for where it is full: whoever shows it knows no
/// more than that something was written.
pub(crate) fn write_error(error: io::Error, what: &str) -> io::Error {
    if is_full(&error) {
        let message = format!("the disk is full that holds {what}; free some space there");
        io::Error::new(error.kind(), message)
    } else {
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_broken_one() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        assert!(matches!(blob_error(full()), BlobError::Full(_)));
        assert_eq!(
            write_error(full(), "temporary files").to_string(),
            "the disk is full that holds temporary files; free some space there"
        );
        assert!(
            is_full(&write_error(full(), "temporary files")),
            "it is still known for what it is"
        );
        let broken = io::Error::other("broken");
        assert_eq!(write_error(broken, "temporary files").to_string(), "broken");
        assert!(matches!(blob_error(io::Error::other("broken")), BlobError::Unavailable(_)));
    }
}
