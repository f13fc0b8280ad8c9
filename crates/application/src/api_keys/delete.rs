//! Deleting an API key.

use pressroom_domain::{ApiKeyId, SubjectKind, Verb};
use pressroom_ports::{Change, Kind};

use crate::error::missing;
use crate::{App, Caller, Error, authorise};

/// Deletes a key of the caller; tokens that came from it end.
///
/// # Errors
/// [`Error::NotFound`] where the caller has no such key, [`Error::Forbidden`].
pub async fn delete(app: &App, caller: &Caller, id: ApiKeyId) -> Result<(), Error> {
    authorise::own_api_keys(caller)?;
    let user = caller.user().id;
    let keys = app.stores.api_keys.list(user).await?;
    let key = keys.iter().find(|key| key.id == id).ok_or_else(|| missing(Kind::ApiKey, id))?;
    let subject = Some(user.to_string());
    let detail = key.name.as_str();
    let line = caller.line(&*app.clock, Verb::DeleteKey, SubjectKind::User, subject, detail);
    Ok(app.stores.api_keys.delete(Change::new((user, id), line)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api_keys::{CreateApiKey, create, list};
    use crate::test_site::Site;

    #[tokio::test]
    async fn everybody_deletes_their_own() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let other = site.other_administrator("ann").await;
        let command = CreateApiKey { name: "nightly".into(), expires_at: None };
        let id = create(&site.app, &admin, command).await.unwrap().key.id;
        let error = delete(&site.app, &other, id).await.unwrap_err();
        assert_eq!(error.to_string(), format!("API key {id} does not exist"));
        delete(&site.app, &admin, id).await.unwrap();
        assert_eq!(list(&site.app, &admin).await.unwrap(), []);
        let line = site.trail().await.pop().unwrap();
        assert_eq!((line.verb, &*line.detail), (Verb::DeleteKey, "nightly"));
    }
}
