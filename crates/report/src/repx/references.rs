//! References between the elements of a layout.

use std::collections::HashMap;

use pressroom_query::xml::{Document, Element};

use super::LayoutError;

/// The elements of a layout by their numbers.
pub(super) struct References<'d> {
    elements: HashMap<&'d str, Element<'d>>,
}

/// The properties that name an object which may itself name another in the same way.
const CHAINS: [&str; 6] = [
    "ReportSource",
    "DataSource",
    "ValueSourceSettings",
    "LookUpSettings",
    "Type",
    "BookmarkParent",
];

impl<'d> References<'d> {
    /// Collects the numbers and looks for references that lead back to themselves.
    pub(super) fn collect(document: &'d Document<'d>) -> Result<Self, LayoutError> {
        let mut elements = HashMap::new();
        for element in document.elements() {
            if let Some(number) = element.attribute("Ref") {
                // Some writers give the outermost element and a data source the same number.
                elements.insert(number, element);
            }
        }
        let references = Self { elements };
        for property in CHAINS {
            references.check_chain(document, property)?;
        }
        Ok(references)
    }

    /// The element that a property refers to.
    pub(super) fn target(&self, element: Element<'d>, property: &str) -> Option<Element<'d>> {
        self.resolve(element.attribute(property)?)
    }

    fn resolve(&self, reference: &str) -> Option<Element<'d>> {
        self.elements.get(reference.trim().strip_prefix("#Ref-")?).copied()
    }

    /// Follows a property from element to element. Each element is visited once.
    fn check_chain(&self, document: &'d Document<'d>, property: &str) -> Result<(), LayoutError> {
        // Per element: the walk that came through it.
        let mut walks: HashMap<usize, usize> = HashMap::new();
        for start in document.elements() {
            let mut at = start;
            while let Some(next) = self.target(at, property) {
                match walks.insert(at.number(), start.number()) {
                    Some(walk) if walk == start.number() => {
                        return Err(LayoutError::Circular {
                            line: at.line(),
                            property: property.to_owned(),
                            reference: at.attribute(property).unwrap_or_default().to_owned(),
                        });
                    }
                    Some(_) => break,
                    None => at = next,
                }
            }
        }
        Ok(())
    }
}
