//! Fetching the file of an export.

use chrono::TimeDelta;
use pressroom_domain::{ExportId, ExportState};
use pressroom_ports::{BlobError, BlobReader, Kind};

use super::status;
use crate::error::missing;
use crate::{App, Caller, Error};

/// The file of an export.
#[derive(Debug)]
pub struct ExportFile {
    /// What it is called, such as `Invoice.pdf`.
    pub file_name: String,
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: BlobReader,
}

/// The file of an export of the caller.
///
/// # Errors
/// [`Error::Conflict`] while there is none yet, and where there never will be one;
/// [`Error::NotFound`] once it is no longer kept, for a cancelled export, and for another's;
/// [`Error::Gone`] where its bytes were lost.
pub async fn result(app: &App, caller: &Caller, id: ExportId) -> Result<ExportFile, Error> {
    let export = status(app, caller, id).await?;
    let made = match export.state {
        ExportState::Complete(result) => result,
        ExportState::Queued | ExportState::Running(_) => {
            let percent = export.progress.percent;
            let message = format!("export {id} is not ready: {percent}; ask for its status first");
            return Err(Error::Conflict(message));
        }
        ExportState::Fault(fault) => {
            return Err(Error::Conflict(format!("export {id} has no file: {}", fault.message)));
        }
        ExportState::Cancelled => return Err(missing(Kind::Export, id)),
    };
    let kept = TimeDelta::from_std(app.settings.result_kept).unwrap_or(TimeDelta::MAX);
    let now = app.clock.now();
    if export.finished_at.is_some_and(|at| now.signed_duration_since(at) > kept) {
        return Err(missing(Kind::Export, id));
    }
    let format = export.request.format;
    let exporter = app.exporters.find(format).ok_or_else(|| missing(Kind::Export, id))?;
    // What a power cut left of a file that was not yet on the disk is no document.
    let bytes = match app.blobs.open(&made.blob).await {
        Ok(bytes) if bytes.size_bytes == made.size_bytes => bytes,
        Ok(_) | Err(BlobError::NotFound(_)) => {
            tracing::warn!(export = %id, blob = %made.blob, "the file of an export was lost");
            let message = format!("the file of export {id} is gone; start the export again");
            return Err(Error::Gone(message));
        }
        Err(other) => return Err(other.into()),
    };
    Ok(ExportFile {
        file_name: format!("{}.{}", export.request.document_name, exporter.extension()),
        content_type: exporter.content_type(),
        bytes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_site::Site;

    #[tokio::test]
    async fn a_file_is_there_when_it_is_ready_and_for_an_hour() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let id = site.export(&admin).await;
        let early = result(&site.app, &admin, id).await.unwrap_err();
        assert!(matches!(&early, Error::Conflict(text) if text.contains("not ready")), "{early}");
        site.run_all().await;
        let file = result(&site.app, &admin, id).await.unwrap();
        assert_eq!(
            (file.file_name.as_str(), file.content_type),
            ("Invoice.pdf", "application/pdf")
        );
        let text = site.read(file.bytes).await;
        assert!(text.contains("Hello"), "{text}");
        site.clock.advance(TimeDelta::minutes(59));
        assert!(result(&site.app, &admin, id).await.is_ok());
        site.clock.advance(TimeDelta::minutes(2));
        let late = result(&site.app, &admin, id).await.unwrap_err();
        assert!(matches!(late, Error::NotFound { .. }), "{late}");
    }

    #[tokio::test]
    async fn a_file_that_was_lost_or_cut_short_is_gone() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let gone = async |id| {
            let error = result(&site.app, &admin, id).await.unwrap_err();
            assert!(matches!(error, Error::Gone(_)), "{error:?}");
            let expect = format!("the file of export {id} is gone; start the export again");
            assert_eq!(error.to_string(), expect);
        };
        let id = site.export(&admin).await;
        site.run_all().await;
        let export = status(&site.app, &admin, id).await.unwrap();
        let ExportState::Complete(made) = export.state else { panic!("{:?}", export.state) };
        site.blobs.cut_short(&made.blob);
        gone(id).await;
        let later = site.app.clock.now() + TimeDelta::seconds(1);
        assert!(site.app.blobs.delete(&made.blob, later).await.unwrap());
        gone(id).await;
        // The same export gives the same bytes, which are whole again.
        let id = site.export(&admin).await;
        site.run_all().await;
        assert!(result(&site.app, &admin, id).await.is_ok());
    }
}
