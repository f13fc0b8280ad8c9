//! What the server refuses, in Diesel's words.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_tds::TdsConnection;

use crate::database::database;
use crate::schema::{add_user, kinds, posts, users};

fn kind<T>(result: QueryResult<T>) -> DatabaseErrorKind {
    match result {
        Err(Error::DatabaseError(kind, _)) => kind,
        Err(other) => panic!("another error: {other:?}"),
        Ok(_) => panic!("no error"),
    }
}

macro_rules! assert_kind {
    ($result:expr, $kind:ident) => {
        let found = kind($result);
        assert!(matches!(found, DatabaseErrorKind::$kind), "{found:?}");
    };
}

#[test]
fn constraints_are_told_apart() {
    let database = database!();
    let conn = &mut database.connect();
    let ann = add_user(conn, "ann");
    let user =
        |name: &str, mail: &str| (users::name.eq(name.to_owned()), users::mail.eq(mail.to_owned()));
    let insert = diesel::insert_into(users::table);
    assert_kind!(insert.values(user("ann", "a@b.c")).execute(conn), UniqueViolation);
    insert.values(user("bob", "a@b.c")).execute(conn).unwrap();
    assert_kind!(insert.values(user("cid", "a@b.c")).execute(conn), UniqueViolation);
    let post = (posts::id.eq(1), posts::user_id.eq(-1), posts::title.eq("x"));
    assert_kind!(diesel::insert_into(posts::table).values(post).execute(conn), ForeignKeyViolation);
    let post = (posts::id.eq(1), posts::user_id.eq(ann), posts::title.eq("x"));
    diesel::insert_into(posts::table).values(post).execute(conn).unwrap();
    assert_kind!(diesel::delete(users::table.find(ann)).execute(conn), ForeignKeyViolation);
    let visits = diesel::update(users::table.find(ann)).set(users::visits.eq(-1));
    assert_kind!(visits.execute(conn), CheckViolation);
    assert_kind!(
        diesel::sql_query("UPDATE [users] SET [name] = NULL").execute(conn),
        NotNullViolation
    );
    assert_kind!(diesel::sql_query("SELECT * FROM [nowhere]").execute(conn), Unknown);
    assert_eq!(users::table.count().get_result(conn), Ok(2_i64));
}

#[test]
fn a_broken_constraint_is_named() {
    let database = database!();
    let conn = &mut database.connect();
    add_user(conn, "ann");
    let again = diesel::insert_into(users::table).values(users::name.eq("ann")).execute(conn);
    let Err(Error::DatabaseError(_, information)) = again else { panic!("{again:?}") };
    let name = information.constraint_name().unwrap_or_else(|| panic!("{}", information.message()));
    assert!(name.starts_with("users_name"), "{name}");
    let error = Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information);
    assert_eq!(diesel_tds::message_number(&error), Some(2627));
}

#[test]
fn a_deadlock_is_a_serialization_failure() {
    let database = database!();
    let (mut one, mut other) = (database.connect(), database.connect());
    let first = add_user(&mut one, "ann");
    let second = add_user(&mut one, "bob");
    let visit = |conn: &mut TdsConnection, id: i64| {
        diesel::update(users::table.find(id)).set(users::visits.eq(users::visits + 1)).execute(conn)
    };
    let meet = Arc::new(std::sync::Barrier::new(2));
    let cross =
        move |conn: &mut TdsConnection, mine: i64, yours: i64, meet: &std::sync::Barrier| {
            conn.transaction(|conn| {
                visit(conn, mine)?;
                meet.wait();
                visit(conn, yours)
            })
        };
    let there = Arc::clone(&meet);
    let thread = std::thread::spawn(move || cross(&mut other, second, first, &there));
    let here = cross(&mut one, first, second, &meet);
    let results = [here, thread.join().unwrap()];
    let failed: Vec<_> = results.into_iter().filter(Result::is_err).collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    for result in failed {
        assert_kind!(result, SerializationFailure);
    }
}

#[test]
fn an_answer_that_does_not_come_in_time_ends_the_connection() {
    let database = database!();
    let mut holder = database.connect();
    let ann = add_user(&mut holder, "ann");
    holder.batch_execute("BEGIN TRANSACTION").unwrap();
    diesel::update(users::table.find(ann)).set(users::visits.eq(1)).execute(&mut holder).unwrap();
    let mut waiter = TdsConnection::establish(&database.url_with("timeout=1")).unwrap();
    let visit = diesel::update(users::table.find(ann)).set(users::visits.eq(2));
    assert_kind!(visit.execute(&mut waiter), ClosedConnection);
    assert_kind!(users::table.count().get_result::<i64>(&mut waiter), ClosedConnection);
    holder.batch_execute("ROLLBACK TRANSACTION").unwrap();
}

/// A way to the server that can be cut.
fn way(database: &crate::database::Database) -> (String, Arc<AtomicBool>) {
    let url = database.url();
    let (who, place) = url.split_once('@').unwrap();
    let (place, rest) = place.split_once('/').unwrap();
    let server = place.to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let cut = Arc::new(AtomicBool::new(false));
    let here = format!("{who}@{}/{rest}", listener.local_addr().unwrap());
    let flag = Arc::clone(&cut);
    std::thread::spawn(move || {
        for near in listener.incoming() {
            let (near, far) = (near.unwrap(), TcpStream::connect(&server).unwrap());
            for (mut from, mut to) in
                [(near.try_clone().unwrap(), far.try_clone().unwrap()), (far, near)]
            {
                let cut = Arc::clone(&flag);
                std::thread::spawn(move || {
                    let mut bytes = [0; 4096];
                    while let Ok(read) = from.read(&mut bytes) {
                        if read == 0
                            || cut.load(Ordering::SeqCst)
                            || to.write_all(&bytes[..read]).is_err()
                        {
                            break;
                        }
                    }
                    let _ = from.shutdown(std::net::Shutdown::Both);
                    let _ = to.shutdown(std::net::Shutdown::Both);
                });
            }
        }
    });
    (here, cut)
}

#[test]
fn a_connection_that_is_cut_says_so_and_is_never_used_again() {
    let database = database!();
    let (url, cut) = way(&database);
    let mut conn = TdsConnection::establish(&url).unwrap();
    add_user(&mut conn, "ann");
    let outcome = conn.transaction(|conn| {
        add_user(conn, "bob");
        cut.store(true, Ordering::SeqCst);
        users::table.count().get_result::<i64>(conn)
    });
    assert_kind!(outcome, ClosedConnection);
    cut.store(false, Ordering::SeqCst);
    assert_kind!(users::table.count().get_result::<i64>(&mut conn), ClosedConnection);
    assert_kind!(conn.transaction(|_| QueryResult::Ok(())), ClosedConnection);
    // What was not committed did not happen.
    assert_eq!(crate::schema::names(&mut database.connect()), ["ann"]);
}

#[test]
fn an_error_leaves_the_connection_in_order() {
    let database = database!();
    let conn = &mut database.connect();
    for at in 0..20 {
        let wrong = diesel::sql_query("SELECT 1/0").execute(conn);
        assert!(wrong.is_err());
        let too_long = "x".repeat(300);
        let wrong =
            diesel::insert_into(users::table).values(users::name.eq(too_long)).execute(conn);
        assert!(wrong.is_err());
        diesel::insert_into(kinds::table).values(kinds::id.eq(at)).execute(conn).unwrap();
    }
    assert_eq!(kinds::table.count().get_result(conn), Ok(20_i64));
}
