//! Rows for a layout from customers' databases: a synchronous face of the data sources' port.

mod embedded;
mod federation;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::NaiveDateTime;
use pressroom_data::{
    Culture, Reader, Row, RowProvider, RowRequest, RowStream, Schema, SourceError,
};
use pressroom_domain::DataModel;
use pressroom_ports::{
    DataModelRepository, DataSources, QueryLimits, RowBatches, Statement, StoreError,
};
use pressroom_query::{
    ConnectionRef, Environment, ObjectSource, Query, QueryKind, SelectQuery, Source, SourceKind,
    Table, resolve,
};
use pressroom_report::Definition;
use tokio::runtime::Handle;

use super::control::Control;
use super::subreports::LoadedLayouts;
use crate::outages::patiently;

/// Finds data models by the connection names of layouts.
#[async_trait]
pub trait Models: Send + Sync {
    /// The model of a name in any letter case.
    ///
    /// # Errors
    /// The store's.
    async fn find(&self, name: &str) -> Result<Option<DataModel>, StoreError>;
}

#[async_trait]
impl Models for Arc<dyn DataModelRepository> {
    async fn find(&self, name: &str) -> Result<Option<DataModel>, StoreError> {
        self.find_by_name(name).await
    }
}

/// Models that are given, as a command line does.
#[async_trait]
impl Models for Vec<DataModel> {
    async fn find(&self, name: &str) -> Result<Option<DataModel>, StoreError> {
        let key = name.trim().to_lowercase();
        Ok(self.iter().find(|model| model.name.key() == key).cloned())
    }
}

/// Rows of a definition's sources from customers' databases.
///
/// To be used on a thread that may block, and that is no thread of the runtime. The name of a connection
/// leads to a data model. A connection string that a layout carries is used only where the site lets it;
/// a document that it carries or names is read like that of a data model.
///
/// Rows that the definition does not know are looked for in the layouts that were loaded for its
/// sub-reports. A request names no layout: where two have a query of one name in a source of one name,
/// the definition's own counts.
pub struct DatabaseRows {
    definition: Arc<Definition>,
    models: Box<dyn Models>,
    sources: Arc<dyn DataSources>,
    runtime: Handle,
    now: NaiveDateTime,
    culture: &'static Culture,
    reader: Option<Reader>,
    query_time: Duration,
    row_limit: u64,
    allow_embedded: bool,
    control: Arc<Control>,
    subreports: LoadedLayouts,
    in_memory: federation::Bounds,
    found: Mutex<HashMap<String, Arc<DataModel>>>,
}

impl DatabaseRows {
    /// Rows for `definition`. `query_time` is the longest wait for rows where a model sets none,
    /// `row_limit` the most rows of one query.
    #[must_use]
    pub fn new(
        definition: Arc<Definition>,
        models: Box<dyn Models>,
        sources: Arc<dyn DataSources>,
        runtime: Handle,
        now: NaiveDateTime,
    ) -> Self {
        Self {
            definition,
            models,
            sources,
            runtime,
            now,
            culture: Culture::default(),
            reader: None,
            query_time: Duration::from_secs(5 * 60),
            row_limit: u64::MAX,
            allow_embedded: false,
            control: Arc::default(),
            subreports: LoadedLayouts::default(),
            in_memory: federation::Bounds::default(),
            found: Mutex::default(),
        }
    }

    /// Writes numbers and dates in query expressions as a culture does.
    #[must_use]
    pub fn with_culture(self, culture: &'static Culture) -> Self {
        Self { culture, ..self }
    }

    /// Shows what the row filters of the data models show to a reader. Without one, tables whose filter
    /// asks who reads show nothing.
    #[must_use]
    pub fn with_reader(self, reader: Reader) -> Self {
        Self { reader: Some(reader), ..self }
    }

    /// Bounds each query: the longest wait for rows where its data model sets none, and the most rows.
    #[must_use]
    pub fn with_limits(self, query_time: Duration, row_limit: u64) -> Self {
        Self { query_time, row_limit, ..self }
    }

    /// Uses the connection strings that layouts carry, where no data model has their name.
    #[must_use]
    pub fn with_embedded_connections(self, allow_embedded: bool) -> Self {
        Self { allow_embedded, ..self }
    }

    /// Ends queries when the work is ended.
    #[must_use]
    pub(crate) fn with_control(self, control: Arc<Control>) -> Self {
        Self { control, ..self }
    }

    /// Knows the rows of layouts too that are loaded for sub-reports.
    #[must_use]
    pub(crate) fn with_subreports(self, subreports: LoadedLayouts) -> Self {
        Self { subreports, ..self }
    }

