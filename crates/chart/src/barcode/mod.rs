//! Bar codes: from a text to bars, and from bars to a path.
//!
//! One file holds one family of symbologies, with its table. Widths are counted in modules: the
//! width of the narrowest bar, or of one cell.

mod codabar;
mod code;
mod code128;
mod code39;
mod code93;
mod draw;
mod ean;
mod error;
mod gs1;
mod itf;
mod outline;
mod qr;
mod symbology;

pub use code::{Bars, Cells, Code, Shape, TextPiece};
pub use code128::CharacterSet;
pub use draw::{DrawOptions, Drawing, Orientation, Place, TextBox, draw};
pub use error::BarCodeError;
pub use qr::{Compaction, ErrorCorrection};
pub use symbology::Symbology;

/// The longest text that any of the symbologies takes, in bytes: digits in the largest QR code.
const LONGEST: usize = 7_089;

/// The longest text of a code of bars; what is longer fits on no page.
const LONGEST_LINE: usize = 200;

/// Turns a text into a code of a symbology.
///
/// # Errors
/// [`BarCodeError`] if the symbology has no sign for a character of the text, or the text is empty,
/// too long or has a wrong check digit.
pub fn encode(symbology: &Symbology, text: &str) -> Result<Code, BarCodeError> {
    let name = symbology.name();
    let longest = if symbology.is_matrix() { LONGEST } else { LONGEST_LINE };
    if text.is_empty() {
        return Err(BarCodeError::Empty { symbology: name });
    }
    if text.len() > longest {
        return Err(BarCodeError::TooLong { symbology: name, longest });
    }
    match symbology {
        Symbology::Code128 { set } => code128::encode(text, *set),
        Symbology::Gs1128 { separator } => gs1::encode(text, *separator),
        Symbology::Code39 { extended, check, ratio } => {
            code39::encode(text, *extended, *check, *ratio)
        }
        Symbology::Code93 => code93::encode(text),
        Symbology::Ean13 => ean::ean13(text),
        Symbology::Ean8 => ean::ean8(text),
        Symbology::UpcA => ean::upc_a(text),
        Symbology::UpcE { system } => ean::upc_e(text, *system),
        Symbology::Interleaved2of5 { check, ratio } => itf::interleaved(text, *check, *ratio),
        Symbology::Itf14 { ratio } => itf::itf14(text, *ratio),
        Symbology::Codabar { start, stop, ratio } => codabar::encode(text, (*start, *stop), *ratio),
        Symbology::Qr { correction, compaction, version } => {
            qr::encode(text, *correction, *compaction, *version)
        }
        Symbology::Other(other) => Err(BarCodeError::Unsupported { symbology: other.clone() }),
    }
}
