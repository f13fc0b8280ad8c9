//! Where data models are kept.

use async_trait::async_trait;
use pressroom_domain::{DataModel, DataModelId, DataModelUpdate, NewDataModel, TablesUpdate};

use crate::{Change, Slice, StoreError};

/// Keeps data models.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - An id MUST NOT be given twice.
/// - Names that share a [`key`](pressroom_domain::Name::key) are the same: of two writers of the same
///   name, exactly one MUST win; the other gets [`StoreError::Duplicate`].
/// - What a provider model keeps secret SHOULD be sealed in the store, and MUST NOT reach a log or an
///   error.
#[async_trait]
pub trait DataModelRepository: Send + Sync {
    /// Makes one, with lock 0. [`StoreError::Duplicate`].
    async fn create(&self, change: Change<NewDataModel>) -> Result<DataModel, StoreError>;

    /// One by id, or [`StoreError::NotFound`].
    async fn get(&self, id: DataModelId) -> Result<DataModel, StoreError>;

    /// The one of a name in any letter case, if there is one.
    async fn find_by_name(&self, name: &str) -> Result<Option<DataModel>, StoreError>;

    /// A part of all of them, smallest id first.
    async fn list(&self, slice: Slice<DataModelId>) -> Result<Vec<DataModel>, StoreError>;

    /// Changes one; its lock grows by 1. [`StoreError::NotFound`], [`StoreError::Conflict`],
    /// [`StoreError::Duplicate`].
    async fn update(&self, change: Change<DataModelUpdate>) -> Result<DataModel, StoreError>;

    /// Chooses what documents and their readers see of the database, and raises the lock by 1.
    /// [`update`](Self::update) keeps the choice. [`StoreError::NotFound`], [`StoreError::Conflict`].
    async fn choose_tables(&self, change: Change<TablesUpdate>) -> Result<DataModel, StoreError>;

    /// Deletes one that nothing uses, and every permission on it and custom query of it. [`StoreError::NotFound`];
    /// [`StoreError::InUse`] where the newest layout of a document names it, or a job takes its
    /// recipients from it. A document that names it meanwhile MUST either make this fail, or find it
    /// gone.
    async fn delete(&self, change: Change<DataModelId>) -> Result<(), StoreError>;
}
