//! Expressions, bound to the columns of a level's rows, and what they need besides the row.

use std::sync::Arc;

use pressroom_criteria::{Compiled, SummaryKind};
use pressroom_report::{self as report, SummaryRunning};

use super::{Builder, Place, Zone};
use crate::plan::expression::Expression;
use crate::plan::names::{Binder, RowsOf};
use crate::plan::{Part, Region, SummaryPlan};

impl Builder<'_> {
    /// A field by its name, which may be a path.
    pub(super) fn field(&mut self, name: &str, what: &str) -> Expression {
        let text = format!("[{}]", name.replace(']', "\\]"));
        self.expression(&text, Place::new(Zone::Detail, what))
    }

    /// Binds an expression; a mistake in it is told.
    pub(super) fn expression(&mut self, text: &str, place: Place<'_>) -> Expression {
        let compiled = match self.compile(text, place.name) {
            // Nothing, or only a comment: designers leave such expressions behind. They give null.
            _ if is_blank(text) => None,
            Ok(compiled) => {
                self.register(&compiled, place);
                Some(compiled)
            }
            Err(warning) => {
                self.warnings.push(warning);
                None
            }
        };
        Expression { compiled, depth: self.names.depth, place: place.name.into() }
    }

    pub(super) fn compile(&mut self, text: &str, place: &str) -> Result<Compiled, String> {
        let binder = Binder {
            level: self.level,
            names: self.names,
            numbers: self.numbers,
            tables: self.surroundings.tables,
        };
        pressroom_criteria::parse(text)
            .and_then(|expr| self.compiler.compile(&expr, &binder))
            .map_err(|error| {
                format!("{place}: the expression `{}` has a mistake: {error}", shorten(text))
            })
    }

    /// Takes note of what an expression needs to be computed besides the row.
    pub(super) fn register(&mut self, compiled: &Compiled, place: Place<'_>) {
        self.needs_count |= compiled.needs().row_count;
        self.page_asked |= compiled.needs().page;
        let innermost = self.groups.checked_sub(1);
        for call in compiled.aggregates() {
            if matches!(self.numbers.collections.borrow().get(call.collection), Some(RowsOf::Level))
            {
                self.aggregates.push(Arc::clone(call));
            }
        }
        for call in compiled.summaries() {
            let own_group = match place.zone {
                Zone::GroupHeader(group) | Zone::GroupFooter(group) => Some(group),
                Zone::Detail => innermost,
                _ => None,
            };
            let region = match place.running {
                SummaryRunning::Page => Region::Page,
                SummaryRunning::Report => Region::Level,
                SummaryRunning::Group => own_group.map_or(Region::Level, Region::Group),
                SummaryRunning::None => match place.zone {
                    Zone::GroupHeader(group) | Zone::GroupFooter(group) => Region::Group(group),
                    _ => Region::Level,
                },
            };
            let running = matches!(
                call.kind,
                SummaryKind::RunningSum | SummaryKind::RecordNumber | SummaryKind::CarryoverSum
            );
            let at_end = match place.zone {
                Zone::GroupFooter(group) => region == Region::Group(group),
                Zone::Footer => region == Region::Level,
                _ => false,
            };
            let share = call.kind == SummaryKind::Percentage;
            let part = match place.zone {
                Zone::GroupHeader(group) | Zone::GroupFooter(group) if share => Part::Group(group),
                Zone::Header | Zone::Footer if share => Part::Whole,
                _ => Part::Row,
            };
            let ahead = region != Region::Page && !running && (!at_end || share);
            let summary = SummaryPlan {
                call: Arc::clone(call),
                place: place.name.into(),
                region,
                ignore_nulls: place.ignore_nulls,
                ahead,
                part,
            };
            self.summaries.push((call.slot, summary));
        }
    }
}

/// The binding of a property, unless its expression is empty or a mere comment: that binds nothing.
pub(super) fn bound<'b>(
    bindings: &'b [report::Binding],
    property: &str,
) -> Option<&'b report::Binding> {
    report::binding(bindings, property).filter(|binding| !is_blank(&binding.expression.text))
}

fn is_blank(text: &str) -> bool {
    matches!(pressroom_criteria::parse_optional(text), Ok(None))
}

/// The start of a text, for messages.
fn shorten(text: &str) -> String {
    const MOST: usize = 80;
    let text = text.trim();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
