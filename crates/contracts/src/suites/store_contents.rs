//! What a `StoreContents` promises.

use std::collections::BTreeSet;
use std::sync::Arc;

use pressroom_ports::{COPYING, Cell, StoreContents, StoreError, Table};

use super::assert_error;

/// Makes tests of a new store that gives and takes its rows.
#[macro_export]
macro_rules! store_contents_contract {
    ($make:expr) => {
        $crate::suite! { store_contents, $make,
            gives_back_rows_as_they_were_put
            gives_every_row_once_part_by_part
            finds_rows_by_their_keys
            tells_keys_by_the_blanks_they_end_with
            tells_who_somebody_is_by_the_blanks_at_the_end
            replaces_rows_where_they_stand
            writes_all_rows_or_none
            deletes_rows_and_what_goes_with_them
            leaves_out_what_is_not_content
            takes_many_rows_at_a_time
        }
    };
}

/// What is tested.
pub type Contents = Arc<dyn StoreContents>;

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn table(store: &Contents, name: &str) -> &'static Table {
    store.tables().iter().find(|table| table.name == name).unwrap()
}

/// A row by the names of its columns, of which none is left out.
fn row(store: &Contents, name: &str, values: &[(&str, Cell)]) -> Vec<Cell> {
    let table = table(store, name);
    assert_eq!(values.len(), table.columns.len(), "{name}");
    let value = |column: &&str| {
        let found = values.iter().find(|(name, _)| name == column);
        found.unwrap_or_else(|| panic!("{name}.{column}")).1.clone()
    };
    table.columns.iter().map(value).collect()
}

fn category(store: &Contents, id: i64, name: &str) -> Vec<Cell> {
    let values =
        [("id", Cell::Integer(id)), ("name", text(name)), ("optimistic_lock", Cell::Integer(1))];
    row(store, "categories", &values)
}

fn document(store: &Contents, id: i64, category: i64, locked_by: Cell) -> Vec<Cell> {
    let values = [
        ("id", Cell::Integer(id)),
        ("category_id", Cell::Integer(category)),
        ("name", text("Größe 漢字 '\"🧾 ")),
        ("description", text("")),
        ("document_type", text("report")),
        ("auto_refresh_interval_s", Cell::Integer(0)),
        ("modified_by", text("ann")),
        ("modified_at", Cell::Integer(1_764_000_000_123_456)),
        ("locked_by", locked_by),
        ("revision_id", Cell::Integer(i64::MAX)),
        ("optimistic_lock", Cell::Integer(i64::MIN)),
        ("name_key", Cell::Null),
    ];
    row(store, "documents", &values)
}

fn revision(store: &Contents, id: i64, document: i64, comment: &str) -> Vec<Cell> {
    let values = [
        ("id", Cell::Integer(id)),
        ("document_id", Cell::Integer(document)),
        ("number", Cell::Integer(id)),
        ("created_at", Cell::Integer(-1)),
        ("user_name", text("ann")),
        ("comment", text(comment)),
        ("layout", Cell::Bytes((0..=255).collect())),
    ];
    row(store, "revisions", &values)
}

fn named(document: i64, name: &str) -> Vec<Cell> {
    vec![Cell::Integer(document), text(name)]
}

fn permission(holder: &str, id: i64, scope: &str, entity: i64) -> Vec<Cell> {
    vec![text(holder), Cell::Integer(id), text(scope), Cell::Integer(entity), Cell::Integer(7)]
}

fn moment(name: &str, at: i64) -> Vec<Cell> {
    vec![text(name), Cell::Integer(at)]
}

fn user(store: &Contents, id: i64) -> Vec<Cell> {
    let values = [
        ("id", Cell::Integer(id)),
        ("user_name", text(format!("user {id}"))),
        ("user_name_key", text(format!("user {id}"))),
        ("first_name", Cell::Null),
        ("last_name", Cell::Null),
        ("email", Cell::Null),
        ("account_type", text("internal")),
        ("active", Cell::Truth(true)),
        ("pending", Cell::Truth(false)),
        ("password_hash", Cell::Null),
        ("optimistic_lock", Cell::Integer(0)),
    ];
    row(store, "users", &values)
}

