//! How fast a million rows of ten columns come out of PostgreSQL, beside the bare driver that only
//! counts them, and what memory that takes.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use pressroom_contracts::build;
use pressroom_contracts::servers::Postgres;
use pressroom_domain::{DataModel, ProviderModel, ProviderOptions, ProviderType, Secret};
use pressroom_ports::{DataSources, QueryLimits, Statement};
use pressroom_sources::{Files, Sources};

const ROWS: usize = 1_000_000;
const ROUNDS: usize = 3;
const ALL: &str = "select * from lines";

fn main() {
    let server = match Postgres::shared() {
        Ok(server) => server,
        Err(missing) => return println!("skipped: {missing}"),
    };
    let database = server.database();
    let _ = database.sql(&format!(
        "create table lines as select n as id, n / 4 as order_id, date '2024-01-01' + n / 1000 as day,
             'Product ' || n % 77 as product, n % 20 as quantity, (n % 1000 / 8.0)::numeric(10, 2) as price,
             n % 7 = 0 as paid, timestamp '2024-01-01' + n * interval '1 second' as at,
             md5(n::text)::uuid as code, n * 0.1::double precision as share
         from generate_series(1, {ROWS}) n"
    ));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let (mut bare, mut read) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            bare = bare.min(counted(&database.url).await);
            read = read.min(read_by_sources(&database.url).await);
        }
        let part = bare.as_secs_f64() / read.as_secs_f64() * 100.0;
        println!("{ROWS} rows of 10 columns: driver {bare:.2?}, rows {read:.2?}: {part:.0} %");
        println!("memory at most {} MiB", memory());
    });
}

/// The driver alone.
async fn counted(url: &str) -> Duration {
    let (client, connection) =
        tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("a connection");
    let driver = tokio::spawn(connection);
    let began = Instant::now();
    let none: [i32; 0] = [];
    let mut rows = pin!(client.query_raw(ALL, none).await.expect("rows"));
    let mut count = 0;
    while rows.try_next().await.expect("a row").is_some() {
        count += 1;
    }
    assert_eq!(count, ROWS);
    driver.abort();
    began.elapsed()
}

async fn read_by_sources(url: &str) -> Duration {
    let sources = Sources::new(Files::default());
    let connection_string = Some(Secret::new(url));
    let options = ProviderOptions { connection_string, ..ProviderOptions::default() };
    let provider = ProviderModel::new(ProviderType::Postgres, options).expect("a provider");
    let model =
        DataModel { command_timeout: build::seconds(0), provider, ..build::data_model("Sales") };
    let statement = Statement { name: "Lines".into(), sql: ALL.into(), ..Statement::default() };
    sources.test(&model).await.expect("a connection");
    let began = Instant::now();
    let limits = QueryLimits::default();
    let mut batches = sources.open(&model, &statement, &limits).await.expect("a query");
    let mut count = 0;
    while let Some(batch) = batches.next_batch().await.expect("rows") {
        count += batch.len();
    }
    assert_eq!(count, ROWS);
    began.elapsed()
}

/// The most memory that was in use.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.map_or_else(|| "?".to_owned(), |kilobytes| (kilobytes / 1024).to_string())
}
