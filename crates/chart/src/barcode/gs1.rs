//! GS1-128: application identifiers and their values in Code 128 (GS1 General Specifications).

use super::code::Code;
use super::code128::{CharacterSet, Token, widths};
use super::error::BarCodeError;

/// The first two digits of identifiers whose values have a fixed length: no separator follows them.
const FIXED: [&str; 22] = [
    "00", "01", "02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "31",
    "32", "33", "34", "35", "36", "41",
];

const QUIET: f32 = 10.0;

/// Encodes `(01)09506000134352(10)AB-12`, or the same without brackets and with `separator` after
/// values of variable length that others follow.
pub(super) fn encode(text: &str, separator: char) -> Result<Code, BarCodeError> {
    let mut tokens = vec![Token::Fnc1];
    if text.starts_with('(') {
        let mut open = false;
        for (identifier, value) in groups(text)? {
            if open {
                tokens.push(Token::Fnc1);
            }
            push(&mut tokens, identifier)?;
            push(&mut tokens, value)?;
            open = !FIXED.iter().any(|fixed| identifier.starts_with(fixed));
        }
        return Ok(Code::bars(widths(&tokens, CharacterSet::Auto), QUIET, text));
    }
    for (place, part) in text.split(separator).enumerate() {
        // The code begins with one anyway.
        if place > 0 && tokens.len() > 1 {
            tokens.push(Token::Fnc1);
        }
        push(&mut tokens, part)?;
    }
    let shown: String = text.chars().filter(|c| *c != separator).collect();
    Ok(Code::bars(widths(&tokens, CharacterSet::Auto), QUIET, &shown))
}

/// The identifiers in brackets, each with the value that follows.
fn groups(text: &str) -> Result<Vec<(&str, &str)>, BarCodeError> {
    let wrong = |found: &str| BarCodeError::Identifier { found: found.chars().take(20).collect() };
    let mut groups = Vec::new();
    let mut rest = text;
    while let Some(inner) = rest.strip_prefix('(') {
        let (identifier, after) = inner.split_once(')').ok_or_else(|| wrong(rest))?;
        // A value may hold brackets itself; the next identifier begins where digits stand in them.
        let end = after
            .match_indices('(')
            .map(|(at, _)| at)
            .find(|at| after[at + 1..].split_once(')').is_some_and(|(name, _)| is_identifier(name)))
            .unwrap_or(after.len());
        if !is_identifier(identifier) || end == 0 {
            return Err(wrong(rest));
        }
        groups.push((identifier, &after[..end]));
        rest = &after[end..];
    }
    Ok(groups)
}

fn is_identifier(name: &str) -> bool {
    (2..=4).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_digit())
}

fn push(tokens: &mut Vec<Token>, text: &str) -> Result<(), BarCodeError> {
    for c in text.chars() {
        match u8::try_from(c) {
            Ok(byte @ 32..=126) => tokens.push(Token::Char(byte)),
            _ => {
                return Err(BarCodeError::Character {
                    symbology: "GS1-128",
                    takes: "ASCII characters",
                    found: c,
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) {
        let shape = |text| encode(text, '#').map(|code| code.shape);
        assert_eq!(shape(a), shape(b), "{a} and {b}");
    }

    #[test]
    fn a_separator_follows_values_of_variable_length_only() {
        same("(01)09506000134352(10)AB-12", "010950600013435210AB-12");
        same("(10)AB-12(01)09506000134352", "10AB-12#0109506000134352");
        same("#10AB", "10AB");
        same("(10)A(B)(21)7", "10A(B)#217");
    }

    #[test]
    fn brackets_must_hold_identifiers() {
        for text in ["(x1)5", "(01", "(01)", "(12345)1"] {
            assert!(matches!(encode(text, '#'), Err(BarCodeError::Identifier { .. })), "{text}");
        }
    }
}
