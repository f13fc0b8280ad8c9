//! How fast rows come out of an SQLite file: many small queries, and one large one.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use pressroom_contracts::build;
use pressroom_data::{Direction, Order, Value};
use pressroom_domain::{DataModel, ProviderModel};
use pressroom_ports::{DataSources, QueryLimits, Statement};
use pressroom_sources::{Files, Sources};
use rusqlite::Connection;

const CLIENTS: i64 = 8;
const TIME: Duration = Duration::from_secs(3);
const LINES: i64 = 400_000;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    Connection::open(folder.path().join("sales.db"))
        .and_then(|connection| {
            connection.execute_batch(&format!(
                "create table lines (id integer primary key, order_id integer, day datetime,
                                     product nvarchar(40), quantity integer, price decimal);
                 with recursive n(i) as (select 1 union all select i + 1 from n where i < {LINES})
                 insert into lines select i, i / 4, date('2024-01-01', (i / 400) || ' days'),
                                          'Product ' || (i * 7919 % 77), i % 20, i % 1000 / 8.0
                 from n;
                 create index lines_order on lines (order_id);"
            ))
        })
        .expect("a database");
    let files = Files { roots: vec![folder.path().to_owned()], denied: Vec::new() };
    let sources = Arc::new(Sources::new(files));
    let provider = ProviderModel::sqlite("sales.db");
    let model = Arc::new(DataModel { provider, ..build::data_model("Sales") });
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        small(&sources, &model).await;
        large(&sources, &model, Vec::new()).await;
        let by_product = Order { field: "product".into(), direction: Direction::Ascending };
        large(&sources, &model, vec![by_product]).await;
    });
}

async fn read(sources: &Sources, model: &DataModel, statement: &Statement) -> usize {
    let limits = QueryLimits::default();
    let mut batches = sources.open(model, statement, &limits).await.expect("a query");
    let mut rows = 0;
    while let Some(batch) = batches.next_batch().await.expect("rows") {
        rows += batch.len();
    }
    rows
}

/// The lines of one order after the other, several clients at a time.
async fn small(sources: &Arc<Sources>, model: &Arc<DataModel>) {
    let began = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (sources, model) = (sources.clone(), model.clone());
            tokio::spawn(async move {
                let mut queries = 0_i64;
                while began.elapsed() < TIME {
                    let order = (client * 10_007 + queries * 31) % (LINES / 4 - 1) + 1;
                    let statement = Statement {
                        sql: "select * from lines where order_id = ?1".into(),
                        binds: vec![Value::Int(order)],
                        ..Statement::default()
                    };
                    assert_eq!(read(&sources, &model, &statement).await, 4);
                    queries += 1;
                }
                queries
            })
        })
        .collect();
    let mut queries = 0;
    for client in clients {
        queries += client.await.expect("no failure");
    }
    println!("{:.0} small queries/s", queries as f64 / began.elapsed().as_secs_f64());
}

/// All rows once.
async fn large(sources: &Sources, model: &DataModel, order: Vec<Order>) {
    let sorted = if order.is_empty() { "" } else { ", sorted by a text" };
    let statement = Statement { sql: "select * from lines".into(), order, ..Statement::default() };
    let began = Instant::now();
    let rows = read(sources, model, &statement).await;
    let seconds = began.elapsed().as_secs_f64();
    println!("{:.0} rows of 6 values/s{sorted}", rows as f64 / seconds);
}
