//! Firebird keeps what the port promises, and gives every value as it is.

mod server;

use std::sync::Arc;
use std::time::Duration;

use pressroom_contracts::servers::{Database, Firebird, Missing, Proxy};
use pressroom_contracts::suites::data_sources::{Fixture, ROWS, name_of};
use pressroom_data::{DataType, SourceError, Value};
use pressroom_domain::{DataModel, ProviderType};
use pressroom_ports::{DataSources, QueryLimits};
use server::{model, read, rows, shown, sources, statement};

fn database() -> Database {
    Firebird::shared().unwrap_or_else(Missing::skip).database()
}

fn of(url: &str) -> DataModel {
    model(ProviderType::Firebird, url)
}

async fn numbers() -> Fixture {
    let database = database();
    let inserts: Vec<String> = (1..=ROWS)
        .map(|n| match name_of(n) {
            Some(name) => {
                format!("insert into numbers values ({n}, '{}');", name.replace('\'', "''"))
            }
            None => format!("insert into numbers values ({n}, null);"),
        })
        .collect();
    database.run(&format!(
        "create table numbers (n bigint not null primary key, name varchar(40));
         commit; {}",
        inserts.join("\n")
    ));
    let away = "DataSource=127.0.0.1;Port=1;User=ann;Password=hunter2;Database=/nowhere.fdb";
    Fixture {
        sources: Arc::new(sources()),
        model: of(&database.url),
        away: of(away),
        guard: Box::new(database),
    }
}

pressroom_contracts::data_sources_contract!(numbers);

const EVERY_TYPE: &str = "
    create table kinds (
        id int not null primary key, yes boolean, small smallint, big bigint, price numeric(18,4),
        rate decimal(9,2), f float, d double precision, born date, at_ timestamp, clock time,
        word varchar(20), fixed char(6), old varchar(10) character set win1250,
        memo blob sub_type text, data blob sub_type binary
    );
    commit;
    insert into kinds values (
        1, true, -32768, -9223372036854775808, 12345678901234.5678, 0.10, 0.5, 1e300,
        '0001-01-01', '9999-12-31 23:59:59.9990', '23:59:59.5000',
        'žluť 😀', 'ab', 'Žluť', 'O''Brien \\ \"x\"', x'00ff'
    );
    insert into kinds (id) values (2);";

#[test]
fn every_type_comes_as_it_is() {
    pressroom_contracts::run(async {
        let database = database();
        database.run(EVERY_TYPE);
        let sql = "select yes, small, big, price, rate, f, d, born, at_, clock, word, fixed, old,
                       memo, data
                   from kinds order by id";
        let (schema, rows) =
            read(&sources(), &of(&database.url), &statement(sql, &[])).await.unwrap();
        let types: Vec<DataType> = schema.fields.iter().map(|field| field.data_type).collect();
        use DataType::{Bool, Bytes, DateTime, Decimal, Double, Int, Span, Text};
        assert_eq!(
            types,
            [
                Bool, Int, Int, Decimal, Decimal, Double, Double, DateTime, DateTime, Span, Text,
                Text, Text, Text, Bytes
            ]
        );
        assert_eq!(
            shown(&rows[0]),
            [
                "Bool(true)",
                "Int(-32768)",
                "Int(-9223372036854775808)",
                "Decimal(12345678901234.5678)",
                "Decimal(0.10)",
                "Double(0.5)",
                "Double(1e300)",
                "DateTime(0001-01-01T00:00:00)",
                "DateTime(9999-12-31T23:59:59.999)",
                "Span(TimeDelta { secs: 86399, nanos: 500000000 })",
                "Text(\"žluť 😀\")",
                "Text(\"ab\")",
                "Text(\"Žluť\")",
                "Text(\"O'Brien \\\\ \\\"x\\\"\")",
                "Bytes([0, 255])"
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
            ("price = ?", decimal("12345678901234.5678")),
            ("d = ?", Value::Double(1e300)),
            ("at_ = ?", time("9999-12-31T23:59:59.999")),
            ("born = ?", time("0001-01-01T00:00:00")),
            ("clock = ?", Value::Span(chrono::TimeDelta::milliseconds(86_399_500))),
            ("word = ?", Value::from("žluť 😀")),
            ("old = ?", Value::from("Žluť")),
        ] {
            let sql = format!("select id from kinds where {condition}");
            let found = rows(&sources, &of(&database.url), &statement(&sql, &[value])).await;
            assert_eq!(found.unwrap().len(), 1, "{condition}");
        }
    });
}

#[test]
fn names_are_names_whatever_they_hold() {
    pressroom_contracts::run(async {
        let database = database();
        database.run(
            "create table \"x\"\"; drop table y--\" (\"a`b\" int, \"A\" int);
             create table y (n int); commit;
             insert into \"x\"\"; drop table y--\" values (1, 2);
             insert into y values (3);",
        );
        let (sources, model) = (sources(), of(&database.url));
        let tables = sources.schema(&model).await.unwrap();
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["Y", "x\"; drop table y--"]);
        let dialect = sources.dialect(&model);
        let sql = format!(
            "select {}, {} from {}",
            dialect.quote("a`b"),
            dialect.quote("A"),
            dialect.quote("x\"; drop table y--")
        );
        let (schema, found) = read(&sources, &model, &statement(&sql, &[])).await.unwrap();
        let names: Vec<&str> = schema.fields.iter().map(|field| &*field.name).collect();
        assert_eq!(names, ["a`b", "A"]);
        assert_eq!(shown(&found[0]), ["Int(1)", "Int(2)"]);
        let twice = statement("select n as a, n as a from y", &[]);
        let told = match rows(&sources, &model, &twice).await {
            Ok(rows) => {
                assert_eq!(shown(&rows[0]), ["Int(3)", "Int(3)"]);
                return;
            }
            Err(error) => error.to_string(),
        };
        assert!(told.contains("\"Orders\"") && told.contains("with AS"), "{told}");
    });
}

