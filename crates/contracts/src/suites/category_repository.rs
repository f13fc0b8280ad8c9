//! What a `CategoryRepository` promises.

use pressroom_domain::{
    Access, Category, CategoryId, CategoryUpdate, Holder, OptimisticLock, Permission, Scope,
    SubjectKind, Verb,
};
use pressroom_ports::{Change, Grant, Kind, Slice, StoreError, Stores};

use super::{assert_error, last_line, race, trail};
use crate::build;

/// Makes tests of the categories of a store.
#[macro_export]
macro_rules! category_repository_contract {
    ($make:expr) => {
        $crate::suite! { category_repository, $make,
            creates_with_lock_0_and_gives_back
            keeps_every_character_of_a_name
            several_may_be_called_the_same
            never_gives_an_id_twice
            lists_slice_by_slice
            an_update_grows_the_lock
            a_stale_lock_changes_nothing
            an_update_without_a_lock_writes_over
            of_many_writers_one_wins
            what_is_missing_is_not_found
            deletes_with_its_permissions
            keeps_one_that_holds_documents
            a_document_never_stands_in_a_deleted_category
            writes_come_with_their_line
        }
    };
}

fn update(id: CategoryId, expected: Option<i64>, text: &str) -> Change<CategoryUpdate> {
    let expected = expected.map(OptimisticLock);
    let update = CategoryUpdate { id, expected, name: build::name(text) };
    build::change(update, Verb::Update, SubjectKind::Category, id)
}

fn delete(id: CategoryId) -> Change<CategoryId> {
    build::change(id, Verb::Delete, SubjectKind::Category, id)
}

/// What was made is found as it was made.
pub async fn creates_with_lock_0_and_gives_back(stores: &Stores) {
    let made = build::category(stores, "Invoices").await;
    assert_eq!((made.name.as_str(), made.lock), ("Invoices", OptimisticLock(0)));
    assert_eq!(stores.categories.get(made.id).await.unwrap(), made);
}

/// Names come back character by character.
pub async fn keeps_every_character_of_a_name(stores: &Stores) {
    for text in ["Größe", "漢字 🧾", "e\u{301}", "O'Brien \"; DROP TABLE", &"é".repeat(250)]
    {
        let made = build::category(stores, text).await;
        assert_eq!(stores.categories.get(made.id).await.unwrap().name.as_str(), text);
    }
}

/// Names of categories need not differ.
pub async fn several_may_be_called_the_same(stores: &Stores) {
    let first = build::category(stores, "Invoices").await;
    let second = build::category(stores, "Invoices").await;
    assert_ne!(first.id, second.id);
}

/// The id of a deleted category does not come back.
pub async fn never_gives_an_id_twice(stores: &Stores) {
    let first = build::category(stores, "Invoices").await;
    stores.categories.delete(delete(first.id)).await.unwrap();
    let second = build::category(stores, "Invoices").await;
    assert!(second.id > first.id, "{} after {}", second.id, first.id);
}

/// A list can be read in slices that neither overlap nor leave anything out.
pub async fn lists_slice_by_slice(stores: &Stores) {
    let mut made: Vec<Category> = Vec::new();
    for number in 0..5 {
        made.push(build::category(stores, &format!("Category {number}")).await);
    }
    let list = async |slice| stores.categories.list(slice).await.unwrap();
    assert_eq!(list(Slice::first(100)).await, made);
    assert_eq!(list(Slice::first(2)).await, made[..2]);
    assert_eq!(list(Slice::after(made[1].id, 2)).await, made[2..4]);
    assert_eq!(list(Slice::after(made[3].id, 2)).await, made[4..]);
    assert_eq!(list(Slice::after(made[4].id, 2)).await, []);
    assert_eq!(list(Slice::first(0)).await, []);
}

/// A write is seen, and grows the lock by 1.
pub async fn an_update_grows_the_lock(stores: &Stores) {
    let made = build::category(stores, "Invoices").await;
    let updated = stores.categories.update(update(made.id, Some(0), "Bills")).await.unwrap();
    assert_eq!((updated.name.as_str(), updated.lock), ("Bills", OptimisticLock(1)));
    assert_eq!(stores.categories.get(made.id).await.unwrap(), updated);
}

/// A writer who saw an older state changes nothing, and learns the lock.
pub async fn a_stale_lock_changes_nothing(stores: &Stores) {
    let made = build::category(stores, "Invoices").await;
    let updated = stores.categories.update(update(made.id, Some(0), "Bills")).await.unwrap();
    for stale in [0, 2, -1] {
        assert_error!(
            stores.categories.update(update(made.id, Some(stale), "Lost")).await,
            StoreError::Conflict { kind: Kind::Category, current: OptimisticLock(1), .. }
        );
    }
    assert_eq!(stores.categories.get(made.id).await.unwrap(), updated);
}

