//! Customers' databases, read-only: one module an engine.
//!
//! [`Sources`] looks at a data model's provider and hands its statements to the engine. What the
//! engines have in common, and each keeps by its own means:
//!
//! - one reading statement runs, nothing else: no write, no second statement, no attached file, no
//!   extension;
//! - a query runs on a thread that may block, a few batches ahead of its reader at most, and ends
//!   when the reader goes;
//! - what a data model hides is refused where a statement is prepared, not where it is written;
//! - every wait, value and row count has a bound;
//! - messages are for the author of a layout: they name the query and what to change, and hold no
//!   secret and no path of the server.

mod address;
mod cache;
mod combine;
mod decimals;
mod engine;
mod files;
mod firebird;
mod gate;
mod guard;
mod mssql;
mod mysql;
mod places;
mod postgres;
mod sessions;
mod sqlite;
mod stream;
mod subject;
mod texts;

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use pressroom_data::SourceError;
use pressroom_domain::{DataModel, DataModelId, ProviderType};
use pressroom_ports::{
    ColumnInfo, DataSources, DescribeError, FetchError, FetchRequest, Fetched, Fetcher, Input,
    ProcedureInfo, QueryLimits, RowBatches, Statement, TableInfo,
};
use pressroom_query::{Dialect, Sqlite};

use cache::Cache;
use engine::Engine;
use guard::Guard;
use subject::Subject;

/// Which files data models may name.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Folders below which databases lie. A relative path of a model is looked for in each in turn.
    pub roots: Vec<PathBuf>,
    /// Files and folders that no model reaches though they lie below a root: the server's own store.
    pub denied: Vec<PathBuf>,
}

/// Customers' databases of every kind that this build can read.
#[derive(Clone, Debug)]
pub struct Sources {
    engines: Arc<Engines>,
    guard: Arc<Guard>,
    cache: Cache,
}

/// One engine a kind of database.
#[derive(Debug)]
struct Engines {
    postgres: postgres::Engine,
    sqlite: sqlite::Engine,
    mysql: mysql::Engine,
    files: files::Engine,
    mssql: mssql::Engine,
    firebird: firebird::Engine,
}

impl Engines {
    fn of(&self, kind: ProviderType) -> Option<&dyn Engine> {
        match kind {
            ProviderType::Postgres | ProviderType::AmazonRedshift => Some(&self.postgres),
            ProviderType::SqLite => Some(&self.sqlite),
            ProviderType::MySql => Some(&self.mysql),
            ProviderType::Json
            | ProviderType::Csv
            | ProviderType::Excel
            | ProviderType::Xml
            | ProviderType::InMemory => Some(&self.files),
            ProviderType::MsSqlServer => Some(&self.mssql),
            ProviderType::Firebird => Some(&self.firebird),
            _ => None,
        }
    }
}

impl Sources {
    /// The databases that these files may hold.
    #[must_use]
    pub fn new(files: Files) -> Self {
        Self::of(files, Arc::new(Nowhere))
    }

    /// The same, with documents of the web that this fetches.
    #[must_use]
    pub fn fetching_by(self, fetcher: Arc<dyn Fetcher>) -> Self {
        Self::of(self.engines.files.files().clone(), fetcher)
    }

    fn of(files: Files, fetcher: Arc<dyn Fetcher>) -> Self {
        let engines = Engines {
            sqlite: sqlite::Engine::new(files.clone()),
            postgres: postgres::Engine::new(files.clone()),
            mysql: mysql::Engine::default(),
            files: files::Engine::new(files, fetcher),
            mssql: mssql::Engine::default(),
            firebird: firebird::Engine::default(),
        };
        Self { engines: Arc::new(engines), guard: Arc::default(), cache: Cache::default() }
    }

    fn engine(&self, model: &DataModel) -> Result<&dyn Engine, SourceError> {
        let kind = model.provider.provider_type();
        self.engines.of(kind).ok_or_else(|| no_driver(model, kind))
    }
}

