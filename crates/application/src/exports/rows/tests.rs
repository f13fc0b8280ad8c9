//! Rows of declared sources, on fake databases.

mod federation;

use pressroom_contracts::build;
use pressroom_contracts::fakes::FakeSources;
use pressroom_data::{DataType, Field, Value, collect_rows};
use pressroom_ports::{TableInfo, TableKind};
use pressroom_query::{
    ConnectionRef, ExcelSource, JsonSource, ParameterValue, QueryParameter, SqlSource,
};

use super::*;
use crate::exports::control::Ending;

const SQL: &str = "select n from numbers where n > ?1";

fn model(name: &str) -> DataModel {
    build::data_model(name)
}

fn sql_source(name: &str, connection: ConnectionRef) -> Source {
    let least = QueryParameter {
        name: "@least".into(),
        data_type: DataType::Int,
        value: ParameterValue::Expression("?least".into()),
    };
    let sql = "select n from numbers where n > @least".into();
    let kind = QueryKind::CustomSql { sql };
    let query = Query { name: "Numbers".into(), parameters: vec![least], kind };
    let sql = SqlSource { connection, queries: vec![query], ..SqlSource::default() };
    Source { name: name.into(), kind: SourceKind::Sql(sql) }
}

fn connection(name: &str) -> ConnectionRef {
    ConnectionRef { name: name.into(), from_app_config: true, ..ConnectionRef::default() }
}

fn numbers() -> FakeSources {
    let sources = FakeSources::default();
    let schema = Schema::new(vec![Field::new("n", DataType::Int)]);
    let above = |binds: &[Value]| {
        let [Value::Int(least)] = *binds else { return Vec::new() };
        (least + 1..=3_000).map(|n| [Value::Int(n)].into()).collect()
    };
    sources.answer(SQL, schema.clone(), Arc::new(above));
    let row: Row = [Value::Int(1)].into();
    sources.answer_rows("SELECT * FROM \"Orders\"", schema, vec![row]);
    sources
}

/// Asks for rows on a thread that may block, as an export does.
async fn ask(
    sources: Vec<Source>,
    models: Vec<DataModel>,
    database: &FakeSources,
    request: RowRequest,
) -> Result<Vec<Row>, String> {
    ask_where(sources, models, database, request, false).await
}

/// The same, where connection strings of layouts are used or not.
async fn ask_where(
    sources: Vec<Source>,
    models: Vec<DataModel>,
    database: &FakeSources,
    request: RowRequest,
    allow_embedded: bool,
) -> Result<Vec<Row>, String> {
    let definition = Arc::new(Definition { sources: sources.into(), ..Definition::default() });
    let rows = DatabaseRows::new(
        definition,
        Box::new(models),
        Arc::new(database.clone()),
        Handle::current(),
        NaiveDateTime::default(),
    )
    .with_embedded_connections(allow_embedded);
    let asked = tokio::task::spawn_blocking(move || {
        let mut stream = rows.open(&request)?;
        collect_rows(&mut *stream)
    });
    asked.await.unwrap().map_err(|error| error.to_string())
}

fn request(source: &str, member: &str, least: i64) -> RowRequest {
    RowRequest {
        source: source.into(),
        member: member.into(),
        parameters: vec![("least".into(), Value::Int(least))],
        order: Vec::new(),
    }
}

#[tokio::test]
async fn a_connection_name_leads_to_the_model_of_that_name() {
    let database = numbers();
    let models = || vec![model("Other"), model("Northwind")];
    let northwind = || vec![sql_source("sqlDataSource1", connection("NORTHWIND"))];
    for source in ["", "sqlDataSource1", "SqlDataSource1"] {
        let rows = ask(northwind(), models(), &database, request(source, "numbers", 2_998));
        assert_eq!(rows.await.unwrap().len(), 2, "{source}");
    }
    let rows = ask(northwind(), models(), &database, request("", "Numbers", 0)).await;
    assert_eq!(rows.unwrap().len(), 3_000);
    assert_eq!(database.open_queries(), 0);
}

#[tokio::test]
async fn what_leads_nowhere_is_named() {
    let database = numbers();
    let ask = async |source: Source, name: &str, member: &str| {
        let models = vec![model("Northwind")];
        ask(vec![source], models, &database, request(name, member, 0)).await.unwrap_err()
    };
    let known = || sql_source("s", connection("Northwind"));
    assert_eq!(
        ask(sql_source("s", connection("Southwind")), "s", "Numbers").await,
        "data source \"Southwind\" is not known here; give the layout a data model of that name"
    );
    assert_eq!(
        ask(known(), "t", "Numbers").await,
        "data source \"t\" is not known here; give the layout a data model of that name"
    );
    assert_eq!(
        ask(known(), "s", "Letters").await,
        "\"Letters\" is not a query or table of data source \"s\""
    );
}

#[tokio::test]
async fn what_a_layout_embeds_is_opened_only_where_the_site_lets_it() {
    let embedded = ConnectionRef {
        name: "own".into(),
        embedded: Some("XpoProvider=SQLite;Data Source=/etc/secret.db".into()),
        ..ConnectionRef::default()
    };
    let database = numbers();
    let sources = || vec![sql_source("s", embedded.clone())];
    let refused = ask(sources(), Vec::new(), &database, request("", "Numbers", 0)).await;
    let words = refused.unwrap_err();
    assert!(words.contains("security.allow_embedded_connections"), "{words}");
    // A model of that name is the site's word on it.
    let rows = ask(sources(), vec![model("Own")], &database, request("", "Numbers", 2_999));
    assert_eq!(rows.await.unwrap().len(), 1);
    let allowed = ask_where(sources(), Vec::new(), &database, request("", "Numbers", 2_998), true);
    assert_eq!(allowed.await.unwrap().len(), 2);
    let unknown = ConnectionRef { embedded: Some("Server=a".into()), ..embedded.clone() };
    let unknown = vec![sql_source("s", unknown)];
    let refused = ask_where(unknown, Vec::new(), &database, request("", "Numbers", 0), true);
    assert!(refused.await.unwrap_err().contains("connection strings of layouts"));
}

