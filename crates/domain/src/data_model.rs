//! Data models: customers' databases as documents may use them.

use crate::{
    DataModelId, Description, Hidden, Name, OptimisticLock, ProviderModel, RowFilters, Seconds,
};

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
    /// How long rows that were read may be given again; 0 is not at all.
    pub cache_seconds: Seconds,
    /// Where the database is.
    pub provider: ProviderModel,
    /// What documents do not see of the database.
    pub hidden: Hidden,
    /// Which rows of what they do see each reader sees.
    pub row_filters: RowFilters,
    /// Its lock.
    pub lock: OptimisticLock,
}

impl DataModel {
    /// The longest that rows may be given again: a day.
    pub const LONGEST_CACHE: Seconds = Seconds::DAY;

    /// A data model as it is made: nothing of its database is hidden or filtered.
    #[must_use]
    pub fn new(id: DataModelId, new: NewDataModel) -> Self {
        let NewDataModel { name, description, command_timeout, cache_seconds, provider } = new;
        Self {
            id,
            name,
            description,
            command_timeout,
            cache_seconds,
            provider,
            hidden: Hidden::default(),
            row_filters: RowFilters::default(),
            lock: OptimisticLock::NEW,
        }
    }
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
    /// How long rows that were read may be given again; 0 is not at all.
    pub cache_seconds: Seconds,
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

/// Another choice of what documents and their readers see of a data model's database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TablesUpdate {
    /// The data model.
    pub id: DataModelId,
    /// The lock of the data model that the writer saw; none writes whatever was there.
    pub expected: Option<OptimisticLock>,
    /// What is hidden from now on.
    pub hidden: Hidden,
    /// The row filters from now on.
    pub row_filters: RowFilters,
}