#[test]
fn procedures_are_known_read_and_write_nothing() {
    pressroom_contracts::run(async {
        let database = database();
        database.run(
            "create table t (n int); commit;
             insert into t values (1); insert into t values (2); insert into t values (3);
             SET TERM ^;
             create procedure above (least int) returns (n int, half numeric(9,2)) as
             begin for select n, n / 2.00 from t where n > :least into :n, :half do suspend; end^
             create procedure writing returns (n int) as
             begin insert into t values (4); n = 4; suspend; end^
             SET TERM ;^",
        );
        let (sources, model) = (sources(), of(&database.url));
        let known = sources.procedures(&model).await.unwrap();
        let known: Vec<(&str, usize)> =
            known.iter().map(|one| (one.name.as_str(), one.parameters.len())).collect();
        assert_eq!(known, [("ABOVE", 1), ("WRITING", 0)]);
        let columns = sources.procedure_columns(&model, "ABOVE").await.unwrap();
        let columns: Vec<(&str, DataType)> =
            columns.iter().map(|column| (column.name.as_str(), column.data_type)).collect();
        assert_eq!(columns, [("N", DataType::Int), ("HALF", DataType::Decimal)]);
        let call = |sql: &str, binds: &[Value]| pressroom_ports::Statement {
            procedure: Some("ABOVE".into()),
            ..statement(sql, binds)
        };
        let above = call("SELECT * FROM \"ABOVE\"(?)", &[Value::Int(1)]);
        let found = rows(&sources, &model, &above).await.unwrap();
        assert_eq!(shown(&found[0])[0], "Int(2)");
        assert_eq!(found.len(), 2);
        let writing = call("SELECT * FROM \"WRITING\"", &[]);
        let error = rows(&sources, &model, &writing).await.unwrap_err().to_string();
        assert!(error.contains("only a select is run"), "{error}");
        let all = statement("select n from t", &[]);
        assert_eq!(rows(&sources, &model, &all).await.unwrap().len(), 3);
    });
}

#[test]
fn a_wrong_password_is_told_without_it() {
    pressroom_contracts::run(async {
        let server = Firebird::shared().unwrap_or_else(Missing::skip);
        let database = server.database();
        let url = database.url.replace(server.password(), "hunter2");
        let error = sources().test(&of(&url)).await.unwrap_err().to_string();
        assert!(error.contains("check the user name and the password"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
        let url = format!("{}x", database.url);
        let error = sources().test(&of(&url)).await.unwrap_err().to_string();
        assert!(error.contains("no database of this name"), "{error}");
    });
}

#[test]
fn a_query_ends_on_the_server_when_its_reader_goes() {
    pressroom_contracts::run(async {
        let database = database();
        database.run(
            "create table t (n int); commit;
             insert into t with recursive n(i) as
                 (select 1 from rdb$database union all select i + 1 from n where i < 900)
             select i from n;",
        );
        let (sources, model) = (sources(), of(&database.url));
        let slow = "select count(a.n) as c from t a, t b, t c, t d where a.n + b.n + c.n + d.n < 0";
        let limits = QueryLimits { timeout: Duration::from_millis(700), ..QueryLimits::default() };
        let opened = server::open(&sources, &model, &statement(slow, &[]), &limits).await;
        match opened {
            Err(SourceError::Limit(_)) => {}
            Err(error) => panic!("{error}"),
            Ok(mut batches) => {
                assert!(matches!(batches.next_batch().await, Err(SourceError::Limit(_))));
            }
        }
        let running = "select count(*) from mon$statements where mon$state > 0
             and mon$sql_text containing 'count(' and mon$sql_text not containing 'mon$'";
        server::until(|| database.sql(running).trim() == "0").await;
        // The model is as good as before.
        let all = statement("select n from t", &[]);
        assert_eq!(rows(&sources, &model, &all).await.unwrap().len(), 900);
    });
}

#[test]
fn a_server_that_goes_away_in_the_middle_is_told_of() {
    pressroom_contracts::run(async {
        let server = Firebird::shared().unwrap_or_else(Missing::skip);
        let database = server.database();
        database.run(
            "create table t (n int, pad varchar(200)); commit;
             insert into t with recursive n(i) as
                 (select 1 from rdb$database union all select i + 1 from n where i < 300)
             select a.i, rpad('x', 200, 'x') from n a, n b;",
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
        assert_eq!(rows(&sources, &model, &all).await.unwrap().len(), 90_000);
    });
}
