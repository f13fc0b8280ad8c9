//! Where custom queries of data models are kept.

use async_trait::async_trait;
use pressroom_domain::{
    CustomQuery, CustomQueryKey, CustomQueryUpdate, DataModelId, NewCustomQuery,
};

use crate::{Change, StoreError};

/// Keeps custom queries of data models.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - Names of one data model that share a [`key`](pressroom_domain::Name::key) are the same; those of
///   two data models are not.
/// - The queries of a data model MUST go with it.
#[async_trait]
pub trait CustomQueryRepository: Send + Sync {
    /// Makes one, with lock 0. [`StoreError::NotFound`] where there is no such data model,
    /// [`StoreError::Duplicate`].
    async fn create(&self, change: Change<NewCustomQuery>) -> Result<CustomQuery, StoreError>;

    /// One by name in any letter case, or [`StoreError::NotFound`].
    async fn get(&self, key: &CustomQueryKey) -> Result<CustomQuery, StoreError>;

    /// All of a data model, by the characters of the keys of their names; none where there is no such data model.
    async fn list(&self, model: DataModelId) -> Result<Vec<CustomQuery>, StoreError>;

    /// Changes one, its name too; its lock grows by 1. [`StoreError::NotFound`],
    /// [`StoreError::Conflict`], [`StoreError::Duplicate`].
    async fn update(&self, change: Change<CustomQueryUpdate>) -> Result<CustomQuery, StoreError>;

    /// Deletes one. [`StoreError::NotFound`].
    async fn delete(&self, change: Change<CustomQueryKey>) -> Result<(), StoreError>;
}
