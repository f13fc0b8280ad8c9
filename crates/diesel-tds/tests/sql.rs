//! The SQL of every construct, as it is sent. No server is needed.
#![allow(missing_docs)]

use diesel::dsl::{count, count_star, exists, max, min, not, sum};
use diesel::prelude::*;
use diesel::query_builder::{QueryBuilder as _, QueryFragment};
use diesel::sql_types::{BigInt, Integer, Text};
use diesel_tds::{HintDsl, TableHints, Tds, TdsQueryBuilder};

diesel::table! {
    users (id) {
        id -> BigInt,
        name -> Text,
        mail -> Nullable<Text>,
        active -> Bool,
        visits -> Integer,
    }
}

diesel::table! {
    posts (id) {
        id -> BigInt,
        user_id -> BigInt,
        title -> Text,
        body -> Nullable<Binary>,
    }
}

diesel::table! {
    #[sql_name = "odd]name"]
    odd (id) {
        id -> BigInt,
        #[sql_name = "or]der"]
        order_of -> Integer,
    }
}

diesel::table! {
    archive.events (id) { id -> BigInt, }
}

diesel::joinable!(posts -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(users, posts);

#[diesel::declare_sql_function]
extern "SQL" {
    fn lower(text: Text) -> Text;
}

fn sql<Q: QueryFragment<Tds>>(query: &Q) -> String {
    let mut builder = TdsQueryBuilder::new();
    query.to_sql(&mut builder, &Tds).unwrap();
    builder.finish()
}

#[track_caller]
fn check<Q: QueryFragment<Tds>>(query: Q, expected: &str) {
    assert_eq!(sql(&query), expected);
}

const ALL: &str =
    "[users].[id], [users].[name], [users].[mail], [users].[active], [users].[visits]";

#[test]
fn names_are_quoted() {
    check(odd::table.select(odd::order_of), "SELECT [odd]]name].[or]]der] FROM [odd]]name]");
    check(
        events::table.select(events::id),
        "SELECT [archive].[events].[id] FROM [archive].[events]",
    );
}

#[test]
fn parameters_are_numbered() {
    check(
        users::table.filter(users::name.eq("ann")).filter(users::visits.gt(3)),
        &format!(
            "SELECT {ALL} FROM [users] WHERE (([users].[name] = @P1) AND ([users].[visits] > @P2))"
        ),
    );
}

#[test]
fn conditions() {
    let filtered = |condition: &str| format!("SELECT [users].[id] FROM [users] WHERE {condition}");
    let ids = users::table.select(users::id);
    check(ids.find(7), &filtered("([users].[id] = @P1)"));
    check(ids.filter(users::active.eq(true)), &filtered("([users].[active] = @P1)"));
    check(ids.filter(users::name.ne("x")), &filtered("([users].[name] != @P1)"));
    check(ids.filter(users::mail.is_null()), &filtered("([users].[mail] IS NULL)"));
    check(ids.filter(users::mail.is_not_null()), &filtered("([users].[mail] IS NOT NULL)"));
    check(
        ids.filter(users::visits.between(1, 9)),
        &filtered("([users].[visits] BETWEEN @P1 AND @P2)"),
    );
    check(ids.filter(users::name.like("a%")), &filtered("([users].[name] LIKE @P1)"));
    check(
        ids.filter(users::name.like("a!%").escape('!')),
        &filtered("([users].[name] LIKE @P1 ESCAPE @P2)"),
    );
    check(ids.filter(lower(users::name).eq("ann")), &filtered("(lower([users].[name]) = @P1)"));
    check(
        ids.filter(users::name.eq("a").or(not(users::active.eq(true)))),
        &filtered("(([users].[name] = @P1) OR  NOT (([users].[active] = @P2)))"),
    );
    check(ids.filter(users::id.eq_any([1_i64, 2])), &filtered("([users].[id] IN (@P1, @P2))"));
    check(ids.filter(users::id.eq_any(Vec::<i64>::new())), &filtered("(1=0)"));
    check(ids.filter(users::id.ne_all([1_i64])), &filtered("([users].[id] NOT IN (@P1))"));
    check(ids.filter(users::id.ne_all(Vec::<i64>::new())), &filtered("(1=1)"));
    check(
        ids.filter(users::id.eq_any(posts::table.select(posts::user_id))),
        &filtered("([users].[id] IN (SELECT [posts].[user_id] FROM [posts]))"),
    );
    check(ids.filter(users::name.assume_not_null().eq("x")), &filtered("([users].[name] = @P1)"));
}

#[test]
fn an_order_inside_a_subquery_passes_over_no_rows_in_so_many_words() {
    check(
        users::table
            .select(users::id)
            .filter(users::id.eq_any(posts::table.select(posts::user_id).order(posts::id))),
        "SELECT [users].[id] FROM [users] WHERE ([users].[id] IN (SELECT [posts].[user_id] FROM \
         [posts] ORDER BY [posts].[id] OFFSET 0 ROWS))",
    );
}

#[test]
fn limits() {
    let ids = users::table.select(users::id);
    check(ids.limit(5), "SELECT TOP (@P1) [users].[id] FROM [users]");
    check(
        ids.order(users::name.desc()).limit(5),
        "SELECT TOP (@P1) [users].[id] FROM [users] ORDER BY [users].[name] DESC",
    );
    check(ids.distinct().limit(5), "SELECT DISTINCT TOP (@P1) [users].[id] FROM [users]");
    check(
        ids.order(users::id).limit(5).offset(10),
        "SELECT [users].[id] FROM [users] ORDER BY [users].[id] OFFSET @P1 ROWS FETCH NEXT @P2 ROWS ONLY",
    );
    check(
        ids.offset(10),
        "SELECT [users].[id] FROM [users] ORDER BY (SELECT NULL) OFFSET @P1 ROWS",
    );
    check(
        ids.distinct().limit(5).offset(10),
        "SELECT DISTINCT [users].[id] FROM [users] ORDER BY 1 OFFSET @P1 ROWS FETCH NEXT @P2 ROWS ONLY",
    );
    check(
        posts::table
            .select(posts::id)
            .filter(posts::user_id.eq_any(users::table.select(users::id).limit(1)))
            .limit(2),
        "SELECT TOP (@P1) [posts].[id] FROM [posts] WHERE ([posts].[user_id] IN \
         (SELECT TOP (@P2) [users].[id] FROM [users]))",
    );
}

#[test]
fn boxed_queries() {
    let boxed = || users::table.select(users::id).into_boxed::<Tds>();
    check(boxed(), "SELECT [users].[id] FROM [users]");
    check(
        boxed().filter(users::active.eq(true)).filter(users::name.eq("x")),
        "SELECT [users].[id] FROM [users] WHERE (([users].[active] = @P1) AND ([users].[name] = @P2))",
    );
    check(boxed().limit(5), "SELECT TOP (@P1) [users].[id] FROM [users]");
    check(
        boxed().offset(1).limit(5),
        "SELECT [users].[id] FROM [users] ORDER BY (SELECT NULL) OFFSET @P1 ROWS FETCH NEXT @P2 ROWS ONLY",
    );
    check(
        boxed().order(users::id).then_order_by(users::name).offset(1),
        "SELECT [users].[id] FROM [users] ORDER BY [users].[id], [users].[name] OFFSET @P1 ROWS",
    );
    check(
        boxed().distinct().offset(1),
        "SELECT DISTINCT [users].[id] FROM [users] ORDER BY 1 OFFSET @P1 ROWS",
    );
    check(
        users::table.select(users::id).limit(3).offset(4).into_boxed::<Tds>(),
        "SELECT [users].[id] FROM [users] ORDER BY (SELECT NULL) OFFSET @P1 ROWS FETCH NEXT @P2 ROWS ONLY",
    );
}

#[test]
fn values_that_are_computed() {
    check(users::table.select(count_star()), "SELECT COUNT_BIG(*) FROM [users]");
    check(users::table.count(), "SELECT COUNT_BIG(*) FROM [users]");
    check(users::table.select(count(users::mail)), "SELECT COUNT_BIG([users].[mail]) FROM [users]");
    check(
        users::table.select(count(users::name).aggregate_distinct()),
        "SELECT COUNT_BIG( DISTINCT [users].[name]) FROM [users]",
    );
    check(
        users::table.select((max(users::id), min(users::id), sum(users::visits))),
        "SELECT max([users].[id]), min([users].[id]), sum([users].[visits]) FROM [users]",
    );
    check(users::table.select(users::visits + 1), "SELECT ([users].[visits] + @P1) FROM [users]");
    check(
        users::table.select(users::name.concat("!")),
        "SELECT ([users].[name] + @P1) FROM [users]",
    );
    check(
        users::table.select(users::visits.cast::<BigInt>()),
        "SELECT CAST([users].[visits] AS bigint) FROM [users]",
    );
    check(
        users::table
            .group_by(users::name)
            .having(count_star().gt(1))
            .select((users::name, count_star())),
        "SELECT [users].[name], COUNT_BIG(*) FROM [users] GROUP BY [users].[name] \
         HAVING (COUNT_BIG(*) > @P1)",
    );
    check(
        users::table.select(
            diesel::dsl::case_when(users::active.eq(true), 1.into_sql::<Integer>()).otherwise(0),
        ),
        "SELECT CASE WHEN (([users].[active] = @P1)) THEN (@P2) ELSE (@P3) END FROM [users]",
    );
}

#[test]
fn whether_rows_exist_is_a_condition_or_a_value() {
    let theirs = posts::table.filter(posts::user_id.eq(users::id)).select(posts::id);
    check(
        users::table.select(users::id).filter(exists(theirs)),
        "SELECT [users].[id] FROM [users] WHERE EXISTS (SELECT [posts].[id] FROM [posts] \
         WHERE ([posts].[user_id] = [users].[id]))",
    );
    check(
        diesel::select(exists(users::table.select(users::id))),
        "SELECT CASE WHEN EXISTS (SELECT [users].[id] FROM [users]) THEN CAST(1 AS bit) \
         ELSE CAST(0 AS bit) END",
    );
    check(
        users::table.select((users::id, exists(theirs), users::name)),
        "SELECT [users].[id], CASE WHEN EXISTS (SELECT [posts].[id] FROM [posts] WHERE \
         ([posts].[user_id] = [users].[id])) THEN CAST(1 AS bit) ELSE CAST(0 AS bit) END, \
         [users].[name] FROM [users]",
    );
    check(
        users::table
            .select(diesel::dsl::case_when(exists(theirs), 1.into_sql::<Integer>()).otherwise(0)),
        "SELECT CASE WHEN (EXISTS (SELECT [posts].[id] FROM [posts] WHERE ([posts].[user_id] = \
         [users].[id]))) THEN (@P1) ELSE (@P2) END FROM [users]",
    );
}

#[test]
fn joins_and_aliases() {
    check(
        posts::table.inner_join(users::table).select((posts::title, users::name)),
        "SELECT [posts].[title], [users].[name] FROM ([posts] INNER JOIN [users] ON \
         ([posts].[user_id] = [users].[id]))",
    );
    check(
        users::table.left_join(posts::table).select((users::name, posts::title.nullable())),
        "SELECT [users].[name], [posts].[title] FROM ([users] LEFT OUTER JOIN [posts] ON \
         ([posts].[user_id] = [users].[id]))",
    );
    let others = diesel::alias!(users as others);
    check(
        others.select(others.field(users::name)),
        "SELECT [others].[name] FROM [users] AS [others]",
    );
}

#[test]
fn combined_queries() {
    let names = users::table.select(users::name);
    let titles = posts::table.select(posts::title);
    let both = "(SELECT [users].[name] FROM [users]) UNION (SELECT [posts].[title] FROM [posts])";
    check(names.union(titles), both);
    check(
        names.union_all(titles),
        "(SELECT [users].[name] FROM [users]) UNION ALL (SELECT [posts].[title] FROM [posts])",
    );
    check(
        names.intersect(titles),
        "(SELECT [users].[name] FROM [users]) INTERSECT (SELECT [posts].[title] FROM [posts])",
    );
    check(
        names.except(titles),
        "(SELECT [users].[name] FROM [users]) EXCEPT (SELECT [posts].[title] FROM [posts])",
    );
    check(
        names.union(titles).limit(3),
        &format!("{both} ORDER BY 1 OFFSET 0 ROWS FETCH NEXT @P1 ROWS ONLY"),
    );
    check(names.union(titles).offset(2), &format!("{both} ORDER BY 1 OFFSET @P1 ROWS"));
}

#[derive(Insertable)]
#[diesel(table_name = users)]
struct NewUser<'a> {
    name: &'a str,
    mail: Option<&'a str>,
    active: bool,
}

