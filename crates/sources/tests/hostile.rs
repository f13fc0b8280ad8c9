//! What a model or a statement must not do, and what a site says about it.

mod common;

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use common::{Site, make, model, statement};
use pressroom_data::{SourceError, Value};
use pressroom_ports::{DataSources, QueryLimits};

const ORDERS: &str =
    "create table orders (id integer, note text); insert into orders values (1, 'a');";
const ALL: &str = "select * from orders";

/// That a model is said to be away, in these words and without the path.
async fn check_away(site: &Site, connection: &str, expect: &str) {
    match site.rows(connection, ALL).await {
        Err(SourceError::Away { source_name, message }) => {
            assert_eq!(source_name, "Sales");
            assert!(message.contains(expect), "{connection}: {message}");
            let folder = site.folder.path().to_string_lossy().into_owned();
            assert!(!message.contains(&folder), "{message}");
        }
        other => panic!("{connection}: {other:?}"),
    }
}

#[tokio::test]
async fn a_model_reaches_files_below_the_roots_by_every_way_to_name_them() {
    let site = Site::new();
    let path = site.database("sales.db", ORDERS).display().to_string();
    fs::create_dir(site.path("north")).unwrap();
    make(&site.path("north/a b.db"), ORDERS);
    for connection in [
        "sales.db".to_owned(),
        "Data Source=sales.db".to_owned(),
        "XpoProvider=SQLite;Data Source=sales.db".to_owned(),
        format!("Data Source={path};Password="),
        path.clone(),
        format!("sqlite://{path}"),
        "sqlite://sales.db".to_owned(),
        "Data Source=\"north/a b.db\"".to_owned(),
        "./north/a b.db".to_owned(),
    ] {
        assert_eq!(site.rows(&connection, ALL).await.unwrap().len(), 1, "{connection}");
    }
}

#[tokio::test]
async fn a_model_does_not_leave_the_roots() {
    let site = Site::new();
    make(&site.folder.path().join("secret.db"), ORDERS);
    let secret = site.folder.path().join("secret.db").display().to_string();
    symlink(&secret, site.path("link.db")).unwrap();
    symlink(site.folder.path(), site.path("folder")).unwrap();
    let outside = "outside of the folders";
    for connection in [
        "../secret.db".to_owned(),
        "north/../../secret.db".to_owned(),
        secret.clone(),
        format!("sqlite://{secret}"),
        "link.db".to_owned(),
        "folder/secret.db".to_owned(),
        // Whether there is such a file is nobody's business.
        "/etc/passwd".to_owned(),
        "/etc/no-such-file".to_owned(),
    ] {
        check_away(&site, &connection, outside).await;
    }
}

#[tokio::test]
async fn a_name_is_never_a_uri_or_a_database_in_memory() {
    let site = Site::new();
    let path = site.database("sales.db", ORDERS).display().to_string();
    for connection in [
        ":memory:".to_owned(),
        format!("file:{path}"),
        format!("file://{path}"),
        "file::memory:".to_owned(),
        "sales.db?mode=rwc".to_owned(),
        "data.db\0.txt".to_owned(),
        String::new(),
        "Password=x".to_owned(),
    ] {
        assert!(
            matches!(site.rows(&connection, ALL).await, Err(SourceError::Away { .. })),
            "{connection}"
        );
    }
    assert_eq!(fs::read_dir(site.path("")).unwrap().count(), 1, "no file was made");
}

#[tokio::test]
async fn the_servers_own_store_is_refused_by_every_name() {
    let site = Site::without(&["store.db"]);
    let store = site.database("store.db", ORDERS);
    fs::hard_link(&store, site.path("hard.db")).unwrap();
    symlink(&store, site.path("soft.db")).unwrap();
    fs::write(site.path("store.db-wal"), b"").unwrap();
    for name in ["store.db", "hard.db", "soft.db", "store.db-wal"] {
        check_away(&site, name, "the server's own store").await;
    }
}

#[tokio::test]
async fn what_is_no_database_is_said_to_be_none() {
    let site = Site::new();
    fs::write(
        site.path("text.db"),
        "not a database, but long enough to be taken for one".repeat(50),
    )
    .unwrap();
    fs::create_dir(site.path("folder")).unwrap();
    check_away(&site, "text.db", "is not an SQLite database").await;
    check_away(&site, "folder", "is not there").await;
    check_away(&site, "missing.db", "is not there").await;
}

