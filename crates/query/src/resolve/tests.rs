use proptest::prelude::*;

use super::*;
use crate::{Source, Sqlite};

fn environment<'a>(parameters: &'a [(Arc<str>, Value)]) -> Environment<'a> {
    Environment::new(parameters, "2026-03-04T05:06:07".parse().expect("a time"))
}

fn query(inside: &str) -> Query {
    let text = format!("<SqlDataSource>{inside}</SqlDataSource>");
    let source = Source::from_xml("SqlDataSource", &text).expect("well-formed");
    source.as_sql().expect("sql").queries[0].clone()
}

fn try_resolve(query: &Query, parameters: &[(Arc<str>, Value)]) -> Result<Resolved, String> {
    resolve(query, &environment(parameters), &Sqlite).map_err(|error| error.to_string())
}

/// A choice of columns over orders and customers.
fn select(rest: &str) -> Query {
    query(&format!(
        "<Query Type='SelectQuery' Name='q'>
           <Parameter Name='least' Type='System.Int32'>5</Parameter>
           <Tables>
             <Table Name='Orders'/><Table Name='dbo.Customers' Alias='c'/>
             <Relation Type='LeftOuter' Parent='Orders' Nested='c'><KeyColumn Parent='CustomerId' Nested='Id'/></Relation>
           </Tables>
           <Columns><Column Table='Orders' Name='Id'/><Column Table='c' Name='Name' Alias='Customer'/></Columns>
           {rest}
         </Query>"
    ))
}

const HEAD: &str = "SELECT \"Orders\".\"Id\" AS \"Id\", \"c\".\"Name\" AS \"Customer\" FROM \"Orders\" \
                    LEFT JOIN \"Customers\" AS \"c\" ON \"Orders\".\"CustomerId\" = \"c\".\"Id\"";

#[track_caller]
fn check_filter(filter: &str, expect: &str, binds: &[Value]) {
    let filter = filter.replace('&', "&amp;").replace('<', "&lt;");
    let parameters = [
        ("p".into(), Value::Int(7)),
        ("many".into(), Value::List([Value::Int(1), Value::Int(2)].into())),
    ];
    let resolved =
        try_resolve(&select(&format!("<Filter>{filter}</Filter>")), &parameters).expect(&filter);
    let condition = resolved.sql.strip_prefix(HEAD).expect(&resolved.sql);
    assert_eq!(condition.trim_start_matches(" WHERE "), expect);
    let values: Vec<Value> = resolved.binds.into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, binds, "{filter}");
}

#[test]
fn filters() {
    let text = |text: &str| Value::from(text);
    check_filter("", "", &[]);
    check_filter("[Orders.Total] > ?least", "(\"Orders\".\"Total\" > ?1)", &[Value::Int(5)]);
    check_filter("[Orders.Total] > ?p", "(\"Orders\".\"Total\" > ?1)", &[Value::Int(7)]);
    check_filter("[c.Name] = 'O''Hara'", "(\"c\".\"Name\" = ?1)", &[text("O'Hara")]);
    check_filter("[Customer] Like 'A%'", "(\"c\".\"Name\" LIKE ?1)", &[text("A%")]);
    check_filter("[dbo.Customers.City] Is Null", "(\"c\".\"City\" IS NULL)", &[]);
    check_filter(
        "[Total] In (1, ?p)",
        "(\"Orders\".\"Total\" IN (?1, ?2))",
        &[Value::Int(1), Value::Int(7)],
    );
    check_filter(
        "[Total] In (?many)",
        "(\"Orders\".\"Total\" IN (?1, ?2))",
        &[Value::Int(1), Value::Int(2)],
    );
    check_filter(
        "[Total] Between (1, 2) And Not [Paid]",
        "(((\"Orders\".\"Total\" >= ?1) AND (\"Orders\".\"Total\" <= ?2)) AND (NOT \"Orders\".\"Paid\"))",
        &[Value::Int(1), Value::Int(2)],
    );
    check_filter(
        "[Day] >= #2020-01-02#",
        "(strftime('%Y-%m-%d %H:%M:%f', \"Orders\".\"Day\") >= ?1)",
        &[text("2020-01-02 00:00:00.000")],
    );
    check_filter(
        "AddDays(LocalDateTimeToday(), -1) < [Day]",
        "(?1 < strftime('%Y-%m-%d %H:%M:%f', \"Orders\".\"Day\"))",
        &[text("2026-03-03 00:00:00.000")],
    );
    check_filter("Upper([c.Name]) = 'X'", "(upper(\"c\".\"Name\") = ?1)", &[text("X")]);
    check_filter(
        "Iif([Paid], 1, 2) = 1",
        "((CASE WHEN \"Orders\".\"Paid\" THEN ?1 ELSE ?2 END) = ?3)",
        &[Value::Int(1), Value::Int(2), Value::Int(1)],
    );
    check_filter("[Strange\"Name] = 1", "(\"Orders\".\"Strange\"\"Name\" = ?1)", &[Value::Int(1)]);
}

