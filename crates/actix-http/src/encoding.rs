//! Which answers are worth compressing.
//!
//! Actix's own middleware compresses whatever a client accepts to be compressed, but for what has an
//! encoding already. [`spare`] stands on its inside and gives small and compressed bodies the
//! encoding `identity`; [`tidy`] stands on its outside and takes that off again: it says nothing.

use actix_web::Error;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use actix_web::middleware::Next;

/// Below this, compressing costs more than it spares.
const SMALL_BYTES: u64 = 1_024;
/// Types whose bytes are compressed already.
const COMPRESSED: [&str; 6] = [
    "application/pdf",
    "application/zip",
    "application/vnd.openxmlformats",
    "image/png",
    "image/jpeg",
    "font/",
];
const IDENTITY: HeaderValue = HeaderValue::from_static("identity");

/// Leaves answers alone that would not become smaller.
pub(crate) async fn spare<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    let small = matches!(response.response().body().size(), BodySize::Sized(0..SMALL_BYTES));
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let compressed =
        kind.is_some_and(|kind| COMPRESSED.iter().any(|known| kind.starts_with(known)));
    if (small || compressed) && !response.headers().contains_key(CONTENT_ENCODING) {
        response.headers_mut().insert(CONTENT_ENCODING, IDENTITY);
    }
    Ok(response)
}

/// Takes the mark of [`spare`] off.
pub(crate) async fn tidy<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let mut response = next.call(request).await?;
    if response.headers().get(CONTENT_ENCODING) == Some(&IDENTITY) {
        response.headers_mut().remove(CONTENT_ENCODING);
    }
    Ok(response)
}
