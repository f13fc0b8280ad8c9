//! A customer's database that answers from a script.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use pressroom_data::{Row, Schema, SourceError, Value};
use pressroom_domain::{DataModel, DataModelId};
use pressroom_ports::{
    ColumnInfo, DataSources, DescribeError, Input, ProcedureInfo, QueryLimits, RowBatches,
    Statement, TableInfo,
};
use pressroom_query::{Dialect, Sqlite};

/// What a statement answers, given its values.
pub type Script = Arc<dyn Fn(&[Value]) -> Vec<Row> + Send + Sync>;

type Answer = (Arc<Schema>, Script);
/// A stored procedure and the columns that it gives.
type Procedure = (ProcedureInfo, Vec<ColumnInfo>);

/// Databases that answer from a script: the text of a statement gives the rows.
#[derive(Clone, Default)]
pub struct FakeSources {
    scripts: Arc<Mutex<BTreeMap<String, Answer>>>,
    tables: Arc<Mutex<Vec<TableInfo>>>,
    procedures: Arc<Mutex<Vec<Procedure>>>,
    away: Arc<Mutex<Vec<String>>>,
    combined: Arc<Mutex<Vec<Input>>>,
    open: Arc<AtomicUsize>,
}

impl FakeSources {
    /// The tables that were combined last.
    #[must_use]
    pub fn combined(&self) -> Vec<Input> {
        self.combined.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers a statement with what a script gives.
    pub fn answer(&self, sql: &str, schema: Schema, script: Script) {
        let mut scripts = self.scripts.lock().unwrap_or_else(PoisonError::into_inner);
        scripts.insert(sql.to_owned(), (Arc::new(schema), script));
    }

    /// Answers a statement with these rows.
    pub fn answer_rows(&self, sql: &str, schema: Schema, rows: Vec<Row>) {
        self.answer(sql, schema, Arc::new(move |_| rows.clone()));
    }

    /// What the database says it holds.
    pub fn set_tables(&self, tables: Vec<TableInfo>) {
        *self.tables.lock().unwrap_or_else(PoisonError::into_inner) = tables;
    }

    /// Adds a stored procedure and the columns that it gives.
    pub fn add_procedure(&self, procedure: ProcedureInfo, columns: Vec<ColumnInfo>) {
        let mut procedures = self.procedures.lock().unwrap_or_else(PoisonError::into_inner);
        procedures.push((procedure, columns));
    }

    /// Makes the database of a model's name unreachable.
    pub fn take_away(&self, model: &str) {
        self.away.lock().unwrap_or_else(PoisonError::into_inner).push(model.to_owned());
    }

    /// How many queries are open now.
    #[must_use]
    pub fn open_queries(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    fn reach(&self, model: &DataModel) -> Result<(), SourceError> {
        let away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        if away.iter().any(|name| name == model.name.as_str()) {
            let source_name = model.name.to_string();
            return Err(SourceError::Away { source_name, message: "the test said so".into() });
        }
        Ok(())
    }
}

impl FakeSources {
    fn run(
        &self,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        let scripts = self.scripts.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((schema, script)) = scripts.get(&*statement.sql) else {
            let member = statement.name.to_string();
            return Err(SourceError::Query { member, message: "no script answers it".into() });
        };
        let places = (1..).take_while(|place| statement.sql.contains(&Sqlite.placeholder(*place)));
        if let Some(place) = places.skip(statement.binds.len()).min() {
            let member = statement.name.to_string();
            return Err(SourceError::Query { member, message: format!("?{place} has no value") });
        }
        let rows = script(&statement.binds);
        self.open.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(FakeBatches {
            schema: schema.clone(),
            rows: rows.into_iter(),
            left: limits.rows,
            open: self.open.clone(),
        }))
    }
}

/// What a statement reads that its data model hides, as far as words tell.
fn reads_hidden<'a>(model: &'a DataModel, sql: &str) -> Option<&'a str> {
    let of_names = |c: char| !c.is_alphanumeric() && c != '_';
    let holds = |name: &str| sql.split(of_names).any(|word| word.eq_ignore_ascii_case(name));
    let column =
        |(table, column): (&'a str, &str)| (holds(table) && holds(column)).then_some(table);
    let mut tables = model.hidden.tables().filter(|table| holds(table));
    tables.next().or_else(|| model.hidden.columns().find_map(column))
}

