//! What goes wrong, goes wrong clearly.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use pressroom_contracts::build;
use pressroom_contracts::servers::{Postgres, Proxy};
use pressroom_data::SourceError;
use pressroom_ports::{DataSources, DescribeError, QueryLimits};

use crate::site::{Site, model, statement};

fn limits(seconds: u64) -> QueryLimits {
    QueryLimits { timeout: Duration::from_secs(seconds), ..QueryLimits::default() }
}

#[test]
fn why_there_is_no_connection_is_told_without_secrets() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        let url = &site.database.url;
        let (account, place) = url.rsplit_once('@').unwrap();
        let (user, _) = account.rsplit_once(':').unwrap();
        let (address, _) = place.rsplit_once('/').unwrap();
        for (url, expect) in [
            (format!("{user}:hunter2@{place}"), "does not take the account and password"),
            (format!("{user}@{place}"), "wants a password"),
            (format!("postgres://nobody:hunter2@{place}"), "does not take the account"),
            (format!("{account}@{address}/nowhere"), "has no database of that name"),
            (format!("{account}@127.0.0.1:1/x"), "nothing listens"),
            (format!("{account}@nowhere.invalid/x"), "name is not known"),
            (format!("{url}?sslmode=require"), "takes no encrypted connections"),
            (format!("{url}?sslmode=perhaps"), "sslmode is not known"),
            (format!("{url}?sslrootcert=../our.pem"), "outside of the folders"),
            (format!("postgres://{place}"), "names no account"),
        ] {
            let told = match site.sources.test(&model(&url)).await {
                Err(SourceError::Away { source_name, message }) => {
                    assert_eq!(source_name, "Sales");
                    message
                }
                other => panic!("{url}: {other:?}"),
            };
            assert!(told.contains(expect), "{told}");
            assert!(!told.contains("hunter2"), "{told}");
        }
    });
}

#[test]
fn a_server_that_goes_away_in_the_middle_is_told() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        let server = Postgres::shared().unwrap();
        let proxy = Proxy::before(server.address()).await;
        let model = model(&site.database.url_by(proxy.address()));
        let endless = statement("select generate_series(1, 1000000000), repeat('x', 1000)", &[]);
        let mut batches = site.sources.open(&model, &endless, &limits(20)).await.unwrap();
        batches.next_batch().await.unwrap().unwrap();
        proxy.cut();
        let told = loop {
            match batches.next_batch().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it ended as if that were all"),
                Err(error) => break error.to_string(),
            }
        };
        assert!(told.contains("\"Sales\"") && told.contains("\"Orders\""), "{told}");
        assert!(batches.next_batch().await.unwrap().is_none());
        assert!(site.ends("generate_series").await);

        // A connection that waited for its next use and is dead is replaced by one that is not.
        proxy.heal();
        site.sources.test(&model).await.unwrap();
        proxy.cut();
        proxy.heal();
        site.sources.test(&model).await.unwrap();
    });
}

#[test]
fn a_server_that_falls_silent_is_told_in_time() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        let server = Postgres::shared().unwrap();
        let proxy = Proxy::before(server.address()).await;
        let model = model(&site.database.url_by(proxy.address()));
        let endless = statement("select generate_series(1, 1000000000), repeat('x', 1000)", &[]);
        let mut batches = site.sources.open(&model, &endless, &limits(2)).await.unwrap();
        batches.next_batch().await.unwrap().unwrap();
        proxy.freeze();
        let told = loop {
            match batches.next_batch().await {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert!(matches!(told, SourceError::Limit(_)), "{told}");
    });
}

#[test]
fn a_query_that_takes_too_long_ends_on_the_server() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        let slow = statement("select pg_sleep(300), 'too slow' as marker", &[]);
        let mut model = site.model.clone();
        model.command_timeout = build::seconds(1);
        let before = Instant::now();
        let told = site.sources.open(&model, &slow, &QueryLimits::default()).await.map(|_| ());
        assert!(matches!(told, Err(SourceError::Limit(_))), "{told:?}");
        assert!(before.elapsed() < Duration::from_secs(15));
        assert!(site.ends("too slow").await);
    });
}

#[test]
fn a_query_whose_reader_goes_ends_on_the_server() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        let endless = statement("select generate_series(1, 1000000000) as left_alone", &[]);
        let mut batches = site.open(&endless, &limits(20)).await.unwrap();
        batches.next_batch().await.unwrap();
        drop(batches);
        assert!(site.ends("left_alone").await);
        // Also before there is a row, and before it was even begun.
        let slow = statement("select pg_sleep(300), 'left early' as marker", &[]);
        let patient = limits(60);
        let opening = tokio::time::timeout(Duration::from_secs(1), site.open(&slow, &patient));
        assert!(opening.await.is_err());
        assert!(site.ends("left early").await);
        site.sources.test(&site.model).await.unwrap();
    });
}

#[test]
fn a_slow_reader_holds_up_the_server_and_not_the_memory() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        let sql =
            "select n, repeat('x', 100000) from generate_series(1, 100000) n -- ten gigabytes";
        let mut batches = site.open(&statement(sql, &[]), &limits(20)).await.unwrap();
        let first = batches.next_batch().await.unwrap().unwrap();
        assert!(first.len() < 128, "{}", first.len());
        tokio::time::sleep(Duration::from_secs(1)).await;
        let waits = "select wait_event from pg_stat_activity where query like '%ten gigabytes%'
                     and pid <> pg_backend_pid() and state = 'active'";
        assert_eq!(site.sql(waits.to_owned()).await.trim(), "ClientWrite");
        drop(batches);
        assert!(site.ends("ten gigabytes").await);
    });
}

