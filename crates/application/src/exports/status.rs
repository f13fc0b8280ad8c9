//! Looking at how far an export is.

use pressroom_domain::{Export, ExportId};

use crate::{App, Caller, Error, authorise};

/// An export of the caller.
///
/// # Errors
/// [`Error::NotFound`], also for another's export.
pub async fn status(app: &App, caller: &Caller, id: ExportId) -> Result<Export, Error> {
    let export = app.stores.exports.get(id).await?;
    authorise::export(caller, &export)?;
    Ok(export)
}
