//! MariaDB keeps what the port promises, and gives every value as it is.

mod server;

use std::sync::Arc;
use std::time::Duration;

use pressroom_contracts::build;
use pressroom_contracts::servers::{Database, MariaDb, Missing, Proxy};
use pressroom_contracts::suites::data_sources::{Fixture, ROWS, name_of};
use pressroom_data::{DataType, Reader, SourceError, Value};
use pressroom_domain::{DataModel, ProviderType, RowFilter};
use pressroom_ports::{DataSources, QueryLimits, Statement};
use pressroom_sources::Sources;
use server::{model, read, rows, shown, sources, statement};

fn database() -> Database {
    MariaDb::shared().unwrap_or_else(Missing::skip).database()
}

fn of(url: &str) -> DataModel {
    model(ProviderType::MySql, url)
}

async fn numbers() -> Fixture {
    let database = database();
    let values: Vec<String> = (1..=ROWS)
        .map(|n| match name_of(n) {
            Some(name) => format!("({n}, '{}')", name.replace('\'', "''")),
            None => format!("({n}, null)"),
        })
        .collect();
    database.run(&format!(
        "create table numbers (n bigint primary key, name varchar(40));
         insert into numbers values {};",
        values.join(", ")
    ));
    let away = "Server=127.0.0.1;Port=1;User ID=ann;Password=hunter2;Database=nowhere";
    Fixture {
        sources: Arc::new(sources()),
        model: of(&database.url),
        away: model(ProviderType::MySql, away),
        guard: Box::new(database),
    }
}

pressroom_contracts::data_sources_contract!(numbers);

const EVERY_TYPE: &str = "
    create table kinds (
        id int primary key, yes boolean, tiny tinyint, small smallint unsigned, big bigint,
        huge bigint unsigned, bits bit(9), flag bit, price decimal(20,4), lng decimal(38,18),
        f float, d double, day date, at datetime(6), stamp timestamp null, span time(3), y year,
        word varchar(20), fixed char(6), memo longtext, kind enum('red','blue'), j json,
        raw varbinary(8), data longblob, place point
    ) default charset utf8mb4;
    insert into kinds values (
        1, true, -128, 65535, -9223372036854775808, 18446744073709551615, b'101', b'1',
        1234567890.1234, 12345678901234567890.123456789012345678, 0.1, 1e300,
        '0001-01-01', '9999-12-31 23:59:59.999999', null, '-838:59:59', 2026,
        'žluť 😀', 'ab', 'O''Brien \\\\ \"x\"', 'blue', '{\"a\":1}', x'00ff', x'', point(1,2)
    );
    insert into kinds (id) values (2);";

#[test]
fn every_type_comes_as_it_is() {
    pressroom_contracts::run(async {
        let database = database();
        database.run(EVERY_TYPE);
        let sources = sources();
        let sql =
            "select yes, tiny, small, big, huge, bits, flag, price, lng, f, d, day, at, stamp,
                          span, y, word, fixed, memo, kind, j, raw, data
                   from kinds order by id";
        let (schema, rows) =
            read(&sources, &of(&database.url), &statement(sql, &[])).await.unwrap();
        let types: Vec<DataType> = schema.fields.iter().map(|field| field.data_type).collect();
        use DataType::{Bool, Bytes, DateTime, Decimal, Double, Int, Span, Text};
        assert_eq!(
            types,
            [
                Bool, Int, Int, Int, Decimal, Int, Bool, Decimal, Decimal, Double, Double,
                DateTime, DateTime, DateTime, Span, Int, Text, Text, Text, Text, Text, Bytes,
                Bytes
            ]
        );
        assert_eq!(
            shown(&rows[0]),
            [
                "Bool(true)",
                "Int(-128)",
                "Int(65535)",
                "Int(-9223372036854775808)",
                "Decimal(18446744073709551615)",
                "Int(5)",
                "Bool(true)",
                "Decimal(1234567890.1234)",
                "Decimal(12345678901234567890.123456789)",
                "Double(0.1)",
                "Double(1e300)",
                "DateTime(0001-01-01T00:00:00)",
                "DateTime(9999-12-31T23:59:59.999999)",
                "Null",
                "Span(TimeDelta { secs: -3020399, nanos: 0 })",
                "Int(2026)",
                "Text(\"žluť 😀\")",
                "Text(\"ab\")",
                "Text(\"O'Brien \\\\ \\\"x\\\"\")",
                "Text(\"blue\")",
                "Text(\"{\\\"a\\\":1}\")",
                "Bytes([0, 255])",
                "Bytes([])"
            ]
        );
        assert!(rows[1].iter().all(Value::is_null), "{:?}", rows[1]);
    });
}

