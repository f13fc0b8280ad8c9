//! QR code (ISO/IEC 18004), by the `qrcode` crate.

use qrcode::bits::Bits;
use qrcode::types::{Color, EcLevel, QrError};
use qrcode::{QrCode, Version};

use super::code::{Cells, Code, Shape, TextPiece};
use super::error::BarCodeError;

/// The empty space around, in cells.
const QUIET: f32 = 4.0;

/// The number of UTF-8 in the register of extended channel interpretations.
const ECI_UTF8: u32 = 26;

/// How much of a QR code may be damaged and still be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorCorrection {
    /// About 7 %.
    #[default]
    L,
    /// About 15 %.
    M,
    /// About 25 %.
    Q,
    /// About 30 %.
    H,
}

/// How the text is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compaction {
    /// As short as the text allows: digits, capitals and bytes in turn.
    #[default]
    Auto,
    /// As bytes.
    Byte,
}

pub(super) fn encode(
    text: &str,
    correction: ErrorCorrection,
    compaction: Compaction,
    version: Option<u8>,
) -> Result<Code, BarCodeError> {
    let level = match correction {
        ErrorCorrection::L => EcLevel::L,
        ErrorCorrection::M => EcLevel::M,
        ErrorCorrection::Q => EcLevel::Q,
        ErrorCorrection::H => EcLevel::H,
    };
    let bits = match version {
        Some(version) => bits(text, level, compaction, i16::from(version.clamp(1, 40)))?,
        None => smallest(text, level, compaction)?,
    };
    let code = QrCode::with_bits(bits, level).map_err(|_| BarCodeError::Capacity)?;
    let side = code.width();
    let dark = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
    Ok(Code {
        shape: Shape::Cells(Cells { side, dark, quiet: QUIET }),
        texts: vec![TextPiece { text: text.into(), span: None }],
    })
}

/// The data of the smallest code that takes the text.
fn smallest(text: &str, level: EcLevel, compaction: Compaction) -> Result<Bits, BarCodeError> {
    // Capacity grows with the version, but so does the length of the counts: halving finds the place.
    let (mut low, mut high) = (1, 40);
    let mut best = bits(text, level, compaction, high)?;
    while low < high {
        let middle = i16::midpoint(low, high);
        match bits(text, level, compaction, middle) {
            Ok(found) => {
                best = found;
                high = middle;
            }
            Err(_) => low = middle + 1,
        }
    }
    Ok(best)
}

/// The data of a code of one version.
fn bits(
    text: &str,
    level: EcLevel,
    compaction: Compaction,
    version: i16,
) -> Result<Bits, BarCodeError> {
    let fill = || -> Result<Bits, QrError> {
        let mut bits = Bits::new(Version::Normal(version));
        if text.is_ascii() && compaction == Compaction::Auto {
            bits.push_optimal_data(text.as_bytes())?;
        } else {
            // Bytes of UTF-8 are never taken for the two-byte characters of Kanji mode, and readers
            // are told what they are.
            if !text.is_ascii() {
                bits.push_eci_designator(ECI_UTF8)?;
            }
            bits.push_byte_data(text.as_bytes())?;
        }
        bits.push_terminator(level)?;
        Ok(bits)
    };
    fill().map_err(|_| BarCodeError::Capacity)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(text: &str, correction: ErrorCorrection, version: Option<u8>) -> usize {
        match encode(text, correction, Compaction::Auto, version).expect(text).shape {
            Shape::Cells(cells) => cells.side,
            Shape::Bars(_) => panic!("not cells"),
        }
    }

    #[test]
    fn the_smallest_version_that_fits() {
        // The capacities of versions 1 and 2 for digits at level L are 41 and 77.
        assert_eq!(side(&"1".repeat(41), ErrorCorrection::L, None), 21);
        assert_eq!(side(&"1".repeat(42), ErrorCorrection::L, None), 25);
        assert_eq!(side(&"1".repeat(41), ErrorCorrection::H, None), 29);
        assert_eq!(side("1", ErrorCorrection::L, Some(7)), 45);
        assert_eq!(side(&"1".repeat(7_089), ErrorCorrection::L, None), 177);
    }

    #[test]
    fn a_version_that_is_too_small_is_told() {
        let told = encode(&"a".repeat(100), ErrorCorrection::H, Compaction::Auto, Some(1));
        assert_eq!(told, Err(BarCodeError::Capacity));
    }

    #[test]
    fn the_finder_patterns_stand_in_three_corners() {
        let code = encode("https://example.org/ä", ErrorCorrection::M, Compaction::Auto, None)
            .expect("valid");
        let Shape::Cells(cells) = &code.shape else { panic!("not cells") };
        let last = cells.side - 7;
        for (x, y) in [(0, 0), (last, 0), (0, last)] {
            for step in 0..7 {
                assert!(cells.is_dark(x + step, y) && cells.is_dark(x, y + step));
            }
            assert!(cells.is_dark(x + 3, y + 3) && !cells.is_dark(x + 1, y + 1));
        }
    }
}
