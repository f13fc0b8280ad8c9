//! Federations of fake databases: what is read, and what the joining statement is.

use pressroom_query::{FederatedInput, FederatedSource};

use super::*;
use crate::exports::rows::federation::Bounds;

const QUERIES: &str = "
    <Query Alias='joined' QueryType='SelectNode'>
      <Root QueryType='SourceNode' Alias='N' SourceName='N'/>
      <SubNodes><JoinElement JoinType='LeftOuter' Condition='[N.n] = [O.n]'>
        <Query QueryType='SourceNode' Alias='O' SourceName='O'/>
      </JoinElement></SubNodes>
      <Expressions><Expression Name='n' NodeAlias='N'/></Expressions>
      <Filter>[N.n] &gt; ?least</Filter>
    </Query>
    <Query Alias='all' QueryType='UnionNode'><UnionElements>
      <Query QueryType='SourceNode' SourceName='N'/><Query QueryType='SourceNode' SourceName='O'/>
    </UnionElements></Query>
    <Query Alias='N' QueryType='SourceNode' SourceName='N'/>
    <Query Alias='gone' QueryType='SourceNode' SourceName='Gone'/>
    <Query Alias='lost' QueryType='SourceNode' SourceName='Lost'/>
    <Query Alias='itself' QueryType='SourceNode' SourceName='Itself'/>
    <Query Alias='unfolded' QueryType='TransformationNode'/>";

const JOIN: &str = "SELECT \"N\".\"n\" AS \"n\" FROM \"federated_1\" AS \"N\" LEFT JOIN \"federated_2\" \
                    AS \"O\" ON \"N\".\"n\" = \"O\".\"n\" WHERE (\"N\".\"n\" > ?1)";
const UNION: &str =
    "SELECT \"n\" AS \"n\" FROM \"federated_1\" UNION SELECT \"n\" AS \"n\" FROM \"federated_2\"";

fn federated() -> FederatedSource {
    let text = format!("<F Name='fed'><Queries>{QUERIES}</Queries></F>");
    let source = Source::from_xml("FederationDataSource", &text).unwrap();
    let SourceKind::Federation(mut federated) = source.kind else { panic!("{source:?}") };
    let input = |name: &str, source: &str, member: &str| FederatedInput {
        name: name.into(),
        source: source.into(),
        member: member.into(),
    };
    federated.inputs = vec![
        input("N", "numbers", ""),
        input("O", "orders", "Orders"),
        input("Lost", "nowhere", "x"),
        input("Itself", "fed", "itself"),
    ];
    federated
}

/// Two sources and their federation, on fake databases.
fn rows(database: &FakeSources, federated: FederatedSource) -> DatabaseRows {
    let object = ObjectSource { type_name: "Shop.Orders".into(), ..ObjectSource::default() };
    let source = |name: &str, kind| Source { name: name.into(), kind };
    let sources = vec![
        sql_source("numbers", connection("Northwind")),
        source("orders", SourceKind::Object(object)),
        source("fed", SourceKind::Federation(federated)),
    ];
    DatabaseRows::new(
        Arc::new(Definition { sources: sources.into(), ..Definition::default() }),
        Box::new(vec![model("Northwind"), model("Orders")]),
        Arc::new(database.clone()),
        Handle::current(),
        NaiveDateTime::default(),
    )
}

async fn ask(rows: DatabaseRows, member: &str) -> Result<Vec<Row>, String> {
    let request = request("fed", member, 2_990);
    let asked = tokio::task::spawn_blocking(move || {
        let mut stream = rows.open(&request)?;
        collect_rows(&mut *stream)
    });
    asked.await.unwrap().map_err(|error: SourceError| error.to_string())
}

fn database() -> FakeSources {
    let database = numbers();
    let schema = Schema::new(vec![Field::new("n", DataType::Int)]);
    let last = |binds: &[Value]| binds.iter().map(|value| Row::from([value.clone()])).collect();
    database.answer(JOIN, schema.clone(), Arc::new(last));
    database.answer_rows(UNION, schema, vec![[Value::Int(7)].into()]);
    database
}

#[tokio::test]
async fn sources_of_the_layout_are_read_and_joined_by_one_statement() {
    let database = database();
    // The filter's value is the report's parameter.
    let joined = ask(rows(&database, federated()), "Joined").await.unwrap();
    assert_eq!(joined, [Row::from([Value::Int(2_990)])]);
    let tables = database.combined();
    let told: Vec<_> = tables.iter().map(|table| (&*table.name, table.rows.len())).collect();
    assert_eq!(told, [("federated_1", 10), ("federated_2", 1)]);
    assert_eq!(database.open_queries(), 0);
    // An input as it is needs no joining.
    assert_eq!(ask(rows(&database, federated()), "N").await.unwrap().len(), 10);
    assert_eq!(ask(rows(&database, federated()), "all").await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_a_federation_lacks_is_named() {
    let database = database();
    for (member, expect) in [
        ("nothing", "\"nothing\" is not a query or table of data source \"fed\""),
        (
            "gone",
            "it reads \"Gone\", which the federation \"fed\" does not have; it has \"N\", \"O\", \
             \"Lost\", \"Itself\"",
        ),
        (
            "lost",
            "\"Lost\" is data source \"nowhere\", which the layout does not have; it has \"numbers\", \
             \"orders\", \"fed\"",
        ),
        ("unfolded", "has a TransformationNode, which is not read yet"),
        ("itself", "let it read the sources themselves"),
    ] {
        let told = ask(rows(&database, federated()), member).await.unwrap_err();
        assert!(told.contains(expect), "{told}");
    }
    let mut twice = federated();
    twice.inputs[1].name = "n".into();
    let told = ask(rows(&database, twice), "N").await.unwrap_err();
    assert!(told.contains("two sources called \"N\"; rename one of them"), "{told}");
}

#[tokio::test]
async fn what_is_held_in_memory_has_bounds() {
    let database = database();
    let bounded = |bounds: Bounds| {
        let mut rows = rows(&database, federated());
        rows.in_memory = bounds;
        ask(rows, "joined")
    };
    assert!(bounded(Bounds { rows: 10, bytes: 1 << 20 }).await.is_ok());
    assert_eq!(
        bounded(Bounds { rows: 9, bytes: 1 << 20 }).await.unwrap_err(),
        "the federation \"fed\" joins at most 9 rows of one source in memory, and \"N\" gives more; \
         let its query choose or sum up fewer"
    );
    let told = bounded(Bounds { rows: 10, bytes: 100 }).await.unwrap_err();
    assert!(told.contains("at most 0 MB in memory, and with \"N\" it has more"), "{told}");
    assert_eq!(database.open_queries(), 0);
}
