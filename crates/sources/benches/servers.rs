//! Rows of real servers beside the bare driver that only counts them: `just bench-sources`.
//!
//! A million rows of ten columns from PostgreSQL and MariaDB, which must be installed. Both ways run in
//! turn, so that a busy machine disturbs both.

#![allow(clippy::print_stdout, reason = "it is what the bench is for")]

use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use mysql_async::prelude::Queryable;
use pressroom_contracts::build;
use pressroom_contracts::servers::{Database, MariaDb, Missing, Postgres};
use pressroom_domain::{DataModel, ProviderModel, ProviderOptions, ProviderType, Secret};
use pressroom_ports::{DataSources, QueryLimits, Statement};
use pressroom_sources::{Files, Sources};

const ROWS: u64 = 1_000_000;
const ROUNDS: usize = 3;
const COLUMNS: &str = "id bigint, order_id int, customer varchar(40), product varchar(40), \
                       day date, at timestamp, price numeric(12,2), quantity int, share double precision, \
                       paid boolean";
const ALL: &str = "select * from lines";

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let database = Postgres::shared().unwrap_or_else(Missing::skip).database();
        database.run(&format!(
            "create table lines ({COLUMNS}); insert into lines
             select i, i / 4, 'Customer ' || i % 977, 'Product ' || i * 7919 % 77,
                    date '2024-01-01' + (i / 4000)::int, timestamp '2024-01-01' + i * interval '1 second',
                    i % 100000 / 100.0, i % 20, i / 3.0, i % 2 = 0
             from generate_series(1::bigint, {ROWS}) as n(i); analyze lines;"
        ));
        compare("PostgreSQL", ProviderType::Postgres, &database, bare_postgres).await;

        let database = MariaDb::shared().unwrap_or_else(Missing::skip).database();
        database.run(&format!(
            "create table `lines` ({COLUMNS}); insert into `lines`
             select i, i div 4, concat('Customer ', i % 977), concat('Product ', i * 7919 % 77),
                    date '2024-01-01' + interval i div 4000 day,
                    timestamp '2024-01-01 00:00:00' + interval i second, i % 100000 / 100.0, i % 20, i / 3.0,
                    i % 2 = 0
             from (select seq as i from seq_1_to_{ROWS}) as n;"
        ));
        compare("MariaDB", ProviderType::MySql, &database, bare_mariadb).await;
    });
}

/// Prints how long both ways take, and what ours costs in memory.
async fn compare<F: Future<Output = u64>>(
    name: &str,
    kind: ProviderType,
    database: &Database,
    bare: impl Fn(String) -> F,
) {
    let model = model(kind, &database.url);
    let sources = Sources::new(Files::default());
    let (mut of_driver, mut ours) = (Vec::new(), Vec::new());
    let mut peak = 0;
    for round in 0..=ROUNDS {
        let began = Instant::now();
        assert_eq!(bare(database.url.clone()).await, ROWS);
        let driver = began.elapsed();
        let before = memory();
        let began = Instant::now();
        assert_eq!(engine(&sources, &model).await, ROWS);
        // The first round warms up.
        if round > 0 {
            of_driver.push(driver);
            ours.push(began.elapsed());
            peak = peak.max(memory().saturating_sub(before));
        }
    }
    let (driver, engine) = (median(&mut of_driver), median(&mut ours));
    println!(
        "{name}: {ROWS} rows of 10 columns: bare driver {:.2} s, into rows {:.2} s ({:.2} of its speed), \
         {peak} MB more",
        driver.as_secs_f64(),
        engine.as_secs_f64(),
        driver.as_secs_f64() / engine.as_secs_f64()
    );
}

async fn engine(sources: &Sources, model: &DataModel) -> u64 {
    let quoted = sources.dialect(model).quote("lines");
    let statement = Statement {
        name: "lines".into(),
        sql: ALL.replace("lines", &quoted).into(),
        ..Statement::default()
    };
    let limits = QueryLimits::default();
    let mut batches = sources.open(model, &statement, &limits).await.expect("a query");
    let mut rows = 0;
    while let Some(batch) = batches.next_batch().await.expect("rows") {
        rows += batch.len() as u64;
    }
    rows
}

async fn bare_postgres(url: String) -> u64 {
    let (client, connection) =
        tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("a connection");
    let connection = tokio::spawn(connection);
    let none: [i32; 0] = [];
    let mut rows = std::pin::pin!(client.query_raw(ALL, none).await.expect("rows"));
    let mut count = 0;
    while rows.try_next().await.expect("a row").is_some() {
        count += 1;
    }
    connection.abort();
    count
}

async fn bare_mariadb(url: String) -> u64 {
    let mut connection = mysql_async::Conn::from_url(url).await.expect("a connection");
    let mut rows = connection.exec_iter("select * from `lines`", ()).await.expect("rows");
    let mut count = 0;
    while rows.next().await.expect("a row").is_some() {
        count += 1;
    }
    count
}

fn model(kind: ProviderType, url: &str) -> DataModel {
    let options =
        ProviderOptions { connection_string: Some(Secret::new(url)), ..ProviderOptions::default() };
    let provider = ProviderModel::new(kind, options).expect("a provider");
    DataModel { provider, ..build::data_model("Sales") }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// What the process holds now, in megabytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
