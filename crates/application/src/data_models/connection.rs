//! Looking at where a data model's database is.

use chrono::TimeDelta;
use pressroom_domain::{Access, DataModel, DataModelId, ProviderOptions, SubjectKind, Verb};

use super::find;
use crate::{App, Caller, Error};

/// When the setting that shows secrets was first seen.
const REVEALING_SINCE: &str = "security.reveal_connection_passwords";
/// How long that setting works: for a migration, not for ever.
const REVEALED_FOR: TimeDelta = TimeDelta::hours(24);

/// A data model and what its provider is told.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The data model.
    pub model: DataModel,
    /// What its provider is told: with secrets masked, but for administrators of a site that shows
    /// them for a while.
    pub options: ProviderOptions,
}

/// Notes whether the site shows secrets, which it does for 24 hours from the first start with that
/// setting. To be called at each start.
///
/// # Errors
/// [`Error::Unavailable`].
pub async fn note_revealing(app: &App) -> Result<(), Error> {
    if app.settings.reveal_connection_passwords {
        app.stores.moments.note(REVEALING_SINCE, app.clock.now()).await?;
    } else if app.stores.moments.noted(REVEALING_SINCE).await?.is_some() {
        app.stores.moments.forget(REVEALING_SINCE).await?;
    }
    Ok(())
}

/// Where a data model's database is. Whoever may change it may look.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn connection(app: &App, caller: &Caller, id: DataModelId) -> Result<Connection, Error> {
    let model = find(app, caller, id, Access::MODIFY).await?;
    if caller.is_administrator() && is_revealing(app).await? {
        let (kind, subject) = (SubjectKind::DataModel, Some(id.to_string()));
        let line = caller.line(&*app.clock, Verb::Reveal, kind, subject, model.name.to_string());
        // First the line: nobody sees a secret without leaving one.
        app.stores.audit.append(line).await?;
        let options = model.provider.options().clone();
        return Ok(Connection { model, options });
    }
    let options = model.provider.masked();
    Ok(Connection { model, options })
}

async fn is_revealing(app: &App) -> Result<bool, Error> {
    if !app.settings.reveal_connection_passwords {
        return Ok(false);
    }
    let since = app.stores.moments.noted(REVEALING_SINCE).await?;
    Ok(since.is_some_and(|since| app.clock.now() < since + REVEALED_FOR))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use pressroom_domain::Scope;

    use super::*;
    use crate::Settings;
    use crate::test_site::Site;

    async fn shown(site: &Site, caller: &Caller, id: DataModelId) -> String {
        let connection = connection(&site.app, caller, id).await.unwrap();
        connection.options.connection_string.unwrap().reveal().to_owned()
    }

    #[tokio::test]
    async fn secrets_are_masked() {
        let site = Site::new().await;
        let model = site.data_model("Sales").await;
        let admin = site.administrator().await;
        assert!(shown(&site, &admin, model.id).await.contains("Password=***"));
        let reader = site.reader("rita", &[(Access::READ, Scope::AllDataModels)]).await;
        let error = connection(&site.app, &reader, model.id).await.unwrap_err();
        assert!(matches!(error, Error::Forbidden(_)), "{error}");
    }

    #[tokio::test]
    async fn administrators_see_them_for_a_day_where_the_site_says_so() {
        let mut site = Site::new().await;
        let settings = Settings { reveal_connection_passwords: true, ..Settings::default() };
        site.app.settings = Arc::new(settings);
        let model = site.data_model("Sales").await;
        let admin = site.administrator().await;
        note_revealing(&site.app).await.unwrap();
        assert!(shown(&site, &admin, model.id).await.contains("Password=p"));
        assert_eq!(site.trail().await.last().unwrap().verb, Verb::Reveal);
        let both = Access::READ | Access::MODIFY;
        let author = site.reader("author", &[(both, Scope::AllDataModels)]).await;
        assert!(shown(&site, &author, model.id).await.contains("Password=***"));
        site.clock.advance(TimeDelta::hours(23));
        // A restart does not begin the day anew.
        note_revealing(&site.app).await.unwrap();
        assert!(shown(&site, &admin, model.id).await.contains("Password=p"));
        site.clock.advance(TimeDelta::hours(1));
        assert!(shown(&site, &admin, model.id).await.contains("Password=***"));
    }
}
