//! SQLite files keep what the port promises.

use std::sync::Arc;

use pressroom_contracts::build;
use pressroom_contracts::suites::data_sources::{Fixture, ROWS, name_of};
use pressroom_domain::{DataModel, ProviderModel};
use pressroom_sources::{Files, Sources};
use rusqlite::{Connection, params};
use tempfile::TempDir;

fn model(connection_string: &str) -> DataModel {
    DataModel { provider: ProviderModel::sqlite(connection_string), ..build::data_model("Numbers") }
}

async fn numbers() -> Fixture {
    let folder = TempDir::new().expect("a temporary folder");
    let mut connection = Connection::open(folder.path().join("numbers.db")).expect("a database");
    let transaction = connection.transaction().expect("a transaction");
    transaction.execute_batch("create table numbers (n integer, name text)").expect("a table");
    {
        let mut insert = transaction.prepare("insert into numbers values (?, ?)").expect("valid");
        for n in 1..=ROWS {
            insert.execute(params![n, name_of(n)]).expect("a row");
        }
    }
    transaction.commit().expect("a commit");
    let files = Files { roots: vec![folder.path().to_owned()], denied: Vec::new() };
    Fixture {
        sources: Arc::new(Sources::new(files)),
        model: model("Data Source=numbers.db"),
        away: model("Data Source=missing.db;Password=hunter2"),
        guard: Box::new(folder),
    }
}

pressroom_contracts::data_sources_contract!(numbers);