/// The table with a row filter that a statement reads, as far as words tell. The fake cannot put
/// filters into statements.
fn reads_filtered<'a>(model: &'a DataModel, sql: &str) -> Option<&'a str> {
    let words: Vec<&str> = sql.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let mut filtered = model.row_filters.iter().map(|(table, _)| table);
    filtered.find(|table| words.iter().any(|word| word.eq_ignore_ascii_case(table)))
}

struct FakeBatches {
    schema: Arc<Schema>,
    rows: std::vec::IntoIter<Row>,
    left: u64,
    open: Arc<AtomicUsize>,
}

impl Drop for FakeBatches {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl RowBatches for FakeBatches {
    fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    async fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        tokio::task::yield_now().await;
        let batch: Vec<Row> = self.rows.by_ref().take(1_000).collect();
        match self.left.checked_sub(batch.len() as u64) {
            None => Err(SourceError::Limit("the query gives more rows than are allowed".into())),
            Some(left) => {
                self.left = left;
                Ok((!batch.is_empty()).then_some(batch))
            }
        }
    }
}

#[async_trait]
impl DataSources for FakeSources {
    fn dialect(&self, _model: &DataModel) -> &'static dyn Dialect {
        &Sqlite
    }

    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        self.reach(model)?;
        if let Some(table) = reads_hidden(model, &statement.sql) {
            let message = format!("it reads \"{table}\", which the data model does not show");
            return Err(SourceError::Query { member: statement.name.to_string(), message });
        }
        if let Some(table) = reads_filtered(model, &statement.sql) {
            let message = format!("it reads \"{table}\", whose rows the fake cannot filter");
            return Err(SourceError::Query { member: statement.name.to_string(), message });
        }
        self.run(statement, limits)
    }

    async fn describe(
        &self,
        model: &DataModel,
        statement: &Statement,
    ) -> Result<Vec<ColumnInfo>, DescribeError> {
        let sql = &*statement.sql;
        self.reach(model).map_err(|error| DescribeError::Away(error.to_string()))?;
        if sql.trim_end().trim_end_matches(';').contains(';') {
            return Err(DescribeError::Several);
        }
        if !sql.trim_start().to_lowercase().starts_with("select") {
            return Err(DescribeError::NotReading);
        }
        if let Some(table) = reads_hidden(model, sql) {
            let message = format!("it reads \"{table}\", which the data model does not show");
            return Err(DescribeError::Forbidden(message));
        }
        let scripts = self.scripts.lock().unwrap_or_else(PoisonError::into_inner);
        let unknown = || DescribeError::Wrong("no script answers it".to_owned());
        let (schema, _) = scripts.get(sql).ok_or_else(unknown)?;
        let column = |field: &pressroom_data::Field| ColumnInfo {
            name: field.name.to_string(),
            data_type: field.data_type,
        };
        Ok(schema.fields.iter().map(column).collect())
    }

    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError> {
        self.reach(model)?;
        Ok(self.tables.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    async fn test(&self, model: &DataModel) -> Result<(), SourceError> {
        self.reach(model)
    }

    async fn procedures(&self, model: &DataModel) -> Result<Vec<ProcedureInfo>, SourceError> {
        self.reach(model)?;
        let procedures = self.procedures.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(procedures.iter().map(|(procedure, _)| procedure.clone()).collect())
    }

    async fn procedure_columns(
        &self,
        model: &DataModel,
        name: &str,
    ) -> Result<Vec<ColumnInfo>, SourceError> {
        self.reach(model)?;
        let procedures = self.procedures.lock().unwrap_or_else(PoisonError::into_inner);
        let found = procedures.iter().find(|(procedure, _)| procedure.name == name);
        Ok(found.map(|(_, columns)| columns.clone()).unwrap_or_default())
    }

    async fn combine(
        &self,
        inputs: Vec<Input>,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        *self.combined.lock().unwrap_or_else(PoisonError::into_inner) = inputs;
        self.run(statement, limits)
    }

    fn forget(&self, _model: DataModelId) {}
}
