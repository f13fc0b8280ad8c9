//! Values as layouts see them, in the order that they ask for.

mod common;

use std::sync::Arc;

use common::{Site, model, statement};
use pressroom_data::{
    DataType, Direction, Field, Order, Row, Schema, Value, compare, parse_invariant,
};
use pressroom_ports::{DataSources, QueryLimits, Statement, TableKind};

fn shown(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| format!("{:?}", &row[..])).collect()
}

fn time(text: &str) -> Value {
    parse_invariant(text, DataType::DateTime).unwrap()
}

#[tokio::test]
async fn columns_have_their_declared_types_before_the_first_row() {
    let site = Site::new();
    site.database(
        "sales.db",
        "create table orders (id integer, day datetime, price numeric(10, 2), paid bit, share real,
                              code uniqueidentifier, picture image, note nvarchar(40), other);
         create view recent as select id, day, price * 2 as double_price from orders;",
    );
    let limits = QueryLimits::default();
    let all = statement("select *, price * 2 as twice, id as number from orders", &[]);
    let batches = site.open("sales.db", &all, &limits).await.unwrap();
    let types: Vec<DataType> =
        batches.schema().fields.iter().map(|field| field.data_type).collect();
    use DataType::{Bool, Bytes, DateTime, Decimal, Double, Guid, Int, Text, Unknown};
    let expect = [Int, DateTime, Decimal, Bool, Double, Guid, Bytes, Text, Unknown, Unknown, Int];
    assert_eq!(types, expect);

    let tables = site.sources.schema(&model("sales.db")).await.unwrap();
    let shown: Vec<_> = tables.iter().map(|table| (table.name.as_str(), table.kind)).collect();
    assert_eq!(shown, [("orders", TableKind::Table), ("recent", TableKind::View)]);
    let of_view: Vec<DataType> = tables[1].columns.iter().map(|column| column.data_type).collect();
    assert_eq!(of_view, [Int, DateTime, Unknown]);
}

#[tokio::test]
async fn what_a_layout_expects_goes_before_what_is_declared() {
    let site = Site::new();
    site.database(
        "sales.db",
        "create table t (a text, b); insert into t values ('2026-01-02', 7);",
    );
    let expected = Schema::new(vec![
        Field::new("A", DataType::DateTime),
        Field::new("b", DataType::Decimal),
        Field::new("gone", DataType::Int),
    ]);
    let statement =
        Statement { expected: Some(Arc::new(expected)), ..statement("select * from t", &[]) };
    let rows = site.rows_of("sales.db", &statement).await.unwrap();
    assert_eq!(shown(&rows), ["[DateTime(2026-01-02T00:00:00), Decimal(7)]"]);
}

/// The first and the last day of a range count, however the database writes times.
#[tokio::test]
async fn a_range_of_days_holds_its_ends_however_times_are_written() {
    let site = Site::new();
    for (name, days) in [
        ("days", "('2026-01-01'), ('2026-01-02'), ('2026-01-03'), ('2026-01-04')"),
        (
            "blank",
            "('2026-01-01 00:00:00'), ('2026-01-02 00:00:00'), ('2026-01-03 00:00:00'), ('2026-01-04 00:00:00')",
        ),
        (
            "letter",
            "('2026-01-01T00:00:00'), ('2026-01-02T00:00:00'), ('2026-01-03T00:00:00'), ('2026-01-04T00:00:00')",
        ),
        ("seconds", "(1767225600), (1767312000), (1767398400), (1767484800)"),
        ("milliseconds", "(1767225600000), (1767312000000), (1767398400000), (1767484800000)"),
        ("julian", "(2461041.5), (2461042.5), (2461043.5), (2461044.5)"),
    ] {
        let file = format!("{name}.db");
        site.database(
            &file,
            &format!(
                "create table orders (day datetime); insert into orders values (null), {days};"
            ),
        );
        let statement = statement(
            "select day from orders where day between ?1 and ?2 order by day",
            &[time("2026-01-02"), time("2026-01-03")],
        );
        let rows = site.rows_of(&file, &statement).await.unwrap();
        let expect = ["[DateTime(2026-01-02T00:00:00)]", "[DateTime(2026-01-03T00:00:00)]"];
        assert_eq!(shown(&rows), expect, "{name}");
    }
}

#[tokio::test]
async fn values_are_bound_as_the_database_compares_them() {
    let site = Site::new();
    site.database(
        "sales.db",
        "create table t (id integer, price numeric, paid bit, code guid, data blob);
         insert into t values (1, 12.5, 1, '0f8fad5b-d9cb-469f-a165-70867728950e', x'0102');",
    );
    for (condition, value) in [
        ("price = ?1", parse_invariant("12.5", DataType::Decimal).unwrap()),
        ("price * 2 = ?1", parse_invariant("25.0", DataType::Decimal).unwrap()),
        ("price = ?1", Value::Double(12.5)),
        ("paid = ?1", Value::Bool(true)),
        (
            "code = ?1",
            parse_invariant("0f8fad5b-d9cb-469f-a165-70867728950e", DataType::Guid).unwrap(),
        ),
        ("data = ?1", Value::Bytes([1, 2].as_slice().into())),
        ("?1 is null", Value::Null),
    ] {
        let sql = format!("select id from t where {condition}");
        let rows = site.rows_of("sales.db", &statement(&sql, &[value])).await.unwrap();
        assert_eq!(shown(&rows), ["[Int(1)]"], "{condition}");
    }
    let plain = statement("select ? + ?", &[Value::Int(1), Value::Int(2)]);
    assert_eq!(shown(&site.rows_of("sales.db", &plain).await.unwrap()), ["[Int(3)]"]);
}

