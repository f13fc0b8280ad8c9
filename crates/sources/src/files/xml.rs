//! XML documents: those that ADO.NET writes of a `DataSet`, with or without their schema, and any
//! other in which something comes again and again.
//!
//! - An element that comes several times within another one becomes a table, and so does one with
//!   attributes or elements in it right below the root. Its rows name the row that they lie in.
//! - Attributes and elements that hold just a text become columns; what lies deeper, columns `a.b`.
//! - An element that only holds tables is nothing of its own.
//!
//! A schema in the document says which elements are tables, and of which types their columns are.
//! Entities are not taken, but for those that XML itself has.

use std::collections::{HashMap, HashSet};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::cell::{Cell, ColumnType};
use super::document::Format;
use super::error::DocumentError;
use super::origin::Options;
use super::tables::{Row, TableId, Tables};
use super::text;

const FORMAT: &str = "XML";
/// How deep elements may lie in each other.
const DEPTH: usize = 64;
/// The most kinds of elements, by their paths.
const KINDS: usize = 10_000;

/// An XML document.
pub(crate) struct Xml {
    text: String,
    kinds: Vec<Kind>,
    schema: Schema,
}

/// What is known of the elements of a path.
#[derive(Debug, Default)]
struct Kind {
    name: String,
    parent: Option<usize>,
    children: HashMap<String, usize>,
    /// The parent's occurrence in which it came last.
    within: u64,
    has_attributes: bool,
    has_text: bool,
    is_repeated: bool,
    role: Role,
}

/// What an element becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Role {
    /// What lies around the rows.
    #[default]
    Shell,
    Table,
    /// A column, or columns where it holds more than a text.
    Column,
    /// Nothing.
    Left,
}

/// A column's name, and its type where that is not to be told by its values.
type DeclaredColumn = (String, Option<ColumnType>);

/// What a schema in the document declares.
#[derive(Debug, Default)]
struct Schema {
    /// Tables in order, with their columns.
    tables: Vec<(String, Vec<DeclaredColumn>)>,
}

impl Xml {
    pub(crate) fn new(bytes: &[u8], _: &str, options: &Options) -> Result<Self, DocumentError> {
        let given = options.get(&["encoding"]).map(str::to_owned).or_else(|| declared(bytes));
        let given = given.as_deref().map(text::encoding).transpose()?;
        let text = text::decoded(bytes, given, None, FORMAT)?.into_owned();
        let mut xml = Self { text, kinds: Vec::new(), schema: Schema::default() };
        xml.survey()?;
        xml.settle();
        Ok(xml)
    }

    /// Learns which kinds of elements there are.
    fn survey(&mut self) -> Result<(), DocumentError> {
        let text = std::mem::take(&mut self.text);
        let mut walk = Walk::new(&text);
        let mut stack: Vec<(usize, u64)> = Vec::new();
        let mut occurrences = 0;
        while let Some(step) = walk.next()? {
            match step {
                Step::Start(start) if stack.len() <= 1 && local(&start) == "schema" => {
                    let schema = Schema::read(&mut walk)?;
                    self.schema.tables.extend(schema.tables);
                }
                Step::Start(start) => {
                    let within = stack.last().copied();
                    let kind = self.kind(within.map(|(kind, _)| kind), &decoded(local(&start)))?;
                    occurrences += 1;
                    let kind_of = &mut self.kinds[kind];
                    let occurrence = within.map_or(0, |(_, occurrence)| occurrence);
                    kind_of.is_repeated |= occurrence != 0 && kind_of.within == occurrence;
                    kind_of.within = occurrence;
                    kind_of.has_attributes |= attributes(&start).next().is_some();
                    stack.push((kind, occurrences));
                }
                Step::Text(text) => {
                    if let Some((kind, _)) = stack.last() {
                        self.kinds[*kind].has_text |= !text.trim().is_empty();
                    }
                }
                Step::End => {
                    stack.pop();
                }
            }
        }
        self.text = text;
        Ok(())
    }