#[test]
fn values_are_bound_as_they_are() {
    pressroom_contracts::run(async {
        let database = database();
        database.run(EVERY_TYPE);
        let sources = sources();
        let decimal = |text: &str| Value::Decimal(text.parse().unwrap());
        let time = |text: &str| Value::DateTime(text.parse().unwrap());
        for (condition, value) in [
            ("yes = ?", Value::Bool(true)),
            ("big = ?", Value::Int(i64::MIN)),
            ("huge = ?", decimal("18446744073709551615")),
            ("price = ?", decimal("1234567890.1234")),
            ("d = ?", Value::Double(1e300)),
            ("at = ?", time("9999-12-31T23:59:59.999999")),
            ("day = ?", time("0001-01-01T00:00:00")),
            ("word = ?", Value::from("žluť 😀")),
            ("memo = ?", Value::from("O'Brien \\ \"x\"")),
            ("raw = ?", Value::Bytes([0, 255].as_slice().into())),
            ("span = ?", Value::Span(chrono::TimeDelta::seconds(-3_020_399))),
            ("? is null and id = 1", Value::Null),
        ] {
            let sql = format!("select id from kinds where {condition}");
            let found = rows(&sources, &of(&database.url), &statement(&sql, &[value])).await;
            assert_eq!(found.unwrap().len(), 1, "{condition}");
        }
    });
}

#[test]
fn what_does_not_fit_is_told_with_its_column() {
    pressroom_contracts::run(async {
        let database = database();
        database.run("create table t (n decimal(65)); insert into t values (1e60);");
        let error = rows(&sources(), &of(&database.url), &statement("select n from t", &[])).await;
        let words = error.unwrap_err().to_string();
        assert!(words.contains("\"Orders\"") && words.contains("column \"n\""), "{words}");
    });
}

#[test]
fn names_are_names_whatever_they_hold() {
    pressroom_contracts::run(async {
        let database = database();
        database.run(
            "create table `x\"; drop table y--` (`a``b` int, `A` int);
             create table y (n int); insert into `x\"; drop table y--` values (1, 2);
             insert into y values (3);",
        );
        let (sources, model) = (sources(), of(&database.url));
        let tables = sources.schema(&model).await.unwrap();
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["x\"; drop table y--", "y"]);
        let dialect = sources.dialect(&model);
        let sql = format!(
            "select {}, 7 as `A`, 8 as `A` from {}",
            dialect.quote("a`b"),
            dialect.quote("x\"; drop table y--")
        );
        let (schema, found) = read(&sources, &model, &statement(&sql, &[])).await.unwrap();
        let names: Vec<&str> = schema.fields.iter().map(|field| &*field.name).collect();
        assert_eq!(names, ["a`b", "A", "A"]);
        assert_eq!(shown(&found[0]), ["Int(1)", "Int(7)", "Int(8)"]);
        assert_eq!(
            rows(&sources, &model, &statement("select n from y", &[])).await.unwrap().len(),
            1
        );
    });
}