#[test]
fn nothing_is_written_by_whatever_way() {
    pressroom_contracts::run(async {
        let site = Site::new(
            "create table t (n integer); insert into t values (1);
             create sequence s;
             create function writes() returns setof integer language sql
               as 'insert into t values (2) returning n';
             create function opens_up() returns setof text language plpgsql as $$ begin
               set transaction read write; insert into t values (3); return next 'done';
             end $$;",
        )
        .await;
        for sql in [
            "insert into t values (4) returning n",
            "with w as (delete from t returning n) select * from w",
            "select * from writes()",
            "select * from opens_up()",
            "select nextval('s')",
            "explain analyze delete from t",
            "select set_config('transaction_read_only', 'off', false)",
            "create table u as select 1 as n",
            "select 1 as n into u",
            "copy t to '/tmp/x'",
            "do $$ begin delete from t; end $$",
            "set transaction read write",
            "commit",
            "begin",
            "",
            "select from t",
            "select 1; delete from t",
        ] {
            let error = site.refusal(sql, &[]).await;
            assert!(matches!(error, SourceError::Query { .. }), "{sql}: {error}");
        }
        for _ in 0..2 {
            assert_eq!(site.sql("select n from t".into()).await.trim(), "1");
        }
    });
}

#[test]
fn what_a_statement_sets_goes_with_it() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        for sql in [
            "select set_config('default_transaction_read_only', 'off', false)",
            "select set_config('search_path', 'pg_catalog', false)",
            "select set_config('TimeZone', 'Asia/Tokyo', false)",
        ] {
            site.rows(sql, &[]).await.unwrap();
        }
        let shown = site
            .shown(
                "select current_setting('default_transaction_read_only'),
                        current_setting('TimeZone'), current_setting('search_path') like '%public%'",
                &[],
            )
            .await;
        assert_eq!(shown, ["Text(\"on\")", "Text(\"UTC\")", "Bool(true)"]);
    });
}

#[test]
fn statements_that_write_are_told_apart_when_described() {
    pressroom_contracts::run(async {
        let site = Site::new("create table t (n integer)").await;
        for (sql, is_reading) in [
            ("select n from t", true),
            ("select n from t; ", true),
            ("with a as (select n from t) select * from a -- the end", true),
            ("values (1), (2)", true),
            ("table t", true),
            ("(select 1) union all (select 2) order by 1", true),
            ("select $1::integer as n, $2 is null as nothing", true),
            ("delete from t returning n", false),
            ("with w as (delete from t returning n) select * from w", false),
            ("explain select 1", false),
            ("show all", false),
            ("vacuum", false),
        ] {
            let statement = statement(sql, &[1.into(), "x".into()]);
            let described = site.sources.describe(&site.model, &statement).await;
            match described {
                Ok(columns) => assert!(is_reading && !columns.is_empty(), "{sql}"),
                Err(DescribeError::NotReading) => assert!(!is_reading, "{sql}"),
                Err(other) => panic!("{sql}: {other:?}"),
            }
        }
    });
}

#[test]
fn long_values_are_a_matter_of_limits() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        let long = "select convert_to(repeat('x', 100 * 1024 * 1024), 'UTF8') as picture";
        let told = site.refusal(long, &[]).await;
        assert!(matches!(told, SourceError::Limit(_)), "{told}");
        let limits = QueryLimits { value_bytes: 128 << 20, ..limits(60) };
        let mut batches = site.open(&statement(long, &[]), &limits).await.unwrap();
        let rows = batches.next_batch().await.unwrap().unwrap();
        match &rows[0][0] {
            pressroom_data::Value::Bytes(bytes) => assert_eq!(bytes.len(), 100 << 20),
            other => panic!("{:?}", other.data_type()),
        }
    });
}

#[test]
fn errors_while_rows_come_are_told() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        let told = site.refusal("select 1 / (5000 - n) from generate_series(1, 9000) n", &[]).await;
        assert!(told.to_string().contains("division by zero"), "{told}");
        let told = site.refusal("selec 1", &[]).await.to_string();
        assert!(told.contains("\"Orders\"") && told.contains("selec"), "{told}");
        // The connection goes on.
        assert_eq!(site.rows("select 1", &[]).await.unwrap().len(), 1);
        let used = site.sql(
            "select count(*) from pg_stat_activity where application_name = 'Pressroom'
             and datname = current_database()"
                .into(),
        );
        assert_eq!(used.await.trim(), "1");
    });
}

#[test]
fn a_model_uses_a_bounded_number_of_connections() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        let statement = statement("select n from generate_series(1, 10) n", &[]);
        let limits = limits(20);
        let many = (0..40).map(async |_| {
            let mut batches = site.open(&statement, &limits).await.unwrap();
            let mut count = 0;
            while let Some(batch) = batches.next_batch().await.unwrap() {
                count += batch.len();
            }
            count
        });
        let counts = join_all(many).await;
        assert!(counts.iter().all(|count| *count == 10));
        let used = site.sql(
            "select count(*) from pg_stat_activity where application_name = 'Pressroom'
             and datname = current_database()"
                .into(),
        );
        assert!(used.await.trim().parse::<u32>().unwrap() <= 8);
    });
}