    fn kind(&mut self, parent: Option<usize>, name: &str) -> Result<usize, DocumentError> {
        let known = match parent {
            Some(parent) => self.kinds[parent].children.get(name).copied(),
            None => (!self.kinds.is_empty()).then_some(0),
        };
        if let Some(known) = known {
            return Ok(known);
        }
        if self.kinds.len() == KINDS {
            return Err(DocumentError::TooMany { what: "kinds of elements", most: KINDS as u64 });
        }
        let kind = self.kinds.len();
        self.kinds.push(Kind { name: name.to_owned(), parent, ..Kind::default() });
        if let Some(parent) = parent {
            self.kinds[parent].children.insert(name.to_owned(), kind);
        }
        Ok(kind)
    }

    /// Decides what each kind becomes. Parents stand before their children.
    fn settle(&mut self) {
        let declared: HashSet<&str> =
            self.schema.tables.iter().map(|(name, _)| name.as_str()).collect();
        let mut roles = vec![Role::Shell; self.kinds.len()];
        for (index, kind) in self.kinds.iter().enumerate() {
            roles[index] = self.role(kind, &roles, &declared);
        }
        for (kind, role) in self.kinds.iter_mut().zip(roles) {
            kind.role = role;
        }
    }

    fn role(&self, kind: &Kind, roles: &[Role], declared: &HashSet<&str>) -> Role {
        let Some(parent) = kind.parent else {
            // A document of one row.
            let values = |child: &&usize| {
                let child = &self.kinds[**child];
                !child.is_repeated && !child.has_attributes && child.children.is_empty()
            };
            let holds_values =
                kind.has_attributes || kind.children.values().any(|child| values(&child));
            let is_set = !declared.is_empty() || kind.name == "diffgram";
            return if holds_values && !is_set { Role::Table } else { Role::Shell };
        };
        let (of_parent, role) = (&self.kinds[parent], roles[parent]);
        let in_diffgram = of_parent.name == "diffgram" && role == Role::Shell;
        match role {
            Role::Left => return Role::Left,
            Role::Shell if kind.name == "diffgram" => return Role::Shell,
            Role::Shell if in_diffgram => {
                let kept = !matches!(&*kind.name, "before" | "errors");
                return if kept { Role::Shell } else { Role::Left };
            }
            _ => {}
        }
        if !declared.is_empty() {
            let is_table = declared.contains(kind.name.as_str());
            return match role {
                _ if is_table => Role::Table,
                // What the schema does not know of is no row.
                Role::Shell => Role::Left,
                _ => Role::Column,
            };
        }
        let holds_more = kind.has_attributes || !kind.children.is_empty();
        let only_tables = !kind.children.is_empty()
            && !kind.has_attributes
            && !kind.has_text
            && kind.children.values().all(|child| self.kinds[*child].is_repeated);
        match () {
            () if kind.is_repeated => Role::Table,
            () if only_tables && role == Role::Shell => Role::Shell,
            () if holds_more && role == Role::Shell => Role::Table,
            // A column needs a row.
            () if role == Role::Shell => Role::Table,
            () => Role::Column,
        }
    }
}

/// An element on the way down.
struct Open {
    kind: usize,
    /// The row that its values go to; none above all rows.
    row: Option<usize>,
    /// What its column is called in that row; empty for the row's own element.
    path: String,
    text: String,
    is_nil: bool,
    holds_elements: bool,
}

