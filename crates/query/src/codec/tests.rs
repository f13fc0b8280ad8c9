use super::*;

fn sql(inside: &str) -> SqlSource {
    let text = format!("<SqlDataSource Name='shop'>{inside}</SqlDataSource>");
    let source = Source::from_xml("X.SqlDataSource, X", &text).expect("well-formed");
    assert_eq!(&*source.name, "shop");
    match source.kind {
        SourceKind::Sql(sql) => sql,
        other => panic!("{other:?}"),
    }
}

fn select_of(inside: &str) -> SelectQuery {
    let sql = sql(&format!("<Query Type='SelectQuery' Name='q'>{inside}</Query>"));
    match sql.queries.into_iter().next().map(|query| query.kind) {
        Some(QueryKind::Select(select)) => select,
        other => panic!("{other:?}"),
    }
}

#[test]
fn connections() {
    let check = |inside: &str, expect: ConnectionRef| {
        assert_eq!(sql(inside).connection, expect, "{inside}");
    };
    let named = |name: &str| ConnectionRef { name: name.into(), ..ConnectionRef::default() };
    check("", named(""));
    check(
        "<Connection Name='main' FromAppConfig='true'/>",
        ConnectionRef { from_app_config: true, ..named("main") },
    );
    check("<Connection Name='main'><Parameters/></Connection>", named("main"));
    check(
        "<Connection Name='main' ConnectionString='XpoProvider=SQLite;Data Source=shop.db'/>",
        ConnectionRef {
            embedded: Some("XpoProvider=SQLite;Data Source=shop.db".into()),
            provider: Some("SQLite".into()),
            ..named("main")
        },
    );
    check(
        "<Connection Name='main' ProviderKey='MySql'><Parameters><Parameter Name='server' Value='db'/></Parameters></Connection>",
        ConnectionRef {
            embedded: Some("server=db;".into()),
            provider: Some("MySql".into()),
            ..named("main")
        },
    );
}

#[test]
fn the_name_may_be_a_child() {
    let source =
        Source::from_xml("SqlDataSource", "<SqlDataSource><Name>old</Name></SqlDataSource>")
            .unwrap();
    assert_eq!(&*source.name, "old");
}

#[test]
fn parameters_are_constants_or_expressions() {
    let check = |inside: &str, data_type, value| {
        let source = sql(&format!(
            "<Query Type='CustomSqlQuery' Name='q'>{inside}<Sql>select 1</Sql></Query>"
        ));
        let query = &source.queries[0];
        assert_eq!(query.kind, QueryKind::CustomSql { sql: "select 1".into() });
        assert_eq!(
            (query.parameters[0].data_type, &query.parameters[0].value),
            (data_type, &value),
            "{inside}"
        );
    };
    let expression = |text: &str| ParameterValue::Expression(text.into());
    check(
        "<Parameter Name='@p' Type='System.Int32'>42</Parameter>",
        DataType::Int,
        ParameterValue::Literal(Value::Int(42)),
    );
    check(
        "<Parameter Name='@p' Type='System.Int32, mscorlib' Value='7'/>",
        DataType::Int,
        ParameterValue::Literal(Value::Int(7)),
    );
    check(
        "<Parameter Name='@p' Type='X.Expression'>(System.DateTime)(?From)</Parameter>",
        DataType::DateTime,
        expression("?From"),
    );
    check(
        "<Parameter Name='@p' Type='X.Expression, X, Version=1'>(System.Object, Lib, Version=8.0)(AddDays(?To, 1))</Parameter>",
        DataType::Unknown,
        expression("AddDays(?To, 1)"),
    );
    check(
        "<Parameter Name='@p' Type='X.Expression'>(null)([Parameters.X])</Parameter>",
        DataType::Unknown,
        expression("[Parameters.X]"),
    );
    check(
        "<Parameter Name='@p' Type='X.Expression'>?Bare</Parameter>",
        DataType::Unknown,
        expression("?Bare"),
    );
}

