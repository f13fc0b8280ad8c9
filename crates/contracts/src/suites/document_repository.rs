//! What a `DocumentRepository` promises.

use std::collections::BTreeSet;

use pressroom_domain::{
    Access, BlobHash, CategoryId, Document, DocumentId, DocumentSave, DocumentUpdate, Holder,
    NewRevision, OptimisticLock, Permission, RevisionId, Scope, SubjectKind, Verb,
};
use pressroom_ports::{Change, Grant, Kind, Slice, StoreError, Stores};

use super::{assert_error, last_line, race, trail};
use crate::build;

/// Makes tests of the documents of a store.
#[macro_export]
macro_rules! document_repository_contract {
    ($make:expr) => {
        $crate::suite! { document_repository, $make,
            creates_with_a_first_revision
            needs_a_category
            keeps_every_character_and_microsecond
            never_gives_an_id_twice
            lists_slice_by_slice
            finds_all_of_a_name_in_any_letter_case
            an_update_keeps_the_revision
            a_save_adds_a_revision
            a_stale_lock_changes_nothing
            of_many_writers_one_wins
            revisions_count_without_a_gap
            what_is_missing_is_not_found
            a_revision_belongs_to_its_document
            deletes_with_revisions_and_permissions
            exports_keep_what_they_need_of_a_deleted_document
            writes_come_with_their_line
        }
    };
}

fn update(document: &Document, expected: Option<i64>, text: &str) -> Change<DocumentUpdate> {
    let update = DocumentUpdate {
        id: document.id,
        expected: expected.map(OptimisticLock),
        category_id: document.category_id,
        name: build::name(text),
        description: build::description("other words"),
        modified_by: build::user_name("bob"),
        modified_at: build::at(2_000_003),
    };
    build::change(update, Verb::Update, SubjectKind::Document, document.id)
}

fn save(id: DocumentId, expected: Option<i64>, byte: u8) -> Change<DocumentSave> {
    let revision = NewRevision {
        created_at: build::at(i64::from(byte)),
        user_name: build::user_name("bob"),
        comment: build::description("larger\ntype"),
        layout: BlobHash::from_bytes([byte; 32]),
        data_models: BTreeSet::new(),
    };
    let expected = expected.map(OptimisticLock);
    let auto_refresh_interval = build::seconds(60);
    let save = DocumentSave { id, expected, auto_refresh_interval, revision };
    build::change(save, Verb::Save, SubjectKind::Document, id)
}

fn delete(id: DocumentId) -> Change<DocumentId> {
    build::change(id, Verb::Delete, SubjectKind::Document, id)
}

/// A name leads to every document that is called so, as of its last change.
pub async fn finds_all_of_a_name_in_any_letter_case(stores: &Stores) {
    let first = build::document(stores, "Größe").await;
    let second = build::document(stores, "GRÖSSE").await;
    let third = build::document(stores, "GRÖße").await;
    let find = async |name: &str| stores.documents.find_by_name(name).await.unwrap();
    assert_eq!(find(" gröSSe ").await, std::slice::from_ref(&second));
    assert_eq!(find("größe").await, [first.clone(), third.clone()]);
    let renamed = stores.documents.update(update(&first, None, "Other")).await.unwrap();
    assert_eq!(find("GRÖße").await, [third]);
    assert_eq!(find("other").await, [renamed]);
    assert_eq!(find("").await, []);
    assert_eq!(find("gr%").await, []);
}