const MIXED: &str = "
    create table t (n integer, word nvarchar(20), day datetime, price decimal, code guid, any);
    insert into t values
        (3, 'Zebra', '2026-01-02', 2.5, '{0F8FAD5B-D9CB-469F-A165-70867728950E}', 'b'),
        (1, 'apple', '2026-01-02 00:00:00', 10, 'ffffffff-0000-0000-0000-000000000000', 2),
        (2, 'Äpfel', '2026-01-01T12:00:00', 2.5, '00000000-0000-0000-0000-000000000001', 10.5),
        (null, 'Apple', null, null, null, null),
        (5, null, '2025-12-31', 1, 'AFFFFFFF-0000-0000-0000-000000000000', x'00'),
        (5, 'apple pie', '2026-01-02', 9, null, 'a');";

/// Rows come in the order of the engine whatever the columns hold, or are not said to.
#[tokio::test]
async fn the_database_sorts_as_the_engine_does() {
    let site = Site::new();
    site.database("sales.db", MIXED);
    let all = statement("select * from t", &[]);
    let unsorted = site.rows_of("sales.db", &all).await.unwrap();
    let names = ["n", "word", "day", "price", "code", "any"];
    let keys = |order: &[(usize, Direction)]| -> Vec<Order> {
        let key = |(column, direction): &(usize, Direction)| Order {
            field: names[*column].into(),
            direction: *direction,
        };
        order.iter().map(key).collect()
    };
    use Direction::{Ascending, Descending};
    let mut orders: Vec<(Vec<(usize, Direction)>, bool)> = Vec::new();
    for column in 0..names.len() {
        orders.push((vec![(column, Ascending), (0, Descending)], column != 3));
        orders.push((vec![(0, Descending), (column, Descending)], true));
    }
    for (order, sortable) in orders {
        let mut statement = all.clone();
        statement.sql = "select * from t; ".into();
        statement.order = keys(&order);
        let limits = QueryLimits::default();
        let mut batches = site.open("sales.db", &statement, &limits).await.unwrap();
        assert_eq!(batches.is_ordered(), sortable, "{order:?}");
        let mut rows = Vec::new();
        while let Some(batch) = batches.next_batch().await.unwrap() {
            rows.extend(batch);
        }
        if sortable {
            let by_keys = |a: &Row, b: &Row| {
                order.iter().fold(std::cmp::Ordering::Equal, |so_far, (column, direction)| {
                    let order = compare(&a[*column], &b[*column]);
                    so_far.then(match direction {
                        Ascending => order,
                        Descending => order.reverse(),
                    })
                })
            };
            let mut expect = unsorted.clone();
            expect.sort_by(by_keys);
            let in_order = rows.windows(2).all(|pair| by_keys(&pair[0], &pair[1]).is_le());
            assert!(in_order, "{order:?}: {:#?}", shown(&rows));
            assert_eq!(rows.len(), expect.len());
        }
    }
}

#[tokio::test]
async fn an_order_leaves_names_and_parameters_alone() {
    let site = Site::new();
    site.database("sales.db", MIXED);
    let mut statement = statement(
        "with some as (select * from t where n >= ?2 or n = ?1)
         select a.n, b.n, a.word as [a word], 1 from some a join some b on a.n = b.n -- the end",
        &[Value::Int(3), Value::Int(2)],
    );
    statement.order = vec![Order { field: "a word".into(), direction: Direction::Ascending }];
    let limits = QueryLimits::default();
    let mut batches = site.open("sales.db", &statement, &limits).await.unwrap();
    assert!(batches.is_ordered());
    let names: Vec<_> = batches.schema().fields.iter().map(|field| &*field.name).collect();
    assert_eq!(names, ["n", "n", "a word", "1"]);
    let rows = batches.next_batch().await.unwrap().unwrap();
    let words: Vec<_> = rows.iter().map(|row| row[2].as_text().unwrap_or("-")).collect();
    assert_eq!(words, ["-", "-", "Äpfel", "apple pie", "apple pie", "Zebra"]);
}

#[tokio::test]
async fn a_layout_may_sort_by_the_engines_collation_itself() {
    let site = Site::new();
    site.database("sales.db", MIXED);
    let sql = "select word from t where word is not null order by word collate PRESSROOM";
    let rows = site.rows("sales.db", sql).await.unwrap();
    assert!(rows.windows(2).all(|pair| compare(&pair[0][0], &pair[1][0]).is_lt()));
}
