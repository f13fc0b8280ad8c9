//! A database of one test, and the model that reads it.

use std::time::Duration;

use pressroom_contracts::build;
use pressroom_contracts::servers::{Database, Missing, Postgres};
use pressroom_data::{Row, SourceError, Value};
use pressroom_domain::{DataModel, ProviderModel, ProviderOptions, ProviderType, Secret};
use pressroom_ports::{DataSources, QueryLimits, RowBatches, Statement};
use pressroom_sources::{Files, Sources};

/// Runs what waits for a server, on a thread that may.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}

/// A database of one test, and who reads it.
pub(crate) struct Site {
    pub(crate) database: Database,
    pub(crate) sources: Sources,
    pub(crate) model: DataModel,
}

impl Site {
    /// A database that holds what some SQL makes.
    pub(crate) async fn new(sql: &str) -> Self {
        let sql = sql.to_owned();
        let database = blocking(move || {
            let database = Postgres::shared().unwrap_or_else(Missing::skip).database();
            let _ = database.sql(&sql);
            database
        })
        .await;
        let model = model(&database.url);
        Self { database, sources: Sources::new(Files::default()), model }
    }

    pub(crate) async fn open(
        &self,
        statement: &Statement,
        limits: &QueryLimits,
    ) -> Result<Box<dyn RowBatches>, SourceError> {
        self.sources.open(&self.model, statement, limits).await
    }

    /// All rows of a query.
    pub(crate) async fn rows(&self, sql: &str, binds: &[Value]) -> Result<Vec<Row>, SourceError> {
        let limits = QueryLimits { timeout: Duration::from_secs(20), ..QueryLimits::default() };
        let mut batches = self.open(&statement(sql, binds), &limits).await?;
        let mut rows = Vec::new();
        while let Some(batch) = batches.next_batch().await? {
            rows.extend(batch);
        }
        Ok(rows)
    }

    /// The one row of a query, as it shows itself.
    pub(crate) async fn shown(&self, sql: &str, binds: &[Value]) -> Vec<String> {
        let rows = self.rows(sql, binds).await.unwrap();
        assert_eq!(rows.len(), 1, "{sql}");
        rows[0].iter().map(|value| format!("{value:?}")).collect()
    }

    /// What is said against a query.
    pub(crate) async fn refusal(&self, sql: &str, binds: &[Value]) -> SourceError {
        self.rows(sql, binds).await.unwrap_err()
    }

    /// What the database says of itself, beside all models.
    pub(crate) async fn sql(&self, sql: String) -> String {
        let (url, server) = (self.database.name.clone(), Postgres::shared().unwrap());
        blocking(move || server.sql(&url, &sql)).await
    }

    /// Whether soon no statement with these words runs on the server.
    pub(crate) async fn ends(&self, words: &str) -> bool {
        let running = format!(
            "select count(*) from pg_stat_activity
             where datname = current_database() and state <> 'idle' and query like '%{words}%'
               and pid <> pg_backend_pid()"
        );
        for _ in 0..100 {
            if self.sql(running.clone()).await.trim() == "0" {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        false
    }
}

pub(crate) fn model(url: &str) -> DataModel {
    let connection_string = Some(Secret::new(url));
    let options = ProviderOptions { connection_string, ..ProviderOptions::default() };
    let provider = ProviderModel::new(ProviderType::Postgres, options).unwrap();
    DataModel { provider, ..build::data_model("Sales") }
}

/// A statement that comes past the gate, so that what lies behind it is tried.
pub(crate) fn statement(sql: &str, binds: &[Value]) -> Statement {
    let procedure = Some("any".into());
    Statement { procedure, ..checked(sql, binds) }
}

/// A statement as layouts have them.
pub(crate) fn checked(sql: &str, binds: &[Value]) -> Statement {
    let binds = binds.to_vec();
    Statement { name: "Orders".into(), sql: sql.into(), binds, ..Statement::default() }
}