#[async_trait]
impl DataSources for Sources {
    fn dialect(&self, model: &DataModel) -> &'static dyn Dialect {
        // A database without an engine says so when it is opened.
        self.engine(model).map_or(&Sqlite as &'static dyn Dialect, |engine| engine.dialect(model))
    }

    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        let mut limits = *limits;
        if model.command_timeout.get() > 0 {
            let of_model = Duration::from_secs(model.command_timeout.get().into());
            limits.timeout = limits.timeout.min(of_model);
        }
        let engine = self.engine(model)?;
        let statement =
            match engine.grammar(model) {
                None => Cow::Borrowed(statement),
                Some(grammar) => {
                    let checked = self.guard.checked(engine, grammar, model, statement).await;
                    Cow::Owned(checked.map_err(|refused| {
                        refused.of_query(&Subject::new(model, &statement.name))
                    })?)
                }
            };
        let ask = engine.open(model, &statement, &limits);
        match model.cache_seconds.get() {
            0 => ask.await,
            seconds => {
                let age = Duration::from_secs(seconds.into());
                self.cache.open(model, &statement, &limits, age, ask).await
            }
        }
    }

    async fn describe(
        &self,
        model: &DataModel,
        statement: &Statement,
    ) -> Result<Vec<ColumnInfo>, DescribeError> {
        let engine = self.engine(model);
        let engine = engine.map_err(|error| DescribeError::Away(error.to_string()))?;
        let Some(grammar) = engine.grammar(model) else {
            return engine.describe(model, statement).await;
        };
        let checked = self.guard.checked(engine, grammar, model, statement).await;
        let checked = checked
            .map_err(|refused| refused.of_description(&Subject::new(model, &statement.name)))?;
        engine.describe(model, &checked).await
    }

    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError> {
        let engine = self.engine(model)?;
        match engine.grammar(model) {
            None => engine.schema(model).await,
            Some(grammar) => {
                let tables = self.guard.tables(engine, grammar, model).await?;
                Ok(tables.to_vec())
            }
        }
    }

    async fn procedures(&self, model: &DataModel) -> Result<Vec<ProcedureInfo>, SourceError> {
        self.engine(model)?.procedures(model).await
    }

    async fn procedure_columns(
        &self,
        model: &DataModel,
        name: &str,
    ) -> Result<Vec<ColumnInfo>, SourceError> {
        self.engine(model)?.procedure_columns(model, name).await
    }

    async fn test(&self, model: &DataModel) -> Result<(), SourceError> {
        self.engine(model)?.test(model).await
    }

    async fn combine(
        &self,
        inputs: Vec<Input>,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        combine::start(inputs, statement, limits).await
    }

    fn forget(&self, model: DataModelId) {
        self.guard.forget(model);
        self.cache.forget(model);
        self.engines.mysql.forget(model);
        self.engines.postgres.forget(model);
        self.engines.mssql.forget(model);
        self.engines.firebird.forget(model);
        self.engines.files.forget(model);
    }
}

/// Fetches nothing.
#[derive(Debug)]
struct Nowhere;

#[async_trait]
impl Fetcher for Nowhere {
    async fn get(&self, _request: &FetchRequest) -> Result<Fetched, FetchError> {
        Err(FetchError::Malformed("nothing is fetched from the web here; give a file".into()))
    }
}

/// A database that this build cannot read, with what it would take.
fn no_driver(model: &DataModel, kind: ProviderType) -> SourceError {
    let driver = match kind {
        ProviderType::MsSqlServerCe => {
            return SourceError::Away {
                source_name: model.name.to_string(),
                message: "SQL Server Compact has no server that could be asked, and its files are \
                          read by its own library on Windows alone; move the data to SQL Server or \
                          SQLite, and change providerType"
                    .to_owned(),
            };
        }
        ProviderType::Oracle => "Oracle's (Instant Client)",
        ProviderType::Firebird => "Firebird's",
        _ => "the database's own for ODBC",
    };
    let name = kind.name();
    SourceError::Away {
        source_name: model.name.to_string(),
        message: format!(
            "this build reads no {name}: the driver that it needs is {driver}; install a build of \
             the server that has it"
        ),
    }
}
