//! Looking at a data model.

use pressroom_domain::{Access, DataModel, DataModelId};

use super::find;
use crate::{App, Caller, Error};

/// A data model.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: DataModelId) -> Result<DataModel, Error> {
    find(app, caller, id, Access::READ).await
}