/// What was made is found as it was made, with revision 1.
pub async fn creates_with_a_first_revision(stores: &Stores) {
    let made = build::document(stores, "Invoice").await;
    assert_eq!(made.lock, OptimisticLock(0));
    assert_eq!((made.modified_by.as_str(), made.modified_at), ("ann", build::at(123_456)));
    assert_eq!(made.locked_by, None);
    assert_eq!(stores.documents.get(made.id).await.unwrap(), made);
    let revisions = stores.documents.revisions(made.id).await.unwrap();
    let [revision] = revisions.as_slice() else { panic!("one revision, not {revisions:?}") };
    assert_eq!((revision.id, revision.document_id), (made.revision_id, made.id));
    assert_eq!((revision.number, revision.layout), (1, BlobHash::from_bytes([1; 32])));
    assert_eq!((revision.comment.as_str(), revision.user_name.as_str()), ("first try", "ann"));
    let again = stores.documents.revision(made.id, revision.id).await.unwrap();
    assert_eq!(again, *revision);
}

/// A document stands in a category that is there.
pub async fn needs_a_category(stores: &Stores) {
    let nowhere = CategoryId(987_654);
    assert_error!(
        stores.documents.create(build::new_document(nowhere, "Invoice")).await,
        StoreError::NotFound { kind: Kind::Category, id } if id == "987654"
    );
    let made = build::document(stores, "Invoice").await;
    let mut moved = update(&made, Some(0), "Invoice");
    moved.entity.category_id = nowhere;
    assert_error!(
        stores.documents.update(moved).await,
        StoreError::NotFound { kind: Kind::Category, .. }
    );
    assert_eq!(stores.documents.get(made.id).await.unwrap(), made);
}

/// Texts come back character by character, times to the microsecond.
pub async fn keeps_every_character_and_microsecond(stores: &Stores) {
    let category = build::category(stores, "Shelf").await;
    for (text, microseconds) in
        [("Größe 漢字 🧾", 1), ("O'Brien \" %_\\", 999_999), ("e\u{301}", 0)]
    {
        let mut new = build::new_document(category.id, text);
        new.entity.description = build::description("line one\r\nline two\t🧾");
        new.entity.revision.created_at = build::at(microseconds);
        let made = stores.documents.create(new).await.unwrap();
        let read = stores.documents.get(made.id).await.unwrap();
        assert_eq!(read.name.as_str(), text);
        assert_eq!(read.description.as_str(), "line one\r\nline two\t🧾");
        assert_eq!(read.modified_at, build::at(microseconds));
        let revision = stores.documents.revision(made.id, made.revision_id).await.unwrap();
        assert_eq!(revision.created_at, build::at(microseconds));
    }
}

/// The ids of a deleted document and its revisions do not come back.
pub async fn never_gives_an_id_twice(stores: &Stores) {
    let first = build::document(stores, "Invoice").await;
    stores.documents.delete(delete(first.id)).await.unwrap();
    let second = build::document(stores, "Invoice").await;
    assert!(second.id > first.id && second.revision_id > first.revision_id);
}

/// A list can be read in slices that neither overlap nor leave anything out.
pub async fn lists_slice_by_slice(stores: &Stores) {
    let mut made: Vec<Document> = Vec::new();
    for number in 0..5 {
        made.push(build::document(stores, &format!("Document {number}")).await);
    }
    let list = async |slice| stores.documents.list(slice).await.unwrap();
    assert_eq!(list(Slice::first(100)).await, made);
    assert_eq!(list(Slice::first(2)).await, made[..2]);
    assert_eq!(list(Slice::after(made[1].id, 2)).await, made[2..4]);
    assert_eq!(list(Slice::after(made[4].id, 2)).await, []);
}

/// Other words about a document are no new revision.
pub async fn an_update_keeps_the_revision(stores: &Stores) {
    let made = build::document(stores, "Invoice").await;
    let shelf = build::category(stores, "Other shelf").await;
    let mut change = update(&made, Some(0), "Bill");
    change.entity.category_id = shelf.id;
    let updated = stores.documents.update(change).await.unwrap();
    assert_eq!((updated.name.as_str(), updated.lock), ("Bill", OptimisticLock(1)));
    assert_eq!(updated.category_id, shelf.id);
    assert_eq!(updated.revision_id, made.revision_id);
    assert_eq!((updated.modified_by.as_str(), updated.modified_at), ("bob", build::at(2_000_003)));
    assert_eq!(stores.documents.get(made.id).await.unwrap(), updated);
    assert_eq!(stores.documents.revisions(made.id).await.unwrap().len(), 1);
}

