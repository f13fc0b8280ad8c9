//! What a dashboard consists of.

use std::collections::{BTreeMap, BTreeSet};

use pressroom_query::xml::{Document, Element, Limits, decode};

use crate::{LayoutError, Mistake};

/// What a dashboard consists of, in the order of its layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What stands above it.
    pub title: Option<String>,
    /// Grids, charts and so on, groups, tab containers and their pages.
    pub items: Vec<Item>,
    /// Where its rows come from.
    pub data_sources: Vec<DataSource>,
    /// The names of its parameters.
    pub parameters: Vec<String>,
}

/// Something that has a place in a dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The name by which the layout refers to it. No two are the same.
    pub component_name: String,
    /// Its caption.
    pub name: Option<String>,
    /// What it is, as the layout says it: `Grid`, `Chart`, `Group`, `Page`, …
    pub kind: String,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSource {
    /// The name by which items refer to it. Old layouts have none.
    pub component_name: Option<String>,
    /// What its author calls it.
    pub name: Option<String>,
    /// What it is, as the layout says it: `SqlDataSource`, `ExcelDataSource`, …
    pub kind: String,
    /// The name of its connection.
    pub connection: Option<String>,
}

impl Outline {
    /// Reads a layout: UTF-8 or UTF-16, in the bounds of [`Limits::default`].
    ///
    /// # Errors
    /// [`LayoutError`] with line and column: where the root is not `<Dashboard>`, where a component
    /// name is missing or stands twice among items, groups and sources, and where the layout tree
    /// names something that is not there, or the same thing twice.
    pub fn parse(bytes: &[u8]) -> Result<Self, LayoutError> {
        let limits = Limits::default();
        let text = decode(bytes, &limits)?;
        let document = Document::parse(&text, &limits)?;
        let root = document.root();
        if root.name() != "Dashboard" {
            return Err(at(root, Mistake::Root(root.name().to_owned())));
        }
        let mut names = Names::default();
        let mut items = Vec::new();
        for element in within(root, "Items").chain(within(root, "Groups")) {
            items.push(names.item(element)?);
            for page in within(element, "Pages") {
                items.push(names.item(page)?);
            }
        }
        let placeable: BTreeSet<&str> = names.known.keys().copied().collect();
        if let Some(tree) = root.child("LayoutTree") {
            check_tree(tree, &placeable)?;
        }
        let mut data_sources = Vec::new();
        for element in within(root, "DataSources") {
            data_sources.push(names.data_source(element)?);
        }
        let parameters = within(root, "Parameters").filter_map(|element| text_of(element, "Name"));
        Ok(Self {
            title: root.child("Title").and_then(|title| text_of(title, "Text")),
            items,
            data_sources,
            parameters: parameters.collect(),
        })
    }

    /// The names of the connections that it asks, and of the sources that a site resolves by their
    /// name, each once.
    #[must_use]
    pub fn connections(&self) -> BTreeSet<&str> {
        let of = |source: &'_ DataSource| source.kind == "ObjectDataSource";
        let named = self.data_sources.iter().filter(|source| of(source));
        let named = named.filter_map(|source| source.name.as_deref());
        let connected = self.data_sources.iter().filter_map(|source| source.connection.as_deref());
        connected.chain(named).collect()
    }
}

/// The component names that were seen, and their lines.
#[derive(Default)]
struct Names<'d> {
    known: BTreeMap<&'d str, u32>,
}

impl<'d> Names<'d> {
    fn item(&mut self, element: Element<'d>) -> Result<Item, LayoutError> {
        let Some(component_name) = component_name(element) else {
            return Err(at(element, Mistake::Nameless { element: element.name().to_owned() }));
        };
        self.add(component_name, element)?;
        Ok(Item {
            component_name: component_name.to_owned(),
            name: text_of(element, "Name"),
            kind: element.name().to_owned(),
        })
    }

    fn data_source(&mut self, element: Element<'d>) -> Result<DataSource, LayoutError> {
        if let Some(component_name) = component_name(element) {
            self.add(component_name, element)?;
        }
        let connection = element.child("Connection").and_then(|inner| text_of(inner, "Name"));
        // Older layouts declare connections once, and their sources name them.
        let provider = element.child("DataProvider");
        let connection =
            connection.or_else(|| provider.and_then(|inner| text_of(inner, "DataConnection")));
        Ok(DataSource {
            component_name: component_name(element).map(str::to_owned),
            name: text_of(element, "Name"),
            kind: element.name().to_owned(),
            connection,
        })
    }

    fn add(&mut self, name: &'d str, element: Element<'d>) -> Result<(), LayoutError> {
        match self.known.insert(name, element.line()) {
            None => Ok(()),
            Some(first_line) => {
                let name = name.to_owned();
                Err(at(element, Mistake::Twice { name, first_line }))
            }
        }
    }
}

/// Every place of the layout tree names something, and no two the same.
fn check_tree(tree: Element<'_>, known: &BTreeSet<&str>) -> Result<(), LayoutError> {
    let mut placed = BTreeMap::new();
    let mut waiting: Vec<Element<'_>> = tree.children().collect();
    // The order of the text, so that the first mistake is told first.
    waiting.reverse();
    while let Some(place) = waiting.pop() {
        match place.attribute("DashboardItem").map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) if !known.contains(name) => {
                return Err(at(place, Mistake::Dangling { name: name.to_owned() }));
            }
            Some(name) => {
                if let Some(first_line) = placed.insert(name, place.line()) {
                    let name = name.to_owned();
                    return Err(at(place, Mistake::PlacedTwice { name, first_line }));
                }
            }
            // Groups may be there only to divide the room.
            None if place.name() == "LayoutGroup" => {}
            None => return Err(at(place, Mistake::Empty { element: place.name().to_owned() })),
        }
        let first = waiting.len();
        waiting.extend(place.children());
        waiting[first..].reverse();
    }
    Ok(())
}

fn at(element: Element<'_>, mistake: Mistake) -> LayoutError {
    LayoutError::At { line: element.line(), column: element.column(), mistake }
}

fn within<'d>(element: Element<'d>, name: &str) -> impl Iterator<Item = Element<'d>> {
    element.child(name).into_iter().flat_map(Element::children)
}

fn component_name(element: Element<'_>) -> Option<&str> {
    element.attribute("ComponentName").map(str::trim).filter(|name| !name.is_empty())
}

fn text_of(element: Element<'_>, attribute: &str) -> Option<String> {
    element.attribute(attribute).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests;
