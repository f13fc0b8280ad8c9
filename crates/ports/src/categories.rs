//! Where categories are kept.

use async_trait::async_trait;
use pressroom_domain::{Category, CategoryId, CategoryUpdate, NewCategory};

use crate::{Change, Slice, StoreError};

/// Keeps categories.
///
/// # Contract
/// - A call MUST be one transaction and MUST have reached the disk when it returns.
/// - An id MUST NOT be given twice, not even after a deletion.
/// - Of two writers that saw the same lock, exactly one MUST win; the other gets
///   [`StoreError::Conflict`] with the lock as it is now.
#[async_trait]
pub trait CategoryRepository: Send + Sync {
    /// Makes one, with lock 0.
    async fn create(&self, change: Change<NewCategory>) -> Result<Category, StoreError>;

    /// One by id, or [`StoreError::NotFound`].
    async fn get(&self, id: CategoryId) -> Result<Category, StoreError>;

    /// A part of all of them, smallest id first.
    async fn list(&self, slice: Slice<CategoryId>) -> Result<Vec<Category>, StoreError>;

    /// Changes one; its lock grows by 1. [`StoreError::NotFound`], [`StoreError::Conflict`].
    async fn update(&self, change: Change<CategoryUpdate>) -> Result<Category, StoreError>;

    /// Deletes one that holds no document, and every permission on it. [`StoreError::NotFound`],
    /// [`StoreError::InUse`]. A document that is made there meanwhile MUST either make this fail or
    /// fail itself.
    async fn delete(&self, change: Change<CategoryId>) -> Result<(), StoreError>;
}
