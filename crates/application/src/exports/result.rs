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
/// [`Error::NotFound`] once it is no longer kept, for a cancelled export, and for another's.
pub async fn result(app: &App, caller: &Caller, id: ExportId) -> Result<ExportFile, Error> {
    let export = status(app, caller, id).await?;
    let blob = match export.state {
        ExportState::Complete(result) => result.blob,
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
    let bytes = app.blobs.open(&blob).await.map_err(|error| match error {
        BlobError::NotFound(_) => missing(Kind::Export, id),
        other => other.into(),
    })?;
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
}
