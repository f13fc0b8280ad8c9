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

/// An error of writing, which says so where the disk is full, in the given words: whoever shows it
/// knows no more than that something was written.
pub(crate) fn write_error(error: io::Error, full: &str) -> io::Error {
    if is_full(&error) { io::Error::new(error.kind(), full) } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_broken_one() {
        const WORDS: &str = "the disk is full";
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
            assert!(matches!(blob_error(kind.into()), BlobError::Full(_)));
            let told = write_error(kind.into(), WORDS);
            assert_eq!(told.to_string(), WORDS);
            assert!(is_full(&told), "it is still known for what it is");
        }
        let broken = io::Error::other("broken");
        assert_eq!(write_error(broken, WORDS).to_string(), "broken");
        assert!(matches!(blob_error(io::Error::other("broken")), BlobError::Unavailable(_)));
    }
}
