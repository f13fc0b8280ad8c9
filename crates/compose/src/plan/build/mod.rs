//! From a level of a definition to a plan, once the columns of its rows are known.

mod band;
pub(crate) mod bar_code;
mod control;
pub(crate) mod items;
mod order;
mod text;

use std::rc::Rc;
use std::sync::Arc;

use pressroom_criteria::{Compiled, Compiler, SummaryKind};
use pressroom_fonts::FontLibrary;
use pressroom_page::{Pt, Rect, Size};
use pressroom_report::{
    self as report, BandKind, ColumnLayout, ColumnMode, ComputedStyle, Definition, GroupUnion,
    Level, Look, Parity, SummaryRunning, resolve,
};

use super::expression::Expression;
use super::look::{ChangingLook, LookPlan, Looks, color};
use super::names::{Binder, Names, Numbers};
use super::{
    Ahead, CalculatedPlan, DetailPlan, Furniture, GroupPlan, HierarchyPlan, LevelPlan, Part,
    Region, SortPlan, SortedBy, SummaryPlan, Visibility,
};
use crate::pager::{ColumnFlow, Columns, Geometry};
use crate::rows::tables::Tables;

/// What a level stands in.
pub(crate) struct Surroundings<'b> {
    pub(crate) definition: &'b Definition,
    pub(crate) fonts: &'b FontLibrary,
    pub(crate) tables: &'b Tables<'b>,
    /// What the level inherits.
    pub(crate) container: ComputedStyle,
    /// The width that bands have.
    pub(crate) width: Pt,
}

/// Prepares a level. Mistakes in expressions are told, and the expressions give null.
pub(crate) fn level(
    surroundings: &Surroundings<'_>,
    level: &Level,
    mut names: Names,
) -> (LevelPlan, Vec<String>) {
    let definition = surroundings.definition;
    let fields: Vec<&report::CalculatedField> = definition
        .calculated_fields
        .iter()
        .filter(|field| belongs(field, &names, definition))
        .collect();
    names.calculated =
        fields.iter().map(|field| (Arc::clone(&field.name), field.data_type)).collect();
    let numbers = Numbers::default();
    let mut builder = Builder {
        surroundings,
        level,
        names: &names,
        numbers: &numbers,
        compiler: Compiler::default(),
        warnings: Vec::new(),
        summaries: Vec::new(),
        aggregates: Vec::new(),
        memory: 0,
        needs_count: false,
        groups: level.groups.len(),
        unit: definition.unit.points(),
    };
    let plan = builder.level(level, &fields);
    // Items may ask for further items.
    let mut items = Vec::new();
    loop {
        let Some(asked) = numbers.items.borrow().get(items.len()).cloned() else { break };
        items.push(builder.item(&asked.name, &asked.property));
    }
    let Builder { warnings, summaries, aggregates, memory, needs_count, .. } = builder;
    let mut summaries: Vec<(usize, SummaryPlan)> = summaries;
    summaries.sort_by_key(|(slot, _)| *slot);
    let ahead = how_far(&summaries, !aggregates.is_empty() || needs_count, &plan.groups);
    let Numbers { slots, collections, .. } = numbers;
    let plan = LevelPlan {
        summaries: summaries.into_iter().map(|(_, summary)| summary).collect(),
        aggregates,
        memory,
        ahead,
        slots: slots.into_inner(),
        items,
        collections: collections.into_inner(),
        names: Rc::new(names),
        ..plan
    };
    (plan, warnings)
}

/// Whether a calculated field is one of the rows of a level.
fn belongs(field: &report::CalculatedField, names: &Names, definition: &Definition) -> bool {
    let own = field.member.as_ref().or(definition.level.member.as_ref());
    match own {
        None => true,
        Some(member) => {
            // The field may name its rows by the path of relations that leads to them.
            let last = |name: &str| name.rsplit('.').next().unwrap_or(name).to_lowercase();
            member.is_empty()
                || names.member.is_empty()
                || last(member) == last(&names.member)
                || last(member).ends_with(&last(&names.member))
        }
    }
}

