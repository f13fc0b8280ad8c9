//! The style sheet, the script and the mark: part of the program, at addresses that change with what
//! they hold, so that browsers keep them for good.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpResponse, web};
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::failure::Failure;

/// A file that pages load.
struct Asset {
    /// Where it is.
    path: String,
    content_type: &'static str,
    bytes: &'static [u8],
}

impl Asset {
    fn new(name: &str, kind: &str, content_type: &'static str, bytes: &'static [u8]) -> Self {
        let hash = Sha256::digest(bytes);
        let hash: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { path: format!("/assets/{name}-{hash}.{kind}"), content_type, bytes }
    }
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../assets/portal.css");
    Asset::new("portal", "css", "text/css; charset=utf-8", bytes)
});
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../assets/portal.js");
    Asset::new("portal", "js", "text/javascript; charset=utf-8", bytes)
});
static MARK: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("mark", "svg", "image/svg+xml", include_bytes!("../assets/mark.svg"))
});

/// The address of the style sheet.
pub(crate) fn style() -> &'static str {
    &STYLE.path
}

/// The address of the script.
pub(crate) fn script() -> &'static str {
    &SCRIPT.path
}

/// The address of the mark.
pub(crate) fn mark() -> &'static str {
    &MARK.path
}

/// `GET /assets/{name}`
pub(crate) async fn get(name: web::Path<String>) -> Answer {
    let assets: [&Asset; 3] = [&STYLE, &SCRIPT, &MARK];
    let found = assets.into_iter().find(|asset| asset.path.strip_prefix("/assets/") == Some(&name));
    let asset = found.ok_or_else(Failure::nowhere)?;
    let for_good = HeaderValue::from_static("public, max-age=31536000, immutable");
    Ok(HttpResponse::Ok()
        .content_type(asset.content_type)
        .insert_header((CACHE_CONTROL, for_good))
        .body(asset.bytes))
}

/// `GET /favicon.ico`: browsers ask for it where a page is not HTML, as a PDF is.
pub(crate) async fn icon() -> HttpResponse {
    HttpResponse::Ok().content_type(MARK.content_type).body(MARK.bytes)
}
