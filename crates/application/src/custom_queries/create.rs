//! Making a custom query.

use pressroom_domain::{Access, CustomQuery, DataModelId, SubjectKind, Verb};
use pressroom_ports::Change;

use super::GivenQuery;
use crate::data_models::find;
use crate::error::Check;
use crate::{App, Caller, Error};

/// A custom query to be made.
#[derive(Clone, Debug)]
pub struct CreateCustomQuery {
    /// The data model.
    pub model: DataModelId,
    /// The query.
    pub query: GivenQuery,
}

/// Makes a custom query of a data model.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`], also where the site does not take such a query;
/// [`Error::Invalid`], also where the database refuses it; [`Error::Conflict`] where the name is taken;
/// [`Error::Unavailable`] while the database is away.
pub async fn create(
    app: &App,
    caller: &Caller,
    command: CreateCustomQuery,
) -> Result<CustomQuery, Error> {
    let model = find(app, caller, command.model, Access::MODIFY).await?;
    let query = command.query.checked(app, &model, Check::default()).await?;
    let detail = format!("custom query {} of {}", query.name, model.name);
    let (kind, id) = (SubjectKind::DataModel, Some(model.id.to_string()));
    let line = caller.line(&*app.clock, Verb::Create, kind, id, detail);
    Ok(app.stores.custom_queries.create(Change::new(query, line)).await?)
}
