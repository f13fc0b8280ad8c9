//! What a database says it holds.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use pressroom_contracts::servers::{Postgres, Proxy};
use pressroom_data::DataType;
use pressroom_domain::{DataModel, DataModelId};
use pressroom_ports::{DataSources, ParameterDirection, Statement, TableKind};

use crate::site::{Site, blocking, checked, model, statement};

#[test]
fn everything_that_holds_rows_is_shown() {
    pressroom_contracts::run(async {
        let site = Site::new(
            "create schema stock;
             create schema \"my.schema\";
             create table orders (id integer, price numeric(10, 2), note varchar(5));
             alter table orders drop column price;
             alter table orders add column total numeric;
             create view recent as select id, total * 2 as double_total from orders;
             create materialized view totals as select sum(total) as total from orders;
             create table parts (id integer, day date) partition by range (day);
             create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01');
             create table stock.orders (item text);
             create table stock.\"a.b\" (n integer);
             create table \"a.b\" (n integer);
             create table \"my.schema\".t (n integer);
             create table \"x\"\"; drop table orders--\" (\"y\"\"; select 1--\" integer);
             create table nothing ();
             create temporary table mine (n integer);",
        )
        .await;
        let tables = site.sources.schema(&site.model).await.unwrap();
        let shown: Vec<_> = tables.iter().map(|table| (table.name.as_str(), table.kind)).collect();
        use TableKind::{Table, View};
        assert_eq!(
            shown,
            [
                ("\"a.b\"", Table),
                ("\"my.schema\".t", Table),
                ("nothing", Table),
                ("orders", Table),
                ("parts", Table),
                ("recent", View),
                ("stock.a.b", Table),
                ("stock.orders", Table),
                ("totals", View),
                ("x\"; drop table orders--", Table),
            ]
        );
        let orders: Vec<_> = tables[3].columns.iter().map(|it| (&*it.name, it.data_type)).collect();
        use DataType::{Decimal, Int, Text};
        assert_eq!(orders, [("id", Int), ("note", Text), ("total", Decimal)]);

        // Every one of them is read by the name that it has here.
        let dialect = site.sources.dialect(&site.model);
        for table in &tables {
            let sql = format!("select * from {}", dialect.table(&table.name));
            if table.columns.is_empty() {
                continue;
            }
            let described = site.sources.describe(&site.model, &checked(&sql, &[])).await.unwrap();
            assert_eq!(described, table.columns, "{sql}");
        }
    });
}

#[test]
fn what_the_account_may_not_read_is_not_shown() {
    pressroom_contracts::run(async {
        let site = Site::new(
            "create table orders (id integer, margin numeric);
             create table staff (id integer, wage numeric);
             create schema hidden; create table hidden.t (n integer);
             do $$ begin
               if not exists (select from pg_roles where rolname = 'reader_of_columns') then
                 create role reader_of_columns login password 'p';
               end if;
             exception when duplicate_object or unique_violation then null; end $$;
             grant select (id) on orders to reader_of_columns;
             grant select on hidden.t to reader_of_columns;",
        )
        .await;
        let (_, place) = site.database.url.rsplit_once('@').unwrap();
        let model = model(&format!("postgres://reader_of_columns:p@{place}"));
        let tables = site.sources.schema(&model).await.unwrap();
        let shown: Vec<_> = tables.iter().map(|it| (&*it.name, it.columns.len())).collect();
        assert_eq!(shown, [("orders", 1)]);
        let read = Statement { sql: "select margin from orders".into(), ..statement("", &[]) };
        let told = site.sources.open(&model, &read, &Default::default()).await.map(|_| ());
        let told = told.unwrap_err().to_string();
        assert!(told.contains("permission denied") && told.contains("\"Orders\""), "{told}");
        drop(site.sources);
        let database = site.database;
        blocking(move || {
            let _ = database.sql("drop owned by reader_of_columns");
        })
        .await;
    });
}

