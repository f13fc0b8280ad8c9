//! What is opened as a store, and what is not.

use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use pressroom_contracts::build;
use pressroom_diesel_sqlite::{OpenError, SealingKey, Store};
use pressroom_diesel_store::migrations::State;
use pressroom_domain::{NewDataModel, NodeName, ProviderModel};
use pressroom_ports::{
    CategoryRepository, Change, DataModelRepository, NodeRepository, OutboxRepository, Slice,
    StoreError,
};
use tempfile::tempdir;

fn run(path: &Path, sql: &str) {
    let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    conn.batch_execute(sql).unwrap();
}

#[tokio::test]
async fn what_was_written_is_there_after_the_next_start() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    let store = Store::open(&path, true).unwrap();
    let made = CategoryRepository::create(&store, build::new_category("Sales")).await.unwrap();
    drop(store);
    let store = Store::open(&path, false).unwrap();
    let found = CategoryRepository::list(&store, Slice::first(10)).await.unwrap();
    assert_eq!(found, [made]);
}

/// The table of migrations is the first that is made.
#[test]
fn a_first_start_that_was_killed_is_made_up_for() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    let begun = "create table __diesel_schema_migrations (
        version varchar(50) primary key not null,
        run_on timestamp not null default current_timestamp)";
    run(&path, begun);
    let error = Store::open(&path, false).unwrap_err();
    assert!(matches!(error, OpenError::Missing(_)), "{error}");
    drop(Store::open(&path, true).unwrap());
    drop(Store::open(&path, false).unwrap());
}

#[test]
fn a_snapshot_is_a_store_of_its_own_and_damage_is_found() {
    let folder = tempdir().unwrap();
    let (path, to) = (folder.path().join("pressroom.db"), folder.path().join("then.db"));
    let store = Store::open(&path, true).unwrap();
    Store::snapshot(&path, &to).unwrap();
    drop(store);
    Store::verify(&to).unwrap();
    drop(Store::open(&to, false).unwrap());
    assert!(Store::snapshot(&path, &to).is_err(), "nothing is overwritten");
    let damage =
        "pragma foreign_keys = off; insert into memberships (user_id, group_id) values (1, 2)";
    run(&to, damage);
    let error = Store::verify(&to).unwrap_err();
    assert!(error.to_string().contains("memberships refers to what is not there"), "{error}");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4_096].fill(0x55);
    fs::write(&path, bytes).unwrap();
    assert!(Store::verify(&path).is_err());
}

#[tokio::test]
async fn two_processes_share_a_store() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    let (one, two) = (Store::open(&path, true).unwrap(), Store::open(&path, false).unwrap());
    for number in 0..20 {
        let name = format!("Sales {number}");
        let (a, b) = tokio::join!(
            CategoryRepository::create(&one, build::new_category(&name)),
            CategoryRepository::create(&two, build::new_category(&name))
        );
        assert_ne!(a.unwrap().id, b.unwrap().id);
    }
    let seen = CategoryRepository::list(&one, Slice::first(100)).await.unwrap();
    assert_eq!(seen.len(), 40);
}

#[test]
fn a_mistyped_path_makes_no_store() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("presroom.db");
    let error = Store::open(&path, false).unwrap_err();
    assert!(matches!(error, OpenError::Missing(_)), "{error}");
    assert!(!path.exists());
    fs::write(&path, b"").unwrap();
    let error = Store::open(&path, false).unwrap_err();
    assert!(matches!(error, OpenError::Missing(_)), "{error}");
    let error = Store::open(&folder.path().join("no/such/folder.db"), true).unwrap_err();
    assert!(matches!(error, OpenError::Database { .. }), "{error}");
}

#[test]
fn another_programs_database_is_left_alone() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("nwind.db");
    run(&path, "create table orders (id integer)");
    let before = fs::read(&path).unwrap();
    let error = Store::open(&path, true).unwrap_err();
    assert!(matches!(error, OpenError::Foreign(_)), "{error}");
    assert!(fs::read(&path).unwrap() == before);

    let text = folder.path().join("notes.txt");
    fs::write(&text, "no database at all, but long enough to be looked at".repeat(100)).unwrap();
    let error = Store::open(&text, true).unwrap_err();
    assert!(matches!(error, OpenError::Database { .. }), "{error}");
}