#[tokio::test]
async fn documents_are_those_of_a_model_or_the_layouts_own() {
    let database = numbers();
    let table =
        |name: &str| TableInfo { name: name.into(), kind: TableKind::Table, columns: Vec::new() };
    database.set_tables(vec![table("root"), table("root.Orders")]);
    let schema = Schema::new(vec![Field::new("n", DataType::Int)]);
    let rows = |count: i64| (0..count).map(|n| Row::from([Value::Int(n)])).collect();
    database.answer_rows("SELECT * FROM \"root\"", schema.clone(), rows(2));
    database.answer_rows("SELECT * FROM \"Orders\"", schema.clone(), rows(3));
    database.answer_rows("SELECT * FROM \"root\".\"Orders\"", schema.clone(), rows(3));
    database.answer_rows("SELECT * FROM \"root.Orders\"", schema, rows(3));
    let json = JsonSource { document: Some("[]".into()), ..JsonSource::default() };
    let excel = ExcelSource {
        file: Some("|DataDirectory|\\Data\\Orders.xlsx".into()),
        table: Some("Orders".into()),
        ..ExcelSource::default()
    };
    let source = |kind| vec![Source { name: "doc".into(), kind }];
    for (kind, member, expect) in [
        (SourceKind::Json(json.clone()), "", Some(2)),
        (SourceKind::Json(json.clone()), "orders", Some(3)),
        (SourceKind::Json(json), "Letters", None),
        (SourceKind::Json(JsonSource::default()), "", None),
        (SourceKind::Excel(excel), "", Some(3)),
    ] {
        let asked = ask(source(kind.clone()), Vec::new(), &database, request("", member, 0)).await;
        assert_eq!(asked.as_ref().ok().map(Vec::len), expect, "{kind:?} {member}: {asked:?}");
        if kind == SourceKind::Json(JsonSource::default()) {
            let asked = ask(source(kind), vec![model("DOC")], &database, request("", "", 0)).await;
            assert_eq!(asked.unwrap().len(), 2);
        }
    }
}

#[tokio::test]
async fn objects_are_rows_of_the_table_of_their_member() {
    let object = ObjectSource {
        type_name: "Shop.Data.Sales".into(),
        member: Some("Orders".into()),
        ..ObjectSource::default()
    };
    let source = Source { name: "objectDataSource1".into(), kind: SourceKind::Object(object) };
    for name in ["objectDataSource1", "Sales"] {
        for member in ["", "Orders"] {
            let (sources, models) = (vec![source.clone()], vec![model(name)]);
            let rows = ask(sources, models, &numbers(), request("", member, 0)).await;
            assert_eq!(rows.unwrap().len(), 1, "{name} {member}");
        }
    }
}

#[tokio::test]
async fn rows_end_when_the_work_is_ended() {
    let definition = Definition {
        sources: vec![sql_source("s", connection("Northwind"))].into(),
        ..Definition::default()
    };
    let database = numbers();
    let control = Arc::new(Control::default());
    let rows = DatabaseRows::new(
        Arc::new(definition),
        Box::new(vec![model("Northwind")]),
        Arc::new(database.clone()),
        Handle::current(),
        NaiveDateTime::default(),
    )
    .with_control(Arc::clone(&control));
    let asked = tokio::task::spawn_blocking(move || {
        let mut stream = rows.open(&request("", "Numbers", 0)).unwrap();
        assert!(stream.next_batch().unwrap().is_some());
        control.end(Ending::TimeUp);
        assert!(matches!(stream.next_batch(), Err(SourceError::Cancelled)));
        assert!(matches!(
            rows.open(&request("", "Numbers", 0)).map(drop),
            Err(SourceError::Cancelled)
        ));
    });
    asked.await.unwrap();
    assert_eq!(database.open_queries(), 0);
}

#[tokio::test]
async fn queries_ask_who_reads() {
    let database = numbers();
    let mut source = sql_source("s", connection("Northwind"));
    let SourceKind::Sql(sql) = &mut source.kind else { panic!("it is SQL") };
    sql.queries[0].parameters[0].value = ParameterValue::Expression(
        "Iif(IsMemberOf('Sales') And UserName() = 'ada' And IsNull(UserEmail()), 2990, 2999)"
            .into(),
    );
    for (reader, expect) in [
        (Some(Reader::new("ada").with_groups(["sales"])), 10),
        (Some(Reader::new("ada").with_groups(["sales"]).with_email("ada@example.com")), 1),
        (Some(Reader::new("ada")), 1),
        (Some(Reader::new("bob").with_groups(["sales"])), 1),
        (None, 1),
    ] {
        let definition =
            Arc::new(Definition { sources: vec![source.clone()].into(), ..Definition::default() });
        let rows = DatabaseRows::new(
            definition,
            Box::new(vec![model("Northwind")]),
            Arc::new(database.clone()),
            Handle::current(),
            NaiveDateTime::default(),
        );
        let rows = match &reader {
            Some(reader) => rows.with_reader(reader.clone()),
            None => rows,
        };
        let read = tokio::task::spawn_blocking(move || {
            collect_rows(&mut *rows.open(&request("s", "Numbers", 0))?)
        });
        assert_eq!(read.await.unwrap().unwrap().len(), expect, "{reader:?}");
    }
}
