//! Opening the rows of a level: where they come from, and the plan that fits their columns.

use std::rc::Rc;
use std::sync::Arc;

use pressroom_data::{Order, RowRequest, RowStream, Rows, Schema};
use pressroom_report::{ComputedStyle, Level, Parity, resolve};

use super::Run;
use super::frame::Frame;
use super::rows::{LevelRows, RowsFrom};
use super::scope::related_rows;
use crate::ComposeError;
use crate::plan::LevelPlan;
use crate::plan::build::{self, Surroundings};
use crate::plan::names::Names;

/// Where the rows of a level come from.
struct Opened {
    rows: RowsFrom,
    schema: Arc<Schema>,
    source: Arc<str>,
    member: Arc<str>,
    ordered: bool,
}

impl<'r> Run<'r, '_> {
    /// Opens the rows of a level and makes it the innermost one.
    pub(crate) fn open_level(
        &mut self,
        path: &[usize],
        level: &'r Level,
    ) -> Result<LevelRows, ComposeError> {
        let opened = self.open_rows(level)?;
        let plan = self.plan_level(path, level, &opened);
        self.frames.push(Frame::new(Rc::clone(&plan)));
        let mut rows = LevelRows::new(opened.rows, &plan);
        let sorts = plan.sort.iter().any(|key| key.direction.is_some());
        if sorts && !opened.ordered {
            self.sort(&plan, &mut rows)?;
        }
        if plan.hierarchy.is_some() {
            self.plant_tree(&plan, &mut rows)?;
        }
        if plan.groups.iter().any(|group| group.sorting.is_some()) {
            self.sort_groups(&plan, &mut rows)?;
        }
        Ok(rows)
    }

    fn open_rows(&mut self, level: &Level) -> Result<Opened, ComposeError> {
        let member: Arc<str> = level.member.clone().unwrap_or_default();
        let outer =
            self.frames.last().map(|frame| (Rc::clone(&frame.plan), Arc::clone(&frame.row)));
        let source = level
            .source
            .clone()
            .or_else(|| outer.as_ref().map(|(plan, _)| Arc::clone(&plan.names.source)))
            .unwrap_or_default();
        if let Some((plan, row)) = &outer {
            let last = member.rsplit('.').next().unwrap_or(&member);
            let same_source = level.source.is_none() || source == plan.names.source;
            let relation = plan
                .names
                .relations
                .iter()
                .find(|r| same_source && r.name.eq_ignore_ascii_case(last));
            if let Some(relation) = relation {
                let rows = related_rows(self.tables, &plan.names, relation, row)?;
                let schema =
                    Arc::clone(&self.tables.get(&plan.names.source, &relation.detail)?.schema);
                return Ok(Opened {
                    rows: RowsFrom::memory(rows),
                    schema,
                    source,
                    member: Arc::clone(&relation.detail),
                    ordered: false,
                });
            }
        }
        if member.is_empty() && (level.source.is_none() || outer.is_some()) {
            let rows: Box<dyn RowStream> = Box::new(Rows::new(Arc::default(), Vec::new()));
            return Ok(Opened {
                schema: Arc::clone(rows.schema()),
                rows: RowsFrom::stream(rows),
                source,
                member,
                ordered: true,
            });
        }
        let stream = self.open_stream(level, &source, &member)?;
        Ok(Opened {
            schema: Arc::clone(stream.schema()),
            ordered: stream.is_ordered(),
            rows: RowsFrom::stream(stream),
            source,
            member,
        })
    }

    fn open_stream(
        &mut self,
        level: &Level,
        source: &Arc<str>,
        member: &Arc<str>,
    ) -> Result<Box<dyn RowStream>, ComposeError> {
        let order: Option<Vec<Order>> = level
            .sort_fields()
            .filter(|field| field.order.is_some())
            .map(|field| {
                let calculated = self
                    .definition
                    .calculated_fields
                    .iter()
                    .any(|known| known.name.eq_ignore_ascii_case(&field.field));
                let direction = field.order.unwrap_or_default();
                (!calculated && !field.field.contains('.'))
                    .then(|| Order { field: Arc::clone(&field.field), direction })
            })
            .collect();
        let request = RowRequest {
            source: Arc::clone(source),
            member: Arc::clone(member),
            parameters: self.parameters.to_vec(),
            order: order.unwrap_or_default(),
        };
        Ok(self.services.context.provider.open(&request)?)
    }

    /// The plan of a level: made when its columns are known first, and kept.
    fn plan_level(&mut self, path: &[usize], level: &Level, opened: &Opened) -> Rc<LevelPlan> {
        if let Some(plan) = self.plans.get(path)
            && plan.names.schema == opened.schema
        {
            return Rc::clone(plan);
        }
        let definition = self.definition;
        let sql = definition.source(&opened.source).and_then(|source| source.as_sql());
        let names = Names {
            depth: self.frames.len(),
            source: Arc::clone(&opened.source),
            member: Arc::clone(&opened.member),
            schema: Arc::clone(&opened.schema),
            calculated: Vec::new(),
            relations: sql
                .map(|sql| {
                    let own = |r: &&pressroom_query::Relation| {
                        r.master.eq_ignore_ascii_case(&opened.member)
                    };
                    sql.relations.iter().filter(own).cloned().collect()
                })
                .unwrap_or_default(),
            queries: sql
                .map(|sql| sql.queries.iter().map(|query| Arc::clone(&query.name)).collect())
                .unwrap_or_default(),
            parameters: Rc::clone(&self.parameters),
            outer: self.frames.last().map(|frame| Rc::clone(&frame.plan.names)),
        };
        let container = self.container(path);
        let width = match &self.flow {
            super::flow::Flow::Strip(_) => self.flow.width(),
            super::flow::Flow::Pages(_) => {
                pressroom_page::Pt(definition.page.printable_width() * definition.unit.points())
            }
        };
        let surroundings = Surroundings {
            definition,
            fonts: self.services.text.fonts(),
            tables: self.tables,
            container,
            width,
        };
        let (plan, warnings) = build::level(&surroundings, level, names);
        for warning in warnings {
            self.warn(warning);
        }
        let plan = Rc::new(plan);
        self.plans.insert(path.to_vec(), Rc::clone(&plan));
        plan
    }

    /// What a level inherits: the report's own look, and those of the detail reports around it.
    fn container(&self, path: &[usize]) -> ComputedStyle {
        let definition = self.definition;
        let decide =
            |style: &ComputedStyle, look| resolve(definition, style, look, Parity::None, |_| false);
        let mut style = decide(&ComputedStyle::default(), &definition.look);
        let mut level = &definition.level;
        for index in path {
            let Some(detail) = level.details.get(*index) else { break };
            style = decide(&style, &detail.look);
            level = &detail.level;
        }
        ComputedStyle { back_color: pressroom_report::Color::TRANSPARENT, ..style }
    }
}
