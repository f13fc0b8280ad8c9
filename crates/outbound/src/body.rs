//! Documents within their bounds, unpacked.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

/// What an answer may hold beside the document it packs, in bytes: headers and sums of gzip.
const OF_PACKING: u64 = 64 << 10;

/// Why a document is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    TooLong,
    Damaged,
}

/// Takes a document piece by piece. It never holds more than it may, packed or unpacked.
pub(crate) struct Body {
    way: Way,
    most: u64,
    /// Bytes that came, as they came.
    came: u64,
}

enum Way {
    Plain(Bounded),
    Packed(Box<MultiGzDecoder<Bounded>>),
}

/// Bytes up to a bound, past which writing fails.
struct Bounded {
    bytes: Vec<u8>,
    most: u64,
    over: bool,
}

impl Write for Bounded {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() as u64).saturating_add(piece.len() as u64) > self.most {
            self.over = true;
            return Err(io::Error::other("longer than it may be"));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Body {
    pub(crate) fn new(most: u64, packed: bool) -> Self {
        let bounded = Bounded { bytes: Vec::new(), most, over: false };
        let way = match packed {
            true => Way::Packed(Box::new(MultiGzDecoder::new(bounded))),
            false => Way::Plain(bounded),
        };
        Self { way, most, came: 0 }
    }

    pub(crate) fn take(&mut self, piece: &[u8]) -> Result<(), BodyError> {
        self.came = self.came.saturating_add(piece.len() as u64);
        // Packed bytes need not unpack to anything.
        if self.came > self.most.saturating_add(OF_PACKING) {
            return Err(BodyError::TooLong);
        }
        let (written, over) = match &mut self.way {
            Way::Plain(bounded) => (bounded.write_all(piece), bounded.over),
            Way::Packed(decoder) => {
                let written = decoder.write_all(piece);
                (written, decoder.get_ref().over)
            }
        };
        written.map_err(|_| damage(over))
    }

    pub(crate) fn finish(self) -> Result<Vec<u8>, BodyError> {
        match self.way {
            Way::Plain(bounded) => Ok(bounded.bytes),
            // An answer without a body packs nothing.
            Way::Packed(_) if self.came == 0 => Ok(Vec::new()),
            Way::Packed(mut decoder) => {
                let finished = decoder.try_finish();
                let over = decoder.get_ref().over;
                finished.map_err(|_| damage(over))?;
                Ok(std::mem::take(&mut decoder.get_mut().bytes))
            }
        }
    }
}

fn damage(over: bool) -> BodyError {
    if over { BodyError::TooLong } else { BodyError::Damaged }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn check(most: u64, pack: bool, bytes: &[u8], expect: Result<&[u8], BodyError>) {
        // However it is cut in pieces.
        for size in [1, 7, bytes.len().max(1)] {
            let mut body = Body::new(most, pack);
            let taken = bytes.chunks(size).try_for_each(|piece| body.take(piece));
            let got = taken.and_then(|()| body.finish());
            assert_eq!(got.as_deref().map_err(|error| *error), expect, "in pieces of {size}");
        }
    }

    #[test]
    fn a_document_comes_as_it_is() {
        check(5, false, b"hello", Ok(b"hello"));
        check(4, false, b"hello", Err(BodyError::TooLong));
        check(5, true, &packed(b"hello"), Ok(b"hello"));
        check(4, true, &packed(b"hello"), Err(BodyError::TooLong));
        check(0, true, b"", Ok(b""));
    }

    #[test]
    fn what_is_packed_several_times_over_comes_whole() {
        let two = [packed(b"one "), packed(b"two")].concat();
        check(100, true, &two, Ok(b"one two"));
    }

    #[test]
    fn a_bomb_stops_at_the_bound() {
        let bomb = packed(&vec![0; 10 << 20]);
        assert!(bomb.len() < 32 << 10);
        let mut body = Body::new(1 << 20, true);
        assert_eq!(body.take(&bomb), Err(BodyError::TooLong));
        let Way::Packed(decoder) = &body.way else { panic!("it is packed") };
        assert!(decoder.get_ref().bytes.len() <= 1 << 20);
    }

    #[test]
    fn what_packs_nothing_for_ever_stops_too() {
        let nothing = packed(b"");
        let mut body = Body::new(10, true);
        let taken = (0..10_000).try_for_each(|_| body.take(&nothing));
        assert_eq!(taken, Err(BodyError::TooLong));
    }

    #[test]
    fn damage_is_no_document() {
        let whole = packed(b"hello hello hello");
        check(100, true, &whole[..whole.len() - 1], Err(BodyError::Damaged));
        check(100, true, b"hello", Err(BodyError::Damaged));
        let mut wrong = whole.clone();
        let sum = wrong.len() - 8;
        wrong[sum] ^= 1;
        check(100, true, &wrong, Err(BodyError::Damaged));
    }
}