    fn found(&self) -> MutexGuard<'_, HashMap<String, Arc<DataModel>>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The model that one of the names leads to.
    fn model(&self, names: &[&str]) -> Result<Arc<DataModel>, SourceError> {
        let mut names = names.iter().copied().filter(|name| !name.is_empty()).peekable();
        let wanted = names.peek().copied().unwrap_or_default();
        for name in names {
            if let Some(model) = self.found().get(name) {
                return Ok(Arc::clone(model));
            }
            // A document of which pages are laid out already is not lost because the store is away.
            let find = patiently(|| self.models.find(name));
            let model = self.wait(find)?.map_err(|error| SourceError::Away {
                source_name: name.to_owned(),
                message: error.to_string(),
            })?;
            if let Some(model) = model.map(Arc::new) {
                self.found().insert(name.to_owned(), Arc::clone(&model));
                return Ok(model);
            }
        }
        Err(SourceError::UnknownSource(wanted.to_owned()))
    }

    fn start(
        &self,
        model: &DataModel,
        query: &Query,
        expected: Option<Arc<Schema>>,
        request: &RowRequest,
    ) -> Result<Box<dyn RowStream>, SourceError> {
        let dialect = self.sources.dialect(model);
        let environment = Environment {
            parameters: &request.parameters,
            now: self.now,
            culture: self.culture,
            reader: self.reader.as_ref(),
        };
        let resolved = resolve(query, &environment, dialect).map_err(|error| {
            SourceError::Query { member: query.name.to_string(), message: error.to_string() }
        })?;
        let statement = Statement {
            name: Arc::clone(&query.name),
            procedure: match &query.kind {
                QueryKind::StoredProc { name } => Some(name.as_str().into()),
                _ => None,
            },
            sql: resolved.sql.into(),
            binds: resolved.binds.into_iter().map(|(_, value)| value).collect(),
            expected,
            order: request.order.clone(),
            reader: self.reader.clone(),
        };
        let (rows, timeout) = (self.row_limit, self.query_time);
        let limits = QueryLimits { rows, timeout, ..QueryLimits::default() };
        let batches = self.wait(self.sources.open(model, &statement, &limits))??;
        Ok(self.stream(batches))
    }

    fn stream(&self, batches: Box<dyn RowBatches>) -> Box<dyn RowStream> {
        let (runtime, control) = (self.runtime.clone(), Arc::clone(&self.control));
        Box::new(DatabaseStream { batches, runtime, control })
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> Result<T, SourceError> {
        wait(&self.runtime, &self.control, future)
    }
}

/// The source of a name in a layout.
fn source<'a>(definition: &'a Definition, name: &str) -> Result<&'a Source, SourceError> {
    let sources = &definition.sources;
    let found = match (name, &**sources) {
        ("", [only]) => Some(only),
        _ => definition
            .source(name)
            .or_else(|| sources.iter().find(|source| source.name.eq_ignore_ascii_case(name))),
    };
    found.ok_or_else(|| SourceError::UnknownSource(name.to_owned()))
}

/// Waits for something on a thread that may block, but not longer than the work is wanted.
pub(super) fn wait<T>(
    runtime: &Handle,
    control: &Control,
    future: impl Future<Output = T>,
) -> Result<T, SourceError> {
    runtime.block_on(async {
        tokio::select! {
            biased;
            () = control.ended() => Err(SourceError::Cancelled),
            value = future => Ok(value),
        }
    })
}

impl RowProvider for DatabaseRows {
    fn open(&self, request: &RowRequest) -> Result<Box<dyn RowStream>, SourceError> {
        let subreports = self.subreports.found();
        let mut layouts = std::iter::once(&self.definition).chain(&subreports);
        let layout = layouts.find(|layout| declares(layout, request)).unwrap_or(&self.definition);
        self.open_of(layout, request, 0)
    }
}

/// Whether a layout says where such rows come from.
fn declares(layout: &Definition, request: &RowRequest) -> bool {
    source(layout, &request.source).is_ok_and(|source| match &source.kind {
        SourceKind::Sql(sql) => sql.query(&request.member).is_some(),
        SourceKind::Object(object) | SourceKind::Entity(object) => {
            whole_table(object, &request.member).is_some()
        }
        SourceKind::Federation(federation) => federation.query(&request.member).is_some(),
        SourceKind::Json(_) | SourceKind::Excel(_) | SourceKind::Other { .. } => true,
    })
}

