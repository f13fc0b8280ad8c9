//! XML from people one does not know: a bounded tree for the codecs of layouts.
//!
//! Size, depth and numbers of elements are checked while the text is read, document types and
//! entities of its own are refused, and the tree is flat in memory, so that neither reading nor
//! dropping it can exhaust the stack.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, Event};
use quick_xml::{Reader, escape};

/// How much XML is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the text.
    pub bytes: usize,
    /// Elements within each other.
    pub depth: usize,
    /// Elements, and attributes, altogether.
    pub elements: usize,
    /// Attributes of one element.
    pub attributes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 32 << 20, depth: 200, elements: 500_000, attributes: 1_000 }
    }
}

/// Why a text is not taken as XML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    /// It is too long.
    #[error(
        "the text has {bytes} bytes, more than the {limit} that are taken; remove embedded pictures or split it"
    )]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The longest that is taken.
        limit: usize,
    },
    /// It is not in an encoding that is known here.
    #[error("the text is neither UTF-8 nor UTF-16; save it as UTF-8")]
    Encoding,
    /// It has elements within each other too deeply.
    #[error(
        "line {line}: elements are nested more than {limit} deep; put fewer containers into each other"
    )]
    TooDeep {
        /// Where.
        line: u32,
        /// The deepest that is taken.
        limit: usize,
    },
    /// It has too many elements or attributes.
    #[error("line {line}: there are more than {limit} {what}; split it")]
    TooMany {
        /// Where.
        line: u32,
        /// Elements or attributes.
        what: &'static str,
        /// The number that is taken.
        limit: usize,
    },
    /// It declares a document type or entities of its own.
    #[error(
        "line {line}: document types and entities are not accepted; remove the <!DOCTYPE …> and write the text out"
    )]
    DocumentType {
        /// Where.
        line: u32,
    },
    /// It is not XML.
    #[error("not XML at line {line}, column {column}: {message}")]
    Syntax {
        /// The line, from 1.
        line: u32,
        /// The character in the line, from 1.
        column: u32,
        /// What is wrong there.
        message: String,
    },
}

/// The text of a file: UTF-8, with or without a byte order mark, or UTF-16 with one.
///
/// # Errors
/// [`XmlError::Encoding`], [`XmlError::TooLong`].
pub fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Cow<'a, str>, XmlError> {
    if bytes.len() > limits.bytes {
        return Err(XmlError::TooLong { bytes: bytes.len(), limit: limits.bytes });
    }
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let text: Option<String> =
            char::decode_utf16(pairs.iter().copied().map(unit)).map(Result::ok).collect();
        text.filter(|_| rest.is_empty()).map(Cow::Owned).ok_or(XmlError::Encoding)
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'<', 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, b'<', ..] => utf16(bytes, u16::from_be_bytes),
        bytes => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, XmlError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| XmlError::Encoding)
}

/// A document in memory.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    source: &'a str,
    elements: Vec<ElementData<'a>>,
    attributes: Vec<(&'a str, Cow<'a, str>)>,
}

#[derive(Clone, Debug)]
struct ElementData<'a> {
    name: &'a str,
    /// The byte of the source at which its tag starts, and the line of that.
    at: u32,
    line: u32,
    /// Its attributes: from, to.
    attributes: (u32, u32),
    parent: Option<u32>,
    first_child: Option<u32>,
    next_sibling: Option<u32>,
    text: Cow<'a, str>,
}

/// An element of a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Element<'d> {
    document: &'d Document<'d>,
    index: u32,
}

impl<'a> Document<'a> {
    /// Reads a text.
    ///
    /// # Errors
    /// See [`XmlError`].
    pub fn parse(source: &'a str, limits: &Limits) -> Result<Self, XmlError> {
        if source.len() > limits.bytes {
            return Err(XmlError::TooLong { bytes: source.len(), limit: limits.bytes });
        }
        Builder::new(source, limits).read()
    }

    /// The outermost element.
    #[must_use]
    pub fn root(&self) -> Element<'_> {
        Element { document: self, index: 0 }
    }

    /// All elements in the order of the text.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        (0..self.elements.len()).map(|index| Element { document: self, index: index as u32 })
    }
}

