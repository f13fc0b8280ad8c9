//! Changing a custom query.

use pressroom_domain::{
    Access, CustomQuery, CustomQueryKey, CustomQueryUpdate, DataModelId, OptimisticLock,
    SubjectKind, Verb,
};
use pressroom_ports::Change;

use super::{GivenParameter, GivenQuery};
use crate::data_models::find;
use crate::error::Check;
use crate::{App, Caller, Error};

/// A change of a custom query. What is absent stays as it is.
#[derive(Clone, Debug)]
pub struct UpdateCustomQuery {
    /// The data model.
    pub model: DataModelId,
    /// What the query is called now.
    pub name: String,
    /// The lock that the caller saw.
    pub lock: Option<OptimisticLock>,
    /// What it is called from now on.
    pub new_name: Option<String>,
    /// Its text.
    pub sql: Option<String>,
    /// Its parameters, all of them.
    pub parameters: Option<Vec<GivenParameter>>,
}

/// Changes a custom query of a data model.
///
/// # Errors
/// Those of [`create`](super::create), and [`Error::Stale`].
pub async fn update(
    app: &App,
    caller: &Caller,
    command: UpdateCustomQuery,
) -> Result<CustomQuery, Error> {
    let model = find(app, caller, command.model, Access::MODIFY).await?;
    let key = CustomQueryKey { model: model.id, name: command.name };
    let stored = app.stores.custom_queries.get(&key).await?;
    let mut check = Check::default();
    check.lock(app, command.lock);
    let kept = || {
        let parameters = stored.parameters.iter().map(|parameter| GivenParameter {
            name: parameter.name.to_string(),
            type_name: parameter.data_type.name().to_owned(),
            value: parameter.value.clone(),
        });
        parameters.collect()
    };
    let given = GivenQuery {
        name: command.new_name.unwrap_or_else(|| stored.name.to_string()),
        sql: command.sql.unwrap_or_else(|| stored.sql.as_str().to_owned()),
        parameters: command.parameters.unwrap_or_else(kept),
    };
    let query = given.checked(app, &model, check).await?;
    let detail = format!("custom query {} of {}", query.name, model.name);
    let (kind, id) = (SubjectKind::DataModel, Some(model.id.to_string()));
    let line = caller.line(&*app.clock, Verb::Update, kind, id, detail);
    // What is absent stays as it was read.
    let expected = Some(command.lock.unwrap_or(stored.lock));
    let update = CustomQueryUpdate { name: key.name, expected, query };
    Ok(app.stores.custom_queries.update(Change::new(update, line)).await?)
}
