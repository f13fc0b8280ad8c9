//! What `DataSources` promise.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use pressroom_data::{DataType, Direction, Field, Order, Row, Schema, SourceError, Value};
use pressroom_domain::{DataModel, Hidden};
use pressroom_ports::{
    ColumnInfo, DataSources, DescribeError, Input, QueryLimits, RowBatches, Statement, TableKind,
};

use pressroom_query::Dialect;

use super::assert_error;

/// Makes tests of customers' databases.
///
/// The database must hold one table `numbers` with columns `n` (whole number) and `name` (text):
/// [`ROWS`] rows, `n` from 1 and `name` as [`name_of`] gives it. Names may be in capitals, as some
/// databases write those without quotes.
#[macro_export]
macro_rules! data_sources_contract {
    ($make:expr) => {
        $crate::suite! { data_sources, $make,
            gives_every_row_once
            binds_values_to_their_places
            a_place_without_a_value_is_named
            a_value_is_never_part_of_the_statement
            says_so_when_rows_are_ordered
            no_rows_are_no_error
            a_wrong_statement_is_named
            a_statement_that_writes_is_refused
            a_database_that_is_away_is_named
            stops_at_the_limit_of_rows
            ends_when_it_is_dropped
            shows_tables_and_columns
            refuses_what_is_hidden
            describes_without_reading
            combines_tables_in_memory
            combining_reads_nothing_else
        }
    };
}

/// Rows of the table `numbers`.
pub const ROWS: i64 = 5_000;
/// All rows, by number.
pub const ALL_ROWS: &str = "select n, name from numbers order by n";
/// The rows above a number, in the SQL of a database.
#[must_use]
pub fn rows_above(dialect: &dyn Dialect) -> String {
    let least = dialect.placeholder(1);
    format!("select n, name from numbers where n > {least} order by n")
}

/// The rows between two numbers.
#[must_use]
pub fn rows_between(dialect: &dyn Dialect) -> String {
    let (least, most) = (dialect.placeholder(1), dialect.placeholder(2));
    format!("select n, name from numbers where n > {least} and n < {most} order by n")
}

/// The rows of a name.
#[must_use]
pub fn rows_called(dialect: &dyn Dialect) -> String {
    format!("select n, name from numbers where name = {}", dialect.placeholder(1))
}

/// Two tables in memory, joined: [`combined_rows`] of [`combined_tables`].
pub const COMBINED: &str = "select a.id as id, b.name as name from federated_1 as a \
                            left join federated_2 as b on a.id = b.id order by a.id";

/// Tables to combine.
#[must_use]
pub fn combined_tables() -> Vec<Input> {
    let schema = |second: &str, data_type| {
        Arc::new(Schema::new(vec![Field::new("id", DataType::Int), Field::new(second, data_type)]))
    };
    vec![
        Input {
            name: "federated_1".into(),
            schema: schema("paid", DataType::Bool),
            rows: vec![
                [Value::Int(2), Value::Bool(true)].into(),
                [Value::Int(1), Value::Bool(false)].into(),
            ],
        },
        Input {
            name: "federated_2".into(),
            schema: schema("name", DataType::Text),
            rows: vec![[Value::Int(2), "漢字".into()].into(), [Value::Int(3), "x".into()].into()],
        },
    ]
}

/// The columns and rows of [`COMBINED`].
#[must_use]
pub fn combined_rows() -> (Schema, Vec<Row>) {
    let schema =
        Schema::new(vec![Field::new("id", DataType::Int), Field::new("name", DataType::Text)]);
    (schema, vec![[Value::Int(1), Value::Null].into(), [Value::Int(2), "漢字".into()].into()])
}

/// A table that is not there.
pub const WRONG: &str = "select n from nowhere";
/// A table of the database, and of no memory.
const ALL_ROWS_AGAIN: &str = "select n from numbers";
/// A statement that writes.
pub const WRITING: &str = "delete from numbers";

/// The name of a number: some are not Latin, some hold quotes, every tenth is null.
#[must_use]
pub fn name_of(n: i64) -> Option<String> {
    match n % 10 {
        0 => None,
        1 => Some(format!("漢字 {n}")),
        2 => Some(format!("O'Brien \"{n}\"")),
        _ => Some(format!("number {n}")),
    }
}

