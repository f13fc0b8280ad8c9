//! The SQL of every construct of a query in every kind of database, for people to read: one snapshot
//! a subject, one paragraph a query.

use std::fmt::Write as _;
use std::sync::Arc;

use pressroom_data::Value;
use pressroom_query::{
    Db2, Dialect, Environment, Firebird, MsSql, MySql, Odbc, Oracle, Postgres, Query, Redshift,
    Source, Sqlite, resolve,
};

const DIALECTS: [(&str, &dyn Dialect); 17] = [
    ("SQLite", &Sqlite),
    ("PostgreSQL", &Postgres),
    ("Redshift", &Redshift),
    ("MySQL", &MySql),
    ("SQL Server", &MsSql),
    ("Firebird", &Firebird),
    ("Oracle", &Oracle),
    ("DB2", &Db2),
    ("ODBC", &Odbc::Ansi),
    ("ASE", &Odbc::Ase),
    ("ASA", &Odbc::Asa),
    ("Advantage", &Odbc::Advantage),
    ("Pervasive", &Odbc::Pervasive),
    ("Access", &Odbc::Access),
    ("Teradata", &Odbc::Teradata),
    ("BigQuery", &Odbc::BigQuery),
    ("VistaDB", &Odbc::VistaDb),
];

/// How many of them are native: those have every construct.
const NATIVE: usize = 6;

/// The query in a source.
fn query(inside: &str) -> Query {
    let text = format!("<SqlDataSource>{inside}</SqlDataSource>");
    let source = Source::from_xml("SqlDataSource", &text).expect("well-formed");
    source.as_sql().expect("sql").queries[0].clone()
}

/// A choice of everything in `Orders`.
fn select(rest: &str) -> Query {
    query(&format!(
        "<Query Type='SelectQuery' Name='q'><Tables><Table Name='Orders'/></Tables>{rest}</Query>"
    ))
}

/// A condition on `Orders`.
fn filter(condition: &str) -> Query {
    let escaped = condition.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    select(&format!("<Filter>{escaped}</Filter>"))
}

fn sql(query: &Query, dialect: &dyn Dialect) -> String {
    let parameters: [(Arc<str>, Value); 3] = [
        ("city".into(), "Oslo".into()),
        ("none".into(), Value::Null),
        ("many".into(), Value::List([Value::Int(1), Value::Int(2)].into())),
    ];
    let now = "2026-11-24T10:30:00".parse().expect("a time");
    match resolve(query, &Environment::new(&parameters, now), dialect) {
        Ok(resolved) => {
            let values: Vec<String> =
                resolved.binds.iter().map(|(_, value)| format!("{value:?}")).collect();
            match values.is_empty() {
                true => resolved.sql,
                false => format!("{}    -- {}", resolved.sql, values.join(", ")),
            }
        }
        Err(error) => format!("refused: {error}"),
    }
}

/// A paragraph a query: its SQL with the databases that it is for, behind the first `head`.
fn table(queries: &[(&str, Query)], dialects: &[(&str, &dyn Dialect)], head: &str) -> String {
    let mut out = String::new();
    for (name, query) in queries {
        let _ = writeln!(out, "{name}");
        let mut texts: Vec<(String, Vec<&str>)> = Vec::new();
        for (database, dialect) in dialects {
            let sql = sql(query, *dialect);
            let from = sql.find(head).map_or(0, |at| at + head.len());
            let shown = &sql[from..];
            match texts.iter_mut().find(|(known, _)| known == shown) {
                Some((_, databases)) => databases.push(database),
                None => texts.push((shown.to_owned(), vec![database])),
            }
        }
        for (text, databases) in texts {
            let _ = writeln!(out, "  {}\n      {text}", databases.join(", "));
        }
        out.push('\n');
    }
    out
}

macro_rules! check {
    ($table:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($table);
        });
    };
}

/// Conditions, as what follows `WHERE`.
fn conditions(conditions: &[&str]) -> String {
    let queries: Vec<(&str, Query)> =
        conditions.iter().map(|condition| (*condition, filter(condition))).collect();
    table(&queries, &DIALECTS, " WHERE ")
}

