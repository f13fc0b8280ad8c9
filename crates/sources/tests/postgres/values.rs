//! Values of every type, as reports have them.

use pressroom_data::{DataType, Value, parse_invariant};
use pressroom_ports::{DataSources, QueryLimits};

use crate::site::{Site, statement};

fn time(text: &str) -> Value {
    parse_invariant(text, DataType::DateTime).unwrap()
}

fn decimal(text: &str) -> Value {
    parse_invariant(text, DataType::Decimal).unwrap()
}

/// What a column is made of, how it reads, and what is known of it before.
const TYPES: [(&str, &str, &str, DataType); 45] = [
    ("bool", "true", "Bool(true)", DataType::Bool),
    ("smallint", "-32768", "Int(-32768)", DataType::Int),
    ("integer", "2147483647", "Int(2147483647)", DataType::Int),
    ("bigint", "-9223372036854775808", "Int(-9223372036854775808)", DataType::Int),
    ("oid", "4294967295", "Int(4294967295)", DataType::Int),
    ("real", "0.1", "Double(0.1)", DataType::Double),
    ("double precision", "0.30000000000000004", "Double(0.30000000000000004)", DataType::Double),
    ("double precision", "'-infinity'", "Double(-inf)", DataType::Double),
    ("numeric", "-18.40", "Decimal(-18.40)", DataType::Decimal),
    ("numeric(12, 4)", "0.0001", "Decimal(0.0001)", DataType::Decimal),
    // Digits behind the point that no number here has are rounded.
    (
        "numeric(38, 18)",
        "-12345678901234567890.123456789012345678",
        "Decimal(-12345678901234567890.123456789)",
        DataType::Decimal,
    ),
    ("numeric(38, 30)", "1.5", "Decimal(1.5000000000000000000000000000)", DataType::Decimal),
    ("numeric", "'NaN'", "Double(NaN)", DataType::Decimal),
    ("money", "'12.50'", "Decimal(12.50)", DataType::Decimal),
    ("text", "'Grüße 漢字'", "Text(\"Grüße 漢字\")", DataType::Text),
    ("varchar(10)", "''", "Text(\"\")", DataType::Text),
    ("char(4)", "'ab'", "Text(\"ab  \")", DataType::Text),
    ("\"char\"", "'x'", "Text(\"x\")", DataType::Text),
    ("name", "'x'", "Text(\"x\")", DataType::Text),
    ("mood", "'happy'", "Text(\"happy\")", DataType::Text),
    ("amount", "7.5", "Decimal(7.5)", DataType::Decimal),
    ("json", "'{\"a\": 1}'", "Text(\"{\\\"a\\\": 1}\")", DataType::Text),
    ("jsonb", "'{\"a\":1}'", "Text(\"{\\\"a\\\": 1}\")", DataType::Text),
    ("xml", "'<a/>'", "Text(\"<a/>\")", DataType::Text),
    (
        "uuid",
        "'0f8fad5b-d9cb-469f-a165-70867728950e'",
        "Guid(0f8fad5b-d9cb-469f-a165-70867728950e)",
        DataType::Guid,
    ),
    ("date", "'1899-12-30'", "DateTime(1899-12-30T00:00:00)", DataType::DateTime),
    ("date", "'0001-01-01'", "DateTime(0001-01-01T00:00:00)", DataType::DateTime),
    ("date", "'9999-12-31'", "DateTime(9999-12-31T00:00:00)", DataType::DateTime),
    ("date", "'infinity'", "Text(\"infinity\")", DataType::DateTime),
    ("date", "'0044-03-15 BC'", "Text(\"0044-03-15 BC\")", DataType::DateTime),
    (
        "timestamp",
        "'2026-11-24 18:30:00.123456'",
        "DateTime(2026-11-24T18:30:00.123456)",
        DataType::DateTime,
    ),
    ("timestamp", "'12026-11-24 18:30:00'", "Text(\"12026-11-24 18:30:00\")", DataType::DateTime),
    // As UTC, wherever the server stands.
    (
        "timestamptz",
        "'2026-11-24 18:30:00+02'",
        "DateTime(2026-11-24T16:30:00)",
        DataType::DateTime,
    ),
    ("time", "'18:30'", "Span(TimeDelta { secs: 66600, nanos: 0 })", DataType::Span),
    ("timetz", "'18:30+02'", "Span(TimeDelta { secs: 66600, nanos: 0 })", DataType::Span),
    ("interval", "'1 day 1 hour'", "Span(TimeDelta { secs: 90000, nanos: 0 })", DataType::Span),
    ("interval", "'1 year 2 days'", "Text(\"1 year 2 days\")", DataType::Span),
    ("bytea", "'\\x00ff'", "Bytes([0, 255])", DataType::Bytes),
    ("bit(1)", "B'1'", "Bool(true)", DataType::Bool),
    ("bit varying", "B'101'", "Text(\"101\")", DataType::Text),
    ("inet", "'192.168.0.1'", "Text(\"192.168.0.1\")", DataType::Text),
    ("cidr", "'2001:db8::/32'", "Text(\"2001:db8::/32\")", DataType::Text),
    ("integer[]", "'{1,NULL,3}'", "Text(\"{1,NULL,3}\")", DataType::Text),
    ("int4range", "'[1,5)'", "Text(\"[1,5)\")", DataType::Text),
    ("place", "row('here', 7)", "Text(\"(here,7)\")", DataType::Text),
];