#[tokio::test]
async fn a_damaged_file_and_a_locked_one_are_away() {
    let site = Site::new();
    let path = site.database(
        "sales.db",
        "pragma page_size = 512; create table orders (id integer, note text);
         with recursive n(i) as (select 1 union all select i + 1 from n where i < 500)
         insert into orders select i, 'some words' from n;",
    );
    let mut bytes = fs::read(&path).unwrap();
    for page in bytes.chunks_mut(512).skip(2) {
        page.fill(0x5a);
    }
    fs::write(site.path("damaged.db"), bytes).unwrap();
    check_away(&site, "damaged.db", "damaged").await;
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("begin exclusive").unwrap();
    check_away(&site, "sales.db", "locked").await;
    other.execute_batch("commit").unwrap();
    assert_eq!(site.rows("sales.db", ALL).await.unwrap().len(), 500);
}

#[tokio::test]
async fn nothing_runs_but_one_select() {
    let site = Site::new();
    site.database("sales.db", ORDERS);
    site.database("other.db", ORDERS);
    let other = site.path("other.db").display().to_string();
    let attach = format!("attach '{other}' as o");
    let vacuum = format!("vacuum into '{other}.copy'");
    for sql in [
        "insert into orders values (2, 'b')",
        "update orders set id = 2 returning id",
        "delete from orders returning id",
        "replace into orders values (1, 'b')",
        "with x as (select 1) insert into orders select 1, 'c' from x returning id",
        "create table t (a)",
        "create temp table t (a)",
        "create temp view v as select 1",
        "drop table orders",
        "alter table orders add column x",
        &attach,
        "detach main",
        &vacuum,
        "pragma journal_mode = delete",
        "pragma writable_schema = on",
        "pragma table_info(orders)",
        "select * from pragma_table_info('orders')",
        "select * from pragma_database_list",
        "begin",
        "savepoint a",
        "reindex",
        "analyze",
        "select load_extension('x')",
        "select fts3_tokenizer('x')",
        "select 1; select 2",
        "select 1; drop table orders",
        "",
        "-- nothing",
    ] {
        let result = site.rows("sales.db", sql).await;
        assert!(matches!(result, Err(SourceError::Query { .. })), "{sql}: {result:?}");
    }
    assert_eq!(site.rows("sales.db", ALL).await.unwrap().len(), 1);
    assert_eq!(fs::read_dir(site.path("")).unwrap().count(), 2, "no file was made");
}

#[tokio::test]
async fn a_hostile_file_gets_no_further_than_a_statement() {
    let site = Site::new();
    site.database(
        "sales.db",
        "create table orders (id integer, note text);
         insert into orders values (1, 'a');
         create view reach as select load_extension('x') as id;
         create view look as select * from pragma_database_list;
         create trigger t after insert on orders begin select load_extension('x'); end;",
    );
    for sql in ["select * from reach", "select * from look"] {
        let result = site.rows("sales.db", sql).await;
        assert!(matches!(result, Err(SourceError::Query { .. })), "{sql}: {result:?}");
    }
}

#[tokio::test]
async fn reading_leaves_the_file_as_it_was() {
    let site = Site::new();
    let path = site.database("sales.db", ORDERS);
    let before = fs::read(&path).unwrap();
    site.rows("sales.db", ALL).await.unwrap();
    site.sources.schema(&model("sales.db")).await.unwrap();
    assert!(fs::read(&path).unwrap() == before);
}

#[tokio::test]
async fn a_file_that_was_replaced_is_read_anew() {
    let site = Site::new();
    site.database("sales.db", ORDERS);
    assert_eq!(site.rows("sales.db", "select note from orders").await.unwrap()[0][0], "a".into());
    make(&site.folder.path().join("new.db"), &ORDERS.replace("'a'", "'b'"));
    fs::rename(site.folder.path().join("new.db"), site.path("sales.db")).unwrap();
    assert_eq!(site.rows("sales.db", "select note from orders").await.unwrap()[0][0], "b".into());
}

/// A query that never gives a row.
const ENDLESS: &str =
    "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n where i < 0";