/// A new layout is a new revision, the newest comes first.
pub async fn a_save_adds_a_revision(stores: &Stores) {
    let made = build::document(stores, "Invoice").await;
    let saved = stores.documents.save(save(made.id, Some(0), 2)).await.unwrap();
    assert_eq!((saved.lock, saved.auto_refresh_interval.get()), (OptimisticLock(1), 60));
    assert_eq!((saved.modified_by.as_str(), saved.modified_at), ("bob", build::at(2)));
    assert_ne!(saved.revision_id, made.revision_id);
    assert_eq!(stores.documents.get(made.id).await.unwrap(), saved);
    let revisions = stores.documents.revisions(made.id).await.unwrap();
    let numbers: Vec<i64> = revisions.iter().map(|revision| revision.number).collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(revisions[0].id, saved.revision_id);
    assert_eq!(revisions[0].layout, BlobHash::from_bytes([2; 32]));
    assert_eq!(revisions[0].comment.as_str(), "larger\ntype");
}

/// A writer who saw an older state changes nothing, and learns the lock.
pub async fn a_stale_lock_changes_nothing(stores: &Stores) {
    let made = build::document(stores, "Invoice").await;
    let saved = stores.documents.save(save(made.id, Some(0), 2)).await.unwrap();
    assert_error!(
        stores.documents.save(save(made.id, Some(0), 3)).await,
        StoreError::Conflict { kind: Kind::Document, current: OptimisticLock(1), .. }
    );
    assert_error!(
        stores.documents.update(update(&made, Some(7), "Lost")).await,
        StoreError::Conflict { kind: Kind::Document, current: OptimisticLock(1), .. }
    );
    assert_eq!(stores.documents.get(made.id).await.unwrap(), saved);
    assert_eq!(stores.documents.revisions(made.id).await.unwrap().len(), 2);
}

/// No write is lost: of writers who saw the same state, one wins, and only it leaves a revision.
pub async fn of_many_writers_one_wins(stores: &Stores) {
    let id = build::document(stores, "Invoice").await.id;
    let results = race((2..10).map(|writer| {
        let documents = stores.documents.clone();
        async move { documents.save(save(id, Some(0), writer)).await }
    }))
    .await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    for lost in results.iter().filter(|result| result.is_err()) {
        assert!(
            matches!(lost, Err(StoreError::Conflict { current: OptimisticLock(1), .. })),
            "{lost:?}"
        );
    }
    assert_eq!(stores.documents.revisions(id).await.unwrap().len(), 2);
}

