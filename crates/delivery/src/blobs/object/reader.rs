//! Bytes that go bit by bit.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt};
use object_store::GetResult;
use pressroom_ports::BlobReader;

use super::Objects;

/// The most bytes of a piece.
const PIECE: usize = 64 << 10;

/// Reads on from an answer that has begun.
pub(super) fn begin(objects: Arc<Objects>, found: GetResult) -> BlobReader {
    let size_bytes = found.meta.size;
    let pieces = found.into_stream().flat_map(move |read| {
        let read = match read {
            Ok(bytes) => bytes.chunks(PIECE).map(|piece| Ok(piece.to_vec())).collect(),
            Err(error) => vec![Err(objects.words.error(&error))],
        };
        stream::iter(read)
    });
    BlobReader { size_bytes, stream: pieces.boxed() }
}
