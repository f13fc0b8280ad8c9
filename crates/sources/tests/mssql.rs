//! SQL Server keeps what the port promises, and gives every value as it is.
//!
//! On the server that `MSSQL_URL` names, which may be another that speaks its protocol.

mod server;

use std::sync::Arc;
use std::time::Duration;

use pressroom_contracts::servers::{Missing, MssqlDatabase, Proxy, mssql};
use pressroom_contracts::suites::data_sources::{Fixture, ROWS, name_of};
use pressroom_data::{DataType, SourceError, Value};
use pressroom_domain::{DataModel, ProviderType};
use pressroom_ports::{DataSources, ParameterDirection, QueryLimits, TableKind};
use server::{model, read, rows, shown, sources, statement};

/// A database that holds what a script makes. Parts of it are divided by lines that say `GO`.
fn database(script: &str) -> MssqlDatabase {
    let database = mssql().unwrap_or_else(Missing::skip).database();
    database.try_run(script).unwrap();
    database
}

fn of(url: &str) -> DataModel {
    model(ProviderType::MsSqlServer, url)
}

/// The address of a server within that of a database.
fn place(url: &str) -> std::net::SocketAddr {
    let rest = url.rsplit_once('@').unwrap().1;
    let place = rest.split(['/', '?']).next().unwrap();
    let place = if place.contains(':') { place.to_owned() } else { format!("{place}:1433") };
    std::net::ToSocketAddrs::to_socket_addrs(&place).unwrap().next().unwrap()
}

/// The same database, by way of another address.
fn by(url: &str, address: std::net::SocketAddr) -> String {
    let (account, rest) = url.rsplit_once('@').unwrap();
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    format!("{account}@{address}{path}")
}

async fn numbers() -> Fixture {
    let mut script = "create table numbers (n bigint primary key, name nvarchar(40));".to_owned();
    for numbers in (1..=ROWS).collect::<Vec<_>>().chunks(1_000) {
        let value = |n: &i64| match name_of(*n) {
            Some(name) => format!("({n}, N'{}')", name.replace('\'', "''")),
            None => format!("({n}, null)"),
        };
        let values: Vec<String> = numbers.iter().map(value).collect();
        script.push_str(&format!("\ninsert into numbers values {};", values.join(", ")));
    }
    let database = database(&script);
    let away = "Server=127.0.0.1,1;User ID=ann;Password=hunter2;Database=nowhere";
    Fixture {
        sources: Arc::new(sources()),
        model: of(&database.url),
        away: model(ProviderType::MsSqlServer, away),
        guard: Box::new(database),
    }
}

pressroom_contracts::data_sources_contract!(numbers);

const EVERY_TYPE: &str = "
    create table kinds (
        id int primary key, yes bit, tiny tinyint, small smallint, whole int, big bigint,
        price decimal(20,4), lng decimal(38,18), cash money, small_cash smallmoney,
        r real, f float, day date, span time(7), at datetime, short smalldatetime,
        exact datetime2(7), zoned datetimeoffset(3), word varchar(20), fixed char(6),
        wide nvarchar(20), memo nvarchar(max), guid uniqueidentifier, raw varbinary(8),
        data varbinary(max), old text
    );
    insert into kinds values (
        1, 1, 255, -32768, 2147483647, -9223372036854775808,
        1234567890.1234, 12345678901234567890.123456789012345678, 450000000000.4775, -214748.3648,
        0.1, 1e300, '0001-01-01', '23:59:59.5', '2026-03-05T10:11:12.997',
        '2026-03-05T10:11:00', '9999-12-31T23:59:59.5', '2026-03-05T10:00:00.500+02:00',
        'word', 'ab', N'žluť 漢', N'O''Brien \\ \"x\"', '6F9619FF-8B86-D011-B42D-00C04FC964FF',
        0x00ff, 0x, 'old'
    );
    insert into kinds (id) values (2);";

