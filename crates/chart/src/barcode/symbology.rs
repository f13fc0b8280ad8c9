//! The kinds of bar codes.

use super::{CharacterSet, Compaction, ErrorCorrection};

/// A kind of bar code with its choices.
#[derive(Clone, Debug, PartialEq)]
pub enum Symbology {
    /// Code 128 (ISO/IEC 15417): ASCII.
    Code128 {
        /// The character set.
        set: CharacterSet,
    },
    /// GS1-128: application identifiers in Code 128.
    Gs1128 {
        /// The character that stands for FNC1, the end of a value of variable length, in texts that
        /// do not set identifiers in round brackets.
        separator: char,
    },
    /// Code 39 (ISO/IEC 16388): capitals, digits and seven signs.
    Code39 {
        /// Whether all of ASCII is written, in pairs.
        extended: bool,
        /// Whether a check character (modulo 43) is added.
        check: bool,
        /// Wide to narrow, 2 to 3.
        ratio: f32,
    },
    /// Code 93, with the pairs for all of ASCII.
    Code93,
    /// EAN-13 (ISO/IEC 15420).
    Ean13,
    /// EAN-8.
    Ean8,
    /// UPC-A.
    UpcA,
    /// UPC-E.
    UpcE {
        /// The number system of texts of six digits: 0 or 1.
        system: u8,
    },
    /// Interleaved 2 of 5 (ISO/IEC 16390): digits in pairs.
    Interleaved2of5 {
        /// Whether a check digit (modulo 10) is added.
        check: bool,
        /// Wide to narrow, 2 to 3.
        ratio: f32,
    },
    /// ITF-14: the number of a trade unit as Interleaved 2 of 5 between bearer bars.
    Itf14 {
        /// Wide to narrow, 2 to 3.
        ratio: f32,
    },
    /// Codabar.
    Codabar {
        /// The start character, `A` to `D`, of texts that do not bring theirs.
        start: char,
        /// The stop character, `A` to `D`.
        stop: char,
        /// Wide to narrow, 2 to 3.
        ratio: f32,
    },
    /// QR code (ISO/IEC 18004).
    Qr {
        /// How much of the code may be damaged.
        correction: ErrorCorrection,
        /// How the text is packed.
        compaction: Compaction,
        /// The size, 1 (21 cells) to 40 (177 cells); the smallest that fits if there is none.
        version: Option<u8>,
    },
    /// A kind that is not drawn, by its name.
    Other(String),
}

impl Symbology {
    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Code128 { .. } => "Code 128",
            Self::Gs1128 { .. } => "GS1-128",
            Self::Code39 { .. } => "Code 39",
            Self::Code93 => "Code 93",
            Self::Ean13 => "EAN-13",
            Self::Ean8 => "EAN-8",
            Self::UpcA => "UPC-A",
            Self::UpcE { .. } => "UPC-E",
            Self::Interleaved2of5 { .. } => "Interleaved 2 of 5",
            Self::Itf14 { .. } => "ITF-14",
            Self::Codabar { .. } => "Codabar",
            Self::Qr { .. } => "QR code",
            Self::Other(_) => "bar code",
        }
    }

    /// Whether it is a square of cells.
    #[must_use]
    pub fn is_matrix(&self) -> bool {
        matches!(self, Self::Qr { .. })
    }
}
