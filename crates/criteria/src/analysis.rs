//! What an expression refers to: for planning what must be computed before it.

use std::sync::Arc;

use crate::compile::position;
use crate::functions::{Function, Lazy, Run};
use crate::scope::Position;
use crate::syntax::{AggregateNode, Expr, FieldPath, Node, NodeKind, SummaryKind};

/// What an expression needs besides the fields of the current row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The number of all rows.
    pub row_count: bool,
    /// The row before.
    pub previous_row: bool,
    /// The row after.
    pub next_row: bool,
    /// The place of the row in its group, or of its group.
    pub group_position: bool,
    /// The page: `[Arguments.PageIndex]` and the like, or a summary over pages.
    pub page: bool,
    /// Other items of the report: `[ReportItems.…]`.
    pub report_items: bool,
    /// Any aggregate.
    pub aggregates: bool,
    /// Any summary.
    pub summaries: bool,
    /// The clock, the reader or chance: not the same for equal rows.
    pub environment: bool,
}

impl Needs {
    pub(crate) fn of(node: &Node) -> Self {
        let mut needs = Self::default();
        node.walk(&mut |node| needs.note(node));
        needs
    }

    fn note(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Field(path) => {
                match position(path) {
                    Some(Position::RowCount) => self.row_count = true,
                    Some(Position::RowIndexInGroup | Position::GroupIndex) => {
                        self.group_position = true;
                    }
                    _ => {}
                }
                if let [first, _, ..] = path.segments() {
                    self.page |= first.eq_ignore_ascii_case("Arguments");
                    self.report_items |= first.eq_ignore_ascii_case("ReportItems");
                }
            }
            NodeKind::Call { function, .. } => self.note_call(function),
            NodeKind::Aggregate(_) => self.aggregates = true,
            NodeKind::Summary { kind, .. } => {
                self.summaries = true;
                self.page |= *kind == SummaryKind::CarryoverSum;
            }
            _ => {}
        }
    }

    fn note_call(&mut self, function: &Function) {
        match function.run {
            Run::Lazy(Lazy::Previous) => self.previous_row = true,
            Run::Lazy(Lazy::Next) => self.next_row = true,
            Run::Lazy(Lazy::RowIndexInGroup | Lazy::GroupIndex) => self.group_position = true,
            _ => self.environment |= !function.is_pure(),
        }
    }
}

impl Expr {
    /// The fields of the current row that it reads, each once, in the order of the text. Fields
    /// inside aggregates belong to other rows and are left out, except those that lead back with
    /// `^`: they are given as seen from the current row.
    #[must_use]
    pub fn fields(&self) -> Vec<FieldPath> {
        let mut fields = Vec::new();
        collect_fields(&self.root, 0, &mut fields);
        fields
    }

    /// The parameters that it reads, each once (in any letter case), in the order of the text.
    #[must_use]
    pub fn parameters(&self) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        self.root.walk(&mut |node| {
            if let NodeKind::Parameter(name) = &node.kind
                && !names.iter().any(|known| known.eq_ignore_ascii_case(name))
            {
                names.push(Arc::clone(name));
            }
        });
        names
    }

    /// The aggregates that it holds, those inside other aggregates after them.
    #[must_use]
    pub fn aggregates(&self) -> Vec<&AggregateNode> {
        let mut aggregates = Vec::new();
        self.root.walk(&mut |node| {
            if let NodeKind::Aggregate(aggregate) = &node.kind {
                aggregates.push(&**aggregate);
            }
        });
        aggregates
    }

    /// The summaries that it holds: their kinds and arguments.
    #[must_use]
    pub fn summaries(&self) -> Vec<(SummaryKind, Option<&Node>)> {
        let mut summaries = Vec::new();
        self.root.walk(&mut |node| {
            if let NodeKind::Summary { kind, argument } = &node.kind {
                summaries.push((*kind, argument.as_deref()));
            }
        });
        summaries
    }

    /// What it needs besides the fields of the current row.
    #[must_use]
    pub fn needs(&self) -> Needs {
        Needs::of(&self.root)
    }

    /// Whether it is a field and nothing else, and which.
    #[must_use]
    pub fn as_field(&self) -> Option<&FieldPath> {
        match &self.root.kind {
            NodeKind::Field(path) => Some(path),
            _ => None,
        }
    }
}

/// Collects the fields of the row `inside` aggregates further out.
fn collect_fields(node: &Node, inside: usize, fields: &mut Vec<FieldPath>) {
    match &node.kind {
        NodeKind::Field(path) if path.parents() >= inside => {
            let own = (0..inside).fold(path.clone(), |path, _| path.seen_from_parent());
            if !fields.contains(&own) {
                fields.push(own);
            }
        }
        NodeKind::Aggregate(aggregate) => {
            for part in [&aggregate.condition, &aggregate.argument].into_iter().flatten() {
                collect_fields(part, inside + 1, fields);
            }
        }
        kind => {
            for child in kind.children() {
                collect_fields(child, inside, fields);
            }
        }
    }
}
