//! Ending an export.

use pressroom_domain::{ExportId, StateError, SubjectKind, Verb};
use pressroom_ports::Change;

use super::control::Ending;
use super::status;
use crate::{App, Caller, Error};

/// Ends an export of the caller; a file that is there already is dropped.
///
/// # Errors
/// [`Error::NotFound`], also for another's export.
pub async fn cancel(app: &App, caller: &Caller, id: ExportId) -> Result<(), Error> {
    let export = status(app, caller, id).await?;
    let detail = export.request.document_name.as_str();
    let subject = Some(id.to_string());
    let line = caller.line(&*app.clock, Verb::Cancel, SubjectKind::Export, subject, detail);
    let at = line.at;
    app.stores.exports.cancel(Change::new(id, line), at).await?;
    // Work on this node stops at once, on another one with its next sign of life.
    app.running.end(id, Ending::Lost(StateError::Cancelled));
    Ok(())
}

#[cfg(test)]
mod tests {
    use pressroom_domain::ExportState;

    use super::*;
    use crate::exports::result;
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_cancelled_export_has_no_file() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let (waiting, done) = (site.export(&admin).await, site.export(&admin).await);
        cancel(&site.app, &admin, waiting).await.unwrap();
        site.run_all().await;
        cancel(&site.app, &admin, done).await.unwrap();
        for id in [waiting, done] {
            let export = status(&site.app, &admin, id).await.unwrap();
            assert_eq!(export.state, ExportState::Cancelled);
            let error = result(&site.app, &admin, id).await.unwrap_err();
            assert!(matches!(error, Error::NotFound { .. }), "{error}");
        }
    }

    #[tokio::test]
    async fn only_its_owner_sees_an_export() {
        let site = Site::new().await;
        let id = site.export(&site.administrator().await).await;
        let other = site.other_administrator("root").await;
        for answer in [
            status(&site.app, &other, id).await.map(drop),
            cancel(&site.app, &other, id).await,
            result(&site.app, &other, id).await.map(drop),
        ] {
            assert!(matches!(answer, Err(Error::NotFound { .. })), "{answer:?}");
        }
    }
}
