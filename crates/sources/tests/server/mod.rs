//! Models of databases on real servers.

use std::sync::Arc;
use std::time::Duration;

use pressroom_contracts::build;
use pressroom_data::{Row, Schema, SourceError, Value};
use pressroom_domain::{DataModel, ProviderModel, ProviderOptions, ProviderType, Secret};
use pressroom_ports::{DataSources, QueryLimits, RowBatches, Statement};
use pressroom_sources::{Files, Sources};

/// Databases of every kind, and no files.
pub(crate) fn sources() -> Sources {
    Sources::new(Files::default())
}

/// A model by a connection string or an address.
pub(crate) fn model(kind: ProviderType, connection: &str) -> DataModel {
    let options = ProviderOptions {
        connection_string: Some(Secret::new(connection)),
        ..ProviderOptions::default()
    };
    let provider = ProviderModel::new(kind, options).unwrap();
    DataModel { provider, ..build::data_model("Sales") }
}

/// A statement called `Orders`.
pub(crate) fn statement(sql: &str, binds: &[Value]) -> Statement {
    let binds = binds.to_vec();
    Statement { name: "Orders".into(), sql: sql.into(), binds, ..Statement::default() }
}

pub(crate) async fn open(
    sources: &Sources,
    model: &DataModel,
    statement: &Statement,
    limits: &QueryLimits,
) -> Result<Box<dyn RowBatches>, SourceError> {
    sources.open(model, statement, limits).await
}

/// The columns and all rows of a statement.
pub(crate) async fn read(
    sources: &Sources,
    model: &DataModel,
    statement: &Statement,
) -> Result<(Arc<Schema>, Vec<Row>), SourceError> {
    let limits = QueryLimits { timeout: Duration::from_secs(30), ..QueryLimits::default() };
    let mut batches = open(sources, model, statement, &limits).await?;
    let mut rows = Vec::new();
    while let Some(batch) = batches.next_batch().await? {
        rows.extend(batch);
    }
    Ok((Arc::clone(batches.schema()), rows))
}

/// All rows of a statement.
pub(crate) async fn rows(
    sources: &Sources,
    model: &DataModel,
    statement: &Statement,
) -> Result<Vec<Row>, SourceError> {
    read(sources, model, statement).await.map(|(_, rows)| rows)
}

/// The values of a row as they print.
pub(crate) fn shown(row: &Row) -> Vec<String> {
    row.iter().map(|value| format!("{value:?}")).collect()
}

/// Waits until something is so, for a bounded time.
pub(crate) async fn until(mut is_so: impl FnMut() -> bool) {
    let limit = tokio::time::Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(tokio::time::Instant::now() < limit, "it did not become so");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
