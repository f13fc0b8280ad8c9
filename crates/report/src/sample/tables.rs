//! The tables of a report, and their rows.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use pressroom_data::{DataType, Field, Row, Schema, Value};
use pressroom_query::SqlSource;

use super::Table;
use super::fields::{Fields, Pin, type_of_name};
use super::values::{group_value, key_value, value};
use crate::{Band, Control, ControlKind, Definition, Level, SubreportSource};

/// Rows of a table that is nobody's detail.
const ROWS: usize = 60;
/// Rows of a table that is a detail: each of the first masters has several.
const DETAIL_ROWS: usize = 150;
/// Levels of data that are looked at.
const MAX_LEVELS: usize = 1_000;
/// Details of one master.
const DETAILS: usize = 3;

/// A table while its use is collected: its source and its name in lower case.
type Name = (String, String);

#[derive(Default)]
struct Plan {
    tables: BTreeMap<Name, Use>,
    levels: usize,
}

#[derive(Default)]
struct Use {
    member: String,
    fields: Vec<Field>,
    is_declared: bool,
    groups: Vec<Arc<str>>,
    pins: Vec<(Arc<str>, Pin)>,
    /// Columns whose values are keys of the table.
    keys: Vec<Arc<str>>,
    /// Columns that hold another table's keys, and those.
    foreign: Vec<Arc<str>>,
}

pub(super) fn build(definition: &Definition, seed: u64) -> HashMap<Name, Table> {
    let mut plan = Plan::default();
    plan.declared(definition);
    plan.definition(definition);
    plan.relations(definition);
    plan.tables.into_iter().map(|(name, table)| (name, rows(&table, seed))).collect()
}

impl Plan {
    /// The tables whose columns the layout remembers.
    fn declared(&mut self, definition: &Definition) {
        for source in definition.sources.iter() {
            for view in source.result_schema() {
                let name = (source.name.to_lowercase(), view.name.to_lowercase());
                let table = self.tables.entry(name).or_default();
                table.member = view.name.to_string();
                table.fields.clone_from(&view.schema.fields);
                table.is_declared = !table.fields.is_empty();
            }
        }
    }

    fn definition(&mut self, definition: &Definition) {
        self.level(definition, &definition.level, None);
    }

    fn level(&mut self, definition: &Definition, level: &Level, outer: Option<&Name>) {
        self.levels += 1;
        if self.levels > MAX_LEVELS {
            return;
        }
        let source = level.source.as_deref().map(str::to_lowercase);
        let source = source.or_else(|| outer.map(|(source, _)| source.clone())).unwrap_or_default();
        let sql = definition
            .sources
            .iter()
            .find(|known| known.name.to_lowercase() == source)
            .and_then(|source| source.as_sql());
        let path = level.member.as_deref().unwrap_or_default();
        let member = member_of(sql, path, outer.filter(|(outer, _)| *outer == source));
        let name = (source, member.to_lowercase());

        let calculated: Vec<_> = definition
            .calculated_fields
            .iter()
            .filter(|field| field.member.as_deref().is_none_or(|of| of.eq_ignore_ascii_case(path)))
            .take(MAX_LEVELS)
            .cloned()
            .collect();
        let mut fields = Fields::new(path, &calculated, sql.is_none());
        fields.level(level, &calculated);
        let table = self.tables.entry(name.clone()).or_default();
        if table.member.is_empty() {
            table.member.clone_from(&member);
        }
        if !table.is_declared {
            for (field, data_type) in fields.used {
                let known = match data_type {
                    DataType::Unknown => type_of_name(&field),
                    known => known,
                };
                let present = table
                    .fields
                    .iter_mut()
                    .find(|present| present.name.eq_ignore_ascii_case(&field));
                match present {
                    Some(present) if data_type != DataType::Unknown => present.data_type = known,
                    Some(_) => {}
                    None => table.fields.push(Field::new(field, known)),
                }
            }
        }
        for group in fields.groups {
            if !table.groups.contains(&group) {
                table.groups.push(group);
            }
        }
        table.pins.extend(fields.pins);

        for band in level.bands() {
            self.band(band);
        }
        for report in &level.details {
            self.level(definition, &report.level, Some(&name));
        }
    }

    fn band(&mut self, band: &Band) {
        self.controls(&band.controls);
        for sub_band in &band.sub_bands {
            self.band(sub_band);
        }
    }

