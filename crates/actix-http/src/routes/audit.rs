//! The audit trail.

use actix_web::body::BodyStream;
use actix_web::web;
use futures_util::StreamExt;
use pressroom_application::App as Site;
use pressroom_application::audit;

use crate::answer::{self, Answer};
use crate::auth::SignedIn;
use crate::dto::{AuditLine, AuditRequest};
use crate::endpoint::Endpoint;
use crate::{openapi, problem};

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/api/audit").get(list).says(
            openapi::list::<AuditLine>("Read the audit trail")
                .details("Who did what, the newest line first; as a list, or as a file.")
                .or_file(&["text/csv", "application/pdf"]),
        ),
    ]
}

/// `GET /api/audit`: a list, or a file that comes as it is made.
async fn list(site: web::Data<Site>, caller: SignedIn, request: AuditRequest) -> Answer {
    let AuditRequest { command, format } = request;
    let Some(format) = format else {
        let list = audit::list(&site, &caller.0, &command).await?;
        return answer::part(list.total, list.iter().map(AuditLine::from));
    };
    let file = audit::export(&site, &caller.0, &command, &format).await?;
    let bytes = file.bytes.map(|piece| match piece {
        Ok(piece) => Ok(web::Bytes::from(piece)),
        // The client hears nothing more: the connection is closed before the end.
        Err(error) => {
            tracing::warn!(error = %problem::chain(&error), "a list broke off");
            Err(error)
        }
    });
    let content_type = match file.content_type {
        "text/csv" => "text/csv; charset=utf-8",
        other => other,
    };
    answer::file(&file.file_name, content_type, BodyStream::new(bytes))
}