/// Revisions of writers who write at the same time still count 1, 2, 3, …
pub async fn revisions_count_without_a_gap(stores: &Stores) {
    let id = build::document(stores, "Invoice").await.id;
    let results = race((2..10).map(|writer| {
        let documents = stores.documents.clone();
        async move { documents.save(save(id, None, writer)).await.is_ok() }
    }))
    .await;
    assert!(results.iter().all(|ok| *ok));
    let revisions = stores.documents.revisions(id).await.unwrap();
    let numbers: Vec<i64> = revisions.iter().map(|revision| revision.number).collect();
    assert_eq!(numbers, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    let document = stores.documents.get(id).await.unwrap();
    assert_eq!((document.lock, document.revision_id), (OptimisticLock(8), revisions[0].id));
}

/// What is not there is said not to be there.
pub async fn what_is_missing_is_not_found(stores: &Stores) {
    let made = build::document(stores, "Invoice").await;
    let id = DocumentId(987_654);
    let missing = Document { id, ..made };
    let documents = &stores.documents;
    assert_error!(documents.get(id).await, StoreError::NotFound { kind: Kind::Document, .. });
    assert_error!(
        documents.update(update(&missing, Some(0), "x")).await,
        StoreError::NotFound { kind: Kind::Document, .. }
    );
    assert_error!(
        documents.save(save(id, Some(0), 2)).await,
        StoreError::NotFound { kind: Kind::Document, .. }
    );
    assert_error!(
        documents.delete(delete(id)).await,
        StoreError::NotFound { kind: Kind::Document, .. }
    );
    assert_error!(documents.revisions(id).await, StoreError::NotFound { kind: Kind::Document, .. });
}

/// A revision is found only under its own document.
pub async fn a_revision_belongs_to_its_document(stores: &Stores) {
    let invoice = build::document(stores, "Invoice").await;
    let letter = build::document(stores, "Letter").await;
    assert_error!(
        stores.documents.revision(letter.id, invoice.revision_id).await,
        StoreError::NotFound { kind: Kind::Revision, .. }
    );
    assert_error!(
        stores.documents.revision(letter.id, RevisionId(987_654)).await,
        StoreError::NotFound { kind: Kind::Revision, .. }
    );
}

/// Revisions and permissions go with their document; its category and others stay.
pub async fn deletes_with_revisions_and_permissions(stores: &Stores) {
    let made = build::document(stores, "Invoice").await;
    stores.documents.save(save(made.id, None, 2)).await.unwrap();
    let other = build::document(stores, "Letter").await;
    let ann = build::user(stores, "ann").await;
    let holder = Holder::User(ann.id);
    let permission = |id| Permission::new(Access::READ, Scope::Document(id));
    let permissions = vec![permission(made.id), permission(other.id)];
    let grant = Grant { holder, expected: None, permissions };
    let grant = build::change(grant, Verb::Grant, SubjectKind::User, ann.id);
    stores.permissions.grant(grant).await.unwrap();
    stores.documents.delete(delete(made.id)).await.unwrap();
    assert_error!(stores.documents.get(made.id).await, StoreError::NotFound { .. });
    assert_error!(stores.documents.revisions(made.id).await, StoreError::NotFound { .. });
    assert!(stores.documents.get(other.id).await.is_ok());
    assert!(stores.categories.get(made.category_id).await.is_ok());
    let held = stores.permissions.granted_to(holder).await.unwrap();
    assert_eq!(held, [permission(other.id)]);
}

/// What was started goes on: it knows the name, and the layout is still needed.
pub async fn exports_keep_what_they_need_of_a_deleted_document(stores: &Stores) {
    let document = build::document(stores, "Invoice").await;
    let owner = build::user(stores, "ann").await.id;
    let mut export = build::new_export(1, owner, build::at(0));
    export.entity.request.document_id = document.id;
    let asked = export.entity.clone();
    stores.exports.enqueue(export).await.unwrap();
    stores.documents.delete(delete(document.id)).await.unwrap();
    assert_eq!(stores.exports.get(asked.id).await.unwrap().request, asked.request);
    let layout = asked.request.layout;
    assert_eq!(stores.blob_references.named(&[layout]).await.unwrap(), [layout].into());
}

/// Each write is in the trail; a failed one is not.
pub async fn writes_come_with_their_line(stores: &Stores) {
    let made = build::document(stores, "Invoice").await;
    let line = last_line(stores).await.entry;
    assert_eq!((line.verb, line.subject.id), (Verb::Create, Some(made.id.to_string())));
    stores.documents.save(save(made.id, Some(0), 2)).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::Save);
    let lines = trail(stores).await.len();
    assert!(stores.documents.save(save(made.id, Some(0), 3)).await.is_err());
    assert_eq!(trail(stores).await.len(), lines);
    stores.documents.delete(delete(made.id)).await.unwrap();
    assert_eq!(last_line(stores).await.entry.verb, Verb::Delete);
}