/// What a newer version did: a migration that only adds, and one that takes away.
const ADDED: &str = "alter table categories add column color text;
     create table ribbons (id bigint not null primary key);
     insert into __diesel_schema_migrations (version) values ('99991231000000')";
const TAKEN_AWAY: &str = "alter table data_models drop column description;
     insert into contractions (version) values ('99991231000001');
     insert into __diesel_schema_migrations (version) values ('99991231000001')";

#[tokio::test]
async fn an_older_version_works_on_what_a_newer_one_has_only_added_to() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    let running = Store::open(&path, true).unwrap();
    run(&path, ADDED);
    let made = CategoryRepository::create(&running, build::new_category("Sales")).await.unwrap();
    // It was there all the time, or is started anew.
    let started = Store::open(&path, false).unwrap();
    for store in [running, started] {
        let found = CategoryRepository::list(&store, Slice::first(10)).await.unwrap();
        assert_eq!(found, std::slice::from_ref(&made));
    }
    assert_eq!(Store::survey(&path).unwrap().tables, State::Current);
}

#[test]
fn an_older_version_refuses_a_store_from_which_a_newer_one_took_something_away() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    drop(Store::open(&path, true).unwrap());
    run(&path, TAKEN_AWAY);
    run(&path, ADDED);
    let error = Store::open(&path, true).unwrap_err();
    assert!(error.to_string().contains("a newer version (migration 99991231000001)"), "{error}");
    let state = Store::survey(&path).unwrap().tables;
    assert_eq!(state, State::Ahead("99991231000001".into()));
}

#[test]
fn a_contraction_that_is_known_is_none_to_refuse() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    drop(Store::open(&path, true).unwrap());
    run(&path, "insert into contractions (version) values ('20261124000011')");
    run(&path, ADDED);
    assert!(Store::open(&path, true).is_ok());
}

/// Before there was a list of contractions, every migration might have been one.
#[test]
fn what_stands_beside_an_older_store_is_refused() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    drop(Store::open(&path, true).unwrap());
    undo_the_newest(&path, "2026-11-24-000011_nodes");
    run(&path, "insert into __diesel_schema_migrations (version) values ('99991231000000')");
    let error = Store::open(&path, true).unwrap_err();
    assert!(error.to_string().contains("a newer version (migration 99991231000000)"), "{error}");
}

#[tokio::test]
async fn of_many_that_open_an_older_store_one_migrates_it() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    drop(Store::open(&path, true).unwrap());
    undo_the_newest(&path, "2026-11-24-000011_nodes");
    assert_eq!(Store::survey(&path).unwrap().tables, State::Behind);
    let openers: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            std::thread::spawn(move || Store::open(&path, false).map(drop))
        })
        .collect();
    for opener in openers {
        opener.join().unwrap().unwrap();
    }
    assert_eq!(Store::survey(&path).unwrap().tables, State::Current);
    let store = Store::open(&path, false).unwrap();
    assert_eq!(NodeRepository::list(&store).await.unwrap(), []);
}

/// Takes a migration back, which has to be the newest that was run for what it made.
fn undo_the_newest(path: &Path, folder: &str) {
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
    run(path, &fs::read_to_string(migrations.join(folder).join("down.sql")).unwrap());
    let version: String = folder.chars().filter(char::is_ascii_digit).take(14).collect();
    run(path, &format!("delete from __diesel_schema_migrations where version = '{version}'"));
}