/// What the suite runs on.
pub struct Fixture {
    /// The adapter.
    pub sources: Arc<dyn DataSources>,
    /// The model of the database that holds `numbers`.
    pub model: DataModel,
    /// The model of a database that is away.
    pub away: DataModel,
    /// Whatever must outlive them, such as a folder.
    pub guard: Box<dyn Any + Send + Sync>,
}

fn statement(sql: &str, binds: &[Value]) -> Statement {
    let binds = binds.to_vec();
    Statement { name: "Numbers".into(), sql: sql.into(), binds, ..Statement::default() }
}

impl Fixture {
    fn dialect(&self) -> &'static dyn Dialect {
        self.sources.dialect(&self.model)
    }

    async fn open(&self, statement: &Statement) -> Result<Box<dyn RowBatches>, SourceError> {
        self.sources.open(&self.model, statement, &QueryLimits::default()).await
    }

    async fn rows(&self, sql: &str, binds: &[Value]) -> Result<Vec<Row>, SourceError> {
        let mut batches = self.open(&statement(sql, binds)).await?;
        read(&mut *batches).await
    }
}

async fn read(batches: &mut dyn RowBatches) -> Result<Vec<Row>, SourceError> {
    let mut rows = Vec::new();
    let columns = batches.schema().fields.len();
    while let Some(batch) = batches.next_batch().await? {
        assert!(!batch.is_empty() && batch.len() <= 10_000, "a batch of {}", batch.len());
        assert!(batch.iter().all(|row| row.len() == columns));
        rows.extend(batch);
    }
    assert!(batches.next_batch().await?.is_none(), "the end stays the end");
    Ok(rows)
}

/// The columns of the table.
fn n_and_name() -> [(String, DataType); 2] {
    [("n".to_owned(), DataType::Int), ("name".to_owned(), DataType::Text)]
}

fn in_lower_case(columns: &[ColumnInfo]) -> Vec<(String, DataType)> {
    columns.iter().map(|column| (column.name.to_lowercase(), column.data_type)).collect()
}

fn is_numbers(table: &str) -> bool {
    table.eq_ignore_ascii_case("numbers")
}

fn row(n: i64) -> Row {
    [Value::Int(n), name_of(n).into()].into()
}

/// All rows come, each once, in batches.
pub async fn gives_every_row_once(fixture: &Fixture) {
    let mut batches = fixture.open(&statement(ALL_ROWS, &[])).await.unwrap();
    let names: Vec<String> =
        batches.schema().fields.iter().map(|field| field.name.to_lowercase()).collect();
    assert_eq!(names, ["n", "name"]);
    let rows = read(&mut *batches).await.unwrap();
    assert_eq!(rows, (1..=ROWS).map(row).collect::<Vec<_>>());
}

/// Values go to their places, and nulls with them.
pub async fn binds_values_to_their_places(fixture: &Fixture) {
    let rows = fixture.rows(&rows_above(fixture.dialect()), &[Value::Int(ROWS - 2)]).await.unwrap();
    assert_eq!(rows, [row(ROWS - 1), row(ROWS)]);
    let between = rows_between(fixture.dialect());
    let rows = fixture.rows(&between, &[Value::Int(5), Value::Int(8)]).await.unwrap();
    assert_eq!(rows, [row(6), row(7)]);
    assert!(fixture.rows(&between, &[Value::Int(5), Value::Null]).await.unwrap().is_empty());
    // A value of another type that means the same.
    let rows =
        fixture.rows(&rows_above(fixture.dialect()), &[Value::Double(ROWS as f64 - 1.0)]).await;
    assert_eq!(rows.unwrap(), [row(ROWS)]);
}

/// A statement whose values are too few is not run.
pub async fn a_place_without_a_value_is_named(fixture: &Fixture) {
    assert_error!(
        fixture.rows(&rows_above(fixture.dialect()), &[]).await,
        SourceError::Query { member, .. } if member == "Numbers"
    );
}

