//! Rows for a layout from customers' databases: a synchronous face of the data sources' port.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::NaiveDateTime;
use pressroom_data::{Culture, Row, RowProvider, RowRequest, RowStream, Schema, SourceError};
use pressroom_domain::{DataModel, ProviderModel};
use pressroom_ports::{
    Bind, DataModelRepository, DataSources, QueryLimits, RowBatches, Statement, StoreError,
};
use pressroom_query::{
    Dialect, Environment, ObjectSource, Query, QueryKind, SelectQuery, Source, SourceKind, Sqlite,
    Table, resolve,
};
use pressroom_report::Definition;
use tokio::runtime::Handle;

use super::control::Control;

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
/// To be used on a thread that may block, and that is no thread of the runtime. What a layout carries
/// of connections of its own is never used: the name leads to a data model, or nowhere.
pub struct DatabaseRows {
    definition: Arc<Definition>,
    models: Box<dyn Models>,
    sources: Arc<dyn DataSources>,
    runtime: Handle,
    now: NaiveDateTime,
    culture: &'static Culture,
    query_time: Duration,
    row_limit: u64,
    control: Arc<Control>,
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
            query_time: Duration::from_secs(5 * 60),
            row_limit: u64::MAX,
            control: Arc::default(),
            found: Mutex::default(),
        }
    }

    /// Writes numbers and dates in query expressions as a culture does.
    #[must_use]
    pub fn with_culture(self, culture: &'static Culture) -> Self {
        Self { culture, ..self }
    }

    /// Bounds each query: the longest wait for rows where its data model sets none, and the most rows.
    #[must_use]
    pub fn with_limits(self, query_time: Duration, row_limit: u64) -> Self {
        Self { query_time, row_limit, ..self }
    }

    /// Ends queries when the work is ended.
    #[must_use]
    pub(crate) fn with_control(self, control: Arc<Control>) -> Self {
        Self { control, ..self }
    }

    fn found(&self) -> MutexGuard<'_, HashMap<String, Arc<DataModel>>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn source(&self, name: &str) -> Result<&Source, SourceError> {
        let sources = &self.definition.sources;
        let found = match (name, &**sources) {
            ("", [only]) => Some(only),
            _ => self
                .definition
                .source(name)
                .or_else(|| sources.iter().find(|source| source.name.eq_ignore_ascii_case(name))),
        };
        found.ok_or_else(|| SourceError::UnknownSource(name.to_owned()))
    }

    /// The model that one of the names leads to.
    fn model(&self, names: &[&str]) -> Result<Arc<DataModel>, SourceError> {
        let mut names = names.iter().copied().filter(|name| !name.is_empty()).peekable();
        let wanted = names.peek().copied().unwrap_or_default();
        for name in names {
            if let Some(model) = self.found().get(name) {
                return Ok(Arc::clone(model));
            }
            let model = self.wait(self.models.find(name))?.map_err(|error| SourceError::Away {
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
        let dialect: &dyn Dialect = match &model.provider {
            ProviderModel::SqLite(_) => &Sqlite,
        };
        let environment =
            Environment { parameters: &request.parameters, now: self.now, culture: self.culture };
        let resolved = resolve(query, &environment, dialect).map_err(|error| {
            SourceError::Query { member: query.name.to_string(), message: error.to_string() }
        })?;
        let places = resolved.binds.into_iter().enumerate();
        let statement = Statement {
            name: Arc::clone(&query.name),
            sql: resolved.sql.into(),
            binds: places
                .map(|(i, (_, value))| Bind { name: dialect.placeholder(i + 1).into(), value })
                .collect(),
            expected,
            order: request.order.clone(),
        };
        let timeout = match model.command_timeout.get() {
            0 => self.query_time,
            seconds => self.query_time.min(Duration::from_secs(seconds.into())),
        };
        let limits = QueryLimits { rows: self.row_limit, timeout, ..QueryLimits::default() };
        let batches = self.wait(self.sources.open(model, &statement, &limits))??;
        let (runtime, control) = (self.runtime.clone(), Arc::clone(&self.control));
        Ok(Box::new(DatabaseStream { batches, runtime, control }))
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> Result<T, SourceError> {
        wait(&self.runtime, &self.control, future)
    }
}

/// Waits for something on a thread that may block, but not longer than the work is wanted.
fn wait<T>(
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
        let source = self.source(&request.source)?;
        let unknown_member = || SourceError::UnknownMember {
            source_name: source.name.to_string(),
            member: request.member.to_string(),
        };
        let expected = source.view(&request.member).map(|view| Arc::clone(&view.schema));
        match &source.kind {
            SourceKind::Sql(sql) => {
                let query = sql.query(&request.member).ok_or_else(unknown_member)?;
                let model = self.model(&[&sql.connection.name, &source.name])?;
                self.start(&model, query, expected, request)
            }
            SourceKind::Object(object) | SourceKind::Entity(object) => {
                let query = whole_table(object, &request.member).ok_or_else(unknown_member)?;
                let type_name = object.type_name.rsplit(['.', '+']).next().unwrap_or_default();
                let model = self.model(&[&source.name, type_name])?;
                self.start(&model, &query, expected, request)
            }
            SourceKind::Json(_) => Err(SourceError::Query {
                member: source.name.to_string(),
                message: "JSON documents are not read yet; give the report a query".to_owned(),
            }),
            SourceKind::Other { type_name } => Err(SourceError::Query {
                member: source.name.to_string(),
                message: format!("data sources of the kind {type_name} are not read yet"),
            }),
        }
    }
}

/// Objects that a program would supply are the rows of the table of their member's name.
fn whole_table(object: &ObjectSource, member: &Arc<str>) -> Option<Query> {
    let name =
        if member.is_empty() { object.member.as_deref()?.into() } else { Arc::clone(member) };
    let table = Table { name: name.to_string(), alias: None };
    let select = SelectQuery { tables: vec![table], ..SelectQuery::default() };
    Some(Query { name, parameters: Vec::new(), kind: QueryKind::Select(select) })
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
mod tests {
    use pressroom_contracts::build;
    use pressroom_contracts::fakes::FakeSources;
    use pressroom_data::{DataType, Field, Value, collect_rows};
    use pressroom_domain::{DataModelId, OptimisticLock};
    use pressroom_query::{ConnectionRef, ParameterValue, QueryParameter, SqlSource};

    use super::*;
    use crate::exports::control::Ending;

    const SQL: &str = "select n from numbers where n > ?1";

    fn model(name: &str) -> DataModel {
        let new = build::new_data_model(name).entity;
        DataModel {
            id: DataModelId(1),
            name: new.name,
            description: new.description,
            command_timeout: new.command_timeout,
            provider: new.provider,
            lock: OptimisticLock::NEW,
        }
    }

    fn sql_source(name: &str, connection: ConnectionRef) -> Source {
        let least = QueryParameter {
            name: "@least".into(),
            data_type: DataType::Int,
            value: ParameterValue::Expression("?least".into()),
        };
        let sql = "select n from numbers where n > @least".into();
        let kind = QueryKind::CustomSql { sql };
        let query = Query { name: "Numbers".into(), parameters: vec![least], kind };
        let sql = SqlSource { connection, queries: vec![query], ..SqlSource::default() };
        Source { name: name.into(), kind: SourceKind::Sql(sql) }
    }

    fn connection(name: &str) -> ConnectionRef {
        ConnectionRef { name: name.into(), from_app_config: true, ..ConnectionRef::default() }
    }

    fn numbers() -> FakeSources {
        let sources = FakeSources::default();
        let schema = Schema::new(vec![Field::new("n", DataType::Int)]);
        let above = |value: &dyn Fn(&str) -> Value| {
            let Value::Int(least) = value("1") else { return Vec::new() };
            (least + 1..=3_000).map(|n| [Value::Int(n)].into()).collect()
        };
        sources.answer(SQL, schema.clone(), Arc::new(above));
        let row: Row = [Value::Int(1)].into();
        sources.answer_rows("SELECT * FROM \"Orders\"", schema, vec![row]);
        sources
    }

    /// Asks for rows on a thread that may block, as an export does.
    async fn ask(
        sources: Vec<Source>,
        models: Vec<DataModel>,
        database: &FakeSources,
        request: RowRequest,
    ) -> Result<Vec<Row>, String> {
        let definition = Arc::new(Definition { sources: sources.into(), ..Definition::default() });
        let rows = DatabaseRows::new(
            definition,
            Box::new(models),
            Arc::new(database.clone()),
            Handle::current(),
            NaiveDateTime::default(),
        );
        let asked = tokio::task::spawn_blocking(move || {
            let mut stream = rows.open(&request)?;
            collect_rows(&mut *stream)
        });
        asked.await.unwrap().map_err(|error| error.to_string())
    }

    fn request(source: &str, member: &str, least: i64) -> RowRequest {
        RowRequest {
            source: source.into(),
            member: member.into(),
            parameters: vec![("least".into(), Value::Int(least))],
            order: Vec::new(),
        }
    }

    #[tokio::test]
    async fn a_connection_name_leads_to_the_model_of_that_name() {
        let database = numbers();
        let models = || vec![model("Other"), model("Northwind")];
        let northwind = || vec![sql_source("sqlDataSource1", connection("NORTHWIND"))];
        for source in ["", "sqlDataSource1", "SqlDataSource1"] {
            let rows = ask(northwind(), models(), &database, request(source, "numbers", 2_998));
            assert_eq!(rows.await.unwrap().len(), 2, "{source}");
        }
        let rows = ask(northwind(), models(), &database, request("", "Numbers", 0)).await;
        assert_eq!(rows.unwrap().len(), 3_000);
        assert_eq!(database.open_queries(), 0);
    }

    #[tokio::test]
    async fn what_leads_nowhere_is_named() {
        let database = numbers();
        let ask = async |source: Source, name: &str, member: &str| {
            let models = vec![model("Northwind")];
            ask(vec![source], models, &database, request(name, member, 0)).await.unwrap_err()
        };
        let known = || sql_source("s", connection("Northwind"));
        assert_eq!(
            ask(sql_source("s", connection("Southwind")), "s", "Numbers").await,
            "data source \"Southwind\" is not known here; give the layout a data model of that name"
        );
        assert_eq!(
            ask(known(), "t", "Numbers").await,
            "data source \"t\" is not known here; give the layout a data model of that name"
        );
        assert_eq!(
            ask(known(), "s", "Letters").await,
            "\"Letters\" is not a query or table of data source \"s\""
        );
    }

    #[tokio::test]
    async fn what_a_layout_embeds_is_never_opened() {
        let embedded = ConnectionRef {
            name: "own".into(),
            embedded: Some("XpoProvider=SQLite;Data Source=/etc/secret.db".into()),
            ..ConnectionRef::default()
        };
        let database = numbers();
        let sources = || vec![sql_source("s", embedded.clone())];
        let refused = ask(sources(), Vec::new(), &database, request("", "Numbers", 0)).await;
        assert!(refused.unwrap_err().starts_with("data source \"own\" is not known here"));
        // A model of that name is the site's word on it.
        let rows = ask(sources(), vec![model("Own")], &database, request("", "Numbers", 2_999));
        assert_eq!(rows.await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn objects_are_rows_of_the_table_of_their_member() {
        let object = ObjectSource {
            type_name: "Shop.Data.Sales".into(),
            member: Some("Orders".into()),
            ..ObjectSource::default()
        };
        let source = Source { name: "objectDataSource1".into(), kind: SourceKind::Object(object) };
        for name in ["objectDataSource1", "Sales"] {
            for member in ["", "Orders"] {
                let (sources, models) = (vec![source.clone()], vec![model(name)]);
                let rows = ask(sources, models, &numbers(), request("", member, 0)).await;
                assert_eq!(rows.unwrap().len(), 1, "{name} {member}");
            }
        }
    }

    #[tokio::test]
    async fn rows_end_when_the_work_is_ended() {
        let definition = Definition {
            sources: vec![sql_source("s", connection("Northwind"))].into(),
            ..Definition::default()
        };
        let database = numbers();
        let control = Arc::new(Control::default());
        let rows = DatabaseRows::new(
            Arc::new(definition),
            Box::new(vec![model("Northwind")]),
            Arc::new(database.clone()),
            Handle::current(),
            NaiveDateTime::default(),
        )
        .with_control(Arc::clone(&control));
        let asked = tokio::task::spawn_blocking(move || {
            let mut stream = rows.open(&request("", "Numbers", 0)).unwrap();
            assert!(stream.next_batch().unwrap().is_some());
            control.end(Ending::TimeUp);
            assert!(matches!(stream.next_batch(), Err(SourceError::Cancelled)));
            assert!(matches!(
                rows.open(&request("", "Numbers", 0)).map(drop),
                Err(SourceError::Cancelled)
            ));
        });
        asked.await.unwrap();
        assert_eq!(database.open_queries(), 0);
    }
}
