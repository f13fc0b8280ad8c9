//! Listing custom queries.

use pressroom_domain::{Access, CustomQuery, DataModelId};

use crate::data_models::find;
use crate::{App, Caller, Error};

/// The custom queries of a data model, by name.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list(
    app: &App,
    caller: &Caller,
    model: DataModelId,
) -> Result<Vec<CustomQuery>, Error> {
    find(app, caller, model, Access::READ).await?;
    Ok(app.stores.custom_queries.list(model).await?)
}