/// Text that looks like SQL is text.
pub async fn a_value_is_never_part_of_the_statement(fixture: &Fixture) {
    for text in ["x' or '1'='1", "漢字 1", "O'Brien \"2\"", "'; drop table numbers; --"] {
        let rows = fixture.rows(&rows_called(fixture.dialect()), &[text.into()]).await.unwrap();
        let expect: Vec<Row> =
            (1..=ROWS).filter(|n| name_of(*n).as_deref() == Some(text)).map(row).collect();
        assert_eq!(rows, expect, "{text}");
    }
    assert_eq!(fixture.rows(ALL_ROWS, &[]).await.unwrap().len() as i64, ROWS);
}

/// Rows that are said to be ordered are.
pub async fn says_so_when_rows_are_ordered(fixture: &Fixture) {
    let mut statement = statement(ALL_ROWS, &[]);
    statement.order = vec![Order { field: "name".into(), direction: Direction::Descending }];
    let mut batches = fixture.open(&statement).await.unwrap();
    let ordered = batches.is_ordered();
    let rows = read(&mut *batches).await.unwrap();
    assert_eq!(rows.len() as i64, ROWS);
    if ordered {
        let order = |pair: &[Row]| pressroom_data::compare(&pair[0][1], &pair[1][1]);
        assert!(rows.windows(2).all(|pair| order(pair).is_ge()));
    }
}

/// A query that finds nothing has columns all the same.
pub async fn no_rows_are_no_error(fixture: &Fixture) {
    let mut batches = fixture
        .open(&statement(&rows_above(fixture.dialect()), &[Value::Int(ROWS)]))
        .await
        .unwrap();
    assert_eq!(batches.schema().fields.len(), 2);
    assert!(batches.next_batch().await.unwrap().is_none());
}

/// What the database says against a statement is told with the query's name.
pub async fn a_wrong_statement_is_named(fixture: &Fixture) {
    assert_error!(
        fixture.rows(WRONG, &[]).await,
        SourceError::Query { member, .. } if member == "Numbers"
    );
}

/// Nothing is ever written.
pub async fn a_statement_that_writes_is_refused(fixture: &Fixture) {
    assert_error!(fixture.rows(WRITING, &[]).await, SourceError::Query { .. });
    assert_eq!(fixture.rows(ALL_ROWS, &[]).await.unwrap().len() as i64, ROWS);
}

/// A database that cannot be reached is named, without its secrets.
pub async fn a_database_that_is_away_is_named(fixture: &Fixture) {
    let limits = QueryLimits { timeout: Duration::from_secs(5), ..QueryLimits::default() };
    let opened = fixture.sources.open(&fixture.away, &statement(ALL_ROWS, &[]), &limits).await;
    let opened = opened.map(|_| ());
    let failures = [
        opened,
        fixture.sources.test(&fixture.away).await,
        fixture.sources.schema(&fixture.away).await.map(drop),
    ];
    for failure in failures {
        let Err(SourceError::Away { source_name, message }) = failure else {
            panic!("expected it to be away, got {failure:?}")
        };
        assert_eq!(source_name, fixture.away.name.as_str());
        assert!(!message.contains("hunter2"), "{message}");
    }
    fixture.sources.test(&fixture.model).await.unwrap();
}

/// More rows than are allowed are an error, not a shorter report.
pub async fn stops_at_the_limit_of_rows(fixture: &Fixture) {
    let open = async |rows| {
        let limits = QueryLimits { rows, ..QueryLimits::default() };
        let statement = statement(ALL_ROWS, &[]);
        let mut batches = fixture.sources.open(&fixture.model, &statement, &limits).await.unwrap();
        read(&mut *batches).await
    };
    assert_eq!(open(ROWS as u64).await.unwrap().len() as i64, ROWS);
    assert_error!(open(ROWS as u64 - 1).await, SourceError::Limit(_));
}

/// Readers may leave at any time, many times over.
pub async fn ends_when_it_is_dropped(fixture: &Fixture) {
    for _ in 0..50 {
        let mut batches = fixture.open(&statement(ALL_ROWS, &[])).await.unwrap();
        batches.next_batch().await.unwrap();
        drop(batches);
    }
    assert_eq!(fixture.rows(ALL_ROWS, &[]).await.unwrap().len() as i64, ROWS);
}

/// Tables come with their columns in order.
pub async fn shows_tables_and_columns(fixture: &Fixture) {
    let tables = fixture.sources.schema(&fixture.model).await.unwrap();
    let table = tables.iter().find(|table| is_numbers(&table.name)).unwrap();
    assert_eq!(table.kind, TableKind::Table);
    assert_eq!(in_lower_case(&table.columns), n_and_name());
}

