use pressroom_data::{DataType, Field};

use super::*;
use crate::{Environment, Source, SourceKind, Sqlite, resolve};

fn federation(queries: &str) -> FederatedSource {
    let text = format!(
        "<FederationDataSource Name='all'>
           <Sources>
             <Source Name='Sales'><DataSource>shop</DataSource><DataMember>Orders</DataMember></Source>
             <Source Name='Rates 1'/>
           </Sources>
           <Queries>{queries}</Queries>
           <ResultSchema><View Name='joined'><Field Name='id' Type='Int64'/></View></ResultSchema>
         </FederationDataSource>"
    );
    match Source::from_xml("X.FederationDataSource, X", &text).expect("well-formed").kind {
        SourceKind::Federation(found) => found,
        other => panic!("{other:?}"),
    }
}

/// A select of the two inputs with this join and what else is inside.
fn joined(join: &str, inside: &str) -> FederatedSource {
    federation(&format!(
        "<Query Alias='joined' QueryType='SelectNode'>
           <Root Alias='Sales' QueryType='SourceNode' SourceName='Sales'/>
           <SubNodes><JoinElement {join}>
             <Query Alias='Rates 1' QueryType='SourceNode' SourceName='Rates 1'/>
           </JoinElement></SubNodes>
           {inside}
         </Query>"
    ))
}

/// The SQL of the only query, or what is wrong with it.
fn sql(federation: &FederatedSource) -> String {
    let found = federation.query("").expect("one query");
    let FederatedNode::Select(select) = &found.node else { panic!("{found:?}") };
    let parameters = [("least".into(), pressroom_data::Value::Int(3))];
    let environment = Environment::new(&parameters, chrono::NaiveDateTime::default());
    let resolved =
        select.query(&found.name).and_then(|query| resolve(&query, &environment, &Sqlite));
    resolved.map_or_else(|error| error.to_string(), |resolved| resolved.sql)
}

const COLUMNS: &str = "<Expressions>
    <Expression ExpressionType='SelectColumnExpression' Name='id' NodeAlias='Sales'/>
    <Expression ExpressionType='SelectColumnExpression' Name='rate' Alias='r' NodeAlias='Rates 1'/>
  </Expressions>";

#[test]
fn inputs_and_what_the_layout_remembers_are_read() {
    let found = joined("Condition='[Sales.a] = [Rates 1.b]'", COLUMNS);
    let inputs: Vec<_> = found
        .inputs
        .iter()
        .map(|input| (&*input.name, input.source_name(), &*input.member))
        .collect();
    assert_eq!(inputs, [("Sales", "shop", "Orders"), ("Rates 1", "Rates 1", "")]);
    assert_eq!(found.inputs_called("SALES").count(), 1);
    assert!(found.query("JOINED").is_some() && found.query("other").is_none());
    assert_eq!(&*found.result_schema[0].name, "joined");
}

