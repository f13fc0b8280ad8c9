//! JSON documents.
//!
//! An array becomes a table: its objects are rows, their members columns. An object in an object
//! becomes columns `outer.inner`, an array in an object a table of its own, whose rows name the row
//! that they belong to. Whatever an array of arrays holds counts as `Column1`, `Column2`, ….

use struson::reader::{
    JsonReader, JsonReaderPosition, JsonStreamReader, ReaderError, ReaderSettings, ValueType,
};

use super::cell::Cell;
use super::document::Format;
use super::error::DocumentError;
use super::origin::Options;
use super::tables::{Row, TableId, Tables};
use super::text;

const FORMAT: &str = "JSON";
/// How deep values may lie in each other.
const DEPTH: u32 = 64;
/// What the table of an object is called that is the whole document, and the column of plain values.
const ROOT: &str = "root";
const VALUE: &str = "Value";

type Reader<'t> = JsonStreamReader<&'t [u8]>;

/// A JSON document.
pub(crate) struct Json {
    text: String,
    /// The element whose values are wanted, as names from the outside to the inside.
    path: Vec<String>,
    /// What the table of an array is called that is the whole document.
    name: String,
}

impl Json {
    pub(crate) fn new(bytes: &[u8], name: &str, options: &Options) -> Result<Self, DocumentError> {
        let given = options.get(&["encoding"]).map(text::encoding).transpose()?;
        let text = text::decoded(bytes, given, None, FORMAT)?.into_owned();
        let path = options.get(&["rootelement", "root", "path", "jsonpath"]).unwrap_or_default();
        let path = path.trim().trim_start_matches('$').split(['.', '/']);
        let path: Vec<String> = path.filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let name = path.last().map_or(name, String::as_str).to_owned();
        Ok(Self { text, path, name })
    }
}

impl Format for Json {
    fn read(&mut self, tables: &mut Tables<'_>) -> Result<(), DocumentError> {
        let settings = ReaderSettings {
            max_nesting_depth: Some(DEPTH),
            restrict_number_values: false,
            ..ReaderSettings::default()
        };
        let mut reader = JsonStreamReader::new_custom(self.text.as_bytes(), settings);
        let found = self.element(&mut reader, &self.path, tables)?;
        if !found {
            let path = self.path.join(".");
            let problem = format!("it has no element \"{path}\"; give another root element");
            return Err(DocumentError::wrong(FORMAT, problem));
        }
        reader.consume_trailing_whitespace().map_err(|error| wrong(&error))
    }
}

impl Json {
    /// Goes to the element that is wanted, and takes it. Whether it is there.
    fn element(
        &self,
        reader: &mut Reader<'_>,
        path: &[String],
        tables: &mut Tables<'_>,
    ) -> Result<bool, DocumentError> {
        let Some((name, rest)) = path.split_first() else {
            self.document(reader, tables)?;
            return Ok(true);
        };
        if reader.peek().map_err(|error| wrong(&error))? != ValueType::Object {
            reader.skip_value().map_err(|error| wrong(&error))?;
            return Ok(false);
        }
        let mut found = false;
        reader.begin_object().map_err(|error| wrong(&error))?;
        while reader.has_next().map_err(|error| wrong(&error))? {
            let is_wanted = reader.next_name().map_err(|error| wrong(&error))? == name;
            if is_wanted && !found {
                found = self.element(reader, rest, tables)?;
            } else {
                reader.skip_value().map_err(|error| wrong(&error))?;
            }
        }
        reader.end_object().map_err(|error| wrong(&error))?;
        Ok(found)
    }

    fn document(
        &self,
        reader: &mut Reader<'_>,
        tables: &mut Tables<'_>,
    ) -> Result<(), DocumentError> {
        match reader.peek().map_err(|error| wrong(&error))? {
            ValueType::Array => {
                let table = tables.table(None, "", &self.name)?;
                array(reader, tables, table, None)
            }
            ValueType::Object => {
                // What lies in the document itself is a row only if it holds values of its own.
                let name = if self.path.is_empty() { ROOT } else { &self.name };
                let mut place = Place::Document { name, row: None };
                object(reader, tables, &mut place, "")?;
                place.end(tables)
            }
            _ => {
                let table = tables.table(None, "", &self.name)?;
                let mut place = Place::Row(tables.begin(table, None)?, table);
                value(reader, tables, &mut place, VALUE)?;
                place.end(tables)
            }
        }
    }
}

/// What the values of an object belong to.
enum Place<'n> {
    Row(Row, TableId),
    /// The document itself, which becomes a row once it has a value.
    Document {
        name: &'n str,
        row: Option<(Row, TableId)>,
    },
}

