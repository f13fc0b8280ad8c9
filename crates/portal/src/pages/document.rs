//! `/documents/{id}`: what a document is, what it asks, and the document beside it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use pressroom_application::documents;
use pressroom_application::exports::{self, StartExport};
use pressroom_application::{Error, categories, shown};
use pressroom_domain::{Document, DocumentId, DocumentType, Export, ExportId, ExportState};
use serde_json::Map;

use super::{id, queried};
use crate::answer::{self, Answer, Frame};
use crate::failure::{Failure, sentence};
use crate::fields::{self, Control, Field};
use crate::portal::Portal;
use crate::reader::{Posted, Reader};

#[derive(Template)]
#[template(path = "document.html")]
struct DocumentPage {
    page: Frame,
    path: String,
    about: About,
    fields: Vec<Field>,
    /// What is wrong with the form as a whole.
    error: Option<String>,
    /// Whether something is wrong with a field.
    wrong: bool,
    pane: Pane,
}

/// What is said about a document.
struct About {
    name: String,
    description: String,
    category: Option<String>,
    changed_on: String,
    changed_at: String,
    changed_by: String,
    dashboard: bool,
}

/// What stands beside the form.
enum Pane {
    /// Nothing was asked for yet.
    Empty,
    /// What was asked for is no longer kept.
    Gone,
    /// What was asked for: a frame with it, or with how far it is.
    Viewer { view: String, download: String },
}

/// `GET /documents/{id}`; with `?export=` what came of an export stands beside the form, which is
/// filled in as it was then.
pub(super) async fn show(
    portal: web::Data<Portal>,
    request: HttpRequest,
    reader: Reader,
) -> Answer {
    let id = DocumentId(id(&request)?);
    let document = documents::get(&portal.app, &reader.caller, id).await?;
    let export = match queried(&request, "export").map(|key| key.parse::<ExportId>()) {
        Some(Ok(key)) => Some(find(&portal, &reader, id, key).await?),
        Some(Err(_)) => Some(None),
        None => None,
    };
    let pane = match &export {
        None => Pane::Empty,
        Some(None) => Pane::Gone,
        Some(Some(export)) => Pane::viewer(export),
    };
    let given = export.flatten().map_or_else(Vec::new, |export| export.request.arguments);
    let asked = documents::parameters(&portal.app, &reader.caller, id).await?;
    let fields = fields::fields(&asked, &given);
    let shown = Shown { document: &document, fields, error: None, pane };
    page(&portal, &reader, StatusCode::OK, shown).await
}

/// `POST /documents/{id}`: starts an export with what was filled in.
pub(super) async fn start(
    portal: web::Data<Portal>,
    request: HttpRequest,
    posted: Posted,
) -> Answer {
    let id = DocumentId(id(&request)?);
    let Posted { reader, form } = posted;
    let document = documents::get(&portal.app, &reader.caller, id).await?;
    let asked = documents::parameters(&portal.app, &reader.caller, id).await?;
    let (arguments, missing) = fields::read(&asked, &form);
    let mut fields = fields::fields(&asked, &arguments);
    for name in &missing {
        fields::blame(&mut fields, name, "needs a value");
    }
    let mut error = None;
    if missing.is_empty() {
        let command = StartExport {
            document_id: id,
            format: "pdf".to_owned(),
            options: Map::new(),
            arguments,
        };
        match exports::start(&portal.app, &reader.caller, command).await {
            Ok(export) => {
                let place = format!("/documents/{id}?export={export}#document");
                return Ok(answer::see_other(&place));
            }
            Err(Error::Invalid(problems)) => {
                for problem in problems {
                    if !fields::blame(&mut fields, &problem.field, &problem.message) {
                        error = Some(sentence(&format!("{}: {}", problem.field, problem.message)));
                    }
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    let shown = Shown { document: &document, fields, error, pane: Pane::Empty };
    page(&portal, &reader, StatusCode::BAD_REQUEST, shown).await
}

/// An export of this document that the reader started, if it is still kept.
async fn find(
    portal: &Portal,
    reader: &Reader,
    document: DocumentId,
    key: ExportId,
) -> Result<Option<Export>, Failure> {
    match exports::status(&portal.app, &reader.caller, key).await {
        Ok(export) => {
            let kept =
                export.request.document_id == document && export.state != ExportState::Cancelled;
            Ok(kept.then_some(export))
        }
        Err(Error::NotFound { .. }) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

impl Pane {
    fn viewer(export: &Export) -> Self {
        let view = format!("/documents/{}/pdf?export={}", export.request.document_id, export.id);
        Self::Viewer { download: format!("{view}&download=1"), view }
    }
}

/// What a page about a document shows.
struct Shown<'a> {
    document: &'a Document,
    fields: Vec<Field>,
    error: Option<String>,
    pane: Pane,
}

async fn page(portal: &Portal, reader: &Reader, status: StatusCode, shown: Shown<'_>) -> Answer {
    let Shown { document, fields, error, pane } = shown;
    let category = match categories::get(&portal.app, &reader.caller, document.category_id).await {
        Ok(category) => Some(category.name.to_string()),
        Err(Error::NotFound { .. }) => None,
        Err(other) => return Err(other.into()),
    };
    let about = About {
        name: document.name.to_string(),
        description: document.description.as_str().trim().to_owned(),
        category,
        changed_on: shown::day(&portal.app, document.modified_at),
        changed_at: document.modified_at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        changed_by: document.modified_by.to_string(),
        dashboard: document.document_type == DocumentType::Dashboard,
    };
    let wrong = fields.iter().any(|field| field.error.is_some());
    let title = if wrong || error.is_some() {
        format!("Please check: {}", about.name)
    } else {
        about.name.clone()
    };
    let page = Frame::of(&title, portal, reader);
    let path = format!("/documents/{}", document.id);
    Ok(answer::page(status, &DocumentPage { page, path, about, fields, error, wrong, pane }))
}
