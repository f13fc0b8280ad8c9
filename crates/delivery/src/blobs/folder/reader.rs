//! Bytes that go bit by bit.

use std::fs::File;
use std::io::{self, Read};

use futures_util::stream::{self, BoxStream, StreamExt};
use pressroom_ports::{BlobError, BlobReader};

use crate::disk::blob_error;

/// Bytes of a piece.
const PIECE: u64 = 64 << 10;

/// Reads the first piece; most files have no other.
pub(super) fn begin(mut file: File, size_bytes: u64) -> io::Result<BlobReader> {
    let first = read_piece(&mut file, size_bytes)?;
    let left = size_bytes - first.len() as u64;
    let first = stream::iter((!first.is_empty()).then_some(Ok(first)));
    let stream = if left == 0 { first.boxed() } else { first.chain(rest(file, left)).boxed() };
    Ok(BlobReader { size_bytes, stream })
}

/// The pieces that are left, each read on a thread that may block.
fn rest(file: File, left: u64) -> BoxStream<'static, Result<Vec<u8>, BlobError>> {
    let pieces = stream::unfold(Some((file, left)), |state| async move {
        let (mut file, left) = state.filter(|(_, left)| *left > 0)?;
        let read = tokio::task::spawn_blocking(move || {
            let piece = read_piece(&mut file, left)?;
            Ok((file, piece))
        });
        match read.await.map_err(io::Error::other).flatten() {
            Ok((file, piece)) => {
                let left = left - piece.len() as u64;
                Some((Ok(piece), Some((file, left))))
            }
            Err(error) => Some((Err(blob_error(error)), None)),
        }
    });
    pieces.boxed()
}

/// As many of the bytes that are left as a piece holds.
fn read_piece(file: &mut File, left: u64) -> io::Result<Vec<u8>> {
    let length = usize::try_from(left.min(PIECE)).unwrap_or(0);
    let mut piece = vec![0; length];
    file.read_exact(&mut piece)?;
    Ok(piece)
}