impl Format for Xml {
    fn read(&mut self, tables: &mut Tables<'_>) -> Result<(), DocumentError> {
        for (name, columns) in &self.schema.tables {
            let table = tables.table(None, name, name)?;
            for (column, data_type) in columns {
                tables.declared_column(table, column, *data_type)?;
            }
        }
        let mut walk = Walk::new(&self.text);
        let mut stack: Vec<Open> = Vec::new();
        // The rows that are open, the innermost last.
        let mut rows: Vec<(Row, TableId)> = Vec::new();
        while let Some(step) = walk.next()? {
            match step {
                Step::Start(start) if stack.len() <= 1 && local(&start) == "schema" => {
                    walk.skip()?;
                }
                Step::Start(start) => {
                    let open = self.start(&start, stack.last_mut(), &mut rows, tables)?;
                    stack.push(open);
                }
                Step::Text(text) => {
                    if let Some(open) = stack.last_mut() {
                        open.text.push_str(&text);
                    }
                }
                Step::End => {
                    if let Some(open) = stack.pop() {
                        self.end(&open, &mut rows, tables)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Xml {
    fn start(
        &self,
        start: &BytesStart<'_>,
        parent: Option<&mut Open>,
        rows: &mut Vec<(Row, TableId)>,
        tables: &mut Tables<'_>,
    ) -> Result<Open, DocumentError> {
        let name = decoded(local(start));
        let (kind, within, path) = match parent {
            None => (0, None, String::new()),
            Some(parent) => {
                parent.holds_elements = true;
                let kind = self.kinds[parent.kind].children.get(&*name).copied();
                (kind.ok_or(DocumentError::Changed)?, parent.row, parent.path.clone())
            }
        };
        let mut open = Open {
            kind,
            row: within,
            path,
            text: String::new(),
            is_nil: false,
            holds_elements: false,
        };
        match self.kinds[kind].role {
            Role::Shell | Role::Left => {
                open.row = None;
                return Ok(open);
            }
            Role::Table => {
                let by_schema = !self.schema.tables.is_empty();
                let parent = within.filter(|_| !by_schema).and_then(|row| rows.get(row));
                let parent = parent.map(|(row, table)| (*table, row.number));
                let key = if by_schema { name.clone() } else { kind.to_string() };
                let table = tables.table(parent.map(|(table, _)| table), &key, &name)?;
                let row = tables.begin(table, parent.map(|(_, number)| number))?;
                open.row = Some(rows.len());
                open.path = String::new();
                rows.push((row, table));
            }
            Role::Column if open.path.is_empty() => open.path = name,
            Role::Column => open.path = format!("{}.{name}", open.path),
        }
        for (name, value) in attributes(start) {
            let column = match &*open.path {
                "" => name,
                path => format!("{path}.{name}"),
            };
            if let Some((row, table)) = open.row.and_then(|row| rows.get_mut(row)) {
                put(tables, row, *table, &column, value)?;
            }
        }
        open.is_nil = start.attributes().flatten().any(|one| {
            one.key.local_name().as_ref() == "nil" && matches!(&*one.value, "true" | "1")
        });
        Ok(open)
    }

    fn end(
        &self,
        open: &Open,
        rows: &mut Vec<(Row, TableId)>,
        tables: &mut Tables<'_>,
    ) -> Result<(), DocumentError> {
        let Some((row, table)) = open.row.and_then(|row| rows.get_mut(row)) else { return Ok(()) };
        let is_row = self.kinds[open.kind].role == Role::Table;
        let is_leaf = !open.holds_elements;
        let has_text = !open.text.trim().is_empty();
        if is_row && has_text {
            let column = format!("{}_Text", self.kinds[open.kind].name);
            put(tables, row, *table, &column, open.text.clone())?;
        } else if !is_row && !open.is_nil && (has_text || (is_leaf && !open.text.is_empty())) {
            put(tables, row, *table, &open.path, open.text.clone())?;
        } else if !is_row && is_leaf {
            // The column is there, though nothing is in it.
            let cell = if open.is_nil { Cell::Null } else { Cell::Written(String::new()) };
            let column = tables.column(*table, &open.path)?;
            row.put(column, cell);
        }
        if is_row && let Some((row, _)) = rows.pop() {
            tables.end(row)?;
        }
        Ok(())
    }
}

fn put(
    tables: &mut Tables<'_>,
    row: &mut Row,
    table: TableId,
    name: &str,
    text: String,
) -> Result<(), DocumentError> {
    let column = tables.column(table, name)?;
    let cell = match tables.declared(table, column) {
        Some(ColumnType::Bytes) => {
            match BASE64_STANDARD.decode(text.replace(['\r', '\n', ' '], "")) {
                Ok(bytes) => Cell::Bytes(bytes),
                Err(_) => Cell::Written(text),
            }
        }
        _ => Cell::Written(text),
    };
    row.put(column, cell);
    Ok(())
}

impl Schema {
    /// Reads a schema whose element was begun, to its end.
    fn read(walk: &mut Walk<'_>) -> Result<Self, DocumentError> {
        let mut schema = Self::default();
        // The declared elements that are open: their names, none for what is no element.
        let mut stack: Vec<Option<String>> = vec![None];
        while !stack.is_empty() {
            match walk.next()? {
                None => return Ok(schema),
                Some(Step::Text(_)) => {}
                Some(Step::End) => {
                    stack.pop();
                }
                Some(Step::Start(start)) => {
                    let of = |wanted: &str| {
                        let found = start.attributes().flatten();
                        let mut found = found.filter(|one| one.key.local_name().as_ref() == wanted);
                        let value = found.next()?.normalized_value(XmlVersion::Implicit1_0).ok()?;
                        Some(value.into_owned())
                    };
                    let around: Vec<&String> = stack.iter().flatten().collect();
                    let named = matches!(local(&start), "element" | "attribute")
                        .then(|| of("name").map(|name| decoded(&name)))
                        .flatten();
                    let is_set = of("IsDataSet").as_deref() == Some("true");
                    match (&named, local(&start)) {
                        (Some(name), _) if !is_set => {
                            if let Some(table) = around.last() {
                                let data_type = of("DataType")
                                    .filter(|name| name.starts_with("System.Guid"))
                                    .map(|_| ColumnType::Guid)
                                    .or_else(|| of("type").and_then(|name| column_type(&name)));
                                schema.column(table, name, data_type);
                            }
                        }
                        // A type with bounds, such as a text of some length.
                        (None, "restriction") => {
                            if let ([.., table, column], Some(base)) = (&*around, of("base")) {
                                schema.column(table, column, column_type(&base));
                            }
                        }
                        _ => {}
                    }
                    stack.push(named.filter(|_| !is_set));
                }
            }
        }
        // What has no columns of its own is a column of another one.
        schema.tables.retain(|(_, columns)| !columns.is_empty());
        let tables: HashSet<String> = schema.tables.iter().map(|(name, _)| name.clone()).collect();
        for (_, columns) in &mut schema.tables {
            columns.retain(|(name, _)| !tables.contains(name));
        }
        Ok(schema)
    }

    fn column(&mut self, table: &str, name: &str, data_type: Option<ColumnType>) {
        let place = match self.tables.iter().position(|(known, _)| known == table) {
            Some(place) => place,
            None => {
                self.tables.push((table.to_owned(), Vec::new()));
                self.tables.len() - 1
            }
        };
        let columns = &mut self.tables[place].1;
        match columns.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = data_type.or(*known),
            None => columns.push((name.to_owned(), data_type)),
        }
    }
}

/// The type of a column by that of XML Schema; none for types that are told by their values.
fn column_type(name: &str) -> Option<ColumnType> {
    match name.rsplit(':').next().unwrap_or_default() {
        "string" | "token" | "normalizedString" | "anyURI" | "duration" | "time" => {
            Some(ColumnType::Text)
        }
        "boolean" => Some(ColumnType::Bool),
        "int" | "integer" | "long" | "short" | "byte" | "unsignedInt" | "unsignedShort"
        | "unsignedByte" | "nonNegativeInteger" | "positiveInteger" => Some(ColumnType::Int),
        "decimal" | "unsignedLong" => Some(ColumnType::Decimal),
        "double" | "float" => Some(ColumnType::Double),
        "date" => Some(ColumnType::Date),
        "dateTime" => Some(ColumnType::DateTime),
        "base64Binary" => Some(ColumnType::Bytes),
        _ => None,
    }
}

/// One step through a document.
enum Step<'t> {
    Start(BytesStart<'t>),
    Text(String),
    End,
}

/// Steps through a document within its bounds.
struct Walk<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    depth: usize,
    seen: bool,
    /// The end of an element without anything in it comes next.
    ends: bool,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, reader: Reader::from_str(text), depth: 0, seen: false, ends: false }
    }

    fn next(&mut self) -> Result<Option<Step<'t>>, DocumentError> {
        loop {
            if std::mem::take(&mut self.ends) {
                return Ok(Some(Step::End));
            }
            let event = self.reader.read_event();
            return Ok(Some(match event.map_err(|error| self.wrong(&error.to_string()))? {
                Event::Start(start) => {
                    self.depth += 1;
                    self.seen = true;
                    if self.depth > DEPTH {
                        let problem = format!("elements lie more than {DEPTH} deep in each other");
                        return Err(self.wrong(&problem));
                    }
                    Step::Start(start)
                }
                Event::Empty(start) => {
                    (self.seen, self.ends) = (true, true);
                    Step::Start(start)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Step::End
                }
                Event::Text(text) => Step::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Step::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => {
                    let predefined = quick_xml::escape::resolve_predefined_entity(&reference);
                    match (predefined, reference.resolve_char_ref()) {
                        (Some(text), _) => Step::Text(text.to_owned()),
                        (None, Ok(Some(character))) => Step::Text(character.to_string()),
                        _ => {
                            let name: String = reference.chars().take(40).collect();
                            return Err(self.wrong(&format!(
                                "the entity \"{name}\" is not taken; write its text out"
                            )));
                        }
                    }
                }
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => continue,
                Event::Eof if self.depth > 0 => {
                    return Err(self.wrong("it ends in the middle of an element"));
                }
                Event::Eof if !self.seen => return Err(self.wrong("it has no element")),
                Event::Eof => return Ok(None),
            }));
        }
    }

    /// Goes to the end of the element that was begun last.
    fn skip(&mut self) -> Result<(), DocumentError> {
        let mut open = 1;
        while open > 0 {
            match self.next()? {
                None => return Ok(()),
                Some(Step::Start(_)) => open += 1,
                Some(Step::End) => open -= 1,
                Some(Step::Text(_)) => {}
            }
        }
        Ok(())
    }

    fn wrong(&self, problem: &str) -> DocumentError {
        let place = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let before = &self.text.as_bytes()[..place.min(self.text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        DocumentError::wrong(FORMAT, format_args!("{problem} (line {line})"))
    }
}

fn local<'s>(start: &'s BytesStart<'_>) -> &'s str {
    let name = start.name().0;
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The attributes that are values.
fn attributes<'s>(start: &'s BytesStart<'_>) -> impl Iterator<Item = (String, String)> + 's {
    let own = |name: &str| {
        matches!(
            name.split_once(':'),
            Some(("xmlns" | "xsi" | "msdata" | "msprop" | "diffgr" | "xml", _))
        ) || name == "xmlns"
    };
    start.attributes().flatten().filter(move |one| !own(one.key.0)).filter_map(|one| {
        let value = one.normalized_value(XmlVersion::Implicit1_0).ok()?;
        let name = one.key.0.rsplit(':').next().unwrap_or_default();
        Some((decoded(name), value.into_owned()))
    })
}

/// A name without what XML does not take in names: `Order_x0020_Details`.
fn decoded(name: &str) -> String {
    if !name.contains("_x") {
        return name.to_owned();
    }
    let mut decoded = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(place) = rest.find("_x") {
        let (before, code) = rest.split_at(place);
        decoded.push_str(before);
        let digits = code.get(2..6).filter(|_| code.as_bytes().get(6) == Some(&b'_'));
        let character =
            digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        match character {
            Some(character) => {
                decoded.push(character);
                rest = &code[7..];
            }
            None => {
                decoded.push_str("_x");
                rest = &code[2..];
            }
        }
    }
    decoded + rest
}

/// The encoding that a document says it has, if that can be read at all.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(200)];
    let head = head.split(|byte| *byte == b'>').next()?;
    let head = std::str::from_utf8(head).ok()?;
    let (_, rest) = head.trim_start().strip_prefix("<?xml")?.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let name = rest[1..].split(quote).next()?;
    // A text that can be read this far is none in UTF-16, whatever it says.
    (!name.to_ascii_lowercase().starts_with("utf-16")).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded() {
        for (name, expect) in [
            ("Order_x0020_Details", "Order Details"),
            ("_x0031_st", "1st"),
            ("a_xyz_b", "a_xyz_b"),
            ("a_x00", "a_x00"),
            ("plain", "plain"),
        ] {
            assert_eq!(decoded(name), expect, "{name}");
        }
    }

    #[test]
    fn the_encoding_is_found() {
        assert_eq!(
            declared(b"<?xml version='1.0' encoding='windows-1252'?>").as_deref(),
            Some("windows-1252")
        );
        assert_eq!(declared(b"<?xml version=\"1.0\"?><a encoding='x'/>"), None);
        assert_eq!(declared(b"<?xml version=\"1.0\" encoding=\"utf-16\"?>"), None);
    }
}
