//! Rows of several data models, joined in memory.

#[allow(dead_code, reason = "shared with tests that read more")]
mod common;

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use common::{Site, model, statement};
use pressroom_data::{DataType, Field, Row, Schema, SourceError, Value};
use pressroom_ports::{DataSources, Input, QueryLimits, Statement};
use rust_decimal::Decimal;
use uuid::Uuid;

fn input(name: &str, columns: &[(&str, DataType)], rows: Vec<Row>) -> Input {
    let fields = columns.iter().map(|(name, data_type)| Field::new(*name, *data_type));
    Input { name: name.into(), schema: Arc::new(Schema::new(fields.collect())), rows }
}

/// What a statement gives of some tables: its columns and rows.
async fn combine(
    site: &Site,
    inputs: Vec<Input>,
    statement: &Statement,
) -> Result<(Vec<(String, DataType)>, Vec<Row>), SourceError> {
    let mut batches = site.sources.combine(inputs, statement, &QueryLimits::default()).await?;
    let fields = &batches.schema().fields;
    let columns = fields.iter().map(|field| (field.name.to_string(), field.data_type)).collect();
    let mut rows = Vec::new();
    while let Some(batch) = batches.next_batch().await? {
        rows.extend(batch);
    }
    Ok((columns, rows))
}

/// All rows of a table of a database, as a table in memory.
async fn table(site: &Site, database: &str, sql: &str, name: &str) -> Input {
    let limits = QueryLimits::default();
    let mut batches =
        site.sources.open(&model(database), &statement(sql, &[]), &limits).await.unwrap();
    let mut rows = Vec::new();
    while let Some(batch) = batches.next_batch().await.unwrap() {
        rows.extend(batch);
    }
    Input { name: name.into(), schema: batches.schema().clone(), rows }
}

#[tokio::test]
async fn rows_of_two_databases_are_joined() {
    let site = Site::new();
    site.database(
        "sales.db",
        "create table orders (id integer, customer text, total decimal(9, 2), day datetime);
         insert into orders values (1, 'a', 12.5, '2026-11-24'), (2, 'b', 3, null), (3, 'a', 1, null);",
    );
    site.database(
        "people.db",
        "create table people (code text, name text); insert into people values ('a', 'Ann');",
    );
    let inputs = || async {
        vec![
            table(&site, "Data Source=sales.db", "select * from orders", "federated_1").await,
            table(&site, "Data Source=people.db", "select * from people", "federated_2").await,
        ]
    };
    let join = "from federated_1 as o left join federated_2 as p on o.customer = p.code";
    let sql = format!("select p.name, o.total, o.day {join} where o.total > ?1 order by o.id");
    let (columns, rows) =
        combine(&site, inputs().await, &statement(&sql, &[Value::Int(2)])).await.unwrap();
    let types: Vec<DataType> = columns.iter().map(|(_, data_type)| *data_type).collect();
    assert_eq!(types, [DataType::Text, DataType::Decimal, DataType::DateTime]);
    let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_time(chrono::NaiveTime::MIN);
    let expect: [Row; 2] = [
        ["Ann".into(), Value::Decimal(Decimal::new(125, 1)), Value::DateTime(day)].into(),
        [Value::Null, Value::Decimal(3.into()), Value::Null].into(),
    ];
    assert_eq!(rows, expect);
    let sql = format!("select p.name, sum(o.total) as total {join} group by p.name order by 1");
    let expected = Schema::new(vec![Field::new("total", DataType::Decimal)]);
    let summed = Statement { expected: Some(Arc::new(expected)), ..statement(&sql, &[]) };
    let (_, rows) = combine(&site, inputs().await, &summed).await.unwrap();
    assert_eq!(rows[1], Row::from(["Ann".into(), Value::Decimal(Decimal::new(135, 1))]));
}

#[tokio::test]
async fn values_come_back_as_they_went() {
    let day = NaiveDate::from_ymd_opt(1899, 12, 31).unwrap();
    let moment = day.and_hms_nano_opt(23, 59, 59, 123_456_700).unwrap();
    let columns = [
        ("truth", DataType::Bool),
        ("whole", DataType::Int),
        ("exact", DataType::Decimal),
        ("double", DataType::Double),
        ("text", DataType::Text),
        ("time", DataType::DateTime),
        ("span", DataType::Span),
        ("id", DataType::Guid),
        ("bytes", DataType::Bytes),
        ("unknown", DataType::Unknown),
    ];
    let long: Decimal = "12345678901234567890.12345678".parse().unwrap();
    let rows: Vec<Row> = vec![
        [
            Value::Bool(true),
            Value::Int(i64::MAX),
            Value::Decimal(long),
            Value::Double(0.1),
            "007".into(),
            Value::DateTime(moment),
            Value::Span(TimeDelta::seconds(90_061)),
            Value::Guid(Uuid::from_u128(7)),
            Value::Bytes([0_u8, 255].as_slice().into()),
            Value::DateTime(moment),
        ]
        .into(),
        [
            Value::Bool(false),
            Value::Int(-1),
            Value::Decimal("18.4".parse().unwrap()),
            Value::Double(-2.0),
            "1e5".into(),
            Value::DateTime(day.and_time(chrono::NaiveTime::MIN)),
            Value::Span(TimeDelta::zero()),
            Value::Guid(Uuid::max()),
            Value::Bytes([].as_slice().into()),
            Value::Null,
        ]
        .into(),
        std::iter::repeat_n(Value::Null, columns.len()).collect(),
    ];
    let site = Site::new();
    let inputs = || vec![input("t", &columns, rows.clone()), input("u", &columns, rows.clone())];
    let (told, read) = combine(&site, inputs(), &statement("select * from t", &[])).await.unwrap();
    assert_eq!(read, rows);
    let types: Vec<DataType> = told.iter().map(|(_, data_type)| *data_type).collect();
    let mut expect: Vec<DataType> = columns.iter().map(|(_, data_type)| *data_type).collect();
    expect[9] = DataType::DateTime;
    assert_eq!(types, expect);
    // Each is equal to its like on the other side.
    for (name, _) in columns.iter().filter(|(name, _)| *name != "unknown") {
        let sql = format!("select count(*) from t join u on t.\"{name}\" = u.\"{name}\"");
        let (_, counted) = combine(&site, inputs(), &statement(&sql, &[])).await.unwrap();
        assert_eq!(counted, [Row::from([Value::Int(2)])], "{name}");
    }
}

#[tokio::test]
async fn names_may_be_anything() {
    let site = Site::new();
    let columns =
        [("x\"; drop table t; --", DataType::Int), ("ID", DataType::Int), ("id", DataType::Int)];
    let rows = vec![[Value::Int(1), Value::Int(2), Value::Int(3)].into()];
    let inputs = vec![input("a \"b\"", &columns, rows.clone())];
    let (told, read) =
        combine(&site, inputs, &statement("select * from \"a \"\"b\"\"\"", &[])).await.unwrap();
    assert_eq!(read, rows);
    let names: Vec<&str> = told.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["x\"; drop table t; --", "ID", "id2"]);
    let none = combine(&site, vec![input("t", &[], Vec::new())], &statement("select 1", &[])).await;
    assert!(none.unwrap_err().to_string().contains("\"t\" has no columns"));
}
