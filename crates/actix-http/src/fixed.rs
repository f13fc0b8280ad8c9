//! What is the same for everyone until the next version of the server.

use std::borrow::Cow;

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};

/// Bytes that are part of this version.
#[derive(Debug)]
pub(crate) struct Fixed {
    content_type: &'static str,
    bytes: Bytes,
    /// Weak: what is sent may be compressed in one way or another.
    tag: String,
}

impl Fixed {
    pub(crate) fn new(content_type: &'static str, bytes: Cow<'static, [u8]>) -> Self {
        let hash = Sha256::digest(&bytes);
        let digits: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let bytes = match bytes {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        Self { content_type, bytes, tag: format!("W/\"{digits}\"") }
    }

    /// The bytes; nothing where the client has them already.
    pub(crate) fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let tag = (header::ETAG, self.tag.as_str());
        // A client asks again each time, so that it never shows an earlier version.
        let keep = (header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        if self.is_known(request) {
            return HttpResponse::NotModified().insert_header(tag).insert_header(keep).finish();
        }
        HttpResponse::Ok()
            .content_type(self.content_type)
            .insert_header(tag)
            .insert_header(keep)
            .body(self.bytes.clone())
    }

    fn is_known(&self, request: &HttpRequest) -> bool {
        let opaque = self.tag.trim_start_matches("W/");
        request
            .headers()
            .get_all(header::IF_NONE_MATCH)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|seen| seen.trim() == "*" || seen.trim().trim_start_matches("W/") == opaque)
    }
}
