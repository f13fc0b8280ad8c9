//! Pictures made of nothing.

use std::sync::Arc;

/// A picture of two colours as a BMP file of 48 by 32 pixels.
pub(super) fn picture(number: u64) -> Arc<[u8]> {
    const WIDTH: usize = 48;
    const HEIGHT: usize = 32;
    const HEADERS: usize = 54;
    const PALETTE: [[u8; 3]; 6] = [
        [180, 119, 31],
        [14, 127, 255],
        [44, 160, 44],
        [189, 103, 148],
        [34, 189, 188],
        [120, 120, 120],
    ];
    let color = PALETTE[(number % PALETTE.len() as u64) as usize];
    let bytes = WIDTH * HEIGHT * 3;
    let mut file = Vec::with_capacity(HEADERS + bytes);
    file.extend_from_slice(b"BM");
    for field in [HEADERS + bytes, 0, HEADERS, 40, WIDTH, HEIGHT] {
        file.extend_from_slice(&(field as u32).to_le_bytes());
    }
    // one plane, 24 bits to a pixel, not compressed
    file.extend_from_slice(&[1, 0, 24, 0]);
    for field in [0, bytes, 2835, 2835, 0, 0] {
        file.extend_from_slice(&(field as u32).to_le_bytes());
    }
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            // a disc on a light ground
            let (dx, dy) = (x as i32 - WIDTH as i32 / 2, y as i32 - HEIGHT as i32 / 2);
            let inside = dx * dx + dy * dy < 144;
            file.extend_from_slice(&if inside { color } else { [240, 240, 240] });
        }
    }
    file.into()
}