fn external(issuer: &str, subject: &str, user: i64) -> Vec<Cell> {
    vec![text(issuer), text(subject), Cell::Integer(user)]
}

/// Keys that differ by nothing but the blanks at their end, and what stands between them in an order.
const ALL_BUT_ALIKE: [&str; 8] = ["", " ", "a", "a ", "a  ", "a\t", "a b", "A "];

/// All rows of a table, read two at a time.
async fn all(store: &Contents, name: &str) -> Vec<Vec<Cell>> {
    let (table, mut all, mut after) = (table(store, name), Vec::new(), None);
    loop {
        let rows = store.rows(name, after, 2).await.unwrap();
        let Some(last) = rows.last() else { return all };
        after = Some(table.key_of(last).to_vec());
        all.extend(rows);
    }
}

async fn put(store: &Contents, table: &str, rows: Vec<Vec<Cell>>) {
    store.put(table, rows).await.unwrap();
}

/// Every character, large texts, bytes, numbers to their bounds, and no value.
pub async fn gives_back_rows_as_they_were_put(store: &Contents) {
    put(store, "categories", vec![category(store, 1, "")]).await;
    let documents = vec![document(store, 1, 1, Cell::Null), document(store, 2, 1, text("ann"))];
    put(store, "documents", documents.clone()).await;
    let large = "x".repeat(3 << 20);
    let revisions = vec![revision(store, 1, 2, &large), revision(store, 2, 2, "'; drop table x")];
    put(store, "revisions", revisions.clone()).await;
    assert_eq!(all(store, "documents").await, documents);
    assert!(all(store, "revisions").await == revisions);
}

/// Whatever the columns of the key.
pub async fn gives_every_row_once_part_by_part(store: &Contents) {
    put(store, "categories", vec![category(store, 1, "Sales")]).await;
    put(store, "documents", (1..=3).map(|id| document(store, id, 1, Cell::Null)).collect()).await;
    let names = ["a", "B", "b", "ä", "漢", "a b", "a-b"];
    let pairs = (1..=3).flat_map(|id| names.map(|name| named(id, name)));
    let pairs: BTreeSet<Vec<Cell>> = pairs.collect();
    put(store, "document_data_models", pairs.iter().cloned().collect()).await;
    assert_same(&all(store, "document_data_models").await, &pairs);

    let permissions = ["group", "user"].into_iter().flat_map(|holder| {
        (1..=2).flat_map(move |id| {
            ["allDocuments", "document"].into_iter().flat_map(move |scope| {
                (0..=1).map(move |entity| permission(holder, id, scope, entity))
            })
        })
    });
    let permissions: BTreeSet<Vec<Cell>> = permissions.collect();
    put(store, "permissions", permissions.iter().cloned().collect()).await;
    assert_same(&all(store, "permissions").await, &permissions);
    assert_eq!(store.count("permissions").await.unwrap(), 16);
}

/// Those of keys that no row has are not among them.
pub async fn finds_rows_by_their_keys(store: &Contents) {
    let (one, two) = (permission("user", 1, "document", 5), permission("user", 2, "document", 5));
    put(store, "permissions", vec![one.clone(), two]).await;
    let none = permission("user", 3, "document", 5);
    let keys = vec![one[..4].to_vec(), none[..4].to_vec()];
    assert_eq!(store.find("permissions", keys).await.unwrap(), [one]);
    assert!(store.find("permissions", Vec::new()).await.unwrap().is_empty());
    put(store, "categories", (1..=250).map(|id| category(store, id, "x")).collect()).await;
    let keys = (101..=400).map(|id| vec![Cell::Integer(id)]).collect();
    assert_eq!(store.find("categories", keys).await.unwrap().len(), 150);
}

