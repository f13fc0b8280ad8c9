//! Renaming a data model.

use pressroom_domain::{DataModel, DataModelId, OptimisticLock};

use super::{UpdateDataModel, update};
use crate::{App, Caller, Error};

/// Another name for a data model. Layouts that name it by the old one no longer find it.
#[derive(Clone, Debug)]
pub struct RenameDataModel {
    /// Which.
    pub id: DataModelId,
    /// The lock that the caller saw.
    pub lock: Option<OptimisticLock>,
    /// What it is called from now on.
    pub name: String,
}

/// Renames a data model.
///
/// # Errors
/// Those of [`update`].
pub async fn rename(
    app: &App,
    caller: &Caller,
    command: RenameDataModel,
) -> Result<DataModel, Error> {
    let command = UpdateDataModel {
        id: command.id,
        lock: command.lock,
        name: Some(command.name),
        description: None,
        command_timeout: None,
        cache_seconds: None,
        provider: None,
    };
    update(app, caller, command).await
}
