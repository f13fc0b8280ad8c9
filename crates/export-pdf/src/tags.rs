//! What a screen reader is told: paragraphs, headings, tables and figures, in the order of the page.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU16;

use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag, TagGroup,
};
use pressroom_page::Role;

use crate::geometry::Area;

/// What an element of a page is.
enum Kind {
    Paragraph,
    Heading(u8),
    Cell { table: u32, row: u32, column: u32, header: bool },
    Figure(String),
}

struct Element {
    kind: Kind,
    /// What of the page's content it is.
    content: Vec<Identifier>,
    /// The box and font size of its last line, by which the next one is known.
    last: Option<(Area, f32)>,
}

/// The element of which something is part; none for what is skipped.
pub(crate) type Part = Option<usize>;

/// The structure of one page. A page without structure has none of this.
#[derive(Default)]
pub(crate) struct PageTags {
    elements: Vec<Element>,
    cells: HashMap<(u32, u32, u32), usize>,
}

impl PageTags {
    /// The element of a line of text: that of the line before if it goes on with it.
    pub(crate) fn text(&mut self, role: &Role, area: Area, size: f32) -> Part {
        let part = match role {
            Role::Paragraph | Role::Heading(_) => {
                match self.elements.last().filter(|last| last.goes_on(role, &area, size)) {
                    Some(_) => Some(self.elements.len() - 1),
                    None => self.element(role),
                }
            }
            _ => self.element(role),
        };
        if let Some(element) = part.and_then(|part| self.elements.get_mut(part)) {
            element.last = Some((area, size));
        }
        part
    }

    /// The element of something with a role: a new one, or the cell that is there.
    pub(crate) fn element(&mut self, role: &Role) -> Part {
        let kind = match role {
            Role::Artifact => return None,
            Role::Paragraph => Kind::Paragraph,
            Role::Heading(level) => Kind::Heading(*level),
            Role::Figure(alternative) => Kind::Figure(alternative.to_string()),
            &Role::Cell { table, row, column, header } => {
                if let Some(&known) = self.cells.get(&(table, row, column)) {
                    return Some(known);
                }
                self.cells.insert((table, row, column), self.elements.len());
                Kind::Cell { table, row, column, header }
            }
        };
        self.elements.push(Element { kind, content: Vec::new(), last: None });
        Some(self.elements.len() - 1)
    }

    /// Begins content of a part; [`end`](Self::end) ends it.
    pub(crate) fn begin(&mut self, part: Part, surface: &mut Surface<'_>) {
        match part.and_then(|part| self.elements.get_mut(part)) {
            Some(element) => {
                let tag = match element.kind {
                    Kind::Figure(_) => ContentTag::Other,
                    _ => ContentTag::Span(SpanTag::empty()),
                };
                element.content.push(surface.start_tagged(tag));
            }
            None => {
                let artifact = Artifact::with_kind(ArtifactType::Other);
                surface.start_tagged(ContentTag::Artifact(artifact));
            }
        }
    }

    /// Ends content.
    pub(crate) fn end(surface: &mut Surface<'_>) {
        surface.end_tagged();
    }

    /// The page's elements as nodes; cells come together to tables where their first one stood.
    pub(crate) fn into_nodes(self) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut tables: BTreeMap<u32, (usize, Table)> = BTreeMap::new();
        for element in self.elements.into_iter().filter(|element| !element.content.is_empty()) {
            let content: Vec<Node> = element.content.into_iter().map(Node::from).collect();
            match element.kind {
                Kind::Paragraph => nodes.push(Some(TagGroup::with_children(Tag::P, content))),
                Kind::Heading(level) => {
                    let level = NonZeroU16::new(u16::from(level)).unwrap_or(NonZeroU16::MIN);
                    nodes.push(Some(TagGroup::with_children(Tag::Hn(level, None), content)));
                }
                Kind::Figure(alternative) => {
                    let tag = Tag::Figure(Some(alternative));
                    nodes.push(Some(TagGroup::with_children(tag, content)));
                }
                Kind::Cell { table, row, column, header } => {
                    let (_, table) = tables.entry(table).or_insert_with(|| {
                        nodes.push(None);
                        (nodes.len() - 1, Table::default())
                    });
                    let cell = if header {
                        TagGroup::with_children(Tag::TH(TableHeaderScope::Column), content)
                    } else {
                        TagGroup::with_children(Tag::TD, content)
                    };
                    table.rows.entry(row).or_default().insert(column, cell);
                }
            }
        }
        for (_, (place, table)) in tables {
            nodes[place] = Some(table.into_group());
        }
        nodes.into_iter().flatten().map(Node::from).collect()
    }
}

/// Cells by row and column.
#[derive(Default)]
struct Table {
    rows: BTreeMap<u32, BTreeMap<u32, TagGroup>>,
}

impl Table {
    fn into_group(self) -> TagGroup {
        let rows = self.rows.into_values().map(|cells| {
            let cells = cells.into_values().map(Node::from).collect();
            Node::from(TagGroup::with_children(Tag::TR, cells))
        });
        TagGroup::with_children(Tag::Table, rows.collect())
    }
}

impl Element {
    /// Whether a line of text is the next of this paragraph or heading: of the same size, just below,
    /// and not beside.
    fn goes_on(&self, role: &Role, area: &Area, size: f32) -> bool {
        let same = match (&self.kind, role) {
            (Kind::Paragraph, Role::Paragraph) => true,
            (Kind::Heading(level), Role::Heading(other)) => level == other,
            _ => false,
        };
        same && self.last.is_some_and(|(last, last_size)| {
            let down = area.bottom - last.bottom;
            let beside = area.left >= last.right || area.right <= last.left;
            // On the same line it is a further run of it; below, by less than a blank line.
            last_size == size && down >= 0.0 && down < 1.6 * size && (down == 0.0 || !beside)
        })
    }
}
