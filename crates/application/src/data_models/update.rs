//! Changing a data model.

use pressroom_domain::{
    Access, DataModel, DataModelId, DataModelUpdate, Description, Name, NewDataModel,
    OptimisticLock, Seconds, SubjectKind, Verb,
};
use pressroom_ports::Change;

use super::{CACHE_SECONDS, GivenProvider, cache_seconds, find};
use crate::error::Check;
use crate::{App, Caller, Error};

/// A change of a data model. What is absent stays as it is.
#[derive(Clone, Debug)]
pub struct UpdateDataModel {
    /// Which.
    pub id: DataModelId,
    /// The lock that the caller saw.
    pub lock: Option<OptimisticLock>,
    /// What it is called from now on.
    pub name: Option<String>,
    /// What it holds.
    pub description: Option<String>,
    /// How many seconds one query may take; 0 is as long as the site allows.
    pub command_timeout: Option<i64>,
    /// For how many seconds rows that were read may be given again; 0 is not at all.
    pub cache_seconds: Option<i64>,
    /// Where it is. Secrets that are left out or masked stay, if nothing else of it changes.
    pub provider: Option<GivenProvider>,
}

/// Changes a data model.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], also where a secret has to be given
/// again; [`Error::Stale`]; [`Error::Conflict`] where the name is taken.
pub async fn update(
    app: &App,
    caller: &Caller,
    command: UpdateDataModel,
) -> Result<DataModel, Error> {
    let stored = find(app, caller, command.id, Access::MODIFY).await?;
    let mut check = Check::default();
    check.lock(app, command.lock);
    let name = match &command.name {
        Some(name) => check.field("name", Name::new(name)),
        None => Some(stored.name),
    };
    let description = match &command.description {
        Some(text) => check.field("description", Description::new(text)),
        None => Some(stored.description),
    };
    let timeout = match command.command_timeout {
        Some(seconds) => check.field("commandTimeout", Seconds::new("commandTimeout", seconds)),
        None => Some(stored.command_timeout),
    };
    let cached = match command.cache_seconds {
        Some(seconds) => check.field(CACHE_SECONDS, cache_seconds(seconds)),
        None => Some(stored.cache_seconds),
    };
    let provider = match command.provider {
        Some(given) => given.replacing(&stored.provider, &mut check),
        None => Some(stored.provider),
    };
    let (Some(name), Some(description), Some(command_timeout), Some(cache_seconds), Some(provider)) =
        (name, description, timeout, cached, provider)
    else {
        return Err(check.into_error());
    };
    check.end()?;
    let id = Some(command.id.to_string());
    let line = caller.line(&*app.clock, Verb::Update, SubjectKind::DataModel, id, name.to_string());
    let model = NewDataModel { name, description, command_timeout, cache_seconds, provider };
    // What a secret is kept for must still be there when it is written.
    let expected = Some(command.lock.unwrap_or(stored.lock));
    let update = DataModelUpdate { id: command.id, expected, model };
    Ok(app.stores.data_models.update(Change::new(update, line)).await?)
}

#[cfg(test)]
mod tests {
    use pressroom_domain::{ProviderModel, ProviderOptions, Scope, Secret};

    use super::*;
    use crate::test_site::Site;

    fn unchanged(model: &DataModel) -> UpdateDataModel {
        UpdateDataModel {
            id: model.id,
            lock: Some(model.lock),
            name: None,
            description: None,
            command_timeout: None,
            cache_seconds: None,
            provider: None,
        }
    }

    fn sqlite(connection_string: &str) -> Option<GivenProvider> {
        let connection_string = Some(Secret::new(connection_string));
        let options = ProviderOptions { connection_string, ..ProviderOptions::default() };
        Some(GivenProvider { provider_type: "sqLite".into(), options })
    }

    #[tokio::test]
    async fn what_is_absent_stays() {
        let site = Site::new().await;
        let (admin, model) = (site.administrator().await, site.data_model("Sales").await);
        let command = UpdateDataModel { command_timeout: Some(7), ..unchanged(&model) };
        let changed = update(&site.app, &admin, command).await.unwrap();
        assert_eq!((changed.command_timeout.get(), changed.lock.0), (7, 1));
        assert_eq!((&changed.name, &changed.provider), (&model.name, &model.provider));
        let command = UpdateDataModel { cache_seconds: Some(600), ..unchanged(&changed) };
        let cached = update(&site.app, &admin, command).await.unwrap();
        assert_eq!((cached.command_timeout.get(), cached.cache_seconds.get()), (7, 600));
        let command = UpdateDataModel { cache_seconds: Some(86_401), ..unchanged(&cached) };
        let error = update(&site.app, &admin, command).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "cacheSeconds: cacheSeconds must be a whole number from 0 to 86400, not 86401"
        );
    }

    #[tokio::test]
    async fn masked_secrets_stay_and_a_changed_connection_asks_for_them() {
        let site = Site::new().await;
        let (admin, model) = (site.administrator().await, site.data_model("Sales").await);
        let provider = sqlite("Data Source=a.db;Password=hunter2");
        let first = UpdateDataModel { provider, ..unchanged(&model) };
        let stored = update(&site.app, &admin, first).await.unwrap();

        let provider = sqlite("Data Source=a.db;Password=***");
        let same = UpdateDataModel { provider, ..unchanged(&stored) };
        let same = update(&site.app, &admin, same).await.unwrap();
        assert_eq!(same.provider, ProviderModel::sqlite("Data Source=a.db;Password=hunter2"));

        let provider = sqlite("Data Source=b.db;Password=***");
        let other = UpdateDataModel { provider, ..unchanged(&same) };
        let error = update(&site.app, &admin, other).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "providerModel.connectionString: must be given again, because the connection is changed"
        );
    }

    #[tokio::test]
    async fn it_needs_the_right_and_the_lock() {
        let site = Site::new().await;
        let model = site.data_model("Sales").await;
        let reader = site.reader("rita", &[(Access::READ, Scope::DataModel(model.id))]).await;
        let error = update(&site.app, &reader, unchanged(&model)).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
        let admin = site.administrator().await;
        let stale = UpdateDataModel { lock: Some(OptimisticLock(9)), ..unchanged(&model) };
        let error = update(&site.app, &admin, stale).await.unwrap_err();
        assert!(matches!(error, Error::Stale { current: OptimisticLock(0), .. }), "{error}");
        let without = UpdateDataModel { lock: None, ..unchanged(&model) };
        let error = update(&site.app, &admin, without).await.unwrap_err();
        assert!(error.to_string().starts_with("optimisticLock: is missing"), "{error}");
    }
}
