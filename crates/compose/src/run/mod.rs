//! A report being printed: the current rows, the page that is filled, what has gone wrong.

mod ahead;
mod band;
mod cross_band;
pub(crate) mod flow;
pub(crate) mod frame;
mod level;
mod open;
mod page;
mod place;
mod rows;
pub(crate) mod scope;
mod sort;
mod tables;
mod value;
mod vertical;

use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use pressroom_data::{Culture, Value};
use pressroom_report::Definition;

use crate::plan::LevelPlan;
use crate::rows::tables::Tables;
use crate::text::TextEngine;
use crate::warnings::Warnings;
use crate::{ComposeError, Context};
use flow::Flow;
use frame::Frame;
use scope::Surroundings;

/// What all reports of a document share: the outer one and its sub-reports.
pub(crate) struct Services<'a> {
    pub(crate) context: &'a Context<'a>,
    pub(crate) text: TextEngine<'a>,
    pub(crate) warnings: Warnings,
    pub(crate) rows_left: Rc<Cell<u64>>,
    /// How deep sub-reports are inside each other.
    pub(crate) depth: usize,
    /// The index of the page that is filled, from 0.
    pub(crate) page: usize,
    /// How many rows of tables have been laid out.
    pub(crate) table_rows: u32,
}

impl Services<'_> {
    /// A number for a row of a table that is laid out.
    pub(crate) fn next_table_row(&mut self) -> u32 {
        self.table_rows = self.table_rows.wrapping_add(1);
        self.table_rows
    }

    /// Tells what of a definition is not printed.
    pub(crate) fn tell_unsupported(&mut self, definition: &Definition) {
        for left_out in definition.unsupported() {
            let message = format!("{} is not supported yet", left_out.what);
            self.warnings.add_many(message, left_out.count);
        }
    }
}

/// One report: the outer one, or a sub-report.
pub(crate) struct Run<'r, 'a> {
    pub(crate) services: &'r mut Services<'a>,
    pub(crate) definition: &'r Definition,
    pub(crate) culture: &'static Culture,
    pub(crate) parameters: Rc<[(Arc<str>, Value)]>,
    pub(crate) tables: &'r Tables<'r>,
    /// The levels whose rows are current, from the report's own inwards.
    pub(crate) frames: Vec<Frame>,
    /// Plans of levels, by their path of detail reports.
    plans: HashMap<Vec<usize>, Rc<LevelPlan>>,
    pub(crate) flow: Flow<'r>,
    guard: Cell<u32>,
}

impl<'r, 'a> Run<'r, 'a> {
    pub(crate) fn new(
        services: &'r mut Services<'a>,
        definition: &'r Definition,
        parameters: Rc<[(Arc<str>, Value)]>,
        tables: &'r Tables<'r>,
        flow: Flow<'r>,
    ) -> Self {
        let culture = definition
            .culture
            .as_deref()
            .and_then(Culture::find)
            .unwrap_or(services.context.culture);
        Self {
            services,
            definition,
            culture,
            parameters,
            tables,
            frames: Vec::new(),
            plans: HashMap::new(),
            flow,
            guard: Cell::new(0),
        }
    }

    pub(crate) fn warn(&mut self, message: impl Into<String>) {
        self.services.warnings.add(message.into());
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings {
            now: self.services.context.now,
            culture: self.culture,
            reader: self.services.context.reader.as_ref(),
            tables: self.tables,
            page: self.services.page,
            depth: &self.guard,
        }
    }

    fn check_cancelled(&self) -> Result<(), ComposeError> {
        if self.services.context.progress.is_cancelled() {
            Err(ComposeError::Cancelled)
        } else {
            Ok(())
        }
    }
}