impl<'d> Element<'d> {
    fn data(self) -> &'d ElementData<'d> {
        // An index is made by the builder only, for an element that is there.
        &self.document.elements[self.index as usize]
    }

    fn at(self, index: u32) -> Self {
        Self { document: self.document, index }
    }

    /// The name without a namespace prefix.
    #[must_use]
    pub fn name(self) -> &'d str {
        self.data().name
    }

    /// The line of the text on which the element starts, from 1.
    #[must_use]
    pub fn line(self) -> u32 {
        self.data().line
    }

    /// The character of its line at which the element starts, from 1. Counted anew each time.
    #[must_use]
    pub fn column(self) -> u32 {
        place(self.document.source, self.data().at as usize).1
    }

    /// The element's number in the order of the text, from 0.
    #[must_use]
    pub fn number(self) -> usize {
        self.index as usize
    }

    /// The attributes in their order.
    pub fn attributes(self) -> impl Iterator<Item = (&'d str, &'d str)> {
        let (from, to) = self.data().attributes;
        self.document.attributes[from as usize..to as usize]
            .iter()
            .map(|(name, value)| (*name, &**value))
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<&'d str> {
        self.attributes().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The child elements in their order.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let first = self.data().first_child;
        std::iter::successors(first, move |&index| self.at(index).data().next_sibling)
            .map(move |index| self.at(index))
    }

    /// The first child element of a name.
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.name() == name)
    }

    /// The element around this one.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.data().parent.map(|index| self.at(index))
    }

    /// The text directly inside, joined; empty where there are only blanks.
    #[must_use]
    pub fn text(self) -> &'d str {
        &self.data().text
    }

    /// The value of an attribute, or the text of the child element of that name: writers use both.
    #[must_use]
    pub fn value(self, name: &str) -> Option<&'d str> {
        self.attribute(name)
            .or_else(|| self.child(name).map(Self::text).filter(|text| !text.is_empty()))
    }
}

