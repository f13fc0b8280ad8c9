//! Texts in their encodings.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::DocumentError;

/// Bytes that are looked at to tell an encoding.
const LOOK: usize = 4 << 10;

/// The text of a document. A mark at its beginning counts most, then the encoding that is given; else it
/// is UTF-8, UTF-16 by its zeros, or where it can be neither, what `fallback` says.
pub(crate) fn decoded<'b>(
    bytes: &'b [u8],
    given: Option<&'static Encoding>,
    fallback: Option<&'static Encoding>,
    format: &'static str,
) -> Result<Cow<'b, str>, DocumentError> {
    let (encoding, mark) = match (Encoding::for_bom(bytes), given) {
        (Some((encoding, mark)), _) => (encoding, mark),
        (None, Some(given)) => (given, 0),
        (None, None) => (guess(bytes).or(fallback).unwrap_or(UTF_8), 0),
    };
    let (text, wrong) = encoding.decode_without_bom_handling(&bytes[mark..]);
    if !wrong {
        return Ok(text);
    }
    let name = encoding.name();
    let hint = if given.is_some() { "give the right Encoding" } else { "give its Encoding" };
    Err(DocumentError::wrong(format, format_args!("it is no text in {name}; {hint}")))
}

fn guess(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(LOOK)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    // Latin letters leave every second byte at zero.
    let half = head.len() / 2;
    match (zeros(0), zeros(1)) {
        (0, odd) if odd > half / 2 => Some(UTF_16LE),
        (even, 0) if even > half / 2 => Some(UTF_16BE),
        _ => std::str::from_utf8(bytes).is_ok().then_some(UTF_8),
    }
}

/// An encoding by its name or by the number of its code page.
pub(crate) fn encoding(name: &str) -> Result<&'static Encoding, DocumentError> {
    let by_page = match name.trim() {
        "65001" => Some("utf-8"),
        "1200" => Some("utf-16le"),
        "1201" => Some("utf-16be"),
        "20127" => Some("windows-1252"),
        _ => None,
    };
    let numbered = || {
        let page: u16 = name.trim().parse().ok()?;
        Encoding::for_label(format!("windows-{page}").as_bytes())
            .or_else(|| Encoding::for_label(format!("cp{page}").as_bytes()))
            .or_else(|| {
                let part = page.checked_sub(28_590)?;
                Encoding::for_label(format!("iso-8859-{part}").as_bytes())
            })
    };
    Encoding::for_label(by_page.unwrap_or(name.trim()).as_bytes()).or_else(numbered).ok_or_else(
        || {
            let message = "its Encoding is none that is known; give one such as utf-8, utf-16 or \
                           windows-1252";
            DocumentError::Option(message.into())
        },
    )
}

/// What a document without a known encoding is taken for, where any byte may stand for something.
pub(crate) const ANY_BYTE: &Encoding = WINDOWS_1252;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let utf_16 = |text: &str, big: bool| -> Vec<u8> {
            let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            text.encode_utf16().flat_map(bytes).collect()
        };
        for bytes in [
            "Größe;1".as_bytes().to_vec(),
            [b"\xef\xbb\xbf", "Größe;1".as_bytes()].concat(),
            utf_16("Größe;1", false),
            utf_16("Größe;1", true),
            utf_16("\u{feff}Größe;1", false),
            utf_16("\u{feff}Größe;1", true),
            b"Gr\xf6\xdfe;1".to_vec(),
        ] {
            let text = decoded(&bytes, None, Some(ANY_BYTE), "CSV");
            assert_eq!(text.as_deref(), Ok("Größe;1"), "{bytes:?}");
        }
    }

    #[test]
    fn a_text_in_another_encoding_is_told() {
        let latin = b"Gr\xf6\xdfe";
        let told = decoded(latin, Some(UTF_8), Some(ANY_BYTE), "CSV").unwrap_err().to_string();
        assert_eq!(
            told,
            "its document cannot be read as CSV: it is no text in UTF-8; give the right Encoding"
        );
        assert!(decoded(latin, None, None, "JSON").is_err());
    }

    #[test]
    fn encodings_have_many_names() {
        for (name, expect) in [
            ("UTF-8", "UTF-8"),
            ("65001", "UTF-8"),
            ("utf-16", "UTF-16LE"),
            ("1252", "windows-1252"),
            ("windows-1251", "windows-1251"),
            ("ISO-8859-1", "windows-1252"),
            ("28605", "ISO-8859-15"),
            ("866", "IBM866"),
        ] {
            assert_eq!(encoding(name).map(Encoding::name), Ok(expect), "{name}");
        }
        assert!(encoding("klingon").is_err());
    }
}
