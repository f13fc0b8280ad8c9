//! Texts that are equal in any letter case, as a regular expression.
//!
//! Databases do not agree on which letters are capitals of which, and which texts are equal. A set of
//! the very letters that are one here leaves them no choice.

use std::collections::HashMap;
use std::sync::LazyLock;

use pressroom_data::Value;

/// The longest text that becomes a pattern, in characters.
const MAX_CHARS: usize = 1_000;

/// The characters beside a small letter that become it, where there are any.
static CAPITALS: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut capitals: HashMap<char, Vec<char>> = HashMap::new();
    for character in '\0'..=char::MAX {
        let mut lower = character.to_lowercase();
        if let (Some(one), None) = (lower.next(), lower.next())
            && one != character
        {
            capitals.entry(one).or_default().push(character);
        }
    }
    capitals
});

/// A pattern between what stands for the start and the end of a text. `None` where letters and texts
/// are not one to one.
pub(super) fn of(text: &str, start: &str, end: &str) -> Option<Value> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return None;
    }
    let mut pattern = start.to_owned();
    for character in text.chars().flat_map(char::to_lowercase) {
        // A capital becomes two characters, of which this one is the second.
        if character == '\u{307}' || character == '\0' {
            return None;
        }
        match CAPITALS.get(&character) {
            Some(others) => {
                pattern.push('[');
                pattern.push(character);
                pattern.extend(others);
                pattern.push(']');
            }
            None => {
                if character.is_ascii_punctuation() {
                    pattern.push('\\');
                }
                pattern.push(character);
            }
        }
    }
    pattern.push_str(end);
    Some(Value::from(pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_become_sets_and_signs_are_escaped() {
        let of = |text| of(text, "^", "$");
        assert_eq!(of("Tea 5"), Some("^[tT][eE][aA] 5$".into()));
        assert_eq!(of("k.*"), Some("^[kK\u{212a}]\\.\\*$".into()));
        assert_eq!(of("ΣΑΣ"), of("σας").map(|_| "^[σΣ][αΑ][σΣ]$".into()));
        assert_eq!(of(""), Some("^$".into()));
        assert_eq!(of("İ"), None);
        assert_eq!(of("a\0"), None);
    }
}