/// A migration that is undone leaves nothing, so that it can be done again.
#[test]
fn migrations_can_be_undone() {
    #[derive(QueryableByName)]
    struct Name {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    drop(Store::open(&path, true).unwrap());
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
    let mut steps: Vec<_> = fs::read_dir(migrations).unwrap().map(|e| e.unwrap().path()).collect();
    steps.sort();
    let down = |step: &Path| fs::read_to_string(step.join("down.sql")).unwrap();
    for step in steps.iter().rev() {
        run(&path, &down(step));
    }
    let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
    let left: Vec<Name> = diesel::sql_query("select name from sqlite_schema where type = 'table'")
        .load(&mut conn)
        .unwrap();
    let left: Vec<_> = left.into_iter().map(|table| table.name).collect();
    assert_eq!(left, ["__diesel_schema_migrations"]);
}

#[tokio::test]
async fn connections_are_sealed_and_open_with_their_key_only() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    let key = |byte: u8| SealingKey::from_bytes(&[byte; 32]);
    let store = Store::open(&path, true).unwrap().sealed_with(key(1));
    let Change { entity, audit, .. } = build::new_data_model("Sales");
    let secret = "Data Source=sales.db;Password=hunter2";
    let entity = NewDataModel { provider: ProviderModel::sqlite(secret), ..entity };
    let model = DataModelRepository::create(&store, Change::new(entity, audit)).await.unwrap();
    assert_eq!(DataModelRepository::get(&store, model.id).await.unwrap(), model);
    drop(store);
    for file in fs::read_dir(folder.path()).unwrap() {
        // The files beside the database vanish when its last connection is closed.
        let Ok(bytes) = fs::read(file.unwrap().path()) else { continue };
        assert!(!bytes.windows(7).any(|window| window == b"hunter2"));
    }
    for store in
        [Store::open(&path, false).unwrap(), Store::open(&path, false).unwrap().sealed_with(key(2))]
    {
        let error = DataModelRepository::get(&store, model.id).await.unwrap_err();
        assert!(matches!(&error, StoreError::Unreadable { .. }), "{error:?}");
        assert!(error.to_string().contains("give"), "{error}");
    }
}

/// Neither while it waits, nor once it is sent, nor in what lies beside the database.
#[tokio::test]
async fn mails_are_sealed_and_one_that_cannot_be_opened_holds_up_no_other() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    let key = |byte: u8| SealingKey::from_bytes(&[byte; 32]);
    let store = Store::open(&path, true).unwrap().sealed_with(key(1));
    let mut mail = build::mail("hunter2");
    mail.text = "https://example.com/?token=hunter2".into();
    mail.html = "<a href=\"https://example.com/?token=hunter2\">hunter2</a>".into();
    let queue = async |store: &Store, mail| {
        let category = build::new_category("Shelf").sending(mail);
        CategoryRepository::create(store, category).await.unwrap();
    };
    queue(&store, mail.clone()).await;
    let in_no_file = || {
        for file in fs::read_dir(folder.path()).unwrap() {
            // The files beside the database vanish when its last connection is closed.
            let Ok(bytes) = fs::read(file.unwrap().path()) else { continue };
            assert!(!bytes.windows(7).any(|window| window == b"hunter2"));
        }
    };
    in_no_file();
    let (now, lease, node) = (build::at(10), TimeDelta::microseconds(5), NodeName::new("node"));
    let claimed = store.claim_due(now, lease, &node).await.unwrap().unwrap();
    assert_eq!(claimed.mail, mail);
    drop(store);
    in_no_file();

    let store = Store::open(&path, false).unwrap().sealed_with(key(2));
    queue(&store, build::mail("other")).await;
    let later = now + TimeDelta::seconds(1);
    let other = store.claim_due(later, lease, &node).await.unwrap().unwrap();
    assert_eq!(other.mail.subject, "other");
    store.sent(other.id, other.fence).await.unwrap();
    let error = store.claim_due(later, lease, &node).await.unwrap_err();
    assert!(matches!(&error, StoreError::Unreadable { .. }), "{error:?}");
    assert!(store.claim_due(later, lease, &node).await.unwrap().is_none(), "it is put aside");
    in_no_file();
}

#[test]
fn a_look_tells_how_the_tables_stand_and_changes_nothing() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    let error = Store::survey(&path).unwrap_err();
    assert!(matches!(error, OpenError::Missing(_)), "{error}");
    drop(Store::open(&path, true).unwrap());
    let survey = Store::survey(&path).unwrap();
    assert!(survey.engine.starts_with("SQLite 3."), "{survey:?}");
    assert_eq!(survey.tables, State::Current);
    let oldest = "(select min(version) from __diesel_schema_migrations)";
    run(&path, &format!("delete from __diesel_schema_migrations where version <> {oldest}"));
    let before = fs::read(&path).unwrap();
    assert_eq!(Store::survey(&path).unwrap().tables, State::Behind);
    assert!(fs::read(&path).unwrap() == before);
    run(&path, "insert into __diesel_schema_migrations (version) values ('99991231000000')");
    let newer = State::Ahead("99991231000000".to_owned());
    assert_eq!(Store::survey(&path).unwrap().tables, newer);
}
