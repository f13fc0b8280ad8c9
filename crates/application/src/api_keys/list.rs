//! Looking at one's API keys.

use pressroom_domain::ApiKey;

use crate::{App, Caller, Error, authorise};

/// The keys of the caller, the oldest first.
///
/// # Errors
/// [`Error::Forbidden`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<ApiKey>, Error> {
    authorise::own_api_keys(caller)?;
    Ok(app.stores.api_keys.list(caller.user().id).await?)
}
