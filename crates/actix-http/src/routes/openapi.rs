//! The API's description.

use std::sync::OnceLock;

use actix_web::HttpRequest;

use crate::answer::Answer;
use crate::endpoint::Endpoint;
use crate::fixed::Fixed;
use crate::openapi;

pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![
        Endpoint::at("/api/openapi.json").open().get(document).says(
            openapi::object("Fetch this description")
                .details("OpenAPI 3.1, open to everyone.")
                .or(304, ""),
        ),
    ]
}

/// `GET /api/openapi.json`
async fn document(request: HttpRequest) -> Answer {
    static DOCUMENT: OnceLock<Fixed> = OnceLock::new();
    let document = DOCUMENT.get_or_init(|| {
        let text = openapi::document(&super::endpoints()).to_json().unwrap_or_default();
        Fixed::new("application/json", text.into_bytes().into())
    });
    Ok(document.answer(&request))
}