#[test]
fn names_and_tables() {
    let of = |table: &str| {
        query(&format!(
            "<Query Type='SelectQuery' Name='q'><Tables><Table Name='{table}'/></Tables></Query>"
        ))
    };
    let queries: Vec<(&str, Query)> = [
        "Orders",
        "dbo.Orders",
        "public.orders",
        "main.Orders",
        "sales.Orders",
        "&quot;my.table&quot;",
        "sales.&quot;my.table&quot;",
        "x&quot;; drop table y--",
        "x]; drop table y--",
        "x`\\`; drop table y--",
    ]
    .iter()
    .map(|name| (*name, of(name)))
    .collect();
    check!(table(&queries, &DIALECTS, " FROM "));
}

#[test]
fn limits() {
    let cut = |rest: &str| select(rest);
    let sorted = "<Sorting><Column Table='Orders' Name='Id'/></Sorting>";
    let columns = "<Columns><Column Table='Orders' Name='City'/></Columns>";
    let queries = [
        ("top", cut("<Top>5</Top>")),
        ("top none", cut("<Top>0</Top>")),
        ("skip", cut("<Skip>2</Skip>")),
        ("top and skip", cut("<Top>5</Top><Skip>2</Skip>")),
        ("top and skip, sorted", cut(&format!("<Top>5</Top><Skip>2</Skip>{sorted}"))),
        ("top, distinct", cut(&format!("<Top>5</Top><Distinct>true</Distinct>{columns}"))),
        (
            "top and skip, distinct",
            cut(&format!("<Top>5</Top><Skip>2</Skip><Distinct>true</Distinct>{columns}")),
        ),
    ];
    check!(table(&queries, &DIALECTS, "\u{0}"));
}

#[test]
fn joins() {
    let join = |kind: &str| {
        query(&format!(
            "<Query Type='SelectQuery' Name='q'><Tables>
               <Table Name='Orders' Alias='o'/><Table Name='Customers' Alias='c'/><Table Name='Countries'/>
               <Relation Type='{kind}' Parent='o' Nested='c'><KeyColumn Parent='CustomerId' Nested='Id'/></Relation>
               <Relation Type='Inner' Parent='c' Nested='Countries'><KeyColumn Parent='Country' Nested='Id'/></Relation>
             </Tables></Query>"
        ))
    };
    let cross = query(
        "<Query Type='SelectQuery' Name='q'><Tables><Table Name='a'/><Table Name='b'/></Tables></Query>",
    );
    let queries = [
        ("inner", join("Inner")),
        ("left", join("LeftOuter")),
        ("right", join("RightOuter")),
        ("full", join("FullOuter")),
        ("no relation", cross),
    ];
    check!(table(&queries, &DIALECTS, " FROM "));
}