#[test]
fn mistakes_name_the_query_and_the_part() {
    let check = |filter: &str, expect: &str| {
        let error =
            try_resolve(&select(&format!("<Filter>{filter}</Filter>")), &[]).expect_err(filter);
        assert!(error.contains(expect), "{error}");
    };
    check("[Total] &gt;", "the filter of query \"q\": ");
    check(
        "GetWeekOfMonth([Day]) = 1",
        "the filter of query \"q\": the function GetWeekOfMonth has no form in SQL",
    );
    check("[Total] = ?nothing", "there is no parameter \"nothing\"");
    let lost = query(
        "<Query Type='SelectQuery' Name='q'><Tables><Table Name='a'/></Tables><Columns><Column Table='b' Name='x'/></Columns></Query>",
    );
    assert_eq!(
        try_resolve(&lost, &[]).unwrap_err(),
        "query \"q\" has no table \"b\"; its tables are a"
    );
    let empty = query("<Query Type='SelectQuery' Name='q'/>");
    assert_eq!(try_resolve(&empty, &[]).unwrap_err(), "query \"q\" chooses no table");
    let procedure = query("<Query Type='StoredProcQuery' Name='q'><ProcName>p</ProcName></Query>");
    assert!(try_resolve(&procedure, &[]).unwrap_err().contains("the stored procedure \"p\""));
    let wrong = query(
        "<Query Type='CustomSqlQuery' Name='q'><Parameter Name='@n' Type='X.Expression'>(System.Int32)('seven')</Parameter><Sql>select @n</Sql></Query>",
    );
    assert!(try_resolve(&wrong, &[]).unwrap_err().starts_with("parameter \"@n\" of query \"q\": "));
}