#[test]
fn select_queries() {
    let select = select_of(
        "<Tables>
           <Table Name='Orders' X='1'/><Table Name='Customers' Alias='c'/>
           <Relation Type='LeftOuter' Parent='Orders' Nested='c'><KeyColumn Parent='CustomerId' Nested='Id'/></Relation>
         </Tables>
         <Columns>
           <Column Table='Orders' Name='Id'/>
           <Column Table='c' Name='Name' Alias='Customer'/>
           <Column Table='Orders' Name='Total' Aggregate='Sum'/>
           <Expression Alias='Twice'>[Orders.Total] * 2</Expression>
           <AllColumns Table='c'/>
         </Columns>
         <Sorting><Column Table='c' Name='Name' Direction='Descending'/></Sorting>
         <Grouping><Column Table='c' Name='Name'/></Grouping>
         <Filter>[Orders.Total] &gt; 0</Filter><GroupFilter></GroupFilter>",
    );
    assert_eq!(select.tables.iter().map(Table::reference).collect::<Vec<_>>(), ["Orders", "c"]);
    assert_eq!(
        select.joins,
        [Join {
            kind: JoinKind::LeftOuter,
            parent: "Orders".into(),
            nested: "c".into(),
            conditions: vec![("CustomerId".into(), Comparison::Equal, "Id".into())],
        }]
    );
    assert_eq!(select.columns.len(), 5);
    assert!(
        matches!(&select.columns[1], Column::Named { alias: Some(alias), .. } if alias == "Customer")
    );
    assert!(matches!(&select.columns[2], Column::Named { aggregate: Some(Aggregate::Sum), .. }));
    assert!(matches!(&select.columns[3], Column::Expression { alias, .. } if alias == "Twice"));
    assert_eq!(select.columns[4], Column::All { table: "c".into() });
    assert_eq!(select.sorting[0].direction, Direction::Descending);
    assert_eq!(select.grouping[0].name, "Name");
    assert_eq!(select.filter.as_deref(), Some("[Orders.Total] > 0"));
    assert_eq!(select.group_filter, None);
}

#[test]
fn collections_may_have_numbered_items() {
    let select = select_of(
        "<Tables><Item1 Name='Orders'/></Tables>
         <Columns><Item1 Table='Orders' Name='Id'/><Item2 Table='Orders' Name='Day'/></Columns>",
    );
    assert_eq!((select.tables.len(), select.columns.len()), (1, 2));
}

#[test]
fn relations_are_named_after_both_queries_unless_they_have_a_name() {
    let source = sql(
        "<Relation Master='Orders' Detail='Lines'><KeyColumn Master='Id' Detail='OrderId'/></Relation>
         <Relation Name='Own' Master='Orders' Detail='Notes'/>",
    );
    let names: Vec<&str> = source.relations.iter().map(|relation| &*relation.name).collect();
    assert_eq!(names, ["OrdersLines", "Own"]);
    assert!(source.relation("orders", "ORDERSLINES").is_some());
    assert!(source.relation("Lines", "OrdersLines").is_none());
}

#[test]
fn result_schemas() {
    let source = sql(
        "<ResultSchema><DataSet Name='shop'>
           <View Name='Orders'><Field Name='Id' Type='Int64'/><Field Name='Day' Type='DateTime'/></View>
           <View Name='Lines'/>
         </DataSet></ResultSchema>",
    );
    assert_eq!(source.result_schema.len(), 2);
    let fields = &source.result_schema[0].schema.fields;
    assert_eq!(fields[1], Field::new("Day", DataType::DateTime));
}

#[test]
fn objects_and_json() {
    let source = Source::from_xml(
        "X.ObjectDataSource, X",
        "<ObjectDataSource Name='o'><DataSource Type='App.Repository, App'/><DataMember>GetAll</DataMember></ObjectDataSource>",
    );
    let SourceKind::Object(object) = source.unwrap().kind else { panic!("not an object source") };
    assert_eq!(
        (object.type_name.as_str(), object.member.as_deref()),
        ("App.Repository", Some("GetAll"))
    );
    let source = Source::from_xml(
        "JsonDataSource",
        "<JsonDataSource Name='j' RootElement='orders'><Source><Json>[]</Json></Source>
         <Schema><Node Name='root' NodeType='Object'><Node Name='orders' NodeType='Array'>
           <Node Name='id' NodeType='Property' Type='System.Int64'/></Node></Node></Schema></JsonDataSource>",
    );
    let SourceKind::Json(json) = source.unwrap().kind else { panic!("not a JSON source") };
    assert_eq!((json.document.as_deref(), json.root.as_deref()), (Some("[]"), Some("orders")));
    assert_eq!(&*json.result_schema[0].name, "orders");
    let other =
        Source::from_xml("X.MongoDBDataSource, X", "<MongoDBDataSource Name='e'/>").unwrap();
    assert_eq!(other.kind, SourceKind::Other { type_name: "MongoDBDataSource".into() });
}
