//! Composite formats: a text with places for values.

use super::{Format, LIMIT};
use crate::{Culture, Value};

/// A .NET composite format such as `{0:n2} of {1}`, read once.
///
/// A place is `{index}`, `{index,width}`, `{index:format}` or `{index,width:format}`, blanks around
/// the parts allowed; a negative width aligns to the left. `{{` and `}}` are braces.
/// What is no place, and a place without a value, is text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompositeFormat {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place(Place),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    index: usize,
    /// The least number of characters; negative = aligned to the left.
    width: i32,
    format: Format,
    /// As written, for when there is no such value.
    source: String,
}

impl CompositeFormat {
    /// Reads a composite format; every text is one.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            rest = &rest[at..];
            if rest.starts_with("{{") || rest.starts_with("}}") {
                literal.push_str(&rest[..1]);
                rest = &rest[2..];
            } else if let Some((place, length)) = Place::read(rest) {
                if !literal.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Place(place));
                rest = &rest[length..];
            } else {
                literal.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        Self { pieces }
    }

    /// Whether no value changes the text.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        !self.pieces.iter().any(|piece| matches!(piece, Piece::Place(_)))
    }

    /// The text with the values in their places.
    #[must_use]
    pub fn format(&self, values: &[Value], culture: &Culture) -> String {
        let mut out = String::new();
        self.write(values, culture, &mut out);
        out
    }

    /// Appends the text with the values in their places to `out`.
    pub fn write(&self, values: &[Value], culture: &Culture, out: &mut String) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Place(place) => match values.get(place.index) {
                    Some(value) => place.write(value, culture, out),
                    None => out.push_str(&place.source),
                },
            }
        }
    }
}

impl Place {
    /// A place at the start of a text that starts with `{`, and its length.
    fn read(text: &str) -> Option<(Self, usize)> {
        let length = text.find('}')? + 1;
        let source = &text[..length];
        let inside = source.strip_prefix('{')?.strip_suffix('}')?;
        let (head, format) = inside.split_once(':').unwrap_or((inside, ""));
        let (index, width) = head.split_once(',').unwrap_or((head, "0"));
        let index = index.trim();
        if !index.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let limit = LIMIT as i32;
        let place = Self {
            index: index.parse().ok()?,
            width: width.trim().parse::<i32>().ok()?.clamp(-limit, limit),
            format: Format::parse(format),
            source: source.to_owned(),
        };
        Some((place, length))
    }

    fn write(&self, value: &Value, culture: &Culture, out: &mut String) {
        let start = out.len();
        self.format.write(value, culture, out);
        if self.width == 0 {
            return;
        }
        let written = out[start..].chars().count();
        let missing = (self.width.unsigned_abs() as usize).saturating_sub(written);
        if self.width < 0 {
            out.extend(std::iter::repeat_n(' ', missing));
        } else {
            out.insert_str(start, &" ".repeat(missing));
        }
    }
}