    fn controls(&mut self, controls: &[Control]) {
        for control in controls {
            match &control.kind {
                ControlKind::Panel { controls } => self.controls(controls),
                ControlKind::Table(table) => {
                    for cell in table.rows.iter().flat_map(|row| &row.cells) {
                        self.controls(&cell.controls);
                    }
                }
                ControlKind::Subreport(subreport) => {
                    if let SubreportSource::Embedded(report) = &subreport.report {
                        self.definition(report);
                    }
                }
                _ => {}
            }
        }
    }

    /// Keys of relations fit each other; their columns are added where the layout tells none.
    fn relations(&mut self, definition: &Definition) {
        for source in definition.sources.iter() {
            let Some(sql) = source.as_sql() else { continue };
            for relation in &sql.relations {
                let name = |member: &str| (source.name.to_lowercase(), member.to_lowercase());
                for (master, detail) in &relation.columns {
                    if let Some(table) = self.tables.get_mut(&name(&relation.master)) {
                        table.has(master);
                        table.keys.push(Arc::clone(master));
                    }
                    if let Some(table) = self.tables.get_mut(&name(&relation.detail)) {
                        table.has(detail);
                        table.foreign.push(Arc::clone(detail));
                    }
                }
                self.match_types(
                    &name(&relation.master),
                    &name(&relation.detail),
                    &relation.columns,
                );
            }
        }
    }

    /// A detail's key has the type of its master's.
    fn match_types(&mut self, master: &Name, detail: &Name, columns: &[(Arc<str>, Arc<str>)]) {
        for (key, foreign) in columns {
            let data_type = self.tables.get(master).and_then(|table| table.type_of(key));
            if let (Some(data_type), Some(table)) = (data_type, self.tables.get_mut(detail))
                && let Some(field) =
                    table.fields.iter_mut().find(|field| field.name.eq_ignore_ascii_case(foreign))
            {
                field.data_type = data_type;
            }
        }
    }
}

impl Use {
    fn has(&mut self, column: &Arc<str>) {
        if !self.fields.iter().any(|field| field.name.eq_ignore_ascii_case(column)) {
            self.fields.push(Field::new(Arc::clone(column), DataType::Int));
        }
    }

    fn type_of(&self, column: &str) -> Option<DataType> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(column))
            .map(|field| field.data_type)
    }
}

/// The table that a data member means: the detail of a relation below the outer table, or the table
/// of that name.
fn member_of(sql: Option<&SqlSource>, path: &str, outer: Option<&Name>) -> String {
    let last = path.rsplit('.').next().unwrap_or(path);
    let relation = sql.zip(outer).and_then(|(sql, (_, outer))| {
        sql.relations.iter().find(|relation| {
            relation.master.eq_ignore_ascii_case(outer) && relation.name.eq_ignore_ascii_case(last)
        })
    });
    relation.map_or_else(|| path.to_owned(), |relation| relation.detail.to_string())
}

fn rows(table: &Use, seed: u64) -> Table {
    let is_in = |columns: &[Arc<str>], name: &str| {
        columns.iter().position(|column| column.eq_ignore_ascii_case(name))
    };
    let count = if table.foreign.is_empty() { ROWS } else { DETAIL_ROWS };
    let seed = table.member.bytes().fold(seed, |seed, byte| seed.rotate_left(7) ^ u64::from(byte));
    let rows = (0..count).map(|row| {
        let cells = table.fields.iter().map(|field| -> Value {
            if is_in(&table.foreign, &field.name).is_some() {
                return key_value(field.data_type, row / DETAILS);
            }
            if is_in(&table.keys, &field.name).is_some() {
                return key_value(field.data_type, row);
            }
            if let Some(level) = is_in(&table.groups, &field.name) {
                // three outermost groups, two within each of every level below
                let groups = 3_usize << level.min(4);
                return group_value(&field.name, field.data_type, row * groups / count, seed);
            }
            value(&field.name, field.data_type, row, seed)
        });
        cells.collect::<Row>()
    });
    let rows = rows.collect();
    let schema = Schema::new(table.fields.clone());
    let pins = table
        .pins
        .iter()
        .filter_map(|(name, pin)| Some((schema.index_of(name)?, pin.clone())))
        .collect();
    Table { schema: Arc::new(schema), rows, pins }
}