#[tokio::test]
async fn an_endless_query_ends_at_its_timeout() {
    let site = Site::new();
    site.database("sales.db", ORDERS);
    let limits = QueryLimits { timeout: Duration::from_millis(200), ..QueryLimits::default() };
    let began = Instant::now();
    let mut batches = site.open("sales.db", &statement(ENDLESS, &[]), &limits).await.unwrap();
    let error = batches.next_batch().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the query \"Orders\" gave no rows for 0.2 s; make it faster, or raise the command timeout of data model \"Sales\""
    );
    assert!(batches.next_batch().await.unwrap().is_none(), "nothing comes after an error");
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn the_shorter_timeout_of_model_and_site_holds() {
    let site = Site::new();
    site.database("sales.db", ORDERS);
    let mut slow = model("sales.db");
    slow.command_timeout = pressroom_contracts::build::seconds(1);
    let limits = QueryLimits { timeout: Duration::from_secs(3_600), ..QueryLimits::default() };
    let mut batches = site.sources.open(&slow, &statement(ENDLESS, &[]), &limits).await.unwrap();
    let error = batches.next_batch().await.unwrap_err().to_string();
    assert!(error.contains("for 1 s"), "{error}");
}

#[test]
fn a_query_ends_soon_after_its_reader_goes() {
    let site = Site::new();
    site.database("sales.db", ORDERS);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let endless_rows =
        "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n";
    runtime.block_on(async {
        let limits = QueryLimits::default();
        // One that waits for room, one that never gives a row.
        let mut rows = site.open("sales.db", &statement(endless_rows, &[]), &limits).await.unwrap();
        rows.next_batch().await.unwrap().unwrap();
        drop(rows);
        drop(site.open("sales.db", &statement(ENDLESS, &[]), &limits).await.unwrap());
    });
    // The runtime waits for its threads to end.
    let began = Instant::now();
    drop(runtime);
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn long_values_and_endless_rows_have_bounds() {
    let site = Site::new();
    site.database("sales.db", ORDERS);
    let limits = QueryLimits { value_bytes: 1 << 20, rows: 1_000, ..QueryLimits::default() };
    for (sql, expect) in [
        ("select zeroblob(1048577)", "a value of more than 1048576 bytes"),
        ("select zeroblob(100000000)", "is too long"),
        ("select hex(zeroblob(600000)) || hex(zeroblob(600000))", "is too long"),
        (
            "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n",
            "more than 1000 rows",
        ),
    ] {
        let mut batches = site.open("sales.db", &statement(sql, &[]), &limits).await.unwrap();
        let error = loop {
            match batches.next_batch().await {
                Ok(batch) => assert!(batch.is_some(), "{sql} came to its end"),
                Err(error) => break error,
            }
        };
        assert!(matches!(&error, SourceError::Limit(text) if text.contains(expect)), "{error}");
    }
}

#[tokio::test]
async fn large_values_come_in_small_batches() {
    let site = Site::new();
    site.database("sales.db", ORDERS);
    let sql = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 40)
               select i, zeroblob(400000) as picture from n";
    let limits = QueryLimits::default();
    let mut batches = site.open("sales.db", &statement(sql, &[]), &limits).await.unwrap();
    let mut rows = 0;
    while let Some(batch) = batches.next_batch().await.unwrap() {
        assert!(batch.len() <= 3, "{} rows of 400 kB", batch.len());
        rows += batch.len();
    }
    assert_eq!(rows, 40);
}

#[tokio::test]
async fn deep_and_long_statements_are_refused() {
    let site = Site::new();
    site.database("sales.db", ORDERS);
    let deep = format!("select {}1{}", "(".repeat(10_000), ")".repeat(10_000));
    let sum = format!("select 1{}", "+1".repeat(10_000));
    let long = format!("select '{}'", "x".repeat(2 << 20));
    let unions = vec!["select 1"; 300].join(" union all ");
    for sql in [&deep, &sum, &long, &unions] {
        let result = site.rows("sales.db", sql).await;
        assert!(
            matches!(result, Err(SourceError::Query { .. } | SourceError::Limit(_))),
            "{}…: {result:?}",
            &sql[..40]
        );
    }
}

#[tokio::test]
async fn a_parameter_without_a_value_is_named() {
    let site = Site::new();
    site.database("sales.db", ORDERS);
    let statement = statement("select * from orders where id between ?1 and ?2", &[Value::Int(1)]);
    let error = site.rows_of("sales.db", &statement).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the query \"Orders\" failed: its parameter 2 has no value; add it to the query's parameters"
    );
}