#[test]
fn groups_orders_and_limits() {
    let sql = |inside: &str| {
        try_resolve(&query(&format!("<Query Type='SelectQuery' Name='q'>{inside}</Query>")), &[])
            .expect(inside)
            .sql
    };
    assert_eq!(
        sql("<Tables><Table Name='t'/></Tables>
             <Columns><Column Table='t' Name='a'/><Column Table='t' Name='b' Aggregate='Sum' Alias='s'/>
               <Expression Alias='e'>[a] + 'x'</Expression></Columns>
             <Sorting><Column Table='t' Name='a' Direction='Descending'/></Sorting>
             <GroupFilter>Sum([b]) &gt; 3</GroupFilter>"),
        "SELECT \"t\".\"a\" AS \"a\", sum(\"t\".\"b\") AS \"s\", (coalesce(\"t\".\"a\", '') || coalesce(?1, '')) AS \"e\" \
         FROM \"t\" GROUP BY \"t\".\"a\" HAVING (sum(\"t\".\"b\") > ?2) ORDER BY \"t\".\"a\" DESC"
    );
    assert_eq!(
        sql(
            "<Top>5</Top><Skip>2</Skip><Distinct>true</Distinct><Tables><Table Name='t'/></Tables>"
        ),
        "SELECT DISTINCT * FROM \"t\" LIMIT 5 OFFSET 2"
    );
    assert_eq!(
        sql("<Tables><Table Name='t'/></Tables><Columns><AllColumns Table='t'/></Columns>"),
        "SELECT \"t\".* FROM \"t\""
    );
}

#[test]
fn joins_in_any_order() {
    let sql = |joins: &str| {
        let query = query(&format!(
            "<Query Type='SelectQuery' Name='q'><Tables><Table Name='a'/><Table Name='b'/><Table Name='c'/>{joins}</Tables></Query>"
        ));
        let resolved = try_resolve(&query, &[]).expect(joins);
        resolved.sql.replace('"', "").replace("SELECT * FROM ", "")
    };
    let join = |kind: &str, parent: &str, nested: &str| {
        format!(
            "<Relation Type='{kind}' Parent='{parent}' Nested='{nested}'><KeyColumn Parent='x' Nested='y'/></Relation>"
        )
    };
    assert_eq!(
        sql(&(join("Inner", "b", "c") + &join("LeftOuter", "a", "b"))),
        "a LEFT JOIN b ON a.x = b.y INNER JOIN c ON b.x = c.y"
    );
    assert_eq!(sql(&join("LeftOuter", "b", "a")), "a RIGHT JOIN b ON b.x = a.y CROSS JOIN c");
    assert_eq!(
        sql(&(join("Inner", "a", "b") + &join("Inner", "a", "b") + &join("Inner", "a", "c"))),
        "a INNER JOIN b ON a.x = b.y INNER JOIN c ON a.x = c.y WHERE a.x = b.y"
    );
    assert_eq!(sql(""), "a CROSS JOIN b CROSS JOIN c");
}

#[track_caller]
fn check_custom(sql: &str, expect: &str, names: &[&str]) {
    let query = Query {
        name: "q".into(),
        parameters: ["@from", "to", ":many"]
            .into_iter()
            .map(|name| crate::QueryParameter {
                name: name.into(),
                data_type: DataType::Unknown,
                value: ParameterValue::Literal(match name {
                    ":many" => Value::List([Value::Int(1), Value::Int(2)].into()),
                    _ => Value::Int(1),
                }),
            })
            .collect(),
        kind: QueryKind::CustomSql { sql: sql.to_owned() },
    };
    let resolved = try_resolve(&query, &[]).expect(sql);
    assert_eq!(resolved.sql, expect);
    assert_eq!(resolved.binds.iter().map(|(name, _)| &**name).collect::<Vec<_>>(), names);
}

#[test]
fn parameters_in_sql_text() {
    check_custom("select 1", "select 1", &[]);
    check_custom("select @from, :TO, @from;\n", "select ?1, ?2, ?1", &["from", "to"]);
    check_custom(
        "x in (@many) and y = @from",
        "x in (?1, ?2) and y = ?3",
        &["many", "many", "from"],
    );
    check_custom(
        "'@from' -- @from\n/* :to */ \"@to\" [@to] `@to` @to",
        "'@from' -- @from\n/* :to */ \"@to\" [@to] `@to` ?1",
        &["to"],
    );
    check_custom("'it''s @from' || @from", "'it''s @from' || ?1", &["from"]);
    check_custom("a::text, @@rowcount, x@from", "a::text, @@rowcount, x?1", &["from"]);
    check_custom("'open @from", "'open @from", &[]);
}

#[test]
fn unknown_parameters_in_sql_text_are_mistakes() {
    let query = query("<Query Type='CustomSqlQuery' Name='q'><Sql>select @who</Sql></Query>");
    assert_eq!(
        try_resolve(&query, &[]).unwrap_err(),
        "the SQL of query \"q\" uses @who, which is no parameter of the query; add it there"
    );
}

proptest! {
    #[test]
    fn any_sql_text_is_survived(sql in ".{0,80}") {
        let query = Query { name: "q".into(), parameters: Vec::new(), kind: QueryKind::CustomSql { sql } };
        let _ = try_resolve(&query, &[]);
    }

    #[test]
    fn any_filter_is_survived(filter in "[\\[\\]a-z?'0-9 .()=<>+,#]{0,40}") {
        let mut query = select("");
        if let QueryKind::Select(select) = &mut query.kind {
            select.filter = Some(filter);
        }
        let _ = try_resolve(&query, &[]);
    }

    #[test]
    fn texts_never_become_sql(text in "[a-z'\"; \\-]{1,20}") {
        let parameters = [("p".into(), Value::from(text.as_str()))];
        let resolved = try_resolve(&select("<Filter>[c.Name] = ?p</Filter>"), &parameters).expect("valid");
        prop_assert_eq!(resolved.sql, format!("{HEAD} WHERE (\"c\".\"Name\" = ?1)"));
    }
}
