//! Looking at a data model.

use pressroom_domain::{Access, DataModel, DataModelId};

use crate::{App, Caller, Error, authorise};

/// A data model.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: DataModelId) -> Result<DataModel, Error> {
    let model = app.stores.data_models.get(id).await?;
    authorise::data_model(caller, &model, Access::READ)?;
    Ok(model)
}
