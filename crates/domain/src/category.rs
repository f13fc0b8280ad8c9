//! Categories: the shelves that documents stand on.

use crate::{CategoryId, Name, OptimisticLock};

/// A shelf of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Which.
    pub id: CategoryId,
    /// What it is called. Several may be called the same.
    pub name: Name,
    /// Its lock.
    pub lock: OptimisticLock,
}

/// A category to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCategory {
    /// What it is called.
    pub name: Name,
}

/// A change of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryUpdate {
    /// Which.
    pub id: CategoryId,
    /// The lock that the writer saw; none writes whatever was there.
    pub expected: Option<OptimisticLock>,
    /// What it is called from now on.
    pub name: Name,
}