fn how_far(summaries: &[(usize, SummaryPlan)], whole: bool, groups: &[GroupPlan]) -> Ahead {
    if whole || groups.iter().any(|group| group.sorting.is_some()) {
        return Ahead::Level;
    }
    let mut ahead = Ahead::Nothing;
    for (_, summary) in summaries.iter().filter(|(_, summary)| summary.ahead) {
        match (summary.region, ahead) {
            (Region::Level, _) => return Ahead::Level,
            (Region::Group(group), Ahead::Nothing) => ahead = Ahead::Group(group),
            (Region::Group(group), Ahead::Group(other)) => ahead = Ahead::Group(group.min(other)),
            _ => {}
        }
    }
    ahead
}

/// Where in a level an element stands: decides the region of its summaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Zone {
    Header,
    GroupHeader(usize),
    Detail,
    GroupFooter(usize),
    Footer,
    /// Page furniture.
    Page,
}

pub(crate) struct Builder<'b> {
    surroundings: &'b Surroundings<'b>,
    level: &'b Level,
    names: &'b Names,
    numbers: &'b Numbers,
    compiler: Compiler,
    warnings: Vec<String>,
    summaries: Vec<(usize, SummaryPlan)>,
    aggregates: Vec<Arc<pressroom_criteria::AggregateCall>>,
    memory: usize,
    needs_count: bool,
    groups: usize,
    unit: f32,
}

/// The summary settings of the element whose expressions are bound.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'p> {
    zone: Zone,
    running: SummaryRunning,
    ignore_nulls: bool,
    name: &'p str,
}

impl<'p> Place<'p> {
    fn new(zone: Zone, name: &'p str) -> Self {
        Self { zone, running: SummaryRunning::None, ignore_nulls: false, name }
    }
}

