//! .NET format strings: one [`Format`] for one value, a [`CompositeFormat`] for a text with places.
//!
//! A format never fails. What .NET refuses with an exception gives here:
//! - a standard format that the type does not have (`X` of a decimal, `c` of a date): the general
//!   format, or the nearest thing that makes sense (`D` of a decimal rounds it);
//! - a quote that is not closed: the rest as literal text;
//! - a place without a value, or a brace without its partner: that text itself.
//!
//! Without a precision, `N`, `F` and `P` show two decimals, as the .NET Framework does for every
//! culture. Dates have no zone: `z` shows `+0`, `K` nothing.

mod composite;
mod custom;
mod date;
mod digits;
mod number;
mod span;

use uuid::Uuid;

use crate::{Culture, Value};

pub use composite::CompositeFormat;
use digits::Number;

/// No format writes more digits or wider columns than this, whatever it asks for.
const LIMIT: usize = 1_100;

/// One .NET format of one value, such as `n2`, `#,##0.00;-#,##0.00` or `dd-MMM-yy`.
///
/// The value's type decides whether it reads as a format of numbers, dates, times or ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    text: Box<str>,
    kind: Kind,
}

impl Format {
    /// Reads a format; every text is one.
    #[must_use]
    pub fn parse(spec: &str) -> Self {
        Self { text: spec.into(), kind: Kind::of(spec) }
    }

    /// The format as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Appends the value's text to `out`.
    pub fn write(&self, value: &Value, culture: &Culture, out: &mut String) {
        Spec { text: &self.text, kind: self.kind }.write(value, culture, out);
    }
}

/// The text of a value under one .NET format; an empty format is the general one.
///
/// For many values under one format, [`Format`] spares reading it again.
#[must_use]
pub fn format_value(value: &Value, spec: &str, culture: &Culture) -> String {
    let mut out = String::new();
    Spec { text: spec, kind: Kind::of(spec) }.write(value, culture, &mut out);
    out
}

/// What a label shows of a value without a format: the general format.
///
/// Null is empty, a list is its values with commas between.
#[must_use]
pub fn display(value: &Value, culture: &Culture) -> String {
    format_value(value, "", culture)
}

/// What kind of format a text is before a type is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    General,
    /// A letter and, for numbers, a precision.
    Standard(u8, Option<u16>),
    Custom,
}

impl Kind {
    fn of(spec: &str) -> Self {
        match spec.as_bytes() {
            [] => Self::General,
            [letter, digits @ ..]
                if letter.is_ascii_alphabetic()
                    && digits.len() <= 10
                    && digits.iter().all(u8::is_ascii_digit) =>
            {
                let precision = digits
                    .iter()
                    .fold(0_usize, |sum, digit| (sum * 10 + usize::from(digit - b'0')).min(LIMIT));
                Self::Standard(*letter, (!digits.is_empty()).then_some(precision as u16))
            }
            _ => Self::Custom,
        }
    }
}

/// A format that is borrowed.
#[derive(Clone, Copy)]
struct Spec<'a> {
    text: &'a str,
    kind: Kind,
}

impl Spec<'_> {
    fn write(self, value: &Value, culture: &Culture, out: &mut String) {
        match value {
            Value::Null => {}
            Value::Bool(true) => out.push_str("True"),
            Value::Bool(false) => out.push_str("False"),
            Value::Int(number) => self.write_number(Number::Int(*number), culture, out),
            Value::Decimal(number) => self.write_number(Number::Decimal(*number), culture, out),
            Value::Double(number) => self.write_number(Number::Double(*number), culture, out),
            Value::Text(text) => out.push_str(text),
            Value::DateTime(time) => match self.kind {
                Kind::General => date::write_standard(*time, b'G', culture, out),
                Kind::Standard(letter, None) => date::write_standard(*time, letter, culture, out),
                _ => date::write_custom(*time, self.text, culture, out),
            },
            Value::Span(span) => match self.kind {
                Kind::General => span::write_standard(*span, b'c', culture, out),
                Kind::Standard(letter, None) => span::write_standard(*span, letter, culture, out),
                _ => span::write_custom(*span, self.text, out),
            },
            Value::Guid(id) => self.write_guid(*id, out),
            Value::Bytes(_) => out.push_str("System.Byte[]"),
            Value::List(values) => {
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    self.write(value, culture, out);
                }
            }
        }
    }

    fn write_number(self, number: Number, culture: &Culture, out: &mut String) {
        if let Number::Double(double) = number
            && !double.is_finite()
        {
            number::write_not_finite(double, culture, out);
            return;
        }
        match self.kind {
            Kind::General => number::write_standard(number, b'G', None, culture, out),
            Kind::Standard(letter, precision) => {
                number::write_standard(number, letter, precision.map(usize::from), culture, out);
            }
            Kind::Custom => custom::write(number, self.text, culture, out),
        }
    }

    fn write_guid(self, id: Uuid, out: &mut String) {
        let (hyphenated, simple) = (id.hyphenated(), id.simple());
        let text = match self.kind {
            Kind::Standard(b'N' | b'n', None) => simple.to_string(),
            Kind::Standard(b'B' | b'b', None) => format!("{{{hyphenated}}}"),
            Kind::Standard(b'P' | b'p', None) => format!("({hyphenated})"),
            Kind::Standard(b'X' | b'x', None) => {
                let (a, b, c, rest) = id.as_fields();
                let rest: Vec<String> = rest.iter().map(|byte| format!("0x{byte:02x}")).collect();
                format!("{{0x{a:08x},0x{b:04x},0x{c:04x},{{{}}}}}", rest.join(","))
            }
            _ => hyphenated.to_string(),
        };
        out.push_str(&text);
    }
}
