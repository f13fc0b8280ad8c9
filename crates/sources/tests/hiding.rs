//! What a data model hides of an SQLite file stays hidden, whichever way a statement is written.

#[allow(dead_code, reason = "each binary uses a part of it")]
mod common;

use common::{Site, model, statement};
use pressroom_data::{Reader, Row, SourceError, Value};
use pressroom_domain::{DataModel, Hidden, RowFilter};
use pressroom_ports::{DataSources, DescribeError, QueryLimits, Statement};

const TABLES: &str = "
    create table orders (id integer primary key, total integer, margin integer, at datetime);
    create table staff (id integer primary key, name text, wage integer, at datetime);
    insert into orders values (1, 10, 3, '2026-01-01'), (2, 20, 4, '2026-01-02');
    insert into staff values (1, 'Ann', 5000, '2026-01-01'), (2, 'Bob', 6000, '2026-01-02');
    create view public_staff as select id, name, at from staff where wage < 5500;
    create view staff_of_view as select name from public_staff;
    create view secret_view as select total from orders;
    create view over_secret_view as select total from secret_view;
    create index staff_wage on staff (wage);
";

/// A site and a model that hides table `staff`, view `secret_view` and column `orders.margin`.
fn world() -> (Site, DataModel) {
    let site = Site::new();
    site.database("sales.db", TABLES);
    let hidden = Hidden::new(
        ["staff".to_owned(), "secret_view".to_owned()],
        [("orders".to_owned(), "margin".to_owned())],
    );
    let model = DataModel { hidden, ..model("Data Source=sales.db") };
    (site, model)
}

async fn rows(site: &Site, model: &DataModel, sql: &str) -> Result<Vec<Row>, SourceError> {
    let statement = statement(sql, &[]);
    let mut batches = site.sources.open(model, &statement, &QueryLimits::default()).await?;
    let mut rows = Vec::new();
    while let Some(batch) = batches.next_batch().await? {
        rows.extend(batch);
    }
    Ok(rows)
}

#[tokio::test]
async fn hidden_tables_and_columns_are_refused_and_named() {
    let (site, model) = world();
    for (sql, named) in [
        ("select name from staff", "\"staff\""),
        ("select * from STAFF", "\"staff\""),
        ("select count(*) from staff", "\"staff\""),
        ("select count(*) from Staff", "\"Staff\""),
        ("select 1 from staff", "\"staff\""),
        ("select rowid from staff", "\"staff\""),
        ("select \"name\" from main.[staff] where 0", "\"staff\""),
        ("select id from orders where exists (select 1 from staff)", "\"staff\""),
        ("select id from orders where id in staff", "\"staff\""),
        ("select id from orders order by (select wage from staff)", "\"staff\""),
        ("select id from orders union select wage from staff", "\"staff\""),
        ("select a.id from orders a left join staff b on a.id = b.id", "\"staff\""),
        ("select max(wage) over () from staff", "\"staff\""),
        ("with s as (select * from staff) select * from s", "\"staff\""),
        ("select total from secret_view", "\"secret_view\""),
        ("select count(*) from secret_view", "\"secret_view\""),
        ("select total from over_secret_view", "\"secret_view\""),
        ("select * from orders", "\"margin\" of \"orders\""),
        ("select id from orders where margin > 3", "\"margin\" of \"orders\""),
        ("select id from orders order by MARGIN", "\"margin\" of \"orders\""),
        ("select o.margin from (select * from orders) o", "\"margin\" of \"orders\""),
    ] {
        match rows(&site, &model, sql).await {
            Err(SourceError::Query { message, .. }) => {
                assert!(message.contains(named), "{sql}: {message}");
            }
            answer => panic!("{sql}: {answer:?}"),
        }
    }
}

#[tokio::test]
async fn a_query_of_its_own_does_not_pass_for_a_view() {
    let (site, model) = world();
    for sql in [
        "with public_staff as (select name, wage from staff) select * from public_staff",
        "with public_staff(a) as (select wage from staff) select count(*) from public_staff",
        "select * from (with public_staff as (select wage from staff) select * from public_staff)",
        "WITH/**/public_staff as (select wage from staff), x as (select * from main.public_staff)
         select * from public_staff",
    ] {
        let answer = rows(&site, &model, sql).await;
        assert!(matches!(answer, Err(SourceError::Query { .. })), "{sql}: {answer:?}");
    }
    // Names of hidden columns are compared without asking.
    for sql in [
        "select count(*) from orders natural join (select 3 as margin)",
        "select count(*) from orders join (select 3 as margin) using (margin)",
    ] {
        let answer = rows(&site, &model, sql).await;
        let Err(SourceError::Query { message, .. }) = answer else { panic!("{sql}: {answer:?}") };
        assert!(message.contains("natural or using"), "{message}");
    }
}

