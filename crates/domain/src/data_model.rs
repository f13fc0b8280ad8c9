//! Data models: customers' databases as documents may use them.

use crate::{DataModelId, Description, Hidden, Name, OptimisticLock, ProviderModel, Seconds};

/// A customer's database as documents may use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataModel {
    /// Which.
    pub id: DataModelId,
    /// What it is called: the connection name that layouts use. No two are called the same, whatever
    /// the letter case.
    pub name: Name,
    /// What it holds.
    pub description: Description,
    /// How long one query may take; 0 is as long as the site allows.
    pub command_timeout: Seconds,
    /// Where the database is.
    pub provider: ProviderModel,
    /// What documents do not see of the database.
    pub hidden: Hidden,
    /// Its lock.
    pub lock: OptimisticLock,
}

/// A data model to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDataModel {
    /// What it is called.
    pub name: Name,
    /// What it holds.
    pub description: Description,
    /// How long one query may take; 0 is as long as the site allows.
    pub command_timeout: Seconds,
    /// Where the database is.
    pub provider: ProviderModel,
}

/// A change of a data model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataModelUpdate {
    /// Which.
    pub id: DataModelId,
    /// The lock that the writer saw; none writes whatever was there.
    pub expected: Option<OptimisticLock>,
    /// What it is from now on.
    pub model: NewDataModel,
}
