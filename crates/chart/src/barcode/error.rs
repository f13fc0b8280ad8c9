//! Why a text has no code, or a code no place.

/// Why a bar code is not drawn. The words are short: they are printed where the code would stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BarCodeError {
    /// The symbology is not drawn.
    #[error("bar codes of the kind {symbology} are not drawn; choose another symbology")]
    Unsupported {
        /// Its name.
        symbology: String,
    },
    /// There is nothing to encode.
    #[error("{symbology} needs a text")]
    Empty {
        /// The symbology.
        symbology: &'static str,
    },
    /// The symbology has no sign for a character.
    #[error("{symbology} takes {takes}, not {found:?}")]
    Character {
        /// The symbology.
        symbology: &'static str,
        /// What it takes.
        takes: &'static str,
        /// The first character that it does not take.
        found: char,
    },
    /// The text has a length that the symbology does not have.
    #[error("{symbology} takes {takes}, not {found} characters")]
    Length {
        /// The symbology.
        symbology: &'static str,
        /// What it takes.
        takes: &'static str,
        /// How many characters the text has.
        found: usize,
    },
    /// The text is too long for any code of the symbology, or for the version that was asked for.
    #[error("the text is too long for {symbology}: at most {longest} characters")]
    TooLong {
        /// The symbology.
        symbology: &'static str,
        /// The longest text.
        longest: usize,
    },
    /// The text does not fit in a QR code of the chosen version and error correction.
    #[error(
        "the text is too long for this QR code; choose a larger version or less error correction"
    )]
    Capacity,
    /// The last digit does not follow from the others.
    #[error("the check digit of {symbology} is {found}, but should be {expected}")]
    CheckDigit {
        /// The symbology.
        symbology: &'static str,
        /// The digit in the text.
        found: char,
        /// The digit that the others ask for.
        expected: char,
    },
    /// A number of UPC-A that has no short form.
    #[error("the number has no short form as UPC-E; use UPC-A")]
    NoShortForm,
    /// An application identifier is not written as `(01)` and so on.
    #[error("GS1-128 takes (number)value, (number)value and so on; {found:?} is not of that form")]
    Identifier {
        /// The part of the text that is not.
        found: String,
    },
    /// The box is too small to show the code.
    #[error("the box is too small for this bar code")]
    NoRoom,
}