/// What a data model hides no statement reads, also one that ran before; what it shows is read.
pub async fn refuses_what_is_hidden(fixture: &Fixture) {
    let tables = fixture.sources.schema(&fixture.model).await.unwrap();
    let table = tables.iter().find(|table| is_numbers(&table.name)).unwrap();
    let hiding = |hidden| DataModel { hidden, ..fixture.model.clone() };
    let column = |name: &str| Hidden::new([], [(table.name.clone(), name.to_owned())]);
    let whole = hiding(Hidden::new([table.name.clone()], []));
    let one = hiding(column(&table.columns[1].name));
    let other = hiding(column("other"));
    let read = async |model: &DataModel| {
        let statement = statement(ALL_ROWS, &[]);
        let opened = fixture.sources.open(model, &statement, &QueryLimits::default()).await;
        read(&mut *opened?).await.map(|rows| rows.len() as i64)
    };
    let names_it = |told: &str| told.to_lowercase().contains("\"numbers\"");
    for _ in 0..2 {
        assert_eq!(read(&fixture.model).await.unwrap(), ROWS);
        assert_eq!(read(&other).await.unwrap(), ROWS);
        for model in [&whole, &one] {
            let told = match read(model).await {
                Err(SourceError::Query { message, .. }) => message,
                answer => panic!("it is hidden: {answer:?}"),
            };
            assert!(names_it(&told), "{told}");
            assert_error!(
                fixture.sources.describe(model, &statement(ALL_ROWS, &[])).await,
                DescribeError::Forbidden(told) if names_it(&told)
            );
        }
    }
    assert_eq!(fixture.sources.schema(&whole).await.unwrap().len(), 1);
    fixture.sources.test(&whole).await.unwrap();
}

/// A statement is described by the database's own parser, and what is wrong with it told apart.
pub async fn describes_without_reading(fixture: &Fixture) {
    let describe = async |sql: &str| {
        fixture.sources.describe(&fixture.model, &statement(sql, &[Value::Int(1)])).await
    };
    let columns = describe(&rows_above(fixture.dialect())).await.unwrap();
    assert_eq!(in_lower_case(&columns), n_and_name());
    assert_error!(describe(WRONG).await, DescribeError::Wrong(_) | DescribeError::Forbidden(_));
    assert_error!(describe(WRITING).await, DescribeError::NotReading);
    assert_error!(describe("select 1; select 2").await, DescribeError::Several);
    assert_error!(
        fixture.sources.describe(&fixture.away, &statement(ALL_ROWS, &[])).await,
        DescribeError::Away(told) if told.contains(fixture.away.name.as_str())
    );
    assert_eq!(fixture.rows(ALL_ROWS, &[]).await.unwrap().len() as i64, ROWS);
}

/// Tables in memory are joined, whatever the databases are, and columns keep their types.
pub async fn combines_tables_in_memory(fixture: &Fixture) {
    let limits = QueryLimits::default();
    let combined =
        fixture.sources.combine(combined_tables(), &statement(COMBINED, &[]), &limits).await;
    let mut batches = combined.unwrap();
    let (schema, expect) = combined_rows();
    assert_eq!(**batches.schema(), schema);
    assert_eq!(read(&mut *batches).await.unwrap(), expect);
    let few = QueryLimits { rows: 1, ..QueryLimits::default() };
    let outcome =
        match fixture.sources.combine(combined_tables(), &statement(COMBINED, &[]), &few).await {
            Ok(mut batches) => read(&mut *batches).await,
            Err(error) => Err(error),
        };
    assert_error!(outcome, SourceError::Limit(_));
}

/// What combines tables in memory reaches no database and writes nothing.
pub async fn combining_reads_nothing_else(fixture: &Fixture) {
    for sql in [WRONG, WRITING, ALL_ROWS_AGAIN] {
        let (statement, limits) = (statement(sql, &[]), QueryLimits::default());
        let combined = fixture.sources.combine(combined_tables(), &statement, &limits);
        let combined = combined.await.map(drop);
        assert_error!(combined, SourceError::Query { member, .. } if member == "Numbers");
    }
}
