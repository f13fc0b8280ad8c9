//! From a level of a definition to a plan, once the columns of its rows are known.

mod band;
pub(crate) mod bar_code;
mod control;
mod expressions;
pub(crate) mod items;
mod level;
mod looks;
mod order;
mod text;

use std::rc::Rc;
use std::sync::Arc;

use pressroom_criteria::Compiler;
use pressroom_fonts::FontLibrary;
use pressroom_page::{Pt, Rect};
use pressroom_report::{self as report, ComputedStyle, Definition, Level, SummaryRunning};

use super::names::{Names, Numbers};
use super::{Ahead, GroupPlan, LevelPlan, Region, SummaryPlan};
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
        in_headings: false,
        needs_count: false,
        page_asked: false,
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
    /// Whether what is built stands above other rows, as headings of columns do.
    in_headings: bool,
    needs_count: bool,
    /// Whether an expression of the band that is built asks for the page.
    page_asked: bool,
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
}
