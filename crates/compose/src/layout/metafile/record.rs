//! The records of a metafile, read without trust in their sizes.

use pressroom_page::Size;

use super::hundredths_of_a_millimetre;

/// One record: its type and what follows its type and size.
pub(super) struct Record<'b> {
    pub(super) kind: u32,
    bytes: &'b [u8],
}

impl Record<'_> {
    pub(super) fn u32(&self, at: usize) -> u32 {
        self.bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
    }

    pub(super) fn i32(&self, at: usize) -> i32 {
        self.u32(at).cast_signed()
    }

    pub(super) fn f32(&self, at: usize) -> f32 {
        f32::from_bits(self.u32(at))
    }

    pub(super) fn slice(&self, at: usize, length: usize) -> Option<&[u8]> {
        // Offsets count from the record's start, eight bytes before its data.
        let start = at.checked_sub(8)?;
        self.bytes.get(start..start.checked_add(length)?)
    }

    /// A point of two 32-bit numbers.
    pub(super) fn point(&self, at: usize) -> (f32, f32) {
        (self.i32(at) as f32, self.i32(at + 4) as f32)
    }

    /// `count` points from `at` on, or as many as there are.
    pub(super) fn points(&self, at: usize, count: usize, short: bool) -> Vec<(f32, f32)> {
        let size = if short { 4 } else { 8 };
        let Some(bytes) = self.bytes.get(at..) else { return Vec::new() };
        bytes
            .chunks_exact(size)
            .take(count)
            .map(|b| {
                if short {
                    let (x, y) =
                        (i16::from_le_bytes([b[0], b[1]]), i16::from_le_bytes([b[2], b[3]]));
                    (f32::from(x), f32::from(y))
                } else {
                    let x = i32::from_le_bytes([b[0], b[1], b[2], b[3]]);
                    let y = i32::from_le_bytes([b[4], b[5], b[6], b[7]]);
                    (x as f32, y as f32)
                }
            })
            .collect()
    }
}

/// All records after the header, as far as they are whole.
pub(super) fn records(bytes: &[u8]) -> impl Iterator<Item = Record<'_>> {
    const END: u32 = 14;
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let kind = u32::from_le_bytes(rest.get(..4)?.try_into().ok()?);
        let size = u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?) as usize;
        if size < 8 || kind == END {
            return None;
        }
        let record = Record { kind, bytes: rest.get(8..size)? };
        rest = rest.get(size..)?;
        Some(record)
    })
}

/// What the header says of the picture's place and size.
pub(super) struct Header {
    pub(super) size: Size,
    /// The picture's left, top, right and bottom in device units.
    pub(super) frame: [f32; 4],
}

impl Header {
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| {
            bytes
                .get(at..at + 4)
                .and_then(|b| b.try_into().ok())
                .map(|b| i32::from_le_bytes(b) as f32)
        };
        // In hundredths of a millimetre.
        let frame = [number(24)?, number(28)?, number(32)?, number(36)?];
        let (pixels_x, pixels_y) = (number(72)?, number(76)?);
        let (mm_x, mm_y) = (number(80)?, number(84)?);
        let (width, height) = (frame[2] - frame[0], frame[3] - frame[1]);
        let sane = |n: f32| n > 0.0 && n < 1_000_000.0;
        if ![width, height, pixels_x, pixels_y, mm_x, mm_y].into_iter().all(sane) {
            return None;
        }
        let (x, y) = (pixels_x / mm_x / 100.0, pixels_y / mm_y / 100.0);
        Some(Self {
            size: Size::new(hundredths_of_a_millimetre(width), hundredths_of_a_millimetre(height)),
            frame: [frame[0] * x, frame[1] * y, frame[2] * x, frame[3] * y],
        })
    }
}
