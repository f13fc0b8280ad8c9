//! Deleting a custom query.

use pressroom_domain::{Access, CustomQueryKey, DataModelId, SubjectKind, Verb};
use pressroom_ports::Change;

use crate::data_models::find;
use crate::{App, Caller, Error};

/// Deletes a custom query of a data model, also where the site takes no further ones.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn delete(
    app: &App,
    caller: &Caller,
    model: DataModelId,
    name: String,
) -> Result<(), Error> {
    let model = find(app, caller, model, Access::MODIFY).await?;
    let detail = format!("custom query {name} of {}", model.name);
    let (kind, id) = (SubjectKind::DataModel, Some(model.id.to_string()));
    let line = caller.line(&*app.clock, Verb::Delete, kind, id, detail);
    let key = CustomQueryKey { model: model.id, name };
    Ok(app.stores.custom_queries.delete(Change::new(key, line)).await?)
}