#[test]
fn every_type_comes_as_it_is() {
    pressroom_contracts::run(async {
        let database = database(EVERY_TYPE);
        let sql =
            "select yes, tiny, small, whole, big, price, lng, cash, small_cash, r, f, day, span,
                   at, short, exact, zoned, word, fixed, wide, memo, guid, raw, data, old
                   from kinds order by id";
        let (schema, rows) =
            read(&sources(), &of(&database.url), &statement(sql, &[])).await.unwrap();
        let types: Vec<DataType> = schema.fields.iter().map(|field| field.data_type).collect();
        use DataType::{Bool, Bytes, DateTime, Decimal, Double, Guid, Int, Span, Text};
        assert_eq!(
            types,
            [
                Bool, Int, Int, Int, Int, Decimal, Decimal, Decimal, Decimal, Double, Double,
                DateTime, Span, DateTime, DateTime, DateTime, DateTime, Text, Text, Text, Text,
                Guid, Bytes, Bytes, Text
            ]
        );
        assert_eq!(
            shown(&rows[0]),
            [
                "Bool(true)",
                "Int(255)",
                "Int(-32768)",
                "Int(2147483647)",
                "Int(-9223372036854775808)",
                "Decimal(1234567890.1234)",
                "Decimal(12345678901234567890.123456789)",
                "Decimal(450000000000.4775)",
                "Decimal(-214748.3648)",
                "Double(0.1)",
                "Double(1e300)",
                "DateTime(0001-01-01T00:00:00)",
                "Span(TimeDelta { secs: 86399, nanos: 500000000 })",
                "DateTime(2026-03-05T10:11:12.997)",
                "DateTime(2026-03-05T10:11:00)",
                "DateTime(9999-12-31T23:59:59.500)",
                "DateTime(2026-03-05T08:00:00.500)",
                "Text(\"word\")",
                "Text(\"ab    \")",
                "Text(\"žluť 漢\")",
                "Text(\"O'Brien \\\\ \\\"x\\\"\")",
                "Guid(6f9619ff-8b86-d011-b42d-00c04fc964ff)",
                "Bytes([0, 255])",
                "Bytes([])",
                "Text(\"old\")",
            ]
        );
        assert!(rows[1].iter().all(Value::is_null), "{:?}", rows[1]);
    });
}

#[test]
fn values_are_bound_as_they_are() {
    pressroom_contracts::run(async {
        let database = database(EVERY_TYPE);
        let (sources, model) = (sources(), of(&database.url));
        let decimal = |text: &str| Value::Decimal(text.parse().unwrap());
        let time = |text: &str| Value::DateTime(text.parse().unwrap());
        let guid = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
        for (condition, value) in [
            ("yes = @P1", Value::Bool(true)),
            ("big = @P1", Value::Int(i64::MIN)),
            ("price = @P1", decimal("1234567890.1234")),
            ("price > @P1", decimal("-0.0000000000000000000000000001")),
            ("cash = @P1", decimal("450000000000.4775")),
            ("f = @P1", Value::Double(1e300)),
            ("day = @P1", time("0001-01-01T00:00:00")),
            ("at > @P1", time("2026-03-05T10:11:12.5")),
            ("short = @P1", time("2026-03-05T10:11:00")),
            ("exact > @P1", time("9999-12-31T23:59:59.25")),
            ("span > @P1", Value::Span(chrono::TimeDelta::seconds(86_399))),
            ("wide = @P1", Value::from("žluť 漢")),
            ("memo = @P1", Value::from("O'Brien \\ \"x\"")),
            ("guid = @P1", pressroom_data::parse_invariant(guid, DataType::Guid).unwrap()),
            ("raw = @P1", Value::Bytes([0, 255].as_slice().into())),
            ("@P1 is null and id = 1", Value::Null),
            ("len(@P1) = 10000 and id = 1", Value::from("x".repeat(10_000))),
        ] {
            let sql = format!("select id from kinds where {condition}");
            let found = rows(&sources, &model, &statement(&sql, &[value])).await;
            assert_eq!(found.unwrap().len(), 1, "{condition}");
        }
        let long = Value::Span(chrono::TimeDelta::seconds(-1));
        let sql = "select id from kinds where span = @P1";
        let error = rows(&sources, &model, &statement(sql, &[long])).await.unwrap_err();
        assert!(error.to_string().contains("a time of a day"), "{error}");
    });
}

#[test]
fn what_does_not_fit_is_told_with_its_column() {
    pressroom_contracts::run(async {
        let database = database(
            "create table t (n decimal(38), m money);
             insert into t values (99999999999999999999999999999999999999, 922337203685477.5807);",
        );
        for column in ["n", "m"] {
            let sql = format!("select {column} from t");
            let error = rows(&sources(), &of(&database.url), &statement(&sql, &[])).await;
            let words = error.unwrap_err().to_string();
            let column = format!("column \"{column}\"");
            assert!(words.contains("\"Orders\"") && words.contains(&column), "{words}");
        }
    });
}

#[test]
fn names_are_names_whatever_they_hold() {
    pressroom_contracts::run(async {
        let database = database(
            "create table [x'; drop table y--] ([a\"b] int, A int);
             create table y (n int);
             insert into [x'; drop table y--] values (1, 2);
             insert into y values (3);",
        );
        let (sources, model) = (sources(), of(&database.url));
        let tables = sources.schema(&model).await.unwrap();
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["x'; drop table y--", "y"]);
        let dialect = sources.dialect(&model);
        let sql = format!(
            "select {} as [it's], 7 as [A], 8 as [A] from {}",
            dialect.quote("a\"b"),
            dialect.quote("x'; drop table y--")
        );
        let (schema, found) = read(&sources, &model, &statement(&sql, &[])).await.unwrap();
        let names: Vec<&str> = schema.fields.iter().map(|field| &*field.name).collect();
        assert_eq!(names, ["it's", "A", "A"]);
        assert_eq!(shown(&found[0]), ["Int(1)", "Int(7)", "Int(8)"]);
        let left = rows(&sources, &model, &statement("select n from y", &[])).await.unwrap();
        assert_eq!(left.len(), 1);
    });
}