/// Part by part, by their keys, where they are replaced and where they are deleted. Nor is it the
/// moment of a copy that is called almost so.
pub async fn tells_keys_by_the_blanks_they_end_with(store: &Contents) {
    let copying = format!("{COPYING} ");
    let names = || ALL_BUT_ALIKE.into_iter().chain([&*copying]).zip(1..);
    let mut moments: BTreeSet<_> = names().map(|(name, at)| moment(name, at)).collect();
    put(store, "moments", moments.iter().cloned().collect()).await;
    assert_same(&all(store, "moments").await, &moments);
    assert_eq!(store.count("moments").await.unwrap(), moments.len() as u64);
    for (name, at) in names() {
        let found = store.find("moments", vec![vec![text(name)]]).await.unwrap();
        assert_eq!(found, [moment(name, at)]);
    }
    for name in [COPYING, "   ", "a   ", "A", "\t"] {
        let found = store.find("moments", vec![vec![text(name)]]).await.unwrap();
        assert!(found.is_empty(), "{name:?}: {found:?}");
    }
    for (name, at) in names() {
        put(store, "moments", vec![moment(name, -at)]).await;
        moments.remove(&moment(name, at));
        moments.insert(moment(name, -at));
        assert_same(&all(store, "moments").await, &moments);
    }
    for (name, at) in names() {
        store.delete("moments", vec![vec![text(name)]]).await.unwrap();
        moments.remove(&moment(name, -at));
        assert_same(&all(store, "moments").await, &moments);
    }
}

/// Whichever column of the key it is.
pub async fn tells_who_somebody_is_by_the_blanks_at_the_end(store: &Contents) {
    put(store, "users", vec![user(store, 1), user(store, 2)]).await;
    let pairs =
        || ALL_BUT_ALIKE.into_iter().flat_map(|one| ALL_BUT_ALIKE.map(move |other| (one, other)));
    let rows: BTreeSet<_> = pairs().map(|(one, other)| external(one, other, 1)).collect();
    put(store, "external_users", rows.iter().cloned().collect()).await;
    assert_same(&all(store, "external_users").await, &rows);
    let keys = || rows.iter().map(|row| row[..2].to_vec()).collect::<Vec<_>>();
    assert_same(&store.find("external_users", keys()).await.unwrap(), &rows);
    for (one, other) in [("", "  "), ("a   ", "a"), ("A", "a"), ("b", "a")] {
        let key = vec![vec![text(one), text(other)]];
        assert!(store.find("external_users", key).await.unwrap().is_empty(), "{one:?} {other:?}");
    }
    put(store, "external_users", vec![external("a ", "a", 2), external("a", "a  ", 2)]).await;
    store.delete("external_users", vec![vec![text("a"), text("a")]]).await.unwrap();
    store.delete("users", vec![vec![Cell::Integer(1)]]).await.unwrap();
    let left = [external("a ", "a", 2), external("a", "a  ", 2)];
    assert_same(&all(store, "external_users").await, &left.into());
}

/// Each once, in whatever order.
fn assert_same(found: &[Vec<Cell>], expect: &BTreeSet<Vec<Cell>>) {
    assert_eq!(found.len(), expect.len());
    assert_eq!(&found.iter().cloned().collect::<BTreeSet<_>>(), expect);
}

/// What refers to them stays.
pub async fn replaces_rows_where_they_stand(store: &Contents) {
    put(store, "categories", vec![category(store, 1, "Sales"), category(store, 2, "Old")]).await;
    let documents = vec![document(store, 1, 1, text("ann"))];
    put(store, "documents", documents).await;
    put(store, "document_data_models", vec![named(1, "sales")]).await;
    let categories =
        vec![category(store, 1, "Sales 2"), category(store, 2, "Old"), category(store, 3, "New")];
    put(store, "categories", categories.clone()).await;
    let documents = vec![document(store, 1, 2, Cell::Null)];
    put(store, "documents", documents.clone()).await;
    put(store, "document_data_models", vec![named(1, "sales"), named(1, "stock")]).await;
    assert_eq!(all(store, "categories").await, categories);
    assert_eq!(all(store, "documents").await, documents);
    assert_eq!(all(store, "document_data_models").await.len(), 2);
}