#[test]
fn conditions_of_column_pairs_become_joins() {
    let chosen =
        r#"SELECT "Sales"."id" AS "id", "Rates 1"."rate" AS "r" FROM "federated_1" AS "Sales""#;
    for (join, expect) in [
        (
            "Condition='[Sales.a] = [Rates 1.b]'",
            r#" INNER JOIN "federated_2" AS "Rates 1" ON "Sales"."a" = "Rates 1"."b""#,
        ),
        (
            "JoinType='LeftOuter' Condition='[Rates 1.b] = [Sales.a] And [Rates 1.from] &lt;= [Sales.day]'",
            r#" LEFT JOIN "federated_2" AS "Rates 1" ON "Sales"."a" = "Rates 1"."b" AND "Sales"."day" >= "Rates 1"."from""#,
        ),
        (
            "JoinType='FullOuter' Condition='[Sales.a] = [Rates 1.b]'",
            r#" FULL JOIN "federated_2" AS "Rates 1" ON "Sales"."a" = "Rates 1"."b""#,
        ),
        (
            "Condition='[Sales.a] = [Rates 1.b] Or [Sales.a] = 1'",
            r#" CROSS JOIN "federated_2" AS "Rates 1" WHERE (("Sales"."a" = "Rates 1"."b") OR ("Sales"."a" = ?1))"#,
        ),
        ("", r#" CROSS JOIN "federated_2" AS "Rates 1""#),
    ] {
        assert_eq!(sql(&joined(join, COLUMNS)), format!("{chosen}{expect}"), "{join}");
    }
}

#[test]
fn columns_filters_and_groups_are_those_of_any_query() {
    let join = "Condition='[Sales.a] = [Rates 1.b]'";
    let from = r#"FROM "federated_1" AS "Sales" INNER JOIN "federated_2" AS "Rates 1" ON "Sales"."a" = "Rates 1"."b""#;
    for (inside, expect) in [
        (
            "<Expressions><Expression ExpressionType='SelectAllColumnsExpression'/></Expressions>",
            format!(r#"SELECT "Sales".*, "Rates 1".* {from}"#),
        ),
        (
            "<Expressions><Expression ExpressionType='SelectAllNodeColumnsExpression' NodeAlias='Rates 1'/></Expressions>",
            format!(r#"SELECT "Rates 1".* {from}"#),
        ),
        (
            "<Filter>[Sales.id] &gt; ?least</Filter><Expressions>
               <Expression ExpressionType='SelectExpression' Alias='twice' Expression='[Sales.id] * 2'/>
             </Expressions>",
            format!(r#"SELECT ("Sales"."id" * ?1) AS "twice" {from} WHERE ("Sales"."id" > ?2)"#),
        ),
        (
            "<Expressions><Expression Name='a' NodeAlias='Sales'/>
               <Expression Name='rate' NodeAlias='Rates 1' Alias='s' Aggregation='Sum'/></Expressions>",
            format!(
                r#"SELECT "Sales"."a" AS "a", sum("Rates 1"."rate") AS "s" {from} GROUP BY "Sales"."a""#
            ),
        ),
    ] {
        assert_eq!(sql(&joined(join, inside)), expect, "{inside}");
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let join = "Condition='[Sales.a] = [Rates 1.b]'";
    for (federation, expect) in [
        (
            joined("JoinType='LeftOuter' Condition='[Sales.a] = 1'", COLUMNS),
            "joins \"Rates 1\" by [Sales.a] = 1; an outer join may",
        ),
        (joined("Condition='[Sales.a] ='", COLUMNS), "the condition of \"Rates 1\" in query"),
        (
            joined(join, "<Expressions><Expression ExpressionType='X.SelectMagic'/></Expressions>"),
            "has a SelectMagic, which is not read yet",
        ),
        (
            joined(join, "<Expressions><Expression Name='a' Aggregation='Median'/></Expressions>"),
            "has the aggregate Median, which is not read yet",
        ),
        (
            joined(join, "<Expressions><Expression Name='a' NodeAlias='Gone'/></Expressions>"),
            "has no table \"Gone\"; its tables are Sales, Rates 1",
        ),
        (
            federation(
                "<Query Alias='q' QueryType='SelectNode'><Root QueryType='SourceNode' SourceName='Sales'/>
                   <SubNodes><JoinElement><Query QueryType='SourceNode' SourceName='sales'/></JoinElement></SubNodes>
                 </Query>",
            ),
            "has two parts called \"sales\"; give one of them another alias",
        ),
    ] {
        let told = sql(&federation);
        assert!(told.contains(expect), "{told}");
    }
    let other = |query: &str| match federation(query).queries.remove(0).node {
        FederatedNode::Other { what } => what,
        node => panic!("{node:?}"),
    };
    assert_eq!(other("<Query QueryType='TransformationNode'/>"), "a TransformationNode");
    assert_eq!(other("<Query QueryType='SelectNode'/>"), "a SelectNode without a root");
}

#[test]
fn nodes_that_stand_too_deep_are_not_followed() {
    let depth = FederatedNode::DEPTH + 5;
    let open = "<Root QueryType='SelectNode' Alias='x'>".repeat(depth);
    let text = format!("<Query QueryType='SelectNode'>{open}{}</Query>", "</Root>".repeat(depth));
    let mut node = &federation(&text).queries[0].node;
    while let FederatedNode::Select(select) = node {
        node = &select.root;
    }
    assert_eq!(
        *node,
        FederatedNode::Other { what: "nodes that stand too deep in each other".into() }
    );
}

#[test]
fn unions_have_the_columns_that_all_have() {
    let found = federation(
        "<Query Alias='both' QueryType='UnionNode' UnionType='UnionAll'><UnionElements>
           <UnionElement><Query Alias='Sales' QueryType='SourceNode' SourceName='Sales'/></UnionElement>
           <Query Alias='Rates 1' QueryType='SourceNode' SourceName='Rates 1'/>
         </UnionElements></Query>",
    );
    let FederatedNode::Union(mut union) = found.queries[0].node.clone() else {
        panic!("{found:?}")
    };
    let aliases: Vec<&str> = union.nodes.iter().map(FederatedNode::alias).collect();
    assert_eq!(aliases, ["Sales", "Rates 1"]);
    let schema = |names: &[&str]| {
        let fields = names.iter().map(|name| Field::new(*name, DataType::Int));
        Arc::new(Schema::new(fields.collect()))
    };
    let schemas = [schema(&["id", "name", "own"]), schema(&["Name", "ID"])];
    let columns = |all: &str| {
        format!(
            r#"SELECT "id" AS "id", "name" AS "name" FROM "federated_1" {all} SELECT "ID" AS "id", "Name" AS "name" FROM "federated_2""#
        )
    };
    assert_eq!(union.sql("both", &schemas, &Sqlite).unwrap(), columns("UNION ALL"));
    union.keeps_equal = false;
    assert_eq!(union.sql("both", &schemas, &Sqlite).unwrap(), columns("UNION"));
    let apart = [schema(&["a"]), schema(&["b"])];
    let told = union.sql("both", &apart, &Sqlite).unwrap_err().to_string();
    assert!(told.contains("no column of one name"), "{told}");
}