/// What the report needs only a few rows of is not fetched: groups and aggregates are the database's
/// work.
#[test]
fn groups_and_aggregates_are_the_databases_work() {
    let columns = "<Columns>
        <Column Table='Orders' Name='City'/>
        <Expression Alias='Year'>GetYear([Day])</Expression>
        <Column Table='Orders' Name='Id' Aggregate='Count' Alias='Orders'/>
        <Column Table='Orders' Name='Total' Aggregate='Sum' Alias='Sum'/>
        <Column Table='Orders' Name='Customer' Aggregate='CountDistinct' Alias='Customers'/>
        <Expression Alias='Mean'>Avg([Total])</Expression>
      </Columns>";
    let queries = [
        ("aggregates of all", {
            select(
                "<Columns><Column Table='Orders' Name='Total' Aggregate='Max' Alias='Most'/></Columns>",
            )
        }),
        ("groups", select(columns)),
        ("groups that are named", {
            select(
                "<Columns><Column Table='Orders' Name='City'/><Column Table='Orders' Name='Total' Aggregate='Avg'/></Columns>
                 <Grouping><Column Table='Orders' Name='City'/></Grouping>",
            )
        }),
        ("groups of an expression with a value", {
            select(
                "<Columns><Expression Alias='Size'>Iif([Total] &gt; 100, 'large', 'small')</Expression>
                 <Column Table='Orders' Name='Id' Aggregate='Count' Alias='Orders'/></Columns>
                 <GroupFilter>Count([Id]) &gt; 3</GroupFilter>",
            )
        }),
        ("sorted by an aggregate", {
            select(
                "<Columns><Column Table='Orders' Name='City'/><Column Table='Orders' Name='Total' Aggregate='Sum' Alias='Sum'/></Columns>
                 <Sorting><Column Table='Orders' Name='Total' Direction='Descending'/><Column Table='Orders' Name='City'/></Sorting>
                 <Top>3</Top>",
            )
        }),
        ("groups by the names of what is aggregated", {
            select(
                "<Columns><Column Table='Orders' Name='City'/><Column Table='Orders' Name='Total' Aggregate='Sum' Alias='Sum'/>
                   <Column Table='Orders' Name='Id' Aggregate='Count'/></Columns>
                 <GroupFilter>[Sum] &gt; 3 And [Orders.Id] &gt; 1 And [City] &lt;&gt; 'x' And Max([Total]) &gt; 2</GroupFilter>",
            )
        }),
        ("different and sorted", {
            select(
                "<Columns><Column Table='Orders' Name='City'/></Columns><Distinct>true</Distinct>
                 <Sorting><Column Table='Orders' Name='City'/></Sorting>",
            )
        }),
    ];
    check!(table(&queries, &DIALECTS, "\u{0}"));
}

#[test]
fn truth_values() {
    check!(conditions(&[
        "[Paid]",
        "Not [Paid]",
        "[Paid] = True",
        "[Paid] And [Total] > 5",
        "([Total] > 5) = [Paid]",
        "?none Is Null Or [Total] > 5",
        "Iif([Paid], 'yes', 'no') = 'yes'",
        "[City] = null",
        "[City] <> null",
        "[City] = ?none",
        "IsNull([City])",
        "IsNullOrEmpty([City])",
    ]));
}

#[test]
fn comparisons() {
    check!(conditions(&[
        "[Id] = 5",
        "[Total] > 2.5m",
        "[Weight] <= 1e3",
        "[City] = ?city",
        "[City] Like 'O%'",
        "[Id] In (1, 2, ?many)",
        "[Id] In (?none)",
        "[Total] Between (1.5m, 10m)",
        "[Day] >= #2026-01-02#",
        "[Day] < AddDays(LocalDateTimeToday(), 1)",
        "[Day] Between (#2026-01-02#, #2026-12-31 23:59:59#)",
        "IsThisMonth([Day])",
        "IsSameDay([Day], #2026-01-02#)",
        "IsMay([Day])",
        "InDateRange([Day], #2026-01-02#, #2026-02-02#)",
    ]));
}

#[test]
fn operators() {
    check!(conditions(&[
        "[Id] + 1 > [Total] - 1.5m",
        "[Total] * 2 / 3 > 1",
        "[Id] % 2 = 1",
        "-[Total] < 0",
        "[Id] & 4 = 4",
        "[Id] | 1 = 1",
        "[Id] ^ 1 = 1",
        "~[Id] = 1",
        "[City] + ', ' + [Country] = 'Oslo, Norway'",
        "Concat([City], [Id]) = 'x'",
    ]));
}

#[test]
fn functions_on_texts() {
    check!(conditions(&[
        "StartsWith([City], '50%_[!')",
        "StartsWith([City], [Country])",
        "EndsWith([City], 'lo')",
        "Contains([City], 'sl')",
        "CharIndex('s', [City]) = 1",
        "CharIndex('s', [City], 2) = 2",
        "Len([City]) > 3",
        "Upper([City]) = Lower([Country])",
        "Substring([City], 1) = 'slo'",
        "Substring([City], 1, 2) = 'sl'",
        "Trim([City]) = TrimStart(TrimEnd([City]))",
        "Replace([City], 'a', 'b') = 'x'",
        "PadLeft([City], 6, '0') = PadRight([City], 6)",
        "Insert([City], 1, 'x') = 'Oxslo'",
        "Remove([City], 1) = 'O'",
        "Remove([City], 1, 2) = 'Oo'",
        "Reverse([City]) = 'olsO'",
        "Ascii([City]) = 79",
        "Char([Id]) = 'A'",
        "ToStr([Id]) = '5'",
        "IsNull([City], '-') = '-'",
    ]));
}

