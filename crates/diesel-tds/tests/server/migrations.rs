//! Diesel's migrations.

use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::database::database;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("tests/server/migrations");

diesel::table! {
    notes (id) {
        id -> BigInt,
        text -> Text,
        kind -> Text,
    }
}

#[test]
fn migrations_are_run_once_and_can_be_reverted() {
    let database = database!();
    let conn = &mut database.connect();
    assert!(conn.has_pending_migration(MIGRATIONS).unwrap());
    assert_eq!(conn.run_pending_migrations(MIGRATIONS).unwrap().len(), 2);
    assert!(!conn.has_pending_migration(MIGRATIONS).unwrap());
    assert_eq!(conn.run_pending_migrations(MIGRATIONS).unwrap().len(), 0);
    assert_eq!(conn.applied_migrations().unwrap().len(), 2);
    diesel::insert_into(notes::table)
        .values((notes::id.eq(1), notes::text.eq("one"), notes::kind.eq("plain")))
        .execute(conn)
        .unwrap();
    conn.revert_last_migration(MIGRATIONS).unwrap();
    assert_eq!(conn.pending_migrations(MIGRATIONS).unwrap().len(), 1);
    assert_eq!(notes::table.select(notes::text).first(conn), Ok("one".to_owned()));
    conn.revert_all_migrations(MIGRATIONS).unwrap();
    assert!(notes::table.count().get_result::<i64>(conn).is_err());
}