#[test]
fn inserts() {
    let row = (users::name.eq("ann"), users::mail.eq(None::<&str>), users::visits.eq(1));
    check(
        diesel::insert_into(users::table).values(row),
        "INSERT INTO [users] ([name], [mail], [visits]) VALUES (@P1, @P2, @P3)",
    );
    check(
        diesel::insert_into(users::table).values(row).returning(users::id),
        "INSERT INTO [users] ([name], [mail], [visits]) OUTPUT INSERTED.[id] \
         VALUES (@P1, @P2, @P3)",
    );
    let ann = NewUser { name: "ann", mail: None, active: true };
    let bob = NewUser { name: "bob", mail: Some("b@example.com"), active: true };
    check(
        diesel::insert_into(users::table)
            .values(vec![ann, bob])
            .returning((users::id, users::name)),
        "INSERT INTO [users] ([name], [mail], [active]) OUTPUT INSERTED.[id], INSERTED.[name] \
         VALUES (@P1, DEFAULT, @P2), (@P3, @P4, @P5)",
    );
    check(
        diesel::insert_into(users::table).default_values().returning(users::id),
        "INSERT INTO [users] OUTPUT INSERTED.[id] DEFAULT VALUES",
    );
    check(diesel::insert_into(users::table).default_values(), "INSERT INTO [users] DEFAULT VALUES");
    check(
        diesel::insert_into(users::table).values(Vec::<NewUser<'_>>::new()),
        "SELECT 1 FROM [users] WHERE 1=0",
    );
}

#[test]
fn inserts_from_a_select() {
    let titles = || {
        posts::table
            .filter(posts::id.gt(3))
            .select(posts::title)
            .insert_into(users::table)
            .into_columns(users::name)
    };
    check(
        titles(),
        "INSERT INTO [users] ([name]) SELECT [posts].[title] FROM [posts] WHERE ([posts].[id] > @P1)",
    );
    check(
        titles().returning(users::id),
        "INSERT INTO [users] ([name]) OUTPUT INSERTED.[id] SELECT [posts].[title] FROM [posts] \
         WHERE ([posts].[id] > @P1)",
    );
}

#[derive(AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
struct Change<'a> {
    name: &'a str,
    mail: Option<&'a str>,
}