#[test]
fn names_without_a_schema_are_of_the_one_that_is_looked_in_first() {
    pressroom_contracts::run(async {
        let site = Site::new(
            "create schema stock; create table stock.items (n integer); create table orders (n integer);",
        )
        .await;
        let sources = &site.sources;
        for (sql, is_there) in [
            ("select n from orders", true),
            ("select n from public.orders", true),
            ("select n from stock.items", true),
            ("select n from items", false),
        ] {
            let described = sources.describe(&site.model, &checked(sql, &[])).await;
            assert_eq!(described.is_ok(), is_there, "{sql}: {described:?}");
        }
        let model = DataModel {
            id: DataModelId(2),
            ..model(&format!("{}?Search%20Path=stock,public", site.database.url))
        };
        let names: Vec<_> = site.sources.schema(&model).await.unwrap();
        let names: Vec<_> = names.iter().map(|table| &*table.name).collect();
        assert_eq!(names, ["items", "public.orders"]);
        let read = checked("select n from items", &[]);
        assert_eq!(site.sources.describe(&model, &read).await.unwrap().len(), 1);
    });
}

#[test]
fn many_tables_are_told_at_once() {
    pressroom_contracts::run(async {
        let site = Site::new(
            "do $$ begin for n in 1..1000 loop
               execute format('create table t%s (a integer, b text, c numeric, d date, e bytea)', n);
             end loop; end $$",
        )
        .await;
        let before = Instant::now();
        let tables = site.sources.schema(&site.model).await.unwrap();
        assert_eq!(tables.len(), 1_000);
        assert!(tables.iter().all(|table| table.columns.len() == 5));
        assert!(before.elapsed() < Duration::from_secs(10), "{:?}", before.elapsed());
    });
}

#[test]
fn functions_that_give_rows_are_told_with_parameters_and_columns() {
    pressroom_contracts::run(async {
        let site = Site::new(
            "create schema stock;
             create table orders (id integer, total numeric);
             insert into orders values (1, 10), (2, 20);
             create function above(low numeric, high numeric default 1000)
               returns table (id integer, total numeric) language sql
               as $$ select id, total from orders o where o.total between low and high $$;
             create function all_orders() returns setof orders language sql as 'select * from orders';
             create function stock.one(inout n integer, out twice bigint) language sql
               as 'select n, 2::bigint * n';
             create function numbers(text) returns setof integer language sql as 'select 1';
             create function any_rows() returns setof record language sql as 'select 1';
             create function scalar(n integer) returns integer language sql as 'select n';
             create procedure run() language sql as 'select 1';",
        )
        .await;
        let functions = site.sources.procedures(&site.model).await.unwrap();
        let names: Vec<_> = functions.iter().map(|function| &*function.name).collect();
        assert_eq!(names, ["above", "all_orders", "numbers", "stock.one"]);
        let parameters = |at: usize| -> Vec<_> {
            let parameters = functions[at].parameters.iter();
            parameters.map(|it| (&*it.name, it.data_type, it.direction)).collect()
        };
        use ParameterDirection::{Input, InputOutput, Output};
        assert_eq!(
            parameters(0),
            [("low", DataType::Decimal, Input), ("high", DataType::Decimal, Input)]
        );
        assert_eq!(parameters(1), []);
        assert_eq!(parameters(2), [("", DataType::Text, Input)]);
        assert_eq!(
            parameters(3),
            [("n", DataType::Int, InputOutput), ("twice", DataType::Int, Output)]
        );
        for (name, expect) in [
            ("above", &["id", "total"][..]),
            ("all_orders", &["id", "total"]),
            ("numbers", &["numbers"]),
            ("stock.one", &["n", "twice"]),
            ("nowhere", &[]),
        ] {
            let columns = site.sources.procedure_columns(&site.model, name).await.unwrap();
            let columns: Vec<_> = columns.iter().map(|column| &*column.name).collect();
            assert_eq!(columns, expect, "{name}");
        }
        let rows = site.rows("select * from above($1, $2)", &[15.into(), 99.into()]).await;
        assert_eq!(rows.unwrap().len(), 1);
    });
}

#[test]
fn what_is_asked_of_a_database_waits_for_no_other_model() {
    pressroom_contracts::run(async {
        let site = Site::new("").await;
        let server = Postgres::shared().unwrap();
        let silent = Proxy::before(server.address()).await;
        silent.freeze();
        let url = site.database.url_by(silent.address());
        let away = DataModel { id: DataModelId(2), ..model(&url) };
        let waits = async {
            let tests = join_all((0..20).map(|_| site.sources.test(&away)));
            tokio::time::timeout(Duration::from_secs(2), tests).await
        };
        let works = async {
            let before = Instant::now();
            for _ in 0..5 {
                site.sources.test(&site.model).await.unwrap();
            }
            before.elapsed()
        };
        let (waited, took) = tokio::join!(waits, works);
        assert!(waited.is_err(), "it is silent");
        assert!(took < Duration::from_secs(2), "{took:?}");
    });
}
