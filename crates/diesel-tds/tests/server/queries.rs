//! Reading.

use diesel::dsl::{count_star, exists, max, sum};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_tds::{HintDsl, TableHints, Tds, TdsConnection};

use crate::database::{Database, database};
use crate::schema::{add_user, posts, users};

#[diesel::declare_sql_function]
extern "SQL" {
    fn lower(text: Text) -> Text;
}

/// Five users, of whom two have posts.
fn filled(database: &Database) -> TdsConnection {
    let mut conn = database.connect();
    for name in ["Ann", "Bob", "Cid", "Dan", "Eve"] {
        add_user(&mut conn, name);
    }
    let id = |name: &str| users::table.filter(users::name.eq(name.to_owned())).select(users::id);
    let ann: i64 = id("Ann").first(&mut conn).unwrap();
    let eve: i64 = id("Eve").first(&mut conn).unwrap();
    let rows: Vec<_> = [(1, ann, "one"), (2, ann, "two"), (3, eve, "three")]
        .into_iter()
        .map(|(id, user, title)| {
            (posts::id.eq(id), posts::user_id.eq(user), posts::title.eq(title))
        })
        .collect();
    assert_eq!(diesel::insert_into(posts::table).values(rows).execute(&mut conn), Ok(3));
    mails(&mut conn, &["Bob", "Dan"]);
    conn
}

fn mails(conn: &mut TdsConnection, names: &[&str]) {
    for name in names {
        diesel::update(users::table.filter(users::name.eq(*name)))
            .set((users::mail.eq(Some(format!("{name}@example.com"))), users::active.eq(false)))
            .execute(conn)
            .unwrap();
    }
}

#[test]
fn rows_are_found() {
    let database = database!();
    let conn = &mut filled(&database);
    let ids: Vec<i64> = users::table.select(users::id).order(users::id).load(conn).unwrap();
    let name: String = users::table.find(ids[1]).select(users::name).first(conn).unwrap();
    assert_eq!(name, "Bob");
    let nobody: Option<i64> =
        users::table.find(-1).select(users::id).first(conn).optional().unwrap();
    assert_eq!(nobody, None);
}

#[test]
fn conditions_choose() {
    let database = database!();
    let conn = &mut filled(&database);
    let names = users::table.select(users::name).order(users::name);
    macro_rules! chosen {
        ($condition:expr, $expected:expr) => {
            let expected: &[&str] = &$expected;
            assert_eq!(names.filter($condition).load::<String>(conn).unwrap(), expected);
        };
    }
    chosen!(users::active.eq(false), ["Bob", "Dan"]);
    chosen!(users::mail.is_null(), ["Ann", "Cid", "Eve"]);
    chosen!(users::name.like("%n"), ["Ann", "Dan"]);
    chosen!(users::name.like("!%%").escape('!'), []);
    chosen!(lower(users::name).eq("cid"), ["Cid"]);
    chosen!(users::name.between("B", "D"), ["Bob", "Cid"]);
    chosen!(users::name.eq_any(vec!["Ann", "Eve", "Zoe"]), ["Ann", "Eve"]);
    chosen!(users::name.eq_any(Vec::<String>::new()), []);
    chosen!(users::name.ne_all(vec!["Ann", "Bob", "Cid"]), ["Dan", "Eve"]);
    chosen!(users::id.eq_any(posts::table.select(posts::user_id)), ["Ann", "Eve"]);
    chosen!(
        diesel::dsl::not(exists(posts::table.filter(posts::user_id.eq(users::id)))),
        ["Bob", "Cid", "Dan"]
    );
    chosen!(users::mail.assume_not_null().eq("Bob@example.com"), ["Bob"]);
}

#[test]
fn pages() {
    let database = database!();
    let conn = &mut filled(&database);
    let names = users::table.select(users::name);
    let load = |conn: &mut TdsConnection, limit, offset| {
        names.order(users::name).limit(limit).offset(offset).load::<String>(conn).unwrap()
    };
    assert_eq!(load(conn, 2, 0), ["Ann", "Bob"]);
    assert_eq!(load(conn, 2, 4), ["Eve"]);
    assert_eq!(names.order(users::name.desc()).limit(1).load::<String>(conn).unwrap(), ["Eve"]);
    assert_eq!(names.limit(0).load::<String>(conn).unwrap(), Vec::<String>::new());
    assert_eq!(names.offset(3).load::<String>(conn).unwrap().len(), 2);
    assert_eq!(names.distinct().limit(2).offset(1).load::<String>(conn).unwrap(), ["Bob", "Cid"]);
    let boxed = names.into_boxed::<Tds>().order(users::name).limit(2).offset(1);
    assert_eq!(boxed.load::<String>(conn).unwrap(), ["Bob", "Cid"]);
}