#[test]
fn updates() {
    check(
        diesel::update(users::table.find(1)).set(users::visits.eq(users::visits + 1)),
        "UPDATE [users] SET [visits] = ([users].[visits] + @P1) WHERE ([users].[id] = @P2)",
    );
    check(
        diesel::update(users::table).set(Change { name: "x", mail: None }),
        "UPDATE [users] SET [name] = @P1, [mail] = @P2",
    );
    check(
        diesel::update(users::table.find(1)).set(users::name.eq("x")).returning(users::visits),
        "UPDATE [users] SET [name] = @P1 OUTPUT INSERTED.[visits] WHERE ([users].[id] = @P2)",
    );
    check(
        diesel::update(users::table).set(users::name.eq("x")).returning(lower(users::name)),
        "UPDATE [users] SET [name] = @P1 OUTPUT lower(INSERTED.[name])",
    );
    let first = posts::table.filter(posts::id.eq(1)).select(posts::title).single_value();
    check(
        diesel::update(users::table.find(1)).set(users::mail.eq(first)).returning(users::id),
        "UPDATE [users] SET [mail] = (SELECT TOP (@P1) [posts].[title] FROM [posts] WHERE \
         ([posts].[id] = @P2)) OUTPUT INSERTED.[id] WHERE ([users].[id] = @P3)",
    );
}

