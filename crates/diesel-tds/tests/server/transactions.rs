//! Transactions, savepoints, and errors in them.

use diesel::connection::TransactionManager as _;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel_tds::{TdsConnection, TdsTransactionManager};

use crate::database::database;
use crate::schema::{add_user, names, users};

fn add_again(conn: &mut TdsConnection) -> QueryResult<usize> {
    diesel::insert_into(users::table).values(users::name.eq("ann")).execute(conn)
}

#[test]
fn what_is_committed_stays_and_the_rest_goes() {
    let database = database!();
    let conn = &mut database.connect();
    conn.transaction(|conn| {
        add_user(conn, "ann");
        QueryResult::Ok(())
    })
    .unwrap();
    let failed: QueryResult<()> = conn.transaction(|conn| {
        add_user(conn, "bob");
        Err(Error::RollbackTransaction)
    });
    assert_eq!(failed, Err(Error::RollbackTransaction));
    assert_eq!(names(conn), ["ann"]);
}

#[test]
fn others_see_nothing_before_the_commit() {
    let database = database!();
    let (conn, other) = (&mut database.connect(), &mut database.connect());
    conn.transaction(|conn| {
        add_user(conn, "ann");
        // Not even waiting: rows that are locked are passed over where locks are taken, and where
        // versions are read the new one is not there yet.
        let seen: i64 = diesel::sql_query("SELECT COUNT_BIG(*) AS n FROM [users] WITH (READPAST)")
            .get_result::<Count>(other)?
            .n;
        assert_eq!(seen, 0);
        QueryResult::Ok(())
    })
    .unwrap();
    assert_eq!(names(other), ["ann"]);
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

#[test]
fn a_transaction_inside_another_is_undone_alone() {
    let database = database!();
    let conn = &mut database.connect();
    conn.transaction(|conn| {
        add_user(conn, "ann");
        let inner: QueryResult<()> = conn.transaction(|conn| {
            add_user(conn, "bob");
            conn.transaction(|conn| {
                add_user(conn, "cid");
                QueryResult::Ok(())
            })?;
            Err(Error::RollbackTransaction)
        });
        assert_eq!(inner, Err(Error::RollbackTransaction));
        conn.transaction(|conn| {
            add_user(conn, "dan");
            QueryResult::Ok(())
        })
    })
    .unwrap();
    assert_eq!(names(conn), ["ann", "dan"]);
}

#[test]
fn nothing_runs_outside_of_a_transaction_that_an_error_ended() {
    let database = database!();
    let conn = &mut database.connect();
    let outcome: QueryResult<()> = conn.transaction(|conn| {
        add_user(conn, "ann");
        assert!(add_again(conn).is_err());
        let after = diesel::insert_into(users::table).values(users::name.eq("bob")).execute(conn);
        let Err(Error::DatabaseError(_, information)) = after else { panic!("{after:?}") };
        assert!(information.message().contains("rolled back this transaction"));
        // A closure that takes no notice commits nothing.
        Ok(())
    });
    assert!(outcome.is_err());
    assert!(names(conn).is_empty());
    conn.transaction(|conn| {
        add_user(conn, "cid");
        QueryResult::Ok(())
    })
    .unwrap();
    assert_eq!(names(conn), ["cid"]);
}

#[test]
fn an_error_in_an_inner_transaction_ends_the_outer_one_too() {
    let database = database!();
    let conn = &mut database.connect();
    let outcome: QueryResult<()> = conn.transaction(|conn| {
        add_user(conn, "ann");
        let inner = conn.transaction(add_again);
        assert!(matches!(inner, Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _))));
        assert!(users::table.count().get_result::<i64>(conn).is_err());
        Ok(())
    });
    assert!(outcome.is_err());
    assert!(names(conn).is_empty());
}

#[test]
fn without_xact_abort_a_broken_constraint_undoes_its_statement_alone() {
    let database = database!();
    let conn = &mut TdsConnection::establish(&database.url_with("xact_abort=false")).unwrap();
    conn.transaction(|conn| {
        add_user(conn, "ann");
        assert!(add_again(conn).is_err());
        assert!(conn.transaction(add_again).is_err());
        add_user(conn, "bob");
        QueryResult::Ok(())
    })
    .unwrap();
    assert_eq!(names(conn), ["ann", "bob"]);
}

#[test]
fn a_transaction_for_a_test_is_never_committed() {
    let database = database!();
    let conn = &mut database.connect();
    conn.begin_test_transaction().unwrap();
    add_user(conn, "ann");
    assert!(!TdsTransactionManager::is_broken_transaction_manager(conn));
    drop(std::mem::replace(conn, database.connect()));
    assert!(names(conn).is_empty());
}

#[test]
fn ends_need_a_beginning() {
    let database = database!();
    let conn = &mut database.connect();
    for ended in [
        TdsTransactionManager::commit_transaction(conn),
        TdsTransactionManager::rollback_transaction(conn),
    ] {
        assert!(matches!(ended, Err(Error::NotInTransaction)), "{ended:?}");
    }
}
