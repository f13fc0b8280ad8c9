//! The `Like` operator: `%` stands for any characters, `_` for one, `[a-c]` for one of a set.

use pressroom_data::Value;

/// How many characters a pattern may have: the work grows with it.
const MAX_CHARS: usize = 1_000;

/// A prepared pattern.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pattern(Box<[Part]>);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Any,
    One,
    Char(char),
    Set { ranges: Box<[(char, char)]>, negated: bool },
}

impl Pattern {
    /// `None` if the pattern is too long.
    pub(crate) fn new(pattern: &str) -> Option<Self> {
        if pattern.chars().nth(MAX_CHARS).is_some() {
            return None;
        }
        let mut parts = Vec::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            parts.push(match c {
                '%' if parts.last() == Some(&Part::Any) => continue,
                '%' => Part::Any,
                '_' => Part::One,
                '[' => match set(chars.as_str()) {
                    Some((part, rest)) => {
                        chars = rest.chars();
                        part
                    }
                    None => Part::Char('['),
                },
                c => Part::Char(fold(c)),
            });
        }
        Some(Self(parts.into()))
    }

    /// Whether the whole text fits, without regard to letter case. Takes at most the product of
    /// both lengths.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().map(fold).collect();
        let (mut at, mut part) = (0, 0);
        // Where to go on if a later part does not fit: after the last `%`, one character further.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            let fits = match self.0.get(part) {
                None => at == text.len(),
                Some(Part::Any) => {
                    retry = Some((part + 1, at));
                    part += 1;
                    continue;
                }
                Some(one) => text.get(at).is_some_and(|c| one.fits(*c)),
            };
            if fits && part == self.0.len() {
                return true;
            }
            if fits {
                at += 1;
                part += 1;
            } else {
                match retry {
                    Some((after, from)) if from < text.len() => {
                        retry = Some((after, from + 1));
                        part = after;
                        at = from + 1;
                    }
                    _ => return false,
                }
            }
        }
    }

    /// `Like` on values; `None` for null.
    pub(crate) fn test(&self, value: &Value, text: &str) -> Option<bool> {
        (!value.is_null()).then(|| self.matches(text))
    }
}

impl Part {
    fn fits(&self, c: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Char(own) => *own == c,
            Self::Set { ranges, negated } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
            }
        }
    }
}

/// The set at the start of `text`, after its `[`, and what follows it.
fn set(text: &str) -> Option<(Part, &str)> {
    let (inside, rest) = text.split_once(']')?;
    let negated = inside.starts_with('^');
    let mut chars = inside.trim_start_matches('^').chars().map(fold).peekable();
    let mut ranges = Vec::new();
    while let Some(low) = chars.next() {
        let mut high = low;
        if chars.peek() == Some(&'-') {
            let mut ahead = chars.clone();
            ahead.next();
            if let Some(end) = ahead.next() {
                high = end;
                chars = ahead;
            }
        }
        ranges.push((low, high));
    }
    (!ranges.is_empty()).then(|| (Part::Set { ranges: ranges.into(), negated }, rest))
}

/// One character without its letter case: the comparison of texts inside texts.
pub(crate) fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}