#[test]
fn functions_on_numbers() {
    check!(conditions(&[
        "Abs([Total]) = Sign([Total])",
        "Floor([Total]) = Ceiling([Total])",
        "Round([Total]) = Round([Total], 1)",
        "Power([Weight], 2) = Sqr([Weight])",
        "Exp([Weight]) = Log([Weight])",
        "Log([Weight], 2) = 3",
        "Sin([Weight]) + Cos([Weight]) + Tan([Weight]) = 0",
        "Asin([Weight]) + Acos([Weight]) + Atn([Weight]) + Atn2([Weight], 2) = 0",
        "Max([Id], 3) = Min([Id], 4)",
        "ToInt([Total]) = ToLong([Total])",
        "ToDouble([Id]) = ToDecimal([Id])",
    ]));
}

#[test]
fn functions_on_dates() {
    check!(conditions(&[
        "GetYear([Day]) = 2026",
        "GetMonth([Day]) = GetDay([Day])",
        "GetHour([Day]) + GetMinute([Day]) + GetSecond([Day]) = 0",
        "GetDayOfWeek([Day]) = 0",
        "GetDayOfYear([Day]) = 1",
        "GetDate([Day]) = #2026-01-02#",
        "GetDateMonthYear([Day]) = #2026-01-01#",
        "AddYears([Day], 1) = AddMonths([Day], 12)",
        "AddDays([Day], 1) < AddHours([Day], 25)",
        "AddMinutes([Day], 1) < AddSeconds([Day], 61)",
        "DateDiffYear([Day], #2026-01-02#) = DateDiffMonth([Day], #2026-01-02#)",
        "DateDiffDay([Day], #2026-01-02#) = 1",
        "DateDiffHour([Day], #2026-01-02#) = 1",
        "DateDiffMinute([Day], #2026-01-02#) = 1",
        "DateDiffSecond([Day], #2026-01-02#) = 1",
        "GetQuarter([Day]) = 1",
    ]));
}

#[test]
fn procedures() {
    let call =
        |inside: &str| query(&format!("<Query Type='StoredProcQuery' Name='q'>{inside}</Query>"));
    let argument =
        |name: &str| format!("<Parameter Name='{name}' Type='System.Int32'>5</Parameter>");
    let queries = [
        ("no argument", call("<ProcName>List</ProcName>")),
        (
            "arguments",
            call(&(argument("@from") + &argument("@to") + "<ProcName>dbo.List</ProcName>")),
        ),
        (
            "an argument with a strange name",
            call(&(argument("from; drop") + "<ProcName>List</ProcName>")),
        ),
    ];
    check!(table(&queries, &DIALECTS, "\u{0}"));
}

#[test]
fn sql_of_authors() {
    let custom = |sql: &str| {
        let escaped = sql.replace('&', "&amp;").replace('<', "&lt;");
        query(&format!(
            "<Query Type='CustomSqlQuery' Name='q'>
               <Parameter Name='from' Type='System.Int32'>1</Parameter>
               <Parameter Name='to' Type='System.Int32'>2</Parameter>
               <Sql>{escaped}</Sql>
             </Query>"
        ))
    };
    let queries: Vec<(&str, Query)> = [
        "select * from t where a = @from and b = :to and c = @FROM",
        "select * from t where a = ?from and b = $to",
        "select * from t where a = ? and b = ?",
        "select '@from', \"@from\" -- @from",
        "select a::text, @@version, :to /* :from */",
    ]
    .iter()
    .map(|sql| (*sql, custom(sql)))
    .collect();
    check!(table(&queries, &DIALECTS[..NATIVE], "\u{0}"));
}