#[test]
fn what_is_computed() {
    let database = database!();
    let conn = &mut filled(&database);
    assert_eq!(users::table.count().get_result(conn), Ok(5_i64));
    assert_eq!(users::table.select(max(users::name)).first(conn), Ok(Some("Eve".to_owned())));
    assert_eq!(users::table.select(sum(users::visits)).first(conn), Ok(Some(0_i64)));
    assert_eq!(
        users::table.filter(users::id.eq(-1)).select(max(users::id)).first(conn),
        Ok(None::<i64>)
    );
    let per_user: Vec<(i64, i64)> = posts::table
        .group_by(posts::user_id)
        .having(count_star().gt(1))
        .select((posts::user_id, count_star()))
        .load(conn)
        .unwrap();
    assert_eq!(per_user.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [2]);
    assert_eq!(
        users::table.order(users::name).select(users::name.concat("!")).first(conn),
        Ok("Ann!".to_owned())
    );
    assert_eq!(
        users::table.order(users::name).select(users::visits.cast::<BigInt>()).first(conn),
        Ok(0_i64)
    );
    let there: bool = diesel::select(exists(users::table.filter(users::name.eq("Ann"))))
        .get_result(conn)
        .unwrap();
    let absent: bool = diesel::select(exists(users::table.filter(users::name.eq("Zoe"))))
        .get_result(conn)
        .unwrap();
    assert!(there && !absent);
}

#[test]
fn joins_and_combinations() {
    let database = database!();
    let conn = &mut filled(&database);
    let pairs: Vec<(String, String)> = posts::table
        .inner_join(users::table)
        .order(posts::id)
        .select((posts::title, users::name))
        .load(conn)
        .unwrap();
    assert_eq!(pairs.len(), 3);
    assert_eq!(pairs[2], ("three".to_owned(), "Eve".to_owned()));
    let all: Vec<(String, Option<String>)> = users::table
        .left_join(posts::table)
        .select((users::name, posts::title.nullable()))
        .load(conn)
        .unwrap();
    assert_eq!(all.len(), 6);
    let others = diesel::alias!(users as others);
    let names: Vec<String> = others
        .select(others.field(users::name))
        .order(others.field(users::name))
        .load(conn)
        .unwrap();
    assert_eq!(names.len(), 5);
    let both = users::table.select(users::name).union_all(posts::table.select(posts::title));
    assert_eq!(both.load::<String>(conn).unwrap().len(), 8);
    let first = users::table.select(users::name).union(posts::table.select(posts::title)).limit(1);
    assert_eq!(first.load::<String>(conn).unwrap(), ["Ann"]);
}

#[test]
fn hints_are_understood() {
    let database = database!();
    let conn = &mut filled(&database);
    let claim = TableHints::UPDLOCK | TableHints::READPAST | TableHints::ROWLOCK;
    conn.transaction(|conn| {
        let others = diesel::alias!(users as others);
        let free = others
            .filter(others.field(users::active).eq(true))
            .order(others.field(users::name))
            .select(others.field(users::id));
        let claimed: Vec<String> = diesel::update(users::table)
            .filter(users::id.eq_any(free.limit(2).with_hints(claim)))
            .filter(users::active.eq(true))
            .set(users::active.eq(false))
            .returning(users::name)
            .get_results(conn)?;
        assert_eq!(claimed.len(), 2);
        let left: Vec<String> = users::table
            .with_hints(claim)
            .filter(users::active.eq(true))
            .select(users::name)
            .load(conn)?;
        assert_eq!(left, ["Eve"]);
        QueryResult::Ok(())
    })
    .unwrap();
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    id: i64,
}

#[test]
fn sql_of_ones_own() {
    let database = database!();
    let conn = &mut filled(&database);
    let rows: Vec<Named> =
        diesel::sql_query("SELECT [id], [name] FROM [users] WHERE [name] > @P1 ORDER BY [name]")
            .bind::<Text, _>("C")
            .load(conn)
            .unwrap();
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Cid", "Dan", "Eve"]);
    assert!(rows[0].id > 0);
}

#[test]
fn many_rows_and_many_values() {
    let database = database!();
    let conn = &mut database.connect();
    let rows: Vec<_> = (0..1000).map(|at| users::name.eq(format!("user {at:04}"))).collect();
    assert_eq!(diesel::insert_into(users::table).values(rows).execute(conn), Ok(1000));
    assert_eq!(users::table.count().get_result(conn), Ok(1000_i64));
    let names = |count| (0..count).map(|at| format!("user {at:04}")).collect::<Vec<_>>();
    let chosen = users::table.filter(users::name.eq_any(names(2098))).count();
    assert_eq!(chosen.get_result(conn), Ok(1000_i64));
    let error = users::table
        .filter(users::name.eq_any(names(2099)))
        .count()
        .get_result::<i64>(conn)
        .unwrap_err();
    assert!(error.to_string().contains("at most 2098 parameters"), "{error}");
}