fn every_type() -> String {
    let columns = TYPES.iter().enumerate();
    let columns = columns.map(|(number, (kind, ..))| format!("c{number} {kind}"));
    let values: Vec<&str> = TYPES.iter().map(|(_, value, ..)| *value).collect();
    format!(
        "create type mood as enum ('sad', 'happy');
         create type place as (name text, number integer);
         create domain amount as numeric(10, 1);
         create table everything ({});
         insert into everything values ({});
         create table nothing as table everything with no data;
         insert into nothing select;",
        columns.collect::<Vec<_>>().join(", "),
        values.join(", ")
    )
}

#[test]
fn values_of_every_type_are_right() {
    pressroom_contracts::run(async {
        let site = Site::new(&every_type()).await;
        let shown = site.shown("select * from everything", &[]).await;
        for ((kind, value, expect, _), shown) in TYPES.iter().zip(&shown) {
            assert_eq!(shown, expect, "{kind} {value}");
        }
        let all = statement("select * from everything", &[]);
        let batches = site.open(&all, &QueryLimits::default()).await.unwrap();
        let fields = &batches.schema().fields;
        let described = site.sources.describe(&site.model, &all).await.unwrap();
        let tables = site.sources.schema(&site.model).await.unwrap();
        let table = tables.iter().find(|table| table.name == "everything").unwrap();
        for (number, (kind, _, _, data_type)) in TYPES.iter().enumerate() {
            assert_eq!(fields[number].data_type, *data_type, "{kind}");
            assert_eq!(described[number].data_type, *data_type, "{kind}");
            assert_eq!(table.columns[number].data_type, *data_type, "{kind}");
        }
    });
}

#[test]
fn nulls_of_every_type_are_null() {
    pressroom_contracts::run(async {
        let site = Site::new(&every_type()).await;
        let rows = site.rows("select * from nothing", &[]).await.unwrap();
        assert!(rows[0].iter().all(Value::is_null) && rows[0].len() == TYPES.len());
    });
}

#[test]
fn what_no_report_knows_comes_as_the_server_writes_it() {
    pressroom_contracts::run(async {
        let site = Site::new("create table points (p point, t tsvector, m macaddr)").await;
        let sql = "select point(1, 2), 'a b'::tsvector, '08:00:2b:01:02:03'::macaddr,
                          array['a', 'b c', null], row(1, 'x'), 'pg_class'::regclass, 7 as n; ";
        let shown = site.shown(sql, &[]).await;
        assert_eq!(
            shown,
            [
                "Text(\"(1,2)\")",
                "Text(\"'a' 'b'\")",
                "Text(\"08:00:2b:01:02:03\")",
                "Text(\"{a,\\\"b c\\\",NULL}\")",
                "Text(\"(1,x)\")",
                "Text(\"pg_class\")",
                "Int(7)",
            ]
        );
        // Also in order, and with values.
        let sql = "select point(n, 0), n from generate_series(1, 3) n where n > $1 order by n desc
                   -- the last ones first";
        let rows = site.rows(sql, &[Value::Int(1)]).await.unwrap();
        let rows: Vec<_> = rows.iter().map(|row| row[0].as_text().unwrap()).collect();
        assert_eq!(rows, ["(3,0)", "(2,0)"]);
    });
}

#[test]
fn a_number_of_too_many_digits_is_named() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        let sql = "select 12345678901234567890123456789012345678::numeric as big";
        let told = site.refusal(sql, &[]).await.to_string();
        let digits = "12345678901234567890123456789012345678";
        assert!(told.contains("\"big\"") && told.contains("\"Orders\""), "{told}");
        assert!(told.contains(digits), "{told}");
        assert_eq!(site.rows("select 1", &[]).await.unwrap().len(), 1);
    });
}

#[test]
fn two_columns_may_have_one_name() {
    pressroom_contracts::run(async {
        let site = Site::new("create table a (id integer); insert into a values (1)").await;
        let sql = "select a.id, b.id, point(1, 1) as id from a, (select 2 as id) b";
        assert_eq!(site.shown(sql, &[]).await, ["Int(1)", "Int(2)", "Text(\"(1,1)\")"]);
    });
}

