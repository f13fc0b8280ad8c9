//! Values that stand in the text, and places of bound ones.

use pressroom_data::Value as Bound;
use sqlparser::ast::{DollarQuotedString, Ident, Value, ValueWithSpan};

use super::Syntax;
use super::error::{Forbidden, Refusal, construct};
use super::text::{Bind, Text};
use super::writer::Writer;

/// The most values of a statement.
const PLACES: usize = 100_000;

impl Writer<'_> {
    /// Writes a value that stands in the text.
    pub(super) fn literal(&mut self, value: &ValueWithSpan, out: &mut Text) -> Result<(), Refusal> {
        match &value.value {
            Value::Number(digits, false) => return self.number(digits, out),
            Value::SingleQuotedString(text)
            | Value::DollarQuotedString(DollarQuotedString { value: text, .. })
            | Value::EscapedStringLiteral(text)
            | Value::UnicodeStringLiteral(text) => out.push(&self.string(text)?),
            Value::QuoteDelimitedStringLiteral(text) => out.push(&self.string(&text.value)?),
            // Elsewhere it is a name.
            Value::DoubleQuotedString(text)
                if matches!(self.syntax, Syntax::MySql | Syntax::BigQuery) =>
            {
                out.push(&self.string(text)?);
            }
            Value::NationalStringLiteral(text) => {
                let is_kept = matches!(
                    self.syntax,
                    Syntax::MsSql | Syntax::Sybase | Syntax::Oracle | Syntax::MySql
                );
                out.push(if is_kept { "N" } else { "" });
                out.push(&self.string(text)?);
            }
            Value::HexStringLiteral(digits)
                if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) =>
            {
                out.push(&match self.syntax {
                    Syntax::MsSql | Syntax::Sybase | Syntax::Access => format!("0x{digits}"),
                    _ => format!("X'{digits}'"),
                });
            }
            Value::SingleQuotedByteStringLiteral(bits)
                if self.syntax != Syntax::BigQuery
                    && bits.bytes().all(|bit| matches!(bit, b'0' | b'1')) =>
            {
                out.push(&format!("B'{bits}'"));
            }
            Value::Boolean(true) => out.push("TRUE"),
            Value::Boolean(false) => out.push("FALSE"),
            Value::Null => out.push("NULL"),
            Value::Placeholder(place) => return self.placeholder(place, out),
            _ => return construct("a kind of value of another database"),
        }
        Ok(())
    }

    /// A text in quotes.
    pub(super) fn string(&self, text: &str) -> Result<String, Refusal> {
        match self.syntax.text(text) {
            Some(text) => Ok(text),
            None => construct("a backslash in a text"),
        }
    }

    pub(super) fn number(&mut self, digits: &str, out: &mut Text) -> Result<(), Refusal> {
        let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
            }
            None => (digits, "0"),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_number = are_digits(whole)
            && are_digits(part)
            && !(whole.is_empty() && part.is_empty())
            && are_digits(exponent)
            && !exponent.is_empty();
        if !is_number {
            return construct("a number of another database's kind");
        }
        out.push(digits);
        Ok(())
    }

    /// The place of a value that a name in the text is: SQL Server's `@P1`.
    pub(super) fn place_of(&self, name: &Ident) -> Option<usize> {
        let digits = name.value.strip_prefix("@P").or_else(|| name.value.strip_prefix("@p"))?;
        let is_place = name.quote_style.is_none() && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse().ok().filter(|_| is_place)
    }

    /// Writes the place of a bound value.
    pub(super) fn placeholder(&mut self, place: &str, out: &mut Text) -> Result<(), Refusal> {
        let number = place.strip_prefix(['?', '$', ':']).and_then(|number| number.parse().ok());
        match number {
            Some(number) => self.place(number, place, out),
            None => Err(Forbidden::Variable(place.to_owned()).into()),
        }
    }

    /// Writes the place of bound value `number`, from 1.
    pub(super) fn place(
        &mut self,
        number: usize,
        shown: &str,
        out: &mut Text,
    ) -> Result<(), Refusal> {
        let unknown = || Refusal::from(Forbidden::Variable(shown.to_owned()));
        let at = number.checked_sub(1).ok_or_else(unknown)?;
        let bind = match &self.filter {
            None if at < PLACES => Bind::Statement(number),
            None => return Err(unknown()),
            Some(values) => {
                let value: &Bound = values.get(at).ok_or_else(unknown)?;
                Bind::Filter(value.clone())
            }
        };
        out.bind(bind);
        Ok(())
    }
}
