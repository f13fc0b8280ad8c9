//! Looking at a custom query.

use pressroom_domain::{Access, CustomQuery, CustomQueryKey, DataModelId};

use crate::data_models::find;
use crate::{App, Caller, Error};

/// A custom query of a data model, by name in any letter case.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(
    app: &App,
    caller: &Caller,
    model: DataModelId,
    name: String,
) -> Result<CustomQuery, Error> {
    find(app, caller, model, Access::READ).await?;
    Ok(app.stores.custom_queries.get(&CustomQueryKey { model, name }).await?)
}