#[test]
fn procedures_are_known_and_write_nothing() {
    pressroom_contracts::run(async {
        let database = database();
        database.run(
            "create table t (n int); insert into t values (1), (2), (3);
             delimiter //
             create procedure above(in least int, out many int)
                 begin select n from t where n > least; end //
             create procedure writing() begin insert into t values (4); select n from t; end //
             delimiter ;",
        );
        let (sources, model) = (sources(), of(&database.url));
        let known = sources.procedures(&model).await.unwrap();
        let known: Vec<(&str, usize)> =
            known.iter().map(|one| (one.name.as_str(), one.parameters.len())).collect();
        assert_eq!(known, [("above", 2), ("writing", 0)]);
        let error = rows(&sources, &model, &statement("call writing()", &[])).await.unwrap_err();
        assert!(matches!(error, SourceError::Query { .. }), "{error}");
        assert_eq!(
            rows(&sources, &model, &statement("select n from t", &[])).await.unwrap().len(),
            3
        );
    });
}

#[test]
fn readers_see_the_rows_that_a_filter_shows_them() {
    pressroom_contracts::run(async {
        let database = database();
        database.run(
            "create table t (n int, owner varchar(20)); insert into t values (1, 'ann'), (2, 'bob'), (3, 'ann');",
        );
        let sources = sources();
        let mut model = of(&database.url);
        let filter = RowFilter::new("[owner] = UserName() Or IsMemberOf('Chiefs')").unwrap();
        model.row_filters.set("t", Some(filter));
        let ann = Reader::new("ann");
        let chief = Reader::new("cecil").with_groups(["Chiefs"]);
        for sql in [
            "select n from t",
            "select x.n from t x where x.n > ?",
            "select n from (select * from t) d",
            "with c as (select * from t) select n from c",
            "select (select count(n) from t) from t",
        ] {
            for (reader, expect) in [(Some(&ann), 2), (Some(&chief), 3), (None, 0)] {
                let reader = reader.cloned();
                let statement = Statement { reader, ..statement(sql, &[Value::Int(0)]) };
                let found = rows(&sources, &model, &statement).await.unwrap();
                assert_eq!(found.len(), expect, "{sql}");
            }
        }
        // What is kept for one reader is not another's.
        model.cache_seconds = build::seconds(60);
        for (reader, expect) in [(Some(&ann), 2), (Some(&chief), 3), (None, 0), (Some(&ann), 2)] {
            let statement =
                Statement { reader: reader.cloned(), ..statement("select n from t", &[]) };
            assert_eq!(rows(&sources, &model, &statement).await.unwrap().len(), expect);
        }
        database.run("delete from t;");
        let again = Statement { reader: Some(ann), ..statement("select n from t", &[]) };
        assert_eq!(rows(&sources, &model, &again).await.unwrap().len(), 2, "it is kept");
        sources.forget(model.id);
        assert_eq!(rows(&sources, &model, &again).await.unwrap().len(), 0);
    });
}

