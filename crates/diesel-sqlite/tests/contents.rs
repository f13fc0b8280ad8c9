//! The tables that are copied are those that there are.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::SqliteConnection;
use pressroom_contracts::build;
use pressroom_diesel_sqlite::{SealingKey, Store};
use pressroom_domain::{NewDataModel, ProviderModel};
use pressroom_ports::{CategoryRepository, Change, DataModelRepository, Sealed, StoreContents};

/// Tables that belong to the engine, or to the processes that use a store.
const LEFT_OUT: [&str; 3] = ["__diesel_schema_migrations", "contractions", "nodes"];

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = BigInt)]
    key_place: i64,
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    referred: String,
}

const COLUMNS: &str = "select s.name as table_name, c.name as column_name, c.pk as key_place
    from sqlite_schema s join pragma_table_info(s.name) c where s.type = 'table'";
const REFERENCES: &str = "select s.name as table_name, r.\"table\" as referred
    from sqlite_schema s join pragma_foreign_key_list(s.name) r where s.type = 'table'";

/// A table or a column that is forgotten would be missing in every copy.
#[test]
fn every_table_is_copied_with_every_column_after_what_it_refers_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    let store = Store::open(&path, true).unwrap();
    let tables = StoreContents::tables(&store);
    let mut conn = SqliteConnection::establish(path.to_str().unwrap()).unwrap();

    let mut there: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut keys: BTreeMap<String, BTreeMap<i64, String>> = BTreeMap::new();
    let columns: Vec<Column> = diesel::sql_query(COLUMNS).load(&mut conn).unwrap();
    for column in columns {
        if LEFT_OUT.contains(&column.table_name.as_str()) {
            continue;
        }
        if column.key_place > 0 {
            let key = keys.entry(column.table_name.clone()).or_default();
            key.insert(column.key_place, column.column_name.clone());
        }
        there.entry(column.table_name).or_default().insert(column.column_name);
    }
    let strings = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let copied: BTreeMap<String, BTreeSet<String>> =
        tables.iter().map(|table| (table.name.to_owned(), strings(table.columns))).collect();
    assert_eq!(copied, there);
    for table in tables {
        let key: Vec<&str> = keys[table.name].values().map(String::as_str).collect();
        assert_eq!(table.columns[..table.key_columns], key, "{}", table.name);
    }

    let place = |name: &str| tables.iter().position(|table| table.name == name).unwrap();
    let references: Vec<Reference> = diesel::sql_query(REFERENCES).load(&mut conn).unwrap();
    assert!(references.len() > 10);
    for Reference { table_name, referred } in references {
        assert!(place(&referred) < place(&table_name), "{table_name} refers to {referred}");
    }
}

/// Secrets that the key at hand does not open are found before somebody misses them.
#[tokio::test]
async fn what_is_sealed_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pressroom.db");
    let key = |byte: u8| SealingKey::from_bytes(&[byte; 32]);
    let store = Store::open(&path, true).unwrap();
    CategoryRepository::create(&store, build::new_category("Plain").sending(build::mail("plain")))
        .await
        .unwrap();
    assert_eq!(store.sealed().await.unwrap(), Sealed::default());
    let store = store.sealed_with(key(1));
    for number in 0..3 {
        let Change { entity, audit, .. } = build::new_data_model(&format!("Sales {number}"));
        let entity = NewDataModel {
            provider: ProviderModel::sqlite("Data Source=sales.db;Password=x"),
            ..entity
        };
        DataModelRepository::create(&store, Change::new(entity, audit)).await.unwrap();
    }
    let category = build::new_category("Shelf").sending(build::mail("secret"));
    CategoryRepository::create(&store, category).await.unwrap();
    assert_eq!(store.sealed().await.unwrap(), Sealed { texts: 4, unopened: 0 });
    drop(store);
    let store = Store::open(&path, false).unwrap().sealed_with(key(2));
    assert_eq!(store.sealed().await.unwrap(), Sealed { texts: 4, unopened: 4 });
}