/// Line and character of a byte of a text, from 1.
fn place(source: &str, at: usize) -> (u32, u32) {
    let mut at = at.min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    let before = &source[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    (line as u32, before[line_start..].chars().count() as u32 + 1)
}

struct Builder<'a, 'l> {
    limits: &'l Limits,
    document: Document<'a>,
    /// The elements that are open, and the last child of each.
    open: Vec<(u32, Option<u32>)>,
    /// The last byte whose line was asked for, and that line.
    counted: (usize, u32),
}

impl<'a, 'l> Builder<'a, 'l> {
    fn new(source: &'a str, limits: &'l Limits) -> Self {
        let document = Document { source, elements: Vec::new(), attributes: Vec::new() };
        Self { limits, document, open: Vec::new(), counted: (0, 1) }
    }

    fn read(mut self) -> Result<Document<'a>, XmlError> {
        let source = self.document.source;
        let mut reader = Reader::from_str(source);
        loop {
            let start = reader.buffer_position() as usize;
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    return Err(self.syntax(reader.error_position() as usize, error.to_string()));
                }
            };
            match event {
                Event::Start(_) => {
                    let end = reader.buffer_position() as usize;
                    let index = self.element(start, &source[start..end])?;
                    self.open.push((index, None));
                    if self.open.len() > self.limits.depth {
                        let line = place(source, start).0;
                        return Err(XmlError::TooDeep { line, limit: self.limits.depth });
                    }
                }
                Event::Empty(_) => {
                    let end = reader.buffer_position() as usize;
                    self.element(start, &source[start..end])?;
                }
                Event::End(_) => {
                    self.open.pop();
                }
                Event::Text(text) => self.text(start, &text)?,
                Event::CData(text) => self.text(start, &text)?,
                Event::GeneralRef(reference) => {
                    let text = self.reference(start, &reference)?;
                    self.append(text.into());
                }
                Event::DocType(_) => {
                    return Err(XmlError::DocumentType { line: place(source, start).0 });
                }
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof => break,
            }
        }
        if let Some(&(index, _)) = self.open.last() {
            let open = &self.document.elements[index as usize];
            let message = format!("the text ends inside <{}>", open.name);
            return Err(self.syntax(open.at as usize, message));
        }
        if self.document.elements.is_empty() {
            return Err(self.syntax(0, "there is no element"));
        }
        Ok(self.document)
    }

    /// Adds the element of a tag.
    fn element(&mut self, at: usize, tag: &'a str) -> Result<u32, XmlError> {
        let limits = self.limits;
        let line = || place(self.document.source, at).0;
        if self.document.elements.len() >= limits.elements {
            return Err(XmlError::TooMany {
                line: line(),
                what: "elements",
                limit: limits.elements,
            });
        }
        if self.open.is_empty() && !self.document.elements.is_empty() {
            return Err(self.syntax(at, "there is a second outermost element"));
        }
        let inside = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
        let name_end = inside.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inside.len());
        let name = &inside[..name_end];
        if name.is_empty() {
            return Err(self.syntax(at, "a tag has no name"));
        }
        let from = self.document.attributes.len();
        for attribute in Attributes::new(inside, name_end).with_checks(false) {
            let attribute = attribute.map_err(|error| self.syntax(at, error.to_string()))?;
            let attributes = &self.document.attributes;
            if attributes.len() - from >= limits.attributes {
                let (what, limit) = ("attributes of one element", limits.attributes);
                return Err(XmlError::TooMany {
                    line: place(self.document.source, at).0,
                    what,
                    limit,
                });
            }
            if attributes.len() >= limits.elements.saturating_mul(4) {
                let (what, limit) = ("attributes", limits.elements.saturating_mul(4));
                return Err(XmlError::TooMany {
                    line: place(self.document.source, at).0,
                    what,
                    limit,
                });
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| self.syntax(at, error.to_string()))?;
            self.document.attributes.push((local(attribute.key.into_inner()), value));
        }
        let line = self.line(at);
        let index = self.document.elements.len() as u32;
        let parent = self.open.last().map(|(parent, _)| *parent);
        self.document.elements.push(ElementData {
            name: local(name),
            at: at as u32,
            line,
            attributes: (from as u32, self.document.attributes.len() as u32),
            parent,
            first_child: None,
            next_sibling: None,
            text: Cow::Borrowed(""),
        });
        if let Some((parent, last)) = self.open.last_mut() {
            match last.replace(index) {
                Some(sibling) => {
                    self.document.elements[sibling as usize].next_sibling = Some(index);
                }
                None => self.document.elements[*parent as usize].first_child = Some(index),
            }
        }
        Ok(index)
    }

    /// The line of a byte that is not before any that was asked for.
    fn line(&mut self, at: usize) -> u32 {
        let (from, line) = self.counted;
        let passed = self.document.source.as_bytes().get(from..at).unwrap_or_default();
        let line = line + passed.iter().filter(|&&byte| byte == b'\n').count() as u32;
        self.counted = (at, line);
        line
    }

    fn text(&mut self, at: usize, text: &str) -> Result<(), XmlError> {
        let blank = text.trim().is_empty();
        if self.open.is_empty() {
            return if blank {
                Ok(())
            } else {
                Err(self.syntax(at, "there is text outside the outermost element"))
            };
        }
        let has_text = self
            .open
            .last()
            .is_some_and(|&(index, _)| !self.document.elements[index as usize].text.is_empty());
        if !blank || has_text {
            self.append(Cow::Owned(text.replace("\r\n", "\n")));
        }
        Ok(())
    }

    fn append(&mut self, text: Cow<'a, str>) {
        if let Some(&(index, _)) = self.open.last() {
            let present = &mut self.document.elements[index as usize].text;
            if present.is_empty() {
                *present = text;
            } else {
                present.to_mut().push_str(&text);
            }
        }
    }

    fn reference(&self, at: usize, reference: &BytesRef<'_>) -> Result<String, XmlError> {
        match reference.resolve_char_ref() {
            Ok(Some(character)) => return Ok(character.to_string()),
            Ok(None) => {}
            Err(error) => return Err(self.syntax(at, error.to_string())),
        }
        escape::resolve_predefined_entity(reference)
            .map(str::to_owned)
            .ok_or_else(|| self.syntax(at, format!("there is no entity \"{}\"", &**reference)))
    }

    fn syntax(&self, at: usize, message: impl Into<String>) -> XmlError {
        let (line, column) = place(self.document.source, at);
        XmlError::Syntax { line, column, message: message.into() }
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests;