#[test]
fn deletes() {
    check(
        diesel::delete(users::table.filter(users::active.eq(false))),
        "DELETE FROM [users] WHERE ([users].[active] = @P1)",
    );
    check(
        diesel::delete(users::table.find(1)).returning((users::id, users::name)),
        "DELETE FROM [users] OUTPUT DELETED.[id], DELETED.[name] WHERE ([users].[id] = @P1)",
    );
    check(
        diesel::delete(users::table)
            .into_boxed::<Tds>()
            .filter(users::id.gt(1))
            .returning(users::id),
        "DELETE FROM [users] OUTPUT DELETED.[id] WHERE ([users].[id] > @P1)",
    );
}

#[test]
fn hints_follow_the_first_table() {
    let claim = TableHints::UPDLOCK | TableHints::READPAST | TableHints::ROWLOCK;
    check(
        users::table
            .with_hints(claim)
            .select(users::id)
            .filter(users::id.eq(1))
            .order(users::id)
            .limit(1),
        "SELECT TOP (@P1) [users].[id] FROM [users] WITH (UPDLOCK, READPAST, ROWLOCK) \
         WHERE ([users].[id] = @P2) ORDER BY [users].[id]",
    );
    check(
        events::table.with_hints(TableHints::NOLOCK).select(events::id),
        "SELECT [archive].[events].[id] FROM [archive].[events] WITH (NOLOCK)",
    );
    check(
        posts::table.inner_join(users::table).select(posts::id).with_hints(TableHints::HOLDLOCK),
        "SELECT [posts].[id] FROM ([posts] WITH (HOLDLOCK) INNER JOIN [users] ON \
         ([posts].[user_id] = [users].[id]))",
    );
    let others = diesel::alias!(users as others);
    check(
        others.select(others.field(users::id)).with_hints(TableHints::NOWAIT),
        "SELECT [others].[id] FROM [users] AS [others] WITH (NOWAIT)",
    );
    // A claim: some rows that are free, and nobody else's.
    let free = others.filter(others.field(users::active).eq(false)).select(others.field(users::id));
    check(
        diesel::update(users::table)
            .filter(users::id.eq_any(free.limit(10).with_hints(claim)))
            .filter(users::active.eq(false))
            .set(users::active.eq(true))
            .returning(users::id),
        "UPDATE [users] SET [active] = @P1 OUTPUT INSERTED.[id] WHERE (([users].[id] IN \
         (SELECT TOP (@P2) [others].[id] FROM [users] AS [others] WITH (UPDLOCK, READPAST, ROWLOCK) \
         WHERE ([others].[active] = @P3))) AND ([users].[active] = @P4))",
    );
}

#[test]
fn an_insert_has_at_most_a_thousand_rows() {
    let rows = |count: usize| {
        let row = |_| users::name.eq("x");
        let rows: Vec<_> = (0..count).map(row).collect();
        let mut builder = TdsQueryBuilder::new();
        diesel::insert_into(users::table).values(rows).to_sql(&mut builder, &Tds)
    };
    rows(1000).unwrap();
    let error = rows(1001).unwrap_err().to_string();
    assert!(error.contains("at most 1000 rows") && error.contains("this one has 1001"), "{error}");
}
