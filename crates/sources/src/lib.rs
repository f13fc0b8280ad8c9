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

mod sqlite;

use std::path::PathBuf;

use async_trait::async_trait;
use pressroom_data::SourceError;
use pressroom_domain::{DataModel, ProviderType};
use pressroom_ports::{
    ColumnInfo, DataSources, DescribeError, QueryLimits, RowBatches, Statement, TableInfo,
};

/// Which files data models may name.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// Folders below which databases lie. A relative path of a model is looked for in each in turn.
    pub roots: Vec<PathBuf>,
    /// Files and folders that no model reaches though they lie below a root: the server's own store.
    pub denied: Vec<PathBuf>,
}

/// Customers' databases of every kind that this build can read.
#[derive(Debug)]
pub struct Sources {
    sqlite: sqlite::Engine,
}

impl Sources {
    /// The databases that these files may hold.
    #[must_use]
    pub fn new(files: Files) -> Self {
        Self { sqlite: sqlite::Engine::new(files) }
    }
}

#[async_trait]
impl DataSources for Sources {
    async fn open(
        &self,
        model: &DataModel,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        match model.provider.provider_type() {
            ProviderType::SqLite => self.sqlite.open(model, statement, limits).await,
            other => Err(no_driver(model, other)),
        }
    }

    async fn describe(
        &self,
        model: &DataModel,
        sql: &str,
    ) -> Result<Vec<ColumnInfo>, DescribeError> {
        match model.provider.provider_type() {
            ProviderType::SqLite => self.sqlite.describe(model, sql).await,
            other => Err(DescribeError::Away(no_driver(model, other).to_string())),
        }
    }

    async fn schema(&self, model: &DataModel) -> Result<Vec<TableInfo>, SourceError> {
        match model.provider.provider_type() {
            ProviderType::SqLite => self.sqlite.schema(model).await,
            other => Err(no_driver(model, other)),
        }
    }

    async fn test(&self, model: &DataModel) -> Result<(), SourceError> {
        match model.provider.provider_type() {
            ProviderType::SqLite => self.sqlite.test(model).await,
            other => Err(no_driver(model, other)),
        }
    }
}

/// A database that this build cannot read, with what it would take.
fn no_driver(model: &DataModel, kind: ProviderType) -> SourceError {
    let driver = match kind {
        ProviderType::MsSqlServer | ProviderType::MsSqlServerCe => "SQL Server's (TDS)",
        ProviderType::MySql => "MySQL's",
        ProviderType::Postgres | ProviderType::AmazonRedshift => "PostgreSQL's",
        ProviderType::Oracle => "Oracle's (Instant Client)",
        ProviderType::Firebird => "Firebird's",
        ProviderType::Json | ProviderType::Csv | ProviderType::Excel | ProviderType::Xml => {
            "the one for documents"
        }
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
