//! Values separated by commas, semicolons or tabs.

use csv::{ReaderBuilder, StringRecord};

use super::cell::Cell;
use super::document::Format;
use super::error::DocumentError;
use super::origin::Options;
use super::tables::Tables;
use super::text;

const FORMAT: &str = "CSV";
/// What may separate values where nobody says.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Lines and bytes that are looked at to tell the delimiter.
const LOOK_LINES: usize = 50;
const LOOK_BYTES: usize = 64 << 10;

/// A document of separated values.
pub(crate) struct Csv {
    text: String,
    /// What its table is called.
    name: String,
    delimiter: u8,
    quote: u8,
    has_header: bool,
    trims: bool,
}

impl Csv {
    pub(crate) fn new(bytes: &[u8], name: &str, options: &Options) -> Result<Self, DocumentError> {
        let given = options.get(&["encoding", "codepage", "charset"]);
        let given = given.map(text::encoding).transpose()?;
        let text = text::decoded(bytes, given, Some(text::ANY_BYTE), FORMAT)?.into_owned();
        let quote = match options.get(&["textqualifier", "quote", "qualifier"]) {
            None => b'"',
            Some(quote) => one_byte(quote).ok_or_else(|| option("TextQualifier", "\"'\""))?,
        };
        let keys = ["delimiter", "valueseparator", "separator", "fieldseparator"];
        let delimiter = match options.get(&keys) {
            None => sniffed(&text, quote),
            Some(given) => delimiter(given).ok_or_else(|| option("Delimiter", "\";\" or tab"))?,
        };
        Ok(Self {
            text,
            name: name.to_owned(),
            delimiter,
            quote,
            has_header: options.has_header()?,
            trims: options.truth(&["trimblanks", "trim"])?.unwrap_or(false),
        })
    }
}

fn option(name: &str, example: &str) -> DocumentError {
    DocumentError::Option(format!("its {name} must be one character, such as {example}"))
}

fn one_byte(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !b"\r\n\0".contains(byte) => Some(*byte),
        _ => None,
    }
}

fn delimiter(text: &str) -> Option<u8> {
    match &*text.to_ascii_lowercase() {
        "tab" | "\\t" => Some(b'\t'),
        "comma" => Some(b','),
        "semicolon" => Some(b';'),
        "space" => Some(b' '),
        "pipe" => Some(b'|'),
        _ => one_byte(text),
    }
}

/// The delimiter that stands in the first lines equally often, and most.
fn sniffed(text: &str, quote: u8) -> u8 {
    let mut end = text.len().min(LOOK_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let columns = |delimiter: u8| {
        let mut reader = builder(delimiter, quote).from_reader(&text.as_bytes()[..end]);
        let widths = reader.byte_records().take(LOOK_LINES).map_while(Result::ok);
        let widths: Vec<usize> = widths.map(|record| record.len()).collect();
        let first = widths.first().copied().unwrap_or(0);
        let alike = widths.iter().filter(|width| **width == first).count();
        if first < 2 { 0 } else { alike * 1_000 / widths.len() + first.min(100) }
    };
    let best = DELIMITERS.into_iter().rev().max_by_key(|delimiter| columns(*delimiter));
    best.unwrap_or(b',')
}

fn builder(delimiter: u8, quote: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).quote(quote).flexible(true).has_headers(false);
    builder
}

impl Format for Csv {
    fn read(&mut self, tables: &mut Tables<'_>) -> Result<(), DocumentError> {
        let table = tables.table(None, &self.name, &self.name)?;
        let mut reader = builder(self.delimiter, self.quote).from_reader(self.text.as_bytes());
        let mut record = StringRecord::new();
        // Where each value goes, by its place in a line.
        let mut columns: Vec<usize> = Vec::new();
        let mut is_header = self.has_header;
        // Where the last row begins, and how many lines it takes.
        let (mut begun, mut lines) = (0, 0);
        while reader.read_record(&mut record).map_err(|error| wrong(&error))? {
            if record.iter().all(|value| value.trim().is_empty()) && record.len() < 2 {
                continue;
            }
            if std::mem::take(&mut is_header) {
                for (index, name) in record.iter().enumerate() {
                    columns.push(tables.nth_column(table, index, name.trim())?);
                }
                continue;
            }
            let mut row = tables.begin(table, None)?;
            for (index, value) in record.iter().enumerate() {
                let column = match columns.get(index) {
                    Some(column) => *column,
                    None => {
                        columns.push(tables.nth_column(table, index, "")?);
                        columns[index]
                    }
                };
                let value = if self.trims { value.trim() } else { value };
                if !value.is_empty() {
                    row.put(column, Cell::Written(value.to_owned()));
                }
            }
            begun = record.position().map_or(0, csv::Position::line);
            lines = reader.position().line().saturating_sub(begun);
            tables.end(row)?;
        }
        // A quote that nothing ends takes in the rest of the document.
        if lines > 1 && self.text.bytes().filter(|byte| *byte == self.quote).count() % 2 == 1 {
            let problem = format!("a quote that opens in line {begun} or after is never closed");
            return Err(DocumentError::wrong(FORMAT, problem));
        }
        Ok(())
    }
}

fn wrong(error: &csv::Error) -> DocumentError {
    DocumentError::wrong(FORMAT, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_sniffed() {
        for (text, expect) in [
            ("a,b,c\n1,2,3\n", b','),
            ("a;b\n1,5;2,5\n3,5;4,5\n", b';'),
            ("a\tb\n1\t2", b'\t'),
            ("a|b|c\n1|2|3", b'|'),
            ("name;note\nann;\"a, b, c\"\nbob;\"d, e, f\"", b';'),
            ("one\ntwo", b','),
            ("", b','),
        ] {
            assert_eq!(sniffed(text, b'"'), expect, "{text}");
        }
    }
}