#[tokio::test]
async fn what_is_shown_is_read() {
    let (site, model) = world();
    for (sql, count) in [
        ("select id, total from orders", 2),
        ("select count(*) from orders", 1),
        ("select rowid from orders", 2),
        // A view that is shown may read what is hidden.
        ("select name from public_staff", 1),
        ("select * from public_staff", 1),
        ("select name from staff_of_view", 1),
        ("select p.name, o.total from public_staff p join orders o on o.id = p.id", 1),
    ] {
        let answer = rows(&site, &model, sql).await;
        assert_eq!(answer.map(|rows| rows.len()).ok(), Some(count), "{sql}");
    }
}

#[tokio::test]
async fn the_catalogue_tells_no_hidden_names() {
    let (site, model) = world();
    for sql in [
        "select name from sqlite_schema",
        "select sql from sqlite_master",
        "select name from main.sqlite_schema",
        "select name from sqlite_temp_master",
        "select name from pragma_table_info('staff')",
        "select name from pragma_table_list",
        "pragma table_info('staff')",
    ] {
        let answer = rows(&site, &model, sql).await;
        assert!(matches!(answer, Err(SourceError::Query { .. })), "{sql}: {answer:?}");
    }
    assert_eq!(site.sources.schema(&model).await.unwrap().len(), 6);
    site.sources.test(&model).await.unwrap();
}

#[tokio::test]
async fn a_choice_counts_at_once_for_statements_that_ran_before() {
    let (site, model) = world();
    let all = DataModel { hidden: Hidden::default(), ..model.clone() };
    let sql = "select name from staff";
    for _ in 0..3 {
        assert_eq!(rows(&site, &all, sql).await.unwrap().len(), 2);
        assert!(rows(&site, &model, sql).await.is_err());
    }
}

#[tokio::test]
async fn statements_are_described_under_the_same_rules() {
    let (site, model) = world();
    let describe =
        async |sql: &str| site.sources.describe(&model, &statement(sql, &[Value::Int(1)])).await;
    let columns = describe("select id, at from orders where id = ?1").await.unwrap();
    assert_eq!(columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["id", "at"]);
    for (sql, expect) in [
        ("delete from orders", Err(DescribeError::NotReading)),
        ("pragma journal_mode", Err(DescribeError::NotReading)),
        ("attach 'x.db' as x", Err(DescribeError::NotReading)),
        ("create table x (a)", Err(DescribeError::NotReading)),
        ("begin", Err(DescribeError::NotReading)),
        ("vacuum", Err(DescribeError::NotReading)),
        ("-- nothing", Err(DescribeError::NotReading)),
        ("insert into orders default values returning id", Err(DescribeError::NotReading)),
        ("select 1; select 2", Err(DescribeError::Several)),
        ("select x", Err(DescribeError::Wrong("no such column: x".into()))),
    ] {
        assert_eq!(describe(sql).await.map(|_| ()), expect, "{sql}");
    }
    let told = describe("select wage from staff").await.unwrap_err().to_string();
    assert!(told.contains("\"staff\""), "{told}");
}

#[tokio::test]
async fn readers_see_the_rows_that_a_filter_shows_them() {
    let site = Site::new();
    site.database(
        "sales.db",
        "create table t (n integer, owner text);
         insert into t values (1, 'ann'), (2, 'bob'), (3, 'ann');
         create view all_of_t as select * from t;",
    );
    let mut model = model("sales.db");
    let filter = RowFilter::new("[owner] = UserName()").unwrap();
    model.row_filters.set("t", Some(filter));
    let ann = Reader::new("ann");
    for (sql, expect) in [
        ("select n from t", 2),
        ("with c as (select * from t) select n from c", 2),
        // Showing a view is the choice to show what it gives.
        ("select n from all_of_t", 3),
    ] {
        for (reader, expect) in [(Some(&ann), expect), (None, if expect == 3 { 3 } else { 0 })] {
            let statement = Statement { reader: reader.cloned(), ..statement(sql, &[]) };
            let limits = QueryLimits::default();
            let mut batches = site.sources.open(&model, &statement, &limits).await.unwrap();
            let mut found = 0;
            while let Some(batch) = batches.next_batch().await.unwrap() {
                found += batch.len();
            }
            assert_eq!(found, expect, "{sql}");
        }
    }
}