impl Place<'_> {
    fn put(
        &mut self,
        tables: &mut Tables<'_>,
        path: &str,
        cell: Cell,
    ) -> Result<(), DocumentError> {
        let row = match self {
            Self::Row(row, _) => row,
            Self::Document { row: Some((row, _)), .. } => row,
            Self::Document { name, row } => {
                let table = tables.table(None, "\0document", name)?;
                &mut row.insert((tables.begin(table, None)?, table)).0
            }
        };
        tables.put(row, path, cell)
    }

    /// The table of an array within, and the row that its rows belong to.
    fn table(
        &self,
        tables: &mut Tables<'_>,
        path: &str,
    ) -> Result<(TableId, Option<i64>), DocumentError> {
        match self {
            Self::Row(row, table) => {
                let shown = format!("{}.{path}", tables.name(*table));
                Ok((tables.table(Some(*table), path, &shown)?, Some(row.number)))
            }
            Self::Document { .. } => Ok((tables.table(None, path, path)?, None)),
        }
    }

    fn end(self, tables: &mut Tables<'_>) -> Result<(), DocumentError> {
        match self {
            Self::Row(row, _) | Self::Document { row: Some((row, _)), .. } => tables.end(row),
            Self::Document { row: None, .. } => Ok(()),
        }
    }
}

/// The rows of an array.
fn array(
    reader: &mut Reader<'_>,
    tables: &mut Tables<'_>,
    table: TableId,
    parent: Option<i64>,
) -> Result<(), DocumentError> {
    reader.begin_array().map_err(|error| wrong(&error))?;
    while reader.has_next().map_err(|error| wrong(&error))? {
        let mut place = Place::Row(tables.begin(table, parent)?, table);
        match reader.peek().map_err(|error| wrong(&error))? {
            ValueType::Object => object(reader, tables, &mut place, "")?,
            ValueType::Array => {
                reader.begin_array().map_err(|error| wrong(&error))?;
                let mut column = 0_u32;
                while reader.has_next().map_err(|error| wrong(&error))? {
                    column += 1;
                    value(reader, tables, &mut place, &format!("Column{column}"))?;
                }
                reader.end_array().map_err(|error| wrong(&error))?;
            }
            // Among objects, it is a row without values.
            ValueType::Null => reader.next_null().map_err(|error| wrong(&error))?,
            _ => value(reader, tables, &mut place, VALUE)?,
        }
        place.end(tables)?;
    }
    reader.end_array().map_err(|error| wrong(&error))
}

/// The members of an object, which is at a path within its row.
fn object(
    reader: &mut Reader<'_>,
    tables: &mut Tables<'_>,
    place: &mut Place<'_>,
    path: &str,
) -> Result<(), DocumentError> {
    reader.begin_object().map_err(|error| wrong(&error))?;
    while reader.has_next().map_err(|error| wrong(&error))? {
        let name = reader.next_name().map_err(|error| wrong(&error))?;
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        value(reader, tables, place, &path)?;
    }
    reader.end_object().map_err(|error| wrong(&error))
}

/// A value at a path within its row.
fn value(
    reader: &mut Reader<'_>,
    tables: &mut Tables<'_>,
    place: &mut Place<'_>,
    path: &str,
) -> Result<(), DocumentError> {
    let cell = match reader.peek().map_err(|error| wrong(&error))? {
        ValueType::Object => return object(reader, tables, place, path),
        ValueType::Array => {
            let (table, parent) = place.table(tables, path)?;
            return array(reader, tables, table, parent);
        }
        ValueType::Null => {
            reader.next_null().map_err(|error| wrong(&error))?;
            Cell::Null
        }
        ValueType::Boolean => Cell::Bool(reader.next_bool().map_err(|error| wrong(&error))?),
        ValueType::String => Cell::Text(reader.next_string().map_err(|error| wrong(&error))?),
        ValueType::Number => {
            let number = reader.next_number_as_str().map_err(|error| wrong(&error))?;
            match number.parse() {
                // `-0` is a number of its own.
                Ok(whole) if number != "-0" => Cell::Int(whole),
                _ => Cell::Number(number.to_owned()),
            }
        }
    };
    place.put(tables, path, cell)
}

/// What is wrong, and where.
fn wrong(error: &ReaderError) -> DocumentError {
    let at = |position: &JsonReaderPosition| match &position.line_pos {
        Some(line) => format!("line {}, column {}", line.line + 1, line.column + 1),
        None => "the end".to_owned(),
    };
    let problem = match error {
        ReaderError::SyntaxError(error) => {
            format!("{} in {}", words(&error.kind.to_string()), at(&error.location))
        }
        ReaderError::MaxNestingDepthExceeded { location, .. } => {
            format!("values lie more than {DEPTH} deep in each other in {}", at(location))
        }
        ReaderError::UnexpectedStructure { kind, location } => {
            format!("{} in {}", words(&kind.to_string()), at(location))
        }
        ReaderError::UnexpectedValueType { location, .. } => {
            format!("another kind of value is expected in {}", at(location))
        }
        ReaderError::UnsupportedNumberValue { location, .. } => {
            format!("a number cannot be read in {}", at(location))
        }
        _ => "it cannot be read".to_owned(),
    };
    DocumentError::wrong(FORMAT, problem)
}

/// `IncompleteDocument` as people write it.
fn words(kind: &str) -> String {
    let mut words = String::with_capacity(kind.len() + 8);
    for letter in kind.chars() {
        if letter.is_uppercase() && !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}
