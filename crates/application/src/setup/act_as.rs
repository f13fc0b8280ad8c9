//! Work that the server does on behalf of a user.

use pressroom_ports::Kind;

use crate::error::missing;
use crate::{App, Caller, Error};

/// The caller that a user is, without a token: for demo content, imports and commands on the
/// server's own machine.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn act_as(app: &App, user_name: &str) -> Result<Caller, Error> {
    let user = app.stores.users.find_by_name(user_name).await?;
    let user = user.ok_or_else(|| missing(Kind::User, user_name))?;
    Ok(Caller::of(&app.stores.tokens.identity(user.id).await?))
}
