//! Writing, and what comes back of it.

use diesel::prelude::*;

use crate::database::database;
use crate::schema::{add_user, names, posts, users};

#[derive(Debug, PartialEq, Queryable, Identifiable, AsChangeset, Clone, Copy)]
#[diesel(table_name = users, treat_none_as_null = true)]
struct Visitor<'a> {
    id: i64,
    mail: Option<&'a str>,
    visits: i32,
}

#[derive(Insertable)]
#[diesel(table_name = users)]
struct NewUser<'a> {
    name: &'a str,
    visits: Option<i32>,
}

#[test]
fn inserts_answer_with_what_was_written() {
    let database = database!();
    let conn = &mut database.connect();
    let rows = [NewUser { name: "ann", visits: Some(3) }, NewUser { name: "bob", visits: None }];
    let written: Vec<(String, i32, bool)> = diesel::insert_into(users::table)
        .values(&rows)
        .returning((users::name, users::visits, users::active))
        .get_results(conn)
        .unwrap();
    assert_eq!(written, [("ann".to_owned(), 3, true), ("bob".to_owned(), 0, true)]);
    let none: [NewUser<'_>; 0] = [];
    assert_eq!(diesel::insert_into(users::table).values(&none[..]).execute(conn), Ok(0));
}

#[test]
fn inserts_from_a_select() {
    let database = database!();
    let conn = &mut database.connect();
    let user = add_user(conn, "ann");
    diesel::insert_into(posts::table)
        .values((posts::id.eq(1), posts::user_id.eq(user), posts::title.eq("a post")))
        .execute(conn)
        .unwrap();
    let titles = posts::table.select(posts::title).insert_into(users::table);
    let written: String =
        titles.into_columns(users::name).returning(users::name).get_result(conn).unwrap();
    assert_eq!(written, "a post");
}

#[test]
fn updates_answer_with_what_was_written() {
    let database = database!();
    let conn = &mut database.connect();
    let id = add_user(conn, "ann");
    for expected in [1, 2] {
        let visits: i32 = diesel::update(users::table.find(id))
            .set(users::visits.eq(users::visits + 1))
            .returning(users::visits)
            .get_result(conn)
            .unwrap();
        assert_eq!(visits, expected);
    }
    assert_eq!(diesel::update(users::table.find(-1)).set(users::visits.eq(9)).execute(conn), Ok(0));
    let change = Visitor { id, mail: None, visits: 7 };
    let saved: (i64, String, Option<String>, bool, i32) = change.save_changes(conn).unwrap();
    assert_eq!(saved, (id, "ann".to_owned(), None, true, 7));
}

#[test]
fn deletes_answer_with_what_is_gone() {
    let database = database!();
    let conn = &mut database.connect();
    for name in ["ann", "bob", "cid"] {
        add_user(conn, name);
    }
    let gone: Vec<String> = diesel::delete(users::table.filter(users::name.ne("bob")))
        .returning(users::name)
        .get_results(conn)
        .unwrap();
    assert_eq!(gone.len(), 2);
    assert_eq!(names(conn), ["bob"]);
    assert_eq!(diesel::delete(users::table).execute(conn), Ok(1));
}
