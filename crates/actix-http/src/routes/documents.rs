//! Documents and their revisions.

use actix_web::http::Method;
use actix_web::{HttpResponse, web};
use pressroom_application::App as Site;
use pressroom_application::documents;
use pressroom_domain::{CategoryId, DocumentId, RevisionId};

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::body::{Json, LARGE_BYTES};
use crate::dto::{
    CreateDocument, Document, DocumentParameter, Layout, Revision, SaveDocument, UpdateDocument,
};
use crate::endpoint::Endpoint;
use crate::list_request::ListRequest;
use crate::openapi;
use crate::precondition::{IfMatch, IfNoneMatch};
use crate::problem::Problem;
use crate::target::{Id, RevisionNumber, Target};

pub(super) fn endpoints() -> Vec<Endpoint> {
    let updated = || openapi::entity::<Document>("Change what is said about a document");
    let deleted = || openapi::done("Delete a document").or(409, "A job uses it.");
    vec![
        Endpoint::at("/api/documents")
            .get(list)
            .says(
                openapi::list::<Document>("List the documents")
                    .details("Those that the caller may read."),
            )
            .on(Method::POST, create)
            .says(
                openapi::created::<Document>("Make a document")
                    .or(404, "There is no such category, or the caller may not see it.")
                    .or(422, "")
                    .or(501, "This version does not read such layouts."),
            )
            .on(Method::PUT, update)
            .says(updated())
            .on(Method::DELETE, delete)
            .says(deleted()),
        Endpoint::at("/api/documents/{id}")
            .get(get)
            .says(openapi::entity::<Document>("Look a document up"))
            .on(Method::PUT, update)
            .says(updated())
            .on(Method::DELETE, delete)
            .says(deleted()),
        Endpoint::at("/api/documents/{id}/save").on(Method::PUT, save).says(
            openapi::entity::<Document>("Save a layout")
                .details("It makes a revision; the earlier ones stay.")
                .or(422, "")
                .or(501, "This version does not read such layouts."),
        ),
        Endpoint::at("/api/documents/{id}/layout").get(layout).says(
            openapi::value::<Layout>("Fetch the layout").details(
                "Exactly the bytes that were saved; where those are no UTF-8, base64 of them.",
            ),
        ),
        Endpoint::at("/api/documents/{id}/parameters").get(parameters).says(
            openapi::list::<DocumentParameter>("List the parameters of a document")
                .details("What a report asks its readers for, with the values to choose from.")
                .or(422, "The document's layout cannot be read."),
        ),
        Endpoint::at("/api/documents/{id}/revisions")
            .get(revisions)
            .says(openapi::list::<Revision>("List the revisions").details("The newest first.")),
        Endpoint::at("/api/documents/{id}/revisionLayout/{revisionId}")
            .get(revision_layout)
            .says(openapi::value::<Layout>("Fetch the layout of a revision")),
        Endpoint::at("/api/documentdesign/{id}/exportlayout")
            .get(export_layout)
            .says(openapi::file("Download the layout", &["application/xml"])),
    ]
}

/// `POST /api/documents`
async fn create(
    site: web::Data<Site>,
    caller: SignedIn,
    Json(CreateDocument(command)): Json<CreateDocument>,
) -> Answer {
    check_size(&site, &command.layout)?;
    let made = documents::create(&site, &caller.0, command).await?;
    answer::created(format!("/api/documents/{}", made.id), &Document::from(&made), made.lock)
}

/// `GET /api/documents`
async fn list(site: web::Data<Site>, caller: SignedIn, request: ListRequest) -> Answer {
    let list = documents::list(&site, &caller.0, &request.query).await?;
    answer::listed::<Document, _>(&request, list).await
}

/// `GET /api/documents/{id}`
async fn get(site: web::Data<Site>, caller: SignedIn, id: Id, seen: IfNoneMatch) -> Answer {
    let found = documents::get(&site, &caller.0, DocumentId(id.0)).await?;
    answer::found(&seen, found.lock, || Document::from(&found))
}

/// `PUT /api/documents`, `PUT /api/documents/{id}`
async fn update(
    site: web::Data<Site>,
    caller: SignedIn,
    target: Target,
    if_match: IfMatch,
    Json(body): Json<UpdateDocument>,
) -> Answer {
    let command = documents::UpdateDocument {
        id: DocumentId(target.id(body.id)?),
        lock: if_match.lock(body.lock)?,
        category_id: body.category_id.map(CategoryId),
        name: body.name,
        description: body.description,
    };
    let changed = documents::update(&site, &caller.0, command).await?;
    answer::entity(&Document::from(&changed), changed.lock)
}

/// `PUT /api/documents/{id}/save`
async fn save(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    if_match: IfMatch,
    Json(body): Json<SaveDocument>,
) -> Answer {
    check_size(&site, &body.layout)?;
    let command = documents::SaveDocument {
        id: DocumentId(id.0),
        lock: if_match.lock(body.lock)?,
        auto_refresh_interval: body.auto_refresh_interval,
        revision_comment: body.revision_comment,
        layout: body.layout,
    };
    let changed = documents::save(&site, &caller.0, command).await?;
    answer::entity(&Document::from(&changed), changed.lock)
}

/// `DELETE /api/documents?id=`, `DELETE /api/documents/{id}`
async fn delete(site: web::Data<Site>, caller: SignedIn, target: Target) -> Answer {
    documents::delete(&site, &caller.0, DocumentId(target.id(None)?)).await?;
    answer::done()
}

/// `GET /api/documents/{id}/layout`
async fn layout(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    in_json(documents::layout(&site, &caller.0, DocumentId(id.0)).await?).await
}

/// `GET /api/documents/{id}/parameters`
async fn parameters(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let all = documents::parameters(&site, &caller.0, DocumentId(id.0)).await?;
    answer::list(all.into_iter().map(DocumentParameter::from))
}

/// `GET /api/documents/{id}/revisions`
async fn revisions(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let all = documents::revisions(&site, &caller.0, DocumentId(id.0)).await?;
    answer::list(all.iter().map(Revision::from))
}

/// `GET /api/documents/{id}/revisionLayout/{revisionId}`
async fn revision_layout(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    revision: RevisionNumber,
) -> Answer {
    let (id, revision) = (DocumentId(id.0), RevisionId(revision.0));
    in_json(documents::revision_layout(&site, &caller.0, id, revision).await?).await
}

/// `GET /api/documentdesign/{id}/exportlayout`
async fn export_layout(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    let file = documents::export_layout(&site, &caller.0, DocumentId(id.0)).await?;
    answer::file(&file.file_name, "application/xml", file.bytes)
}

/// Refuses a layout that is larger than the site takes: the body was allowed to be longer, because
/// JSON and base64 add to it.
fn check_size(site: &Site, layout: &str) -> Result<(), Problem> {
    let limit = usize::try_from(site.settings.layout_bytes).unwrap_or(usize::MAX);
    let plain = layout.trim_start_matches('\u{feff}').trim_start().starts_with(['<', '{']);
    let bytes = if plain { layout.len() } else { layout.len() / 4 * 3 };
    if bytes > limit { Err(Problem::too_large(limit)) } else { Ok(()) }
}

async fn in_json(bytes: Vec<u8>) -> Answer {
    if bytes.len() < LARGE_BYTES {
        return answer::value(&Layout::from(bytes));
    }
    let text = web::block(move || serde_json::to_vec(&Layout::from(bytes))).await;
    match text {
        Ok(Ok(text)) => Ok(HttpResponse::Ok().content_type("application/json").body(text)),
        _ => Err(Problem::unavailable("the server is being stopped")),
    }
}