/// A row that has no place, or no value where there must be one, takes the others with it.
pub async fn writes_all_rows_or_none(store: &Contents) {
    put(store, "categories", vec![category(store, 1, "Sales")]).await;
    let rows = vec![document(store, 1, 1, Cell::Null), document(store, 2, 99, Cell::Null)];
    assert_error!(store.put("documents", rows).await, StoreError::NotFound { .. });
    let group = |id: i64, name: &str| {
        let values = [
            ("id", Cell::Integer(id)),
            ("name", text(name)),
            ("name_key", text(name)),
            ("built_in", Cell::Null),
            ("optimistic_lock", Cell::Integer(0)),
        ];
        row(store, "user_groups", &values)
    };
    put(store, "user_groups", vec![group(1, "a")]).await;
    let rows = vec![group(2, "b"), group(3, "a")];
    assert_error!(store.put("user_groups", rows).await, StoreError::Duplicate { .. });
    let short = vec![category(store, 2, "x"), vec![Cell::Integer(3)]];
    assert_error!(store.put("categories", short).await, StoreError::Unreadable { .. });
    assert_error!(store.put("nowhere", Vec::new()).await, StoreError::Unreadable { .. });
    assert_eq!(store.count("documents").await.unwrap(), 0);
    assert_eq!(store.count("user_groups").await.unwrap(), 1);
    assert_eq!(store.count("categories").await.unwrap(), 1);
}

/// What others need stays, with all that were to go in the same call.
pub async fn deletes_rows_and_what_goes_with_them(store: &Contents) {
    put(store, "categories", vec![category(store, 1, "Sales"), category(store, 2, "Old")]).await;
    put(store, "documents", (1..=2).map(|id| document(store, id, 1, Cell::Null)).collect()).await;
    put(store, "revisions", vec![revision(store, 1, 1, ""), revision(store, 2, 2, "")]).await;
    put(store, "document_data_models", vec![named(1, "sales"), named(2, "sales")]).await;
    let keys = |ids: &[i64]| ids.iter().map(|id| vec![Cell::Integer(*id)]).collect::<Vec<_>>();
    let error = store.delete("categories", keys(&[2, 1])).await;
    assert_error!(error, StoreError::InUse { .. });
    assert_eq!(store.count("categories").await.unwrap(), 2);
    store.delete("documents", keys(&[1, 7])).await.unwrap();
    assert_eq!(store.count("documents").await.unwrap(), 1);
    assert_eq!(all(store, "revisions").await, [revision(store, 2, 2, "")]);
    store.delete("document_data_models", vec![named(2, "sales")]).await.unwrap();
    assert_eq!(store.count("document_data_models").await.unwrap(), 0);
    store.delete("documents", keys(&[2])).await.unwrap();
    store.delete("categories", keys(&[2, 1])).await.unwrap();
    assert_eq!(store.count("categories").await.unwrap(), 0);
}

/// It is neither counted nor among the rows, and can be found, put and deleted by its key.
pub async fn leaves_out_what_is_not_content(store: &Contents) {
    put(store, "moments", vec![moment(COPYING, 1), moment("site", 2)]).await;
    assert_eq!(all(store, "moments").await, [moment("site", 2)]);
    assert_eq!(store.count("moments").await.unwrap(), 1);
    let key = || vec![vec![text(COPYING)]];
    assert_eq!(store.find("moments", key()).await.unwrap(), [moment(COPYING, 1)]);
    store.delete("moments", key()).await.unwrap();
    assert!(store.find("moments", key()).await.unwrap().is_empty());
    let counts = all(store, "sequences").await;
    assert!(counts.iter().all(|row| row[0] != text("writes") && row[1] == Cell::Integer(0)));
    assert_eq!(store.count("sequences").await.unwrap(), counts.len() as u64);
    assert_eq!(store.find("sequences", vec![vec![text("writes")]]).await.unwrap().len(), 1);
}

/// More than one statement of any engine holds.
pub async fn takes_many_rows_at_a_time(store: &Contents) {
    put(store, "categories", vec![category(store, 1, "Sales")]).await;
    let rows: Vec<_> = (1..=1_001).map(|id| document(store, id, 1, Cell::Null)).collect();
    put(store, "documents", rows.clone()).await;
    put(store, "documents", rows).await;
    assert_eq!(store.count("documents").await.unwrap(), 1_001);
    let keys = (1..=1_000).map(|id| vec![Cell::Integer(id)]).collect();
    store.delete("documents", keys).await.unwrap();
    assert_eq!(store.count("documents").await.unwrap(), 1);
}