impl Builder<'_> {
    fn length(&self, length: f32) -> Pt {
        Pt(length * self.unit)
    }

    fn rect(&self, rect: report::Rect) -> Rect {
        Rect::new(
            self.length(rect.x),
            self.length(rect.y),
            self.length(rect.width),
            self.length(rect.height),
        )
    }

    fn level(&mut self, level: &Level, fields: &[&report::CalculatedField]) -> LevelPlan {
        let container = self.surroundings.container.clone();
        let calculated = fields
            .iter()
            .map(|field| {
                let name = format!("calculated field \"{}\"", field.name);
                let place = Place::new(Zone::Detail, &name);
                CalculatedPlan {
                    value: self.expression(&field.expression.text, place),
                    data_type: field.data_type,
                }
            })
            .collect();
        let filter = level
            .filter
            .as_ref()
            .filter(|filter| !filter.text.trim().is_empty())
            .map(|filter| self.expression(&filter.text, Place::new(Zone::Detail, "filter")));
        let sort = level
            .sort_fields()
            .filter(|field| !field.field.trim().is_empty())
            .map(|field| SortPlan {
                key: self.field(&field.field, "sort field"),
                direction: field.order,
            })
            .collect();
        let band = |builder: &mut Self, band: &Option<report::Band>, zone: Zone| {
            band.as_ref().map(|band| builder.band(band, &container, zone))
        };
        let mut groups = Vec::with_capacity(level.groups.len());
        for (index, group) in level.groups.iter().enumerate() {
            groups.push(self.group(index, group, &container));
        }
        let (columns, hierarchy, keep_with_details) =
            match level.detail.as_ref().map(|band| &band.kind) {
                Some(BandKind::Detail(detail)) => (
                    detail.multi_column.as_ref().and_then(|columns| self.columns(columns)),
                    detail.hierarchy.as_ref().and_then(|hierarchy| self.hierarchy(hierarchy)),
                    detail.keep_together_with_detail_reports,
                ),
                _ => (None, None, false),
            };
        let details = level
            .details
            .iter()
            .enumerate()
            .map(|(index, detail)| {
                let place = format!("detail report \"{}\"", detail.name);
                DetailPlan {
                    index,
                    visibility: self.visibility(
                        detail.visible,
                        &detail.bindings,
                        Place::new(Zone::Detail, &place),
                    ),
                    page_break: detail.page_break,
                    keep_together: detail.keep_together,
                }
            })
            .collect();
        let footer_at_bottom = matches!(
            level.report_footer.as_ref().map(|band| &band.kind),
            Some(BandKind::ReportFooter { print_at_bottom: true })
        );
        if level.vertical.is_some() {
            self.warnings
                .push("vertical bands are not printed; put the records into a detail band".into());
        }
        LevelPlan {
            names: Rc::default(),
            slots: Vec::new(),
            items: Vec::new(),
            collections: Vec::new(),
            print: level.print,
            filter,
            calculated,
            sort,
            report_header: band(self, &level.report_header, Zone::Header),
            groups,
            detail: band(self, &level.detail, Zone::Detail),
            columns,
            hierarchy,
            keep_with_details,
            details,
            report_footer: band(self, &level.report_footer, Zone::Footer),
            footer_at_bottom,
            furniture: (self.names.depth == 0).then(|| self.furniture(level, &container)),
            summaries: Vec::new(),
            aggregates: Vec::new(),
            ahead: Ahead::Nothing,
            memory: 0,
        }
    }

    fn group(
        &mut self,
        index: usize,
        group: &report::GroupLevel,
        container: &ComputedStyle,
    ) -> GroupPlan {
        let keys = group
            .fields
            .iter()
            .filter(|field| !field.field.trim().is_empty())
            .map(|field| self.field(&field.field, "group field"))
            .collect();
        let (mut header_union, mut repeat_header) = (GroupUnion::None, false);
        let header = group.header.as_ref().map(|header| {
            if let BandKind::GroupHeader { union, repeat_every_page } = header.kind {
                (header_union, repeat_header) = (union, repeat_every_page);
            }
            self.band(header, container, Zone::GroupHeader(index))
        });
        let (mut footer_union, mut footer_at_bottom) = (GroupUnion::None, false);
        let footer = group.footer.as_ref().map(|footer| {
            if let BandKind::GroupFooter { union, print_at_bottom, .. } = footer.kind {
                (footer_union, footer_at_bottom) = (union, print_at_bottom);
            }
            self.band(footer, container, Zone::GroupFooter(index))
        });
        let sorting = group.sorting_summary.as_ref().and_then(|sorting| {
            let text = format!("sum{}([{}])", sorting.function.name(), sorting.field);
            let compiled = self.compile(&text, "sorting summary").ok()?;
            Some(SortedBy {
                call: Arc::clone(compiled.summaries().first()?),
                ignore_nulls: sorting.ignore_nulls,
                direction: sorting.direction,
            })
        });
        GroupPlan {
            keys,
            header,
            header_union,
            repeat_header,
            footer,
            footer_union,
            footer_at_bottom,
            sorting,
        }
    }

    fn furniture(&mut self, level: &Level, container: &ComputedStyle) -> Furniture {
        let definition = self.surroundings.definition;
        let page = &definition.page;
        let geometry = Geometry {
            size: Size::new(self.length(page.width), self.length(page.height)),
            left: self.length(page.margins.left),
            right: self.length(page.margins.right),
            top: self.length(page.margins.top),
            bottom: self.length(page.margins.bottom),
            roll: page.roll_paper,
        };
        let mut band = |band: &Option<report::Band>| {
            band.as_ref().map(|band| self.band(band, container, Zone::Page))
        };
        let top_margin = band(&level.top_margin);
        let bottom_margin = band(&level.bottom_margin);
        let page_header = band(&level.page_header);
        let page_footer = band(&level.page_footer);
        let print_on = |band: &Option<report::Band>| match band.as_ref().map(|band| &band.kind) {
            Some(BandKind::PageHeader { print_on } | BandKind::PageFooter { print_on }) => {
                *print_on
            }
            _ => report::PrintOn::AllPages,
        };
        Furniture {
            geometry,
            background: page.color.filter(|c| !c.is_transparent()).map(color),
            top_margin,
            page_header: page_header.map(|plan| (plan, print_on(&level.page_header))),
            page_footer: page_footer.map(|plan| (plan, print_on(&level.page_footer))),
            bottom_margin,
        }
    }

    fn columns(&self, columns: &report::MultiColumn) -> Option<Columns> {
        let width = self.surroundings.width;
        let spacing = self.length(columns.spacing).max(Pt::ZERO);
        let (count, column) = match columns.columns {
            ColumnMode::Count(count) => {
                let count = count.clamp(1, 200) as usize;
                (count, (width - spacing * (count - 1) as f32) / count as f32)
            }
            ColumnMode::Width(column) => {
                let column = self.length(column);
                if column.0 <= 0.0 {
                    return None;
                }
                // A hundredth of a point more than fits is let pass, since widths are rounded.
                let count = ((width.0 + spacing.0 + 0.01) / (column.0 + spacing.0)).floor();
                (count.clamp(1.0, 200.0) as usize, column)
            }
        };
        let flow = match columns.layout {
            ColumnLayout::DownThenAcross => ColumnFlow::DownThenAcross,
            ColumnLayout::AcrossThenDown => ColumnFlow::AcrossThenDown,
        };
        (count > 1 && column.0 > 0.0).then_some(Columns { count, width: column, spacing, flow })
    }

    fn hierarchy(&mut self, hierarchy: &report::Hierarchy) -> Option<HierarchyPlan> {
        let (Some(key), Some(parent)) = (&hierarchy.key_field, &hierarchy.parent_field) else {
            return None;
        };
        Some(HierarchyPlan {
            key: self.field(key, "hierarchy key"),
            parent: self.field(parent, "hierarchy parent"),
            indent: self.length(hierarchy.indent),
        })
    }

    /// The looks of an element inside a container.
    fn looks(
        &mut self,
        look: &Look,
        bindings: &[report::Binding],
        container: &ComputedStyle,
        place: Place<'_>,
    ) -> Looks {
        let definition = self.surroundings.definition;
        let fonts = self.surroundings.fonts;
        let plan = |parity| {
            let style = resolve(definition, container, look, parity, |_| false);
            Arc::new(LookPlan::new(style, fonts, definition.right_to_left))
        };
        let base = plan(Parity::None);
        let even = look.styles.even.is_some().then(|| plan(Parity::Even));
        let odd = look.styles.odd.is_some().then(|| plan(Parity::Odd));
        let rules: Vec<_> = look
            .formatting_rules
            .iter()
            .filter_map(|&at| Some((at, definition.formatting_rules.get(at)?)))
            .map(|(at, rule)| (at, self.expression(&rule.condition.text, place)))
            .collect();
        let style_name = bound(bindings, "StyleName");
        let mut scratch = ComputedStyle::default();
        let bindings: Vec<_> = bindings
            .iter()
            .filter(|binding| scratch.set(&binding.property, &pressroom_data::Value::Null))
            .map(|binding| {
                (binding.property.clone(), self.expression(&binding.expression.text, place))
            })
            .collect::<Vec<_>>();
        let style_name = style_name.map(|binding| self.expression(&binding.expression.text, place));
        let changing =
            (!rules.is_empty() || !bindings.is_empty() || style_name.is_some()).then(|| {
                Box::new(ChangingLook {
                    look: look.clone(),
                    container: container.clone(),
                    rules,
                    bindings,
                    style_name,
                })
            });
        Looks { base, even, odd, changing }
    }

    fn visibility(
        &mut self,
        fixed: bool,
        bindings: &[report::Binding],
        place: Place<'_>,
    ) -> Visibility {
        let bound = bound(bindings, "Visible")
            .map(|binding| self.expression(&binding.expression.text, place));
        Visibility { fixed, bound }
    }

    /// A field by its name, which may be a path.
    fn field(&mut self, name: &str, what: &str) -> Expression {
        let text = format!("[{}]", name.replace(']', "\\]"));
        self.expression(&text, Place::new(Zone::Detail, what))
    }

    /// Binds an expression; a mistake in it is told.
    fn expression(&mut self, text: &str, place: Place<'_>) -> Expression {
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

    fn compile(&mut self, text: &str, place: &str) -> Result<Compiled, String> {
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
    fn register(&mut self, compiled: &Compiled, place: Place<'_>) {
        self.needs_count |= compiled.needs().row_count;
        let innermost = self.groups.checked_sub(1);
        for call in compiled.aggregates() {
            if matches!(
                self.numbers.collections.borrow().get(call.collection),
                Some(super::names::RowsOf::Level)
            ) {
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
