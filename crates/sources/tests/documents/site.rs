//! A site with documents below one folder and in the web.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pressroom_contracts::build;
use pressroom_contracts::fakes::FakeFetcher;
use pressroom_data::{Row, SourceError, Value};
use pressroom_domain::{DataModel, ProviderModel, ProviderOptions, ProviderType, Secret};
use pressroom_ports::{DataSources, QueryLimits, Statement};
use pressroom_sources::{Files, Sources};
use tempfile::TempDir;

pub(crate) struct Site {
    pub(crate) folder: TempDir,
    pub(crate) sources: Arc<Sources>,
    pub(crate) web: Arc<FakeFetcher>,
}

impl Site {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let root = folder.path().join("data");
        std::fs::create_dir(&root).unwrap();
        let denied = vec![root.join("store.json")];
        let web = Arc::new(FakeFetcher::default());
        let sources = Sources::new(Files { roots: vec![root], denied }).fetching_by(web.clone());
        Self { folder, sources: Arc::new(sources), web }
    }

    /// A site with one document.
    pub(crate) fn with(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let site = Self::new();
        site.write(name, bytes);
        site
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("data").join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    /// The rows of a query, written with a blank between values and a bar between rows.
    pub(crate) async fn rows(&self, model: &DataModel, sql: &str) -> Result<String, SourceError> {
        let statement = Statement { name: "Rows".into(), sql: sql.into(), ..Statement::default() };
        let limits = QueryLimits { timeout: Duration::from_secs(60), ..QueryLimits::default() };
        let mut batches = self.sources.open(model, &statement, &limits).await?;
        let mut rows: Vec<Row> = Vec::new();
        while let Some(batch) = batches.next_batch().await? {
            rows.extend(batch);
        }
        let row = |row: &Row| row.iter().map(shown).collect::<Vec<_>>().join(" ");
        Ok(rows.iter().map(row).collect::<Vec<_>>().join(" | "))
    }

    /// The tables with their columns and types, in words: `name(column type, …)`.
    pub(crate) async fn schema(&self, model: &DataModel) -> Result<String, SourceError> {
        let tables = self.sources.schema(model).await?;
        let table = |table: &pressroom_ports::TableInfo| {
            let column = |column: &pressroom_ports::ColumnInfo| {
                format!("{} {:?}", column.name, column.data_type)
            };
            let columns: Vec<String> = table.columns.iter().map(column).collect();
            format!("{}({})", table.name, columns.join(", "))
        };
        Ok(tables.iter().map(table).collect::<Vec<_>>().join(" "))
    }

    /// What a try of the connection says.
    pub(crate) async fn told(&self, model: &DataModel) -> String {
        self.sources.test(model).await.map_or_else(|error| error.to_string(), |()| "ok".into())
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".into(),
        Value::Text(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::DateTime(time) => time.format("%Y-%m-%dT%H:%M:%S%.f").to_string(),
        other => format!("{other:?}"),
    }
}

fn model(kind: ProviderType, options: ProviderOptions) -> DataModel {
    let provider = ProviderModel::new(kind, options).unwrap();
    DataModel { provider, command_timeout: build::seconds(0), ..build::data_model("Sales") }
}

/// A model of a document by its connection string.
pub(crate) fn by_text(kind: ProviderType, text: &str) -> DataModel {
    let connection_string = Some(Secret::new(text));
    model(kind, ProviderOptions { connection_string, ..ProviderOptions::default() })
}

/// A model of a document at a place.
pub(crate) fn at(kind: ProviderType, uri: &str) -> DataModel {
    let uri = Some(Secret::new(uri));
    model(kind, ProviderOptions { uri, ..ProviderOptions::default() })
}

/// A model that holds its JSON itself, or declares where it is.
pub(crate) fn inline(json: &str) -> DataModel {
    let json_data_source = Some(Secret::new(json));
    let options = ProviderOptions { json_data_source, ..ProviderOptions::default() };
    model(ProviderType::Json, options)
}