impl DatabaseRows {
    /// The rows of a source that a definition declares, asked for by `above` federations.
    fn open_of(
        &self,
        definition: &Definition,
        request: &RowRequest,
        above: usize,
    ) -> Result<Box<dyn RowStream>, SourceError> {
        let source = source(definition, &request.source)?;
        let unknown_member = || SourceError::UnknownMember {
            source_name: source.name.to_string(),
            member: request.member.to_string(),
        };
        let expected = source.view(&request.member).map(|view| Arc::clone(&view.schema));
        match &source.kind {
            SourceKind::Sql(sql) => {
                let query = sql.query(&request.member).ok_or_else(unknown_member)?;
                let model = self.database(&sql.connection, &source.name)?;
                self.start(&model, query, expected, request)
            }
            SourceKind::Object(object) | SourceKind::Entity(object) => {
                let query = whole_table(object, &request.member).ok_or_else(unknown_member)?;
                let type_name = object.type_name.rsplit(['.', '+']).next().unwrap_or_default();
                let model = self.model(&[&source.name, type_name])?;
                self.start(&model, &query, expected, request)
            }
            SourceKind::Json(json) => {
                let own = || embedded::json(&source.name, json);
                let model = self.document(json.connection.as_deref(), &source.name, own)?;
                let wanted = [&*request.member, json.root.as_deref().unwrap_or_default()];
                let query = self.table_of(&model, &wanted)?.ok_or_else(unknown_member)?;
                self.start(&model, &query, expected, request)
            }
            SourceKind::Excel(excel) => {
                let own = || embedded::excel(&source.name, excel);
                let model = self.document(excel.connection.as_deref(), &source.name, own)?;
                let wanted = [&*request.member, excel.table.as_deref().unwrap_or_default()];
                let query = self.table_of(&model, &wanted)?.ok_or_else(unknown_member)?;
                self.start(&model, &query, expected, request)
            }
            SourceKind::Federation(federated) => {
                let query = federated.query(&request.member).ok_or_else(unknown_member)?;
                let federation = federation::Federation {
                    rows: self,
                    definition,
                    name: &source.name,
                    federated,
                    request,
                    above,
                };
                federation.open(query, expected)
            }
            SourceKind::Other { type_name } => Err(SourceError::Query {
                member: source.name.to_string(),
                message: format!("data sources of the kind {type_name} are not read yet"),
            }),
        }
    }

    /// The database that a connection leads to: the data model of its name, or what the layout itself
    /// says where the site lets it.
    fn database(
        &self,
        connection: &ConnectionRef,
        source: &str,
    ) -> Result<Arc<DataModel>, SourceError> {
        match self.model(&[&connection.name, source]) {
            Err(SourceError::UnknownSource(name)) if connection.embedded.is_some() => {
                let own = embedded::database(connection).filter(|_| self.allow_embedded);
                own.map(Arc::new).ok_or(SourceError::Embedded(name))
            }
            found => found,
        }
    }

    /// The document of a source: the data model of its name, or the layout's own.
    fn document(
        &self,
        connection: Option<&str>,
        source: &str,
        own: impl FnOnce() -> Option<DataModel>,
    ) -> Result<Arc<DataModel>, SourceError> {
        match self.model(&[connection.unwrap_or_default(), source]) {
            Err(SourceError::UnknownSource(name)) => {
                own().map(Arc::new).ok_or(SourceError::UnknownSource(name))
            }
            found => found,
        }
    }

    /// All rows of the table of a document that bears the first of some names, or of the only one.
    fn table_of(&self, model: &DataModel, names: &[&str]) -> Result<Option<Query>, SourceError> {
        let tables = self.wait(self.sources.schema(model))??;
        let called = |name: &str| {
            let mut known = tables.iter().map(|table| &*table.name);
            let whole = known.clone().find(|table| table.eq_ignore_ascii_case(name));
            // A layout may call an array by its path, or by its last part.
            let ends = |table: &&str| {
                let (longer, shorter) =
                    if table.len() > name.len() { (*table, name) } else { (name, *table) };
                let start = longer.len() - shorter.len();
                let tail = longer.get(start..).is_some_and(|it| it.eq_ignore_ascii_case(shorter));
                tail && longer[..start].ends_with('.')
            };
            whole.or_else(|| known.find(ends))
        };
        let named = names.iter().copied().filter(|name| !name.is_empty()).find_map(called);
        let first = || tables.first().map(|table| &*table.name);
        let anonymous = names.iter().all(|name| name.is_empty()) || tables.len() == 1;
        let table = named.or_else(|| anonymous.then(first).flatten());
        Ok(table.map(|table| all_rows(table.into())))
    }
}

/// All rows of a table.
fn all_rows(name: Arc<str>) -> Query {
    let table = Table { name: name.to_string(), alias: None };
    let select = SelectQuery { tables: vec![table], ..SelectQuery::default() };
    Query { name, parameters: Vec::new(), kind: QueryKind::Select(select) }
}

/// Objects that a program would supply are the rows of the table of their member's name.
fn whole_table(object: &ObjectSource, member: &Arc<str>) -> Option<Query> {
    let name =
        if member.is_empty() { object.member.as_deref()?.into() } else { Arc::clone(member) };
    Some(all_rows(name))
}

struct DatabaseStream {
    batches: Box<dyn RowBatches>,
    runtime: Handle,
    control: Arc<Control>,
}

impl RowStream for DatabaseStream {
    fn schema(&self) -> &Arc<Schema> {
        self.batches.schema()
    }

    fn is_ordered(&self) -> bool {
        self.batches.is_ordered()
    }

    fn next_batch(&mut self) -> Result<Option<Vec<Row>>, SourceError> {
        wait(&self.runtime, &self.control, self.batches.next_batch())?
    }
}

#[cfg(test)]
mod tests;