/// A writer who names no lock writes over whatever is there.
pub async fn an_update_without_a_lock_writes_over(stores: &Stores) {
    let made = build::category(stores, "Invoices").await;
    for (text, lock) in [("Bills", 1), ("Receipts", 2)] {
        let updated = stores.categories.update(update(made.id, None, text)).await.unwrap();
        assert_eq!((updated.name.as_str(), updated.lock), (text, OptimisticLock(lock)));
    }
}

/// No write is lost: of writers who saw the same state, one wins and the others are told.
pub async fn of_many_writers_one_wins(stores: &Stores) {
    let id = build::category(stores, "Invoices").await.id;
    let results = race((0..8).map(|writer| {
        let categories = stores.categories.clone();
        async move { categories.update(update(id, Some(0), &format!("Writer {writer}"))).await }
    }))
    .await;
    let winners: Vec<&Category> =
        results.iter().filter_map(|result| result.as_ref().ok()).collect();
    assert_eq!(winners.len(), 1, "{results:?}");
    assert_eq!(stores.categories.get(id).await.unwrap(), *winners[0]);
    for lost in results.iter().filter(|result| result.is_err()) {
        assert!(
            matches!(lost, Err(StoreError::Conflict { current: OptimisticLock(1), .. })),
            "{lost:?}"
        );
    }
}

/// What is not there is said not to be there.
pub async fn what_is_missing_is_not_found(stores: &Stores) {
    let id = CategoryId(987_654);
    let missing = |kind, text: &str| kind == Kind::Category && text == "987654";
    assert_error!(stores.categories.get(id).await, StoreError::NotFound { kind, id } if missing(kind, &id));
    assert_error!(
        stores.categories.update(update(id, Some(0), "x")).await,
        StoreError::NotFound { kind, id } if missing(kind, &id)
    );
    assert_error!(
        stores.categories.delete(delete(id)).await,
        StoreError::NotFound { kind, id } if missing(kind, &id)
    );
}

/// Permissions on a category and on its documents go with it; others stay.
pub async fn deletes_with_its_permissions(stores: &Stores) {
    let made = build::category(stores, "Invoices").await;
    let other = build::category(stores, "Letters").await;
    let ann = build::user(stores, "ann").await;
    let holder = Holder::User(ann.id);
    let kept = [
        Permission::new(Access::READ, Scope::AllCategories),
        Permission::new(Access::READ, Scope::Category(other.id)),
    ];
    let gone = [
        Permission::new(Access::READ, Scope::Category(made.id)),
        Permission::new(Access::READ, Scope::DocumentsIn(made.id)),
    ];
    let grant = Grant { holder, expected: None, permissions: [kept, gone].concat() };
    let grant = build::change(grant, Verb::Grant, SubjectKind::User, ann.id);
    stores.permissions.grant(grant).await.unwrap();
    stores.categories.delete(delete(made.id)).await.unwrap();
    assert_error!(stores.categories.get(made.id).await, StoreError::NotFound { .. });
    assert_eq!(stores.permissions.granted_to(holder).await.unwrap(), kept);
}

/// A category that holds documents is kept.
pub async fn keeps_one_that_holds_documents(stores: &Stores) {
    let document = build::document(stores, "Invoice").await;
    let id = document.category_id;
    assert_error!(
        stores.categories.delete(delete(id)).await,
        StoreError::InUse { kind: Kind::Category, by, .. } if by.contains("1 document")
    );
    assert!(stores.categories.get(id).await.is_ok());
    let gone = build::change(document.id, Verb::Delete, SubjectKind::Document, document.id);
    stores.documents.delete(gone).await.unwrap();
    stores.categories.delete(delete(id)).await.unwrap();
}

/// Deleting a category while documents are made in it leaves both or neither.
pub async fn a_document_never_stands_in_a_deleted_category(stores: &Stores) {
    for _ in 0..4 {
        let id = build::category(stores, "Invoices").await.id;
        let deleting = {
            let stores = stores.clone();
            tokio::spawn(async move { stores.categories.delete(delete(id)).await.is_ok() })
        };
        let making = {
            let stores = stores.clone();
            let new = build::new_document(id, "Invoice");
            tokio::spawn(async move { stores.documents.create(new).await.is_ok() })
        };
        let (deleted, made) = (deleting.await.unwrap(), making.await.unwrap());
        assert!(deleted != made, "deleted: {deleted}, made: {made}");
        assert_eq!(stores.categories.get(id).await.is_ok(), made);
    }
}

/// Each write is in the trail, with the id that the store gave; a failed one is not.
pub async fn writes_come_with_their_line(stores: &Stores) {
    let made = build::category(stores, "Invoices").await;
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.id), (Verb::Create, Some(made.id.to_string())));
    stores.categories.update(update(made.id, Some(0), "Bills")).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::Update);
    let lines = trail(stores).await.len();
    let stale = stores.categories.update(update(made.id, Some(0), "Lost")).await;
    assert!(stale.is_err());
    assert_eq!(trail(stores).await.len(), lines);
    stores.categories.delete(delete(made.id)).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::Delete);
}
