//! A site with databases below one folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use pressroom_contracts::build;
use pressroom_data::{Row, SourceError, Value};
use pressroom_domain::{DataModel, ProviderModel};
use pressroom_ports::{DataSources, QueryLimits, RowBatches, Statement};
use pressroom_sources::{Files, Sources};
use rusqlite::Connection;
use tempfile::TempDir;

/// A folder with a data root, and whatever lies beside it.
pub(crate) struct Site {
    pub(crate) folder: TempDir,
    pub(crate) sources: Sources,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::without(&[])
    }

    /// A site that keeps these files, by their names below the data root, from all models.
    pub(crate) fn without(denied: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let root = folder.path().join("data");
        std::fs::create_dir(&root).unwrap();
        let denied = denied.iter().map(|name| root.join(name)).collect();
        let sources = Sources::new(Files { roots: vec![root], denied });
        Self { folder, sources }
    }

    /// A path below the data root.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("data").join(name)
    }

    /// Makes a database below the data root.
    pub(crate) fn database(&self, name: &str, sql: &str) -> PathBuf {
        let path = self.path(name);
        make(&path, sql);
        path
    }

    pub(crate) async fn open(
        &self,
        connection: &str,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        self.sources.open(&model(connection), statement, limits).await
    }

    /// All rows of a query.
    pub(crate) async fn rows(&self, connection: &str, sql: &str) -> Result<Vec<Row>, SourceError> {
        self.rows_of(connection, &statement(sql, &[])).await
    }

    pub(crate) async fn rows_of(
        &self,
        connection: &str,
        statement: &Statement,
    ) -> Result<Vec<Row>, SourceError> {
        let limits = QueryLimits { timeout: Duration::from_secs(20), ..QueryLimits::default() };
        let mut batches = self.open(connection, statement, &limits).await?;
        let mut rows = Vec::new();
        while let Some(batch) = batches.next_batch().await? {
            rows.extend(batch);
        }
        Ok(rows)
    }
}

pub(crate) fn make(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

pub(crate) fn model(connection: &str) -> DataModel {
    DataModel { provider: ProviderModel::sqlite(connection), ..build::data_model("Sales") }
}

pub(crate) fn statement(sql: &str, binds: &[Value]) -> Statement {
    let binds = binds.to_vec();
    Statement { name: "Orders".into(), sql: sql.into(), binds, ..Statement::default() }
}
