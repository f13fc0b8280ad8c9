//! Where documents and their revisions are kept.

use async_trait::async_trait;
use pressroom_domain::{
    Document, DocumentId, DocumentSave, DocumentUpdate, NewDocument, Revision, RevisionId,
};

use crate::{Change, Slice, StoreError};

/// Keeps documents and their revisions. The bytes of a layout are in a
/// [`BlobStore`](crate::BlobStore) before a revision names them.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - An id MUST NOT be given twice, not even after a deletion.
/// - Of two writers that saw the same lock, exactly one MUST win; the other gets
///   [`StoreError::Conflict`] with the lock as it is now.
/// - A layout may name whatever it likes as a data model, of any length; what no data model can be called
///   is of no matter.
/// - A document's newest revision is the one of its `revision_id`; numbers count from 1 without a gap.
/// - Times are kept to the microsecond, texts to the character.
#[async_trait]
pub trait DocumentRepository: Send + Sync {
    /// Makes one with its first revision, with lock 0. [`StoreError::NotFound`] where its category
    /// does not exist.
    async fn create(&self, change: Change<NewDocument>) -> Result<Document, StoreError>;

    /// One by id, or [`StoreError::NotFound`].
    async fn get(&self, id: DocumentId) -> Result<Document, StoreError>;

    /// A part of all of them, smallest id first.
    async fn list(&self, slice: Slice<DocumentId>) -> Result<Vec<Document>, StoreError>;

    /// All of a name, in any letter case and without blanks around, smallest id first: it SHOULD be a
    /// look at an index.
    async fn find_by_name(&self, name: &str) -> Result<Vec<Document>, StoreError>;

    /// Changes what is said about one; its lock grows by 1, its revision stays.
    /// [`StoreError::NotFound`] (also for the category), [`StoreError::Conflict`].
    async fn update(&self, change: Change<DocumentUpdate>) -> Result<Document, StoreError>;

    /// Gives one a new revision; its lock grows by 1. [`StoreError::NotFound`],
    /// [`StoreError::Conflict`].
    async fn save(&self, change: Change<DocumentSave>) -> Result<Document, StoreError>;

    /// Deletes one that no job uses, its revisions, and every permission on it. Exports that were
    /// started keep what they need. [`StoreError::NotFound`], [`StoreError::InUse`].
    async fn delete(&self, change: Change<DocumentId>) -> Result<(), StoreError>;

    /// All revisions of one, newest first. [`StoreError::NotFound`].
    async fn revisions(&self, id: DocumentId) -> Result<Vec<Revision>, StoreError>;

    /// A revision of one; [`StoreError::NotFound`] also where it belongs to another document.
    async fn revision(&self, id: DocumentId, revision: RevisionId) -> Result<Revision, StoreError>;
}
