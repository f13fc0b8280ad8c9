//! What reading a layout carries along.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use pressroom_query::Source;
use pressroom_query::xml::Element;

use super::properties::{appearance, flag, name, style_priority, text};
use super::references::References;
use super::{LayoutError, sources};
use crate::{Binding, BindingEvent, Expression, Look, StyleRefs, Unsupported};

/// Controls within each other.
const MAX_DEPTH: usize = 60;
/// Controls altogether.
const MAX_CONTROLS: usize = 100_000;
/// Styles, conditional formats, parameters and calculated fields of a report, each.
pub(super) const MAX_NAMED: usize = 2_000;
/// Group levels of one level of data.
pub(super) const MAX_GROUPS: usize = 100;
/// Sub-reports within each other.
const MAX_REPORTS: usize = 10;

/// Reads the elements of a layout.
pub(super) struct Reader<'d> {
    pub(super) references: References<'d>,
    /// The data sources of the layout, and their names by the numbers of their elements.
    pub(super) sources: Arc<[Source]>,
    pub(super) source_names: HashMap<usize, Arc<str>>,
    /// The conditional formats of the report that is being read, by the numbers of their elements.
    pub(super) rules: HashMap<usize, usize>,
    /// The member whose rows the bands that are being read belong to.
    pub(super) member: Option<Arc<str>>,
    /// What is left out of the report that is being read.
    pub(super) left_out: BTreeMap<String, usize>,
    /// The reports that are being read, outermost first.
    pub(super) open_reports: Vec<usize>,
    depth: usize,
    controls: usize,
}

impl<'d> Reader<'d> {
    pub(super) fn new(references: References<'d>, sources: sources::Sources) -> Self {
        Self {
            references,
            sources: sources.all.into(),
            source_names: sources.names,
            rules: HashMap::new(),
            member: None,
            left_out: sources.left_out,
            open_reports: Vec::new(),
            depth: 0,
            controls: 0,
        }
    }

    /// Remembers that something is not printed.
    pub(super) fn leave_out(&mut self, what: impl Into<String>) {
        *self.left_out.entry(what.into()).or_default() += 1;
    }

    /// The elements of a collection, as many as are taken.
    pub(super) fn named_items(
        &mut self,
        element: Element<'d>,
        collection: &str,
    ) -> impl Iterator<Item = Element<'d>> + use<'d> {
        let items = || element.child(collection).into_iter().flat_map(Element::children);
        if items().nth(MAX_NAMED).is_some() {
            self.leave_out(format!("more than {MAX_NAMED} {collection}"));
        }
        items().take(MAX_NAMED)
    }

    /// What was left out since the last time.
    pub(super) fn take_left_out(&mut self) -> Vec<Unsupported> {
        let left_out = std::mem::take(&mut self.left_out);
        left_out.into_iter().map(|(what, count)| Unsupported { what, count }).collect()
    }

    /// Starts reading a report, embedded or outermost.
    pub(super) fn open_report(&mut self, element: Element<'d>) -> Result<(), LayoutError> {
        if self.open_reports.len() > MAX_REPORTS {
            return Err(LayoutError::TooManySubreports {
                line: element.line(),
                limit: MAX_REPORTS,
            });
        }
        self.open_reports.push(element.number());
        Ok(())
    }

    /// Reads something that may hold further controls.
    pub(super) fn nested<T>(
        &mut self,
        element: Element<'d>,
        read: impl FnOnce(&mut Self) -> Result<T, LayoutError>,
    ) -> Result<T, LayoutError> {
        self.controls += 1;
        if self.controls > MAX_CONTROLS {
            return Err(LayoutError::TooMany { line: element.line(), limit: MAX_CONTROLS });
        }
        if self.depth >= MAX_DEPTH {
            return Err(LayoutError::TooDeep { line: element.line(), limit: MAX_DEPTH });
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// The name of the data source that an element refers to.
    pub(super) fn source_name(&self, element: Element<'d>) -> Option<Arc<str>> {
        let target = self.references.target(element, "DataSource")?;
        self.source_names.get(&target.number()).cloned()
    }

    /// Everything by which an element says how it looks.
    pub(super) fn look(&self, element: Element<'d>) -> Look {
        let links = element.child("FormattingRuleLinks").into_iter().flat_map(Element::children);
        Look {
            appearance: appearance(element),
            styles: StyleRefs {
                base: name(element, "StyleName"),
                even: name(element, "EvenStyleName"),
                odd: name(element, "OddStyleName"),
            },
            priority: style_priority(element),
            formatting_rules: links
                .filter_map(|link| self.references.target(link, "Value"))
                .filter_map(|rule| self.rules.get(&rule.number()).copied())
                .collect(),
        }
    }

    /// The bindings of an element in both forms, and the format that the older form has for `Text`.
    pub(super) fn bindings(&mut self, element: Element<'d>) -> (Vec<Binding>, Option<String>) {
        let mut bindings: Vec<Binding> = Vec::new();
        let mut text_format = None;
        for item in element.child("ExpressionBindings").into_iter().flat_map(Element::children) {
            let event = match item.attribute("EventName") {
                Some("PrintOnPage") => BindingEvent::PrintOnPage,
                _ => BindingEvent::BeforePrint,
            };
            let (Some(property), Some(value)) =
                (text(item, "PropertyName"), item.value("Expression"))
            else {
                continue;
            };
            if !value.trim().is_empty() {
                bindings.push(Binding {
                    event,
                    property,
                    expression: Expression::new(value, item.line()),
                });
            }
        }
        for item in element.child("DataBindings").into_iter().flat_map(Element::children) {
            let (Some(property), Some(value)) =
                (text(item, "PropertyName"), self.bound_value(item))
            else {
                continue;
            };
            if property.eq_ignore_ascii_case("Text") {
                text_format = text(item, "FormatString");
            }
            bindings.push(Binding {
                event: BindingEvent::BeforePrint,
                property,
                expression: value,
            });
        }
        self.note_what_is_never_done(element);
        (bindings, text_format)
    }

    /// The expression that a data member or a reference to a parameter means.
    pub(super) fn bound_value(&self, item: Element<'d>) -> Option<Expression> {
        let line = item.line();
        if let Some(value) = item.attribute("Expression") {
            return Some(Expression::new(value, line));
        }
        if let Some(parameter) = self.references.target(item, "Parameter") {
            return Some(Expression::new(parameter_expression(parameter.attribute("Name")?), line));
        }
        let path = item.attribute("DataMember").filter(|path| !path.is_empty())?;
        if let Some(parameter) = path.strip_prefix("Parameters.") {
            return Some(Expression::new(parameter_expression(parameter), line));
        }
        let field = self
            .member
            .as_deref()
            .and_then(|member| path.strip_prefix(member)?.strip_prefix('.'))
            .unwrap_or(path);
        Some(Expression::new(format!("[{field}]"), line))
    }

    /// Things that every element may have and that no printout can show or no server may do.
    fn note_what_is_never_done(&mut self, element: Element<'d>) {
        if element
            .child("Scripts")
            .is_some_and(|scripts| scripts.attributes().any(|(name, _)| name != "Ref"))
        {
            self.leave_out("scripts");
        }
        // An `Action` leads to another report when a reader clicks: a printout lacks nothing without it.
    }
}

/// The expression for a parameter's value.
fn parameter_expression(name: &str) -> String {
    let simple = name.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_numeric());
    if simple { format!("?{name}") } else { format!("[Parameters.{name}]") }
}

/// Whether an element is printed at all.
pub(super) fn is_visible(element: Element<'_>) -> bool {
    flag(element, "Visible").unwrap_or(true)
}