#[test]
fn tables_of_other_schemas_have_theirs_before_their_names() {
    pressroom_contracts::run(async {
        let database = database(
            "create schema hr\nGO\ncreate table hr.pay (amount money)\nGO\n\
             create table pay (n int)\nGO\ncreate view seen as select n from pay\nGO\n\
             insert into hr.pay values (12.5)",
        );
        let (sources, model) = (sources(), of(&database.url));
        let tables = sources.schema(&model).await.unwrap();
        let found: Vec<(&str, TableKind, DataType)> = tables
            .iter()
            .map(|table| (&*table.name, table.kind, table.columns[0].data_type))
            .collect();
        assert_eq!(
            found,
            [
                ("hr.pay", TableKind::Table, DataType::Decimal),
                ("pay", TableKind::Table, DataType::Int),
                ("seen", TableKind::View, DataType::Int),
            ]
        );
        let sql = "select amount from hr.pay";
        let found = rows(&sources, &model, &statement(sql, &[])).await.unwrap();
        assert_eq!(shown(&found[0]), ["Decimal(12.5000)"]);
    });
}

const PROCEDURES: &str = "
    create table t (n int); insert into t values (1), (2), (3);
GO
    create procedure above @least int, @many int = null output as
    begin
        set nocount off;
        declare @x int = 1;
        select n, n * 2 as twice from t where n > @least order by n;
        select 'another' as word, 1 as a, 2 as b;
    end
GO
    create procedure writing as begin insert into t values (4); select n from t; end";

#[test]
fn procedures_are_known_with_what_they_take_and_give() {
    pressroom_contracts::run(async {
        let database = database(PROCEDURES);
        let (sources, model) = (sources(), of(&database.url));
        let known = sources.procedures(&model).await.unwrap();
        let names: Vec<&str> = known.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["above", "writing"]);
        let parameters: Vec<_> = known[0]
            .parameters
            .iter()
            .map(|one| (one.name.as_str(), one.data_type, one.direction))
            .collect();
        assert_eq!(
            parameters,
            [
                ("@least", DataType::Int, ParameterDirection::Input),
                ("@many", DataType::Int, ParameterDirection::InputOutput),
            ]
        );
        let columns = sources.procedure_columns(&model, "above").await.unwrap();
        let columns: Vec<_> =
            columns.iter().map(|column| (column.name.as_str(), column.data_type)).collect();
        assert_eq!(columns, [("n", DataType::Int), ("twice", DataType::Int)]);
        assert!(sources.procedure_columns(&model, "nowhere").await.unwrap().is_empty());
    });
}

#[test]
fn procedures_give_their_first_rows_and_write_nothing() {
    pressroom_contracts::run(async {
        let database = database(PROCEDURES);
        let (sources, model) = (sources(), of(&database.url));
        let mut call = statement("EXEC [above] @least = @P1", &[Value::Int(1)]);
        call.procedure = Some("above".into());
        for _ in 0..2 {
            let (schema, found) = read(&sources, &model, &call).await.unwrap();
            assert_eq!(schema.fields.len(), 2);
            let found: Vec<_> = found.iter().map(|row| row[1].clone()).collect();
            assert_eq!(found, [Value::Int(4), Value::Int(6)]);
        }
        let mut call = statement("EXEC [writing]", &[]);
        call.procedure = Some("writing".into());
        assert_eq!(rows(&sources, &model, &call).await.unwrap().len(), 4);
        let all = statement("select n from t", &[]);
        assert_eq!(rows(&sources, &model, &all).await.unwrap().len(), 3);
        // Text that only looks like a call of one.
        let error = rows(&sources, &model, &statement("exec writing", &[])).await.unwrap_err();
        assert!(matches!(error, SourceError::Query { .. }), "{error}");
    });
}

