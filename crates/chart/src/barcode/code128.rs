//! Code 128 (ISO/IEC 15417).

use super::code::{Code, push_digits};
use super::error::BarCodeError;

/// Widths of bars and spaces of the symbols by their value; 103 to 105 start a code, 106 ends it.
const SYMBOLS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
    "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
    "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
    "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
    "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
    "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
    "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
    "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
    "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
    "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];

const SHIFT: u8 = 98;
const FNC1: u8 = 102;
const STOP: usize = 106;

/// The empty space at either side, in modules.
const QUIET: f32 = 10.0;

/// Which of the three character sets of Code 128 is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CharacterSet {
    /// Whatever makes the shortest code.
    #[default]
    Auto,
    /// Capitals, digits, signs and control characters; a text with other characters changes set
    /// where it must.
    A,
    /// Capitals, small letters, digits and signs; as with `A`.
    B,
    /// Pairs of digits; a text with other characters, or an odd digit, changes set.
    C,
}

/// What is encoded: a character of ASCII, or the sign that GS1 uses between values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Char(u8),
    Fnc1,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    A,
    B,
    C,
}

impl Set {
    const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    fn index(self) -> usize {
        self as usize
    }

    fn start(self) -> u8 {
        103 + self as u8
    }

    /// The symbol that changes to this set from any other.
    fn change(self) -> u8 {
        101 - self as u8
    }

    /// The value of one character, if the set has it.
    fn value(self, token: Token) -> Option<u8> {
        match (self, token) {
            (_, Token::Fnc1) => Some(FNC1),
            (Self::A, Token::Char(c @ 0..=31)) => Some(c + 64),
            (Self::A, Token::Char(c @ 32..=95)) | (Self::B, Token::Char(c @ 32..=127)) => {
                Some(c - 32)
            }
            _ => None,
        }
    }
}

/// A way to go on from a place in the text.
#[derive(Clone, Copy)]
enum Step {
    /// One character.
    One,
    /// Two digits as one symbol.
    Pair,
    /// One character of the other of A and B.
    Shifted,
    /// On in another set.
    Change(Set),
}

pub(super) fn encode(text: &str, set: CharacterSet) -> Result<Code, BarCodeError> {
    let tokens: Vec<Token> = text
        .chars()
        .map(|c| match u8::try_from(c) {
            Ok(byte @ 0..=127) => Ok(Token::Char(byte)),
            _ => Err(BarCodeError::Character {
                symbology: "Code 128",
                takes: "ASCII characters",
                found: c,
            }),
        })
        .collect::<Result<_, _>>()?;
    let shown: String = text.chars().map(|c| if c.is_ascii_control() { ' ' } else { c }).collect();
    Ok(Code::bars(widths(&tokens, set), QUIET, &shown))
}

/// Bars and spaces of a whole code: start, text, check symbol, stop.
pub(super) fn widths(tokens: &[Token], set: CharacterSet) -> Vec<f32> {
    let mut values = values(tokens, set);
    let check = values
        .iter()
        .enumerate()
        .map(|(place, value)| place.max(1) * usize::from(*value))
        .sum::<usize>()
        % 103;
    values.push(check as u8);
    let mut widths = Vec::with_capacity(values.len() * 6 + 7);
    for value in values {
        push_digits(&mut widths, SYMBOLS[usize::from(value)]);
    }
    push_digits(&mut widths, SYMBOLS[STOP]);
    widths
}

/// The values of the symbols from the start to the end of the text: as few as the sets allow.
fn values(tokens: &[Token], set: CharacterSet) -> Vec<u8> {
    let plan = shortest(tokens);
    let wanted = match set {
        CharacterSet::Auto => None,
        CharacterSet::A => Some(Set::A),
        CharacterSet::B => Some(Set::B),
        CharacterSet::C => Some(Set::C),
    };
    let first = wanted.unwrap_or_else(|| {
        // Of equally short ways, the set with small letters is the customary one.
        [Set::B, Set::C, Set::A]
            .into_iter()
            .min_by_key(|set| plan[0][set.index()].0)
            .unwrap_or(Set::B)
    });
    let mut values = vec![first.start()];
    let (mut at, mut current) = (0, first);
    while at < tokens.len() {
        // A set that was asked for is kept as long as it has what the text needs.
        let step = match (wanted, current.value(tokens[at])) {
            (Some(wanted), Some(_)) if wanted == current => Step::One,
            _ => plan[at][current.index()].1,
        };
        match step {
            Step::One => values.extend(current.value(tokens[at])),
            Step::Pair => {
                values.extend(pair(tokens, at));
                at += 1;
            }
            Step::Shifted => {
                values.push(SHIFT);
                values.extend(other(current).value(tokens[at]));
            }
            Step::Change(set) => {
                values.push(set.change());
                current = set;
                continue;
            }
        }
        at += 1;
    }
    values
}

