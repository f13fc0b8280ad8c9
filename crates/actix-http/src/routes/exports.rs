//! Exports of reports: start, ask, fetch, cancel.

use actix_web::body::SizedStream;
use actix_web::http::Method;
use actix_web::web;
use futures_util::StreamExt;
use pressroom_application::App as Site;
use pressroom_application::exports;
use pressroom_domain::DocumentId;

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::body::Json;
use crate::dto::{ExportStarted, ExportStatus, StartExport};
use crate::endpoint::Endpoint;
use crate::target::{ExportKey, Id};
use crate::{openapi, problem};

/// What files may be, by their formats.
const FILES: [&str; 6] = [
    "application/pdf",
    "text/html",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text/csv",
    "application/zip",
];

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/api/documents/export/report/{id}").on(Method::POST, start).says(
            openapi::value::<ExportStarted>("Start an export")
                .details(
                    "The answer comes at once; the work is queued. Ask for its status until it is \
                     `Complete`, then fetch the result.",
                )
                .or(422, "The document's layout cannot be read.")
                .or(501, "This version does not export to that format."),
        ),
        Endpoint::at("/api/documents/export/status/{exportId}").get(status).says(openapi::value::<
            ExportStatus,
        >(
            "Ask how far an export is",
        )),
        Endpoint::at("/api/documents/export/result/{exportId}").get(result).says(
            openapi::file("Fetch the file of an export", &FILES)
                .details("Only who started it may fetch it, while it is kept.")
                .or(409, "It is not ready, or it failed."),
        ),
        Endpoint::at("/api/documents/export/dashboard/{id}").on(Method::POST, dashboard).says(
            openapi::file("Export a dashboard", &FILES)
                .details("The answer is the file itself.")
                .or(400, "It is a report.")
                .or(422, "The dashboard cannot be read.")
                .or(501, "This version does not export it to that format."),
        ),
        Endpoint::at("/api/documents/export/{exportId}")
            .on(Method::DELETE, cancel)
            .says(openapi::done("Cancel an export")),
    ]
}

/// `POST /api/documents/export/report/{id}`
async fn start(
    site: web::Data<Site>,
    caller: SignedIn,
    id: Id,
    Json(body): Json<StartExport>,
) -> Answer {
    let command = exports::StartExport {
        document_id: DocumentId(id.0),
        format: body.format,
        options: body.options,
        arguments: body.arguments,
    };
    let started = exports::start(&site, &caller.0, command).await?;
    answer::value(&ExportStarted::from(started))
}

/// `POST /api/documents/export/dashboard/{id}`: the file itself, once dashboards are drawn.
async fn dashboard(site: web::Data<Site>, caller: SignedIn, id: Id) -> Answer {
    match exports::dashboard(&site, &caller.0, DocumentId(id.0)).await? {}
}

/// `GET /api/documents/export/status/{exportId}`
async fn status(site: web::Data<Site>, caller: SignedIn, key: ExportKey) -> Answer {
    let export = exports::status(&site, &caller.0, key.0).await?;
    answer::value(&ExportStatus::from(export))
}

/// `GET /api/documents/export/result/{exportId}`: the file, bit by bit.
async fn result(site: web::Data<Site>, caller: SignedIn, key: ExportKey) -> Answer {
    let file = exports::result(&site, &caller.0, key.0).await?;
    let bytes = file.bytes.stream.map(move |piece| match piece {
        Ok(piece) => Ok(web::Bytes::from(piece)),
        // The client hears nothing more: the connection is closed before the announced end.
        Err(error) => {
            tracing::warn!(export = %key.0, error = %problem::chain(&error), "a file broke off");
            Err(error)
        }
    });
    let bytes = SizedStream::new(file.bytes.size_bytes, bytes);
    answer::file(&file.file_name, file.content_type, bytes)
}

/// `DELETE /api/documents/export/{exportId}`
async fn cancel(site: web::Data<Site>, caller: SignedIn, key: ExportKey) -> Answer {
    exports::cancel(&site, &caller.0, key.0).await?;
    answer::done()
}