#[test]
fn text_that_is_none_is_shown_as_such() {
    pressroom_contracts::run(async {
        let site = Site::new(
            "create database ascii_of_this encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' locale_provider libc template template0",
        )
        .await;
        let url = site.database.url.replace(&site.database.name, "ascii_of_this");
        let other = Site { model: crate::site::model(&url), ..site };
        let sql = "select 'a' || convert_from('\\xff'::bytea, 'SQL_ASCII'), 'Grüße' = $1";
        let shown = other.shown(sql, &["Grüße".into()]).await;
        assert_eq!(shown, ["Text(\"a\u{fffd}\")", "Bool(true)"]);
        other.sources.forget(other.model.id);
        let _ = other.sql("drop database ascii_of_this with (force)".into()).await;
    });
}

#[test]
fn values_are_bound_as_the_database_compares_them() {
    pressroom_contracts::run(async {
        let site = Site::new(
            "create type mood as enum ('sad', 'happy');
             create table t (id integer, small smallint, price numeric(10, 2), share double precision,
                             paid bool, code uuid, data bytea, day date, at timestamp,
                             zoned timestamptz, span interval, clock time, note text, mood mood,
                             big numeric(38), tags text[], doc jsonb, host inet);
             insert into t values (1, 2, 12.5, 0.1, true, '0f8fad5b-d9cb-469f-a165-70867728950e',
                 '\\x0102', '2026-01-02', '2026-01-02 12:00', '2026-01-02 12:00+00', '1 day', '18:30',
                 'O''Brien', 'happy', 12345678901234567890123456789012345678, '{a,b}', '{\"a\": 1}',
                 '10.0.0.1')",
        )
        .await;
        let guid = parse_invariant("0f8fad5b-d9cb-469f-a165-70867728950e", DataType::Guid).unwrap();
        let span = parse_invariant("1.00:00:00", DataType::Span).unwrap();
        for (condition, value) in [
            ("id = $1", Value::Int(1)),
            ("id = $1", Value::Double(1.0)),
            ("id = $1", decimal("1.00")),
            ("id = $1", "1".into()),
            // Beyond what the column holds, and still a comparison.
            ("id < $1", Value::Double(1.5)),
            ("id < $1", Value::Int(1 << 40)),
            ("small < $1", Value::Int(100_000)),
            ("price = $1", decimal("12.5")),
            ("price = $1", Value::Double(12.5)),
            ("price * 2 = $1", Value::Int(25)),
            ("share = $1", Value::Double(0.1)),
            ("share = $1", decimal("0.1")),
            ("paid = $1", Value::Bool(true)),
            ("paid = $1", Value::Int(1)),
            ("code = $1", guid.clone()),
            ("code = $1", "{0F8FAD5B-D9CB-469F-A165-70867728950E}".into()),
            ("data = $1", Value::Bytes([1, 2].as_slice().into())),
            ("day = $1", time("2026-01-02")),
            ("day < $1", time("2026-01-02T12:00:00")),
            ("day = $1", "2026-01-02".into()),
            ("at = $1", time("2026-01-02T12:00:00")),
            ("at >= $1", time("2026-01-02")),
            ("zoned = $1", time("2026-01-02T12:00:00")),
            ("span = $1", span),
            ("clock = $1", parse_invariant("18:30", DataType::Span).unwrap()),
            ("note = $1", "O'Brien".into()),
            ("mood = $1", "happy".into()),
            ("big = $1", "12345678901234567890123456789012345678".into()),
            ("tags = $1", "{a,b}".into()),
            ("doc = $1", "{\"a\": 1}".into()),
            ("host = $1", "10.0.0.1".into()),
            // The server cannot tell these types from where they stand.
            ("$1 is null", Value::Null),
            ("$1 is not null", Value::Int(7)),
            ("$1 is not null", "x".into()),
            ("id in (1, $1)", Value::Int(5)),
            ("note like $1", "O%".into()),
            ("length(note) > $1", Value::Int(3)),
        ] {
            let shown = format!("{condition} of {value:?}");
            let sql = format!("select id from t where {condition}");
            let rows =
                site.rows(&sql, &[value]).await.unwrap_or_else(|error| panic!("{shown}: {error}"));
            assert_eq!(rows.len(), 1, "{shown}");
        }
        for (condition, value, expect) in [
            (
                "id = $1",
                "many".into(),
                "parameter 1 is \"many\", and the database wants a whole number",
            ),
            ("paid = $1", "perhaps".into(), "wants true or false"),
            ("code = $1", "x".into(), "wants an id"),
            ("data = $1", "x".into(), "wants bytes"),
            ("day = $1", "soon".into(), "soon"),
            ("mood = $1", "hungry".into(), "hungry"),
            ("note = $1", "a\0b".into(), "0x00"),
            ("id = $1", Value::List([Value::Int(1)].as_slice().into()), "several values"),
            ("id = $1 and id = $2", Value::Int(1), "parameter 2 has no value"),
        ] {
            let sql = format!("select id from t where {condition}");
            let told = site.refusal(&sql, &[value]).await.to_string();
            assert!(told.contains(expect) && told.contains("\"Orders\""), "{told}");
        }
        // A value more than there are places changes nothing.
        assert_eq!(site.rows("select 1", &[Value::Int(1)]).await.unwrap().len(), 1);
    });
}