/// For every place in the text and every set: how many symbols are left at least, and the first
/// step of that shortest way.
fn shortest(tokens: &[Token]) -> Vec<[(usize, Step); 3]> {
    const NEVER: usize = usize::MAX / 4;
    let mut plan = vec![[(0, Step::One); 3]; tokens.len() + 1];
    for at in (0..tokens.len()).rev() {
        let mut best = [(NEVER, Step::One); 3];
        for set in Set::ALL {
            let i = set.index();
            let mut offer = |cost: usize, step: Step| {
                if cost < best[i].0 {
                    best[i] = (cost, step);
                }
            };
            if set == Set::C && pair(tokens, at).is_some() {
                offer(1 + plan[at + 2][i].0, Step::Pair);
            }
            if set.value(tokens[at]).is_some() {
                offer(1 + plan[at + 1][i].0, Step::One);
            }
            if set != Set::C && other(set).value(tokens[at]).is_some() {
                offer(2 + plan[at + 1][i].0, Step::Shifted);
            }
        }
        let direct = best;
        for set in Set::ALL {
            // Of equally short ways, B before A: the customary one.
            for to in [Set::B, Set::C, Set::A].into_iter().filter(|to| *to != set) {
                let cost = 1 + direct[to.index()].0;
                if cost < best[set.index()].0 {
                    best[set.index()] = (cost, Step::Change(to));
                }
            }
        }
        plan[at] = best;
    }
    plan
}

/// The other of the sets A and B.
fn other(set: Set) -> Set {
    if set == Set::A { Set::B } else { Set::A }
}

/// The value of two digits.
fn pair(tokens: &[Token], at: usize) -> Option<u8> {
    match tokens.get(at..at + 2)? {
        [Token::Char(a @ b'0'..=b'9'), Token::Char(b @ b'0'..=b'9')] => {
            Some((a - b'0') * 10 + (b - b'0'))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, set: CharacterSet, expect: &[u8]) {
        let tokens: Vec<Token> = text.bytes().map(Token::Char).collect();
        assert_eq!(values(&tokens, set), expect, "{text:?} in {set:?}");
    }

    #[test]
    fn every_symbol_is_eleven_modules_with_an_even_number_of_dark_ones() {
        for symbol in &SYMBOLS[..STOP] {
            let widths: Vec<u32> = symbol.bytes().map(|digit| u32::from(digit - b'0')).collect();
            assert_eq!(widths.iter().sum::<u32>(), 11, "{symbol}");
            assert_eq!(widths.iter().step_by(2).sum::<u32>() % 2, 0, "{symbol}");
        }
        let mut different: Vec<&str> = SYMBOLS.to_vec();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), SYMBOLS.len());
    }

    #[test]
    fn the_shortest_way_is_taken() {
        // Pairs of digits pay from four digits at an end, six in the middle.
        check("123456", CharacterSet::Auto, &[105, 12, 34, 56]);
        check("AB", CharacterSet::Auto, &[104, 33, 34]);
        check("A1234", CharacterSet::Auto, &[104, 33, 99, 12, 34]);
        check("a\tb", CharacterSet::Auto, &[104, 65, 98, 73, 66]);
        check("\t\tA", CharacterSet::Auto, &[103, 73, 73, 33]);
    }

    #[test]
    fn a_set_that_was_asked_for_is_kept_where_it_can_be() {
        check("1234", CharacterSet::A, &[103, 17, 18, 19, 20]);
        check("1234", CharacterSet::B, &[104, 17, 18, 19, 20]);
        check("1234", CharacterSet::C, &[105, 12, 34]);
        check("Ab", CharacterSet::A, &[103, 33, 98, 66]);
        check("123", CharacterSet::C, &[105, 12, 100, 19]);
    }

    #[test]
    fn the_check_symbol_weighs_places() {
        // PJJ123C in set A: the example of many descriptions, check symbol 54.
        let tokens: Vec<Token> = "PJJ123C".bytes().map(Token::Char).collect();
        let widths = widths(&tokens, CharacterSet::A);
        let mut tail = Vec::new();
        push_digits(&mut tail, SYMBOLS[54]);
        push_digits(&mut tail, SYMBOLS[STOP]);
        assert_eq!(widths[widths.len() - 13..], tail);
        assert_eq!(widths.len(), 9 * 6 + 7);
    }
}
