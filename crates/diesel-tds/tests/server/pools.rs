//! Connections that are lent.

use diesel::connection::{InstrumentationEvent, SimpleConnection as _, TransactionManager as _};
use diesel::prelude::*;
use diesel::r2d2::{ConnectionManager, Pool, R2D2Connection as _};
use diesel_tds::{TdsConnection, TdsTransactionManager};

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::database::database;
use crate::schema::{add_user, names, users};

#[test]
fn many_threads_share_a_few_connections() {
    let database = database!();
    let pool = Pool::builder()
        .max_size(3)
        .min_idle(Some(0))
        .build(ConnectionManager::<TdsConnection>::new(database.url()))
        .unwrap();
    std::thread::scope(|scope| {
        for at in 0..12 {
            let pool = pool.clone();
            scope.spawn(move || {
                let mut conn = pool.get().unwrap();
                conn.transaction(|conn| {
                    diesel::insert_into(users::table)
                        .values(users::name.eq(format!("user {at}")))
                        .execute(conn)
                })
                .unwrap();
            });
        }
    });
    assert_eq!(names(&mut pool.get().unwrap()).len(), 12);
    drop(pool);
    // Its threads close the connections.
    std::thread::sleep(std::time::Duration::from_millis(300));
}

#[test]
fn what_is_open_or_broken_is_not_lent_again() {
    let database = database!();
    let mut conn = database.connect();
    assert!(!conn.is_broken());
    conn.ping().unwrap();
    conn.begin_test_transaction().unwrap();
    assert!(!conn.is_broken());
    drop(conn);
    let mut conn = database.connect();
    TdsTransactionManager::begin_transaction(&mut conn).unwrap();
    assert!(conn.is_broken());
    drop(conn);
}

#[test]
fn statements_can_be_counted() {
    let database = database!();
    let mut conn = database.connect();
    let statements = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&statements);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            assert!(!query.to_string().is_empty());
            counted.fetch_add(1, Ordering::Relaxed);
        }
    });
    conn.batch_execute("SELECT 1").unwrap();
    add_user(&mut conn, "ann");
    assert_eq!(statements.load(Ordering::Relaxed), 2);
    conn.transaction(|conn| users::table.count().get_result::<i64>(conn)).unwrap();
    assert_eq!(statements.load(Ordering::Relaxed), 5);
}
