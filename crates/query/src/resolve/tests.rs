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

/// A query of SQL text with the parameters `from` and `to`.
fn custom(sql: &str) -> Query {
    Query {
        name: "q".into(),
        parameters: [("@from", Value::Int(1)), ("to", Value::Int(2))]
            .into_iter()
            .map(|(name, value)| crate::QueryParameter {
                name: name.into(),
                data_type: DataType::Unknown,
                value: ParameterValue::Literal(value),
            })
            .collect(),
        kind: QueryKind::CustomSql { sql: sql.to_owned() },
    }
}

/// SQL text as a database gets it, with the values of its places.
fn text_for(dialect: &dyn Dialect, sql: &str) -> (String, Vec<Value>) {
    let resolved = resolve(&custom(sql), &environment(&[]), dialect).expect(sql);
    (resolved.sql, resolved.binds.into_iter().map(|(_, value)| value).collect())
}

const ONE: Value = Value::Int(1);
const TWO: Value = Value::Int(2);

/// Every database's own texts, names and comments hold no parameters, and end where it says.
#[test]
fn texts_names_and_comments_of_every_database() {
    use crate::{Firebird, MsSql, MySql, Odbc, Oracle, Postgres};
    let cases: &[(&dyn Dialect, &str, &str, &[Value])] = &[
        (&Postgres, "'@to' || @from", "'@to' || $1", &[ONE]),
        (&Postgres, r"'\' || @from || '@to'", r"'\' || $1 || '@to'", &[ONE]),
        (&Postgres, r"E'\' @to' || @from", r"E'\' @to' || $1", &[ONE]),
        (&Postgres, r"te'\' || @from", r"te'\' || $1", &[ONE]),
        (&Postgres, "$$ @to ' $$ || @from", "$$ @to ' $$ || $1", &[ONE]),
        (&Postgres, "$a$ $$ @to $a$ || @from", "$a$ $$ @to $a$ || $1", &[ONE]),
        (&Postgres, "/* /* */ @to */ @from", "/* /* */ @to */ $1", &[ONE]),
        (&Postgres, "# @from -- @to\n+1", "# $1 -- @to\n+1", &[ONE]),
        (&Postgres, "a[1:@to], b[@from:c], d::text", "a[1:$1], b[$2:c], d::text", &[TWO, ONE]),
        (&Postgres, "a ? 'x' and b ?| list and c ?x", "a ? 'x' and b ?| list and c ?x", &[]),
        (&Postgres, "$2 + $1", "$1 + $2", &[TWO, ONE]),
        (&Postgres, "a$b + [@from]", "a$b + [$1]", &[ONE]),
        (&MySql, r"'\' @to' + @from", r"'\' @to' + ?", &[ONE]),
        (&MySql, r#""\" @to" + @from"#, r#""\" @to" + ?"#, &[ONE]),
        (&MySql, r"`\` + @from", r"`\` + ?", &[ONE]),
        (&MySql, "# @to\n@from --@to\n+1", "# @to\n? --?\n+1", &[ONE, TWO]),
        (&MySql, "@from -- @to", "? -- @to", &[ONE]),
        (&MySql, "/* /* @to */ @from */", "/* /* @to */ ? */", &[ONE]),
        (&MySql, "/*! @to */ @from", "/*! ? */ ?", &[TWO, ONE]),
        (&MySql, "@n := @n + @from", "@n := @n + ?", &[ONE]),
        (&MySql, "@@version + $$ @from $$", "@@version + $$ ? $$", &[ONE]),
        (&MySql, "@to + @from + @to", "? + ? + ?", &[TWO, ONE, TWO]),
        (&MsSql, "[a]]@to] + @from + @from", "[a]]@to] + @P1 + @P1", &[ONE]),
        (&MsSql, r"'\' + @from + N'@to'", r"'\' + @P1 + N'@to'", &[ONE]),
        (&MsSql, "/* /* */ @to */ #t.@from", "/* /* */ @to */ #t.@P1", &[ONE]),
        (&MsSql, "@@rowcount + $1 + @from", "@@rowcount + $1 + @P1", &[ONE]),
        (
            &MsSql,
            "declare @x int = isnull(@from, @to), @y int; select @x, @y, @to",
            "declare @x int = isnull(@P1, @P2), @y int; select @x, @y, @P2",
            &[ONE, TWO],
        ),
        (&MsSql, "declare @from int; select @from", "declare @from int; select @from", &[]),
        (&Oracle, "q'[it's :to]' || :from", "q'[it's :to]' || ?", &[ONE]),
        (&Oracle, "nq'!it's :to!' || :2", "nq'!it's :to!' || ?", &[TWO]),
        (&Oracle, "/* /* */ :from */", "/* /* */ ? */", &[ONE]),
        (&Firebird, r"'\' || :from || :from", r"'\' || ? || ?", &[ONE, ONE]),
        (&Odbc::Ansi, "? + ?", "? + ?", &[ONE, TWO]),
        (&Odbc::BigQuery, r#"""" @to "\" """ + @from"#, r#"""" @to "\" """ + ?"#, &[ONE]),
        (&Odbc::BigQuery, r"'''\''' @to''' + @from", r"'''\''' @to''' + ?", &[ONE]),
        (&Sqlite, "?2 + @from + ?2", "?1 + ?2 + ?1", &[TWO, ONE]),
    ];
    for (dialect, sql, text, values) in cases {
        assert_eq!(text_for(*dialect, sql), ((*text).to_owned(), values.to_vec()), "{dialect:?}");
    }
}

#[test]
fn variables_that_the_text_does_not_bring_are_mistakes() {
    for (dialect, sql) in [
        (&crate::MsSql as &dyn Dialect, "declare @x int; select @x, @who"),
        (&crate::MsSql, "declare @x int = (select max(a), @who)"),
        (&crate::MySql, "select @n := 1, @who"),
        (&crate::Postgres, "select :who"),
        (&crate::Odbc::Ansi, "select ?, ?, ?"),
    ] {
        let error = resolve(&custom(sql), &environment(&[]), dialect).expect_err(sql);
        assert!(matches!(error, QueryError::UnknownParameter { .. }), "{sql}: {error}");
    }
}

/// What a database writes twice, within itself many times, is refused before it fills the memory.
#[test]
fn expressions_that_grow_beyond_bounds_are_refused() {
    let nested =
        |open: &str, close: &str| format!("{}[Total]{} = 1", open.repeat(40), close.repeat(40));
    for filter in
        [nested("Max(", ", 1)"), nested("InRange(", ", 1, 2)"), nested("PadLeft(", ", 3)")]
    {
        let mut query = select("");
        if let QueryKind::Select(select) = &mut query.kind {
            select.filter = Some(filter.clone());
        }
        let error = resolve(&query, &environment(&[]), &crate::MsSql).expect_err(&filter);
        assert!(error.to_string().contains("becomes so long"), "{error}");
    }
}

/// All databases whose texts differ in how they are read.
fn any_dialect() -> impl Strategy<Value = &'static dyn Dialect> {
    prop::sample::select(vec![
        &Sqlite as &dyn Dialect,
        &crate::Postgres,
        &crate::Redshift,
        &crate::MySql,
        &crate::MsSql,
        &crate::Firebird,
        &crate::Oracle,
        &crate::Db2,
        &crate::Odbc::Ansi,
        &crate::Odbc::BigQuery,
        &crate::Odbc::Ase,
    ])
}

/// A piece of SQL text that holds what looks like a parameter and is none, in every database.
fn without_parameter() -> impl Strategy<Value = String> {
    let inside = "[a-z@:?$ -]{0,8}";
    prop_oneof![
        inside.prop_map(|inside| format!("'{inside}'")),
        inside.prop_map(|inside| format!("'it''s {inside}'")),
        inside.prop_map(|inside| format!("\"{inside}\"")),
        inside.prop_map(|inside| format!("/*{inside}*/")),
        inside.prop_map(|inside| format!("-- {inside}\n")),
        "[a-z]{1,3}".prop_map(|word| format!(" {word} ")),
        Just(" + ".to_owned()),
        Just("@@rows ".to_owned()),
    ]
}

proptest! {
    /// A place is never put into a text, a name or a comment, and none is missed.
    #[test]
    fn places_stand_where_parameters_stood(
        dialect in any_dialect(),
        pieces in prop::collection::vec((without_parameter(), 0..3_usize), 0..8),
    ) {
        let mut sql = String::new();
        let mut expected = String::new();
        let mut values = Vec::new();
        for (text, parameter) in &pieces {
            sql.push_str(text);
            expected.push_str(text);
            let Some((sign, value)) = [("@from", ONE), (":to", TWO)].get(*parameter).cloned() else {
                // Quotes side by side would be one text.
                sql.push(' ');
                expected.push(' ');
                continue;
            };
            sql.push_str(&format!(" {sign} "));
            let known = values.iter().position(|known| *known == value);
            let number = match known {
                Some(at) if dialect.numbers_places() => at + 1,
                _ => {
                    values.push(value);
                    values.len()
                }
            };
            expected.push_str(&format!(" {} ", dialect.placeholder(number)));
        }
        let (text, bound) = text_for(dialect, &sql);
        let end = expected.trim_end_matches([';', ' ', '\t', '\r', '\n']).len();
        prop_assert_eq!(&text, &expected[..end]);
        prop_assert_eq!(bound, values);
    }

    #[test]
    fn any_sql_text_is_survived_everywhere(
        dialect in any_dialect(),
        sql in "[@:$?'\"`\\[\\]/*#qEe\\\\a\u{0}é -]{0,60}",
    ) {
        let _ = resolve(&custom(&sql), &environment(&[]), dialect);
    }

    /// However a database writes an expression, each place has its value.
    #[test]
    fn there_are_as_many_values_as_places(
        dialect in any_dialect(),
        filter in prop::sample::select(vec![
            "Max([Total], 5) = Min(6, [Total])",
            "PadLeft([City], 5, '0') = 'x'",
            "IsNullOrEmpty([City]) Or [Total] Between (1, 2)",
            "CharIndex('a', [City]) = 2 And Remove([City], 3, 4) = 'y'",
            "Iif([Total] > 1, 'a', [Total] > 2, 'b', 'c') = 'd'",
        ]),
    ) {
        let mut query = select("");
        if let QueryKind::Select(select) = &mut query.kind {
            select.filter = Some(filter.into());
        }
        if let Ok(resolved) = resolve(&query, &environment(&[]), dialect) {
            let has = |at: &usize| resolved.sql.contains(&dialect.placeholder(*at));
            let places = match dialect.numbers_places() {
                true => (1..).take_while(has).count(),
                false => resolved.sql.matches('?').count(),
            };
            prop_assert_eq!(places, resolved.binds.len(), "{}", resolved.sql);
        }
    }

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