#[test]
fn what_is_wrong_with_a_connection_is_told_without_its_password() {
    pressroom_contracts::run(async {
        let database = database("select 1");
        let sources = sources();
        let told = async |url: &str| sources.test(&of(url)).await.unwrap_err().to_string();
        let (account, rest) = database.url.rsplit_once('@').unwrap();
        let user = account.rsplit_once(':').unwrap().0;
        let error = told(&format!("{user}:hunter2@{rest}")).await;
        assert!(error.contains("check the user name and the password"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
        let error = told(&database.url_of("nowhere")).await;
        assert!(error.contains("no database of this name"), "{error}");
        let error = told(&format!("mssql://{rest}")).await;
        assert!(error.contains("names no user"), "{error}");
        let error = told("Server=127.0.0.1\\NOWHERE;User ID=ann;Password=hunter2").await;
        assert!(error.contains("\"NOWHERE\"") && error.contains("Browser"), "{error}");
        let compact = model(ProviderType::MsSqlServerCe, "Data Source=sales.sdf");
        let error = sources.test(&compact).await.unwrap_err().to_string();
        assert!(error.contains("change providerType"), "{error}");
    });
}

#[test]
fn a_query_ends_on_the_server_when_its_reader_goes() {
    pressroom_contracts::run(async {
        let database = database(
            "create table t (n int);
             with n(i) as (select 1 union all select i + 1 from n where i < 90)
             insert into t select i from n;",
        );
        let (sources, model) = (sources(), of(&database.url));
        let slow = "select count(a.n) from t a, t b, t c, t d, t e, t f
                    where a.n + b.n + c.n + d.n + e.n + f.n < 0";
        let limits = QueryLimits { timeout: Duration::from_millis(500), ..QueryLimits::default() };
        // Its connection is made, and what the database holds is known, before the time counts.
        rows(&sources, &model, &statement("select n from t", &[])).await.unwrap();
        let opened = server::open(&sources, &model, &statement(slow, &[]), &limits).await;
        assert!(matches!(opened, Err(SourceError::Limit(_))));
        // Nobody else uses the database: what is left is at work.
        drop(sources);
        let others = "if (select count(*) from sys.dm_exec_sessions where database_id = db_id() \
                      and session_id <> @@spid) > 0 raiserror('at work', 16, 1)";
        server::until(|| database.try_run(others).is_ok()).await;
    });
}

#[test]
fn a_server_that_goes_away_in_the_middle_is_told_of() {
    pressroom_contracts::run(async {
        let database = database(
            "create table t (n int, pad varchar(200));
             with d(i) as (select 1 union all select i + 1 from d where i < 40)
             insert into t select a.i, replicate('x', 200) from d a, d b, d c;",
        );
        let proxy = Proxy::before(place(&database.url)).await;
        let (sources, model) = (sources(), of(&by(&database.url, proxy.address())));
        let limits = QueryLimits { timeout: Duration::from_secs(10), ..QueryLimits::default() };
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
        assert_eq!(rows(&sources, &model, &all).await.unwrap().len(), 64_000);
    });
}

#[test]
fn long_values_come_or_are_refused_as_the_limits_say() {
    pressroom_contracts::run(async {
        let database = database(
            "create table t (b varchar(max));
             insert into t values (replicate(cast('x' as varchar(max)), 20 * 1024 * 1024));",
        );
        let (sources, model) = (sources(), of(&database.url));
        let all = statement("select b from t", &[]);
        let found = rows(&sources, &model, &all).await.unwrap();
        assert!(matches!(&found[0][0], Value::Text(text) if text.len() == 20 << 20));
        let limits = QueryLimits { value_bytes: 1 << 20, ..QueryLimits::default() };
        let mut batches = server::open(&sources, &model, &all, &limits).await.unwrap();
        let error = batches.next_batch().await.unwrap_err();
        assert!(matches!(error, SourceError::Limit(_)), "{error}");
    });
}

#[test]
fn a_model_that_cannot_be_reached_holds_up_no_other() {
    pressroom_contracts::run(async {
        let database = database("create table t (n int); insert into t values (1);");
        let proxy = Proxy::before(place(&database.url)).await;
        let sources = sources();
        let mut frozen = of(&by(&database.url, proxy.address()));
        frozen.id = pressroom_domain::DataModelId(2);
        proxy.freeze();
        let waiting: Vec<_> = (0..20)
            .map(|_| {
                let (sources, frozen) = (sources.clone(), frozen.clone());
                tokio::spawn(async move { sources.test(&frozen).await })
            })
            .collect();
        let one = statement("select n from t", &[]);
        assert_eq!(rows(&sources, &of(&database.url), &one).await.unwrap().len(), 1);
        waiting.iter().for_each(tokio::task::JoinHandle::abort);
    });
}

#[test]
fn many_values_are_refused_in_clear_words() {
    pressroom_contracts::run(async {
        let database = database("create table t (n int)");
        let places: Vec<String> = (1..=2_100).map(|place| format!("@P{place}")).collect();
        let sql = format!("select n from t where n in ({})", places.join(", "));
        let values = vec![Value::Int(1); 2_100];
        let error = rows(&sources(), &of(&database.url), &statement(&sql, &values)).await;
        let words = error.unwrap_err().to_string();
        assert!(words.contains("2100 parameters"), "{words}");
    });
}
