//! Starting an export.

use pressroom_domain::{
    Access, Argument, DocumentId, DocumentType, ExportId, ExportRequest, Format, NewExport,
    SubjectKind, Verb,
};
use pressroom_ports::{Change, ExportOptions};
use serde_json::{Map, Value};

use super::arguments;
use crate::{App, Caller, Error, authorise, layouts};

/// A wish for a file.
#[derive(Clone, Debug)]
pub struct StartExport {
    /// Of which document.
    pub document_id: DocumentId,
    /// The format, such as `pdf`.
    pub format: String,
    /// Choices of that format; unknown ones are ignored.
    pub options: Map<String, Value>,
    /// Values of the report's parameters; the others take their defaults.
    pub arguments: Vec<Argument>,
}

/// Queues an export of a report. Everything that can be checked beforehand is.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] for a dashboard, an unknown format, an option that cannot be
/// honoured, or a parameter, which is named; [`Error::NotBuilt`] for a format that this version does
/// not write.
pub async fn start(app: &App, caller: &Caller, command: StartExport) -> Result<ExportId, Error> {
    let document = app.stores.documents.get(command.document_id).await?;
    authorise::document(caller, &document, Access::READ)?;
    if document.document_type == DocumentType::Dashboard {
        let message = "is a dashboard, not a report; export it as one";
        return Err(Error::invalid("documentId", message));
    }
    let format = check_format(app, &command)?;
    let revision = app.stores.documents.revision(document.id, document.revision_id).await?;
    let definition = layouts::load(app, revision.layout).await?;
    let now = app.clock.now();
    let (local, culture) = (now.naive_utc(), app.settings.culture);
    arguments::check(&definition, &command.arguments, local, culture, caller.reader())?;

    let mut bytes = [0; 16];
    app.random.fill(&mut bytes);
    let id = ExportId::from_bytes(bytes);
    let request = ExportRequest {
        document_id: document.id,
        document_name: document.name,
        layout: revision.layout,
        format,
        options: command.options,
        arguments: command.arguments,
    };
    let detail = format!("document {} as {}", document.id, format.name());
    let subject = Some(id.to_string());
    let line = caller.line(&*app.clock, Verb::Start, SubjectKind::Export, subject, detail);
    let new = NewExport { id, owner: caller.user().id, request, queued_at: now };
    app.stores.exports.enqueue(Change::new(new, line)).await?;
    app.work_queued.notify_one();
    Ok(id)
}

fn check_format(app: &App, command: &StartExport) -> Result<Format, Error> {
    const FORMAT: &str = "exportOptions.exportFormat";
    let name = &command.format;
    let format = Format::find(name).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.into_iter().map(Format::name).collect();
        Error::invalid(FORMAT, format!("\"{name}\" is none of {}", names.join(", ")))
    })?;
    let exporter = app.exporters.find(format).ok_or_else(|| {
        let names = app.exporters.names().join(", ");
        Error::NotBuilt(format!("reports cannot be written as {name} yet, but as {names}"))
    })?;
    let refused = |error: pressroom_ports::InvalidOption| {
        Error::invalid(format!("exportOptions.{}", error.name), error.message)
    };
    let options = ExportOptions::from_map(&command.options).map_err(refused)?;
    exporter.check(&options).map_err(refused)?;
    Ok(format)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::test_site::Site;

    async fn command(site: &Site) -> StartExport {
        StartExport {
            document_id: site.document("Invoice").await.id,
            format: "PDF".into(),
            options: Map::new(),
            arguments: Vec::new(),
        }
    }

    #[tokio::test]
    async fn a_start_queues_the_layout_as_it_is_now() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let id = start(&site.app, &admin, command(&site).await).await.unwrap();
        let export = site.app.stores.exports.get(id).await.unwrap();
        assert_eq!(export.owner, admin.user().id);
        assert_eq!(export.request.document_name.as_str(), "Invoice");
        assert_eq!(export.state, pressroom_domain::ExportState::Queued);
        assert_eq!(site.trail().await.pop().map(|line| line.verb), Some(Verb::Start));
    }

    #[tokio::test]
    async fn what_cannot_come_true_is_refused_at_once() {
        let site = Site::new().await;
        let admin = site.administrator().await;
        let command = command(&site).await;
        let refused = async |command| start(&site.app, &admin, command).await.unwrap_err();
        let error = refused(StartExport { format: "rtf".into(), ..command.clone() }).await;
        assert_eq!(
            error.to_string(),
            "exportOptions.exportFormat: \"rtf\" is none of pdf, html, xlsx, docx, csv, image"
        );
        let error = refused(StartExport { format: "xlsx".into(), ..command.clone() }).await;
        assert!(matches!(error, Error::NotBuilt(_)), "{error}");
        let options = json!({"pdfACompatibility": "PdfA1b"}).as_object().cloned().unwrap();
        let error = refused(StartExport { options, ..command.clone() }).await;
        assert!(error.to_string().starts_with("exportOptions.pdfACompatibility:"), "{error}");
        let arguments = vec![Argument { name: "nowhere".into(), value: json!(1) }];
        let error = refused(StartExport { arguments, ..command.clone() }).await;
        assert!(error.to_string().starts_with("nowhere: "), "{error}");
        let document_id = DocumentId(987);
        let error = refused(StartExport { document_id, ..command.clone() }).await;
        assert_eq!(error.to_string(), "document 987 does not exist");
        let stranger = site.reader("stranger", &[]).await;
        let error = start(&site.app, &stranger, command).await.unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error}");
    }
}
