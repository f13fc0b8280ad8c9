//! Rows of declared sources, on fake databases.

use pressroom_contracts::build;
use pressroom_contracts::fakes::FakeSources;
use pressroom_data::{DataType, Field, Value, collect_rows};
use pressroom_domain::{DataModelId, Hidden, OptimisticLock};
use pressroom_query::{ConnectionRef, ParameterValue, QueryParameter, SqlSource};

use super::*;
use crate::exports::control::Ending;

const SQL: &str = "select n from numbers where n > ?1";

fn model(name: &str) -> DataModel {
    let new = build::new_data_model(name).entity;
    DataModel {
        id: DataModelId(1),
        name: new.name,
        description: new.description,
        command_timeout: new.command_timeout,
        provider: new.provider,
        hidden: Hidden::default(),
        lock: OptimisticLock::NEW,
    }
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
    let definition = Arc::new(Definition { sources: sources.into(), ..Definition::default() });
    let rows = DatabaseRows::new(
        definition,
        Box::new(models),
        Arc::new(database.clone()),
        Handle::current(),
        NaiveDateTime::default(),
    );
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
async fn what_a_layout_embeds_is_never_opened() {
    let embedded = ConnectionRef {
        name: "own".into(),
        embedded: Some("XpoProvider=SQLite;Data Source=/etc/secret.db".into()),
        ..ConnectionRef::default()
    };
    let database = numbers();
    let sources = || vec![sql_source("s", embedded.clone())];
    let refused = ask(sources(), Vec::new(), &database, request("", "Numbers", 0)).await;
    assert!(refused.unwrap_err().starts_with("data source \"own\" is not known here"));
    // A model of that name is the site's word on it.
    let rows = ask(sources(), vec![model("Own")], &database, request("", "Numbers", 2_999));
    assert_eq!(rows.await.unwrap().len(), 1);
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