#[test]
fn a_wrong_password_is_told_without_it() {
    pressroom_contracts::run(async {
        let server = MariaDb::shared().unwrap_or_else(Missing::skip);
        let database = server.database();
        let url = database.url.replace(server.password(), "hunter2");
        let error = sources().test(&of(&url)).await.unwrap_err().to_string();
        assert!(error.contains("check the user name and the password"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
        let url = database.url.replace(&database.name, "nowhere");
        let error = sources().test(&of(&url)).await.unwrap_err().to_string();
        assert!(error.contains("no database of this name"), "{error}");
    });
}

/// Rows without end.
const ENDLESS: &str =
    "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n";

#[test]
fn a_query_ends_on_the_server_when_its_reader_goes() {
    pressroom_contracts::run(async {
        let database = database();
        database.run(
            "create table t (n int);
             insert into t with recursive n(i) as (select 1 union all select i + 1 from n where i < 900)
             select i from n;",
        );
        let (sources, model) = (sources(), of(&database.url));
        let slow = "select count(a.n) from t a, t b, t c, t d where a.n + b.n + c.n + d.n < 0";
        let limits = QueryLimits { timeout: Duration::from_millis(300), ..QueryLimits::default() };
        let opened = server::open(&sources, &model, &statement(slow, &[]), &limits).await;
        assert!(matches!(opened, Err(SourceError::Limit(_))));
        let running = format!(
            "select count(*) from information_schema.processlist where db = '{}' \
             and info like '%count(%' and info not like '%processlist%'",
            database.name
        );
        server::until(|| database.sql(&running).trim() == "0").await;
        // The model is as good as before.
        assert_eq!(
            rows(&sources, &model, &statement("select n from t", &[])).await.unwrap().len(),
            900
        );
    });
}

#[test]
fn a_server_that_goes_away_in_the_middle_is_told_of() {
    pressroom_contracts::run(async {
        let server = MariaDb::shared().unwrap_or_else(Missing::skip);
        let database = server.database();
        database.run(
            "create table t (n int, pad varchar(200)); set max_recursive_iterations = 200000;
             insert into t with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000)
             select i, repeat('x', 200) from n;",
        );
        let proxy = Proxy::before(server.address()).await;
        let (sources, model) = (sources(), of(&database.url_by(proxy.address())));
        let limits = QueryLimits { timeout: Duration::from_secs(5), ..QueryLimits::default() };
        let all = statement("select n, pad from t", &[]);
        let mut batches = server::open(&sources, &model, &all, &limits).await.unwrap();
        batches.next_batch().await.unwrap();
        proxy.cut();
        let error = loop {
            match batches.next_batch().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("it ended as if all were told"),
                Err(error) => break error,
            }
        };
        assert!(matches!(error, SourceError::Away { .. }), "{error}");
        proxy.heal();
        assert_eq!(rows(&sources, &model, &all).await.unwrap().len(), 100_000);
    });
}

#[test]
fn long_values_come_or_are_refused_as_the_limits_say() {
    pressroom_contracts::run(async {
        let database = database();
        database.run(
            "create table t (b longblob); insert into t values (repeat('x', 100 * 1024 * 1024));",
        );
        let (sources, model) = (sources(), of(&database.url));
        let all = statement("select b from t", &[]);
        let limits = QueryLimits { value_bytes: 200 << 20, ..QueryLimits::default() };
        let mut batches = server::open(&sources, &model, &all, &limits).await.unwrap();
        let found = batches.next_batch().await.unwrap().unwrap();
        assert!(matches!(&found[0][0], Value::Bytes(bytes) if bytes.len() == 100 << 20));
        let error = rows(&sources, &model, &all).await.unwrap_err();
        assert!(matches!(error, SourceError::Limit(_)), "{error}");
    });
}

#[test]
fn a_model_that_cannot_be_reached_holds_up_no_other() {
    pressroom_contracts::run(async {
        let server = MariaDb::shared().unwrap_or_else(Missing::skip);
        let database = server.database();
        database.run("create table t (n int); insert into t values (1);");
        let proxy = Proxy::before(server.address()).await;
        let sources = sources();
        let mut frozen = of(&database.url_by(proxy.address()));
        frozen.id = pressroom_domain::DataModelId(2);
        proxy.freeze();
        let waiting: Vec<_> = (0..20)
            .map(|_| {
                let (sources, frozen): (Sources, _) = (sources.clone(), frozen.clone());
                tokio::spawn(async move { sources.test(&frozen).await })
            })
            .collect();
        let one = statement("select n from t", &[]);
        assert_eq!(rows(&sources, &of(&database.url), &one).await.unwrap().len(), 1);
        waiting.iter().for_each(tokio::task::JoinHandle::abort);
    });
}

#[test]
fn memory_stays_flat_over_endless_rows() {
    pressroom_contracts::run(async {
        let database = database();
        database.run("create table t (n int);");
        let (sources, model) = (sources(), of(&database.url));
        let limits = QueryLimits { rows: 500, ..QueryLimits::default() };
        let endless = statement(ENDLESS, &[]);
        let mut batches = server::open(&sources, &model, &endless, &limits).await.unwrap();
        let error = loop {
            match batches.next_batch().await {
                Ok(Some(_)) => {}
                Ok(None) => return,
                Err(error) => break error,
            }
        };
        assert!(matches!(error, SourceError::Limit(_) | SourceError::Query { .. }), "{error}");
    });
}
