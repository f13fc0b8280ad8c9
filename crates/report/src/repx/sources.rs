//! The data sources of a layout.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pressroom_query::xml::{Document, Element};
use pressroom_query::{Source, short_type_name};

/// What the storages of a layout hold.
#[derive(Default)]
pub(super) struct Sources {
    /// The data sources, each with a name of its own.
    pub(super) all: Vec<Source>,
    /// Their names by the numbers of their elements.
    pub(super) names: HashMap<usize, Arc<str>>,
    /// What cannot be read.
    pub(super) left_out: BTreeMap<String, usize>,
}

/// Reads the data sources of all storages. Those of the outermost report come first and keep their
/// names; where an embedded report has another of the same name, that one gets a number.
pub(super) fn read<'d>(document: &'d Document<'d>) -> Sources {
    let mut items: Vec<Element<'d>> = document
        .elements()
        .filter(|element| {
            let storage = element.parent().map(Element::name);
            matches!(storage, Some("ComponentStorage" | "ObjectStorage"))
                && short_type_name(element.attribute("ObjectType").unwrap_or_default())
                    .ends_with("DataSource")
                && !is_below_action(*element)
        })
        .collect();
    // A stable sort: storages of the outermost report before those of embedded ones.
    items.sort_by_key(|item| {
        item.parent().and_then(Element::parent).is_some_and(|report| report.parent().is_some())
    });

    let mut sources = Sources::default();
    let mut taken = HashSet::new();
    for item in items {
        let Some(mut source) = source(item) else {
            *sources.left_out.entry("data source that cannot be read".to_owned()).or_default() += 1;
            continue;
        };
        if let Some(name) = item.attribute("Name").filter(|name| !name.is_empty()) {
            source.name = name.into();
        }
        let mut name = source.name.clone();
        for number in 2.. {
            if taken.insert(name.clone()) {
                break;
            }
            name = format!("{} ({number})", source.name).into();
        }
        source.name = name.clone();
        sources.names.insert(item.number(), name);
        sources.all.push(source);
    }
    sources
}

/// Whether an element belongs to a report that is only navigated to.
fn is_below_action(element: Element<'_>) -> bool {
    std::iter::successors(element.parent(), |element| element.parent())
        .any(|ancestor| ancestor.name() == "Action")
}

fn source(item: Element<'_>) -> Option<Source> {
    let type_name = item.attribute("ObjectType")?;
    let Some(encoded) = item.attribute("Base64") else {
        return Some(Source::from_element(type_name, item));
    };
    let bytes = STANDARD.decode(encoded.trim()).ok()?;
    Source::from_xml(type_name, std::str::from_utf8(&bytes).ok()?).ok()
}
